"""What keeps certificates provable for decades: copies that are stamped anew, and a root a day."""
