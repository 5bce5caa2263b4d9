"""The errors that a person may see: each knows its HTTP status and says what to do."""

from typing import Any


def N_(message: str) -> str:  # noqa: N802  (gettext's own name)
    """Mark a sentence for translation where it is written but not yet shown.

    Rules are pure and know no language; the edge translates the sentence by its English text.
    """
    return message


class LmsError(Exception):
    """Something that was asked for cannot be done, said in one sentence.

    Args:
        message: the English sentence, a translation key; may hold %(name)s places.
        values: what goes into the places.
    """

    status = 500

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


class Invalid(LmsError):
    """What was sent is not well formed or breaks a rule."""

    status = 422


class NotAllowed(LmsError):
    """The person may not do this, and may know that it exists."""

    status = 403


class NotFound(LmsError):
    """There is no such thing, or it is not theirs: the two look the same."""

    status = 404


class Conflict(LmsError):
    """It was true when the page was drawn and is not true any more."""

    status = 409
