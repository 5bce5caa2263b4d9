"""REDCap's files: data dictionaries read into drafts and written from instruments, and records."""
