"""Reading across the rooms: completion, exports, jobs under way, health. Owns no table."""
