"""Content packages: read, check, preview, publish. Owns drafts, releases, builds and their media;
knows nothing of enrolments, attempts or people beyond who owns a package."""
