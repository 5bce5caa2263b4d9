"""Every read of the reports room; the only place that looks into other rooms' tables."""
