"""The evidence pack: everything about one certificate in one ZIP, checked with nothing but it."""
