"""Commands of the reports room that are more than a screenful."""
