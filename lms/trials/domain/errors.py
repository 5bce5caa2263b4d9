"""What can be wrong with what a coordinator asks for."""

from lms.errors import Conflict, Invalid


class TrialClosed(Conflict):
    """The trial is closed; nothing in it may change."""


class CodeTaken(Conflict):
    """Another trial has this protocol code."""


class SiteTaken(Conflict):
    """The trial has a site with this number."""


class OnTheRoster(Conflict):
    """Somebody with this address is on the roster in that time."""


class AlreadyRequired(Conflict):
    """The module is required in that time."""


class AlreadyCoordinator(Conflict):
    """The person looks after the trial."""


class LastCoordinator(Conflict):
    """Nobody would look after the trial any more."""


class AlreadyEnded(Conflict):
    """It ended before."""


class AlreadyApplied(Conflict):
    """The file was applied before."""


class BadPeriod(Invalid):
    """The last day is before the first."""


class BadRosterFile(Invalid):
    """The file as a whole cannot be read as a roster."""
