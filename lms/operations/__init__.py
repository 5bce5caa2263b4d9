"""What a person running Concord does from a terminal across the rooms: jobs, health, backups."""
