"""What training refuses, in sentences."""

from lms.errors import Conflict, Invalid, NotAllowed


class StepClosed(NotAllowed):
    """The step cannot be entered yet; the sentence says what is missing."""


class NoFurtherTry(NotAllowed):
    """The tries are used up, or the next one has to wait."""


class AttemptClosed(Conflict):
    """The attempt was handed in, or its time is up."""


class Incomplete(Invalid):
    """Something that was drawn has no answer."""


class BadEvidence(Invalid):
    """What was reported as seen cannot be."""
