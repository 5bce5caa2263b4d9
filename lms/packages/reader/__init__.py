"""From a folder or zip that anybody may have made to a report and a compiled package."""
