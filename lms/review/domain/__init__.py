"""The rules of looking back: pure, and loaded where figures are made."""
