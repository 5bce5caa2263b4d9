"""People, how they sign in, their roles and their sessions. Knows nothing of what they learn."""
