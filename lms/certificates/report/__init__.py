"""The answer to many questions at once as one signed PDF, for a trial's master file."""
