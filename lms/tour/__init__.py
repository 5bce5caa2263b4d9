"""`./concord tour`: the main job over real HTTP, as different people, on an empty folder."""
