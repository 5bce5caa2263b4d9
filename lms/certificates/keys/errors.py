"""What can be wrong with keys."""


class KeysUnusable(RuntimeError):
    """The signing keys are missing or cannot be opened; the message says what to do."""
