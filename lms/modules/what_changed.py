"""What the latest releases of a module changed, as trainees read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import gettext as _

from lms.packages import api as packages
from lms.packages.domain.changes import FROM_TERMINAL, ChangeClass

SHOWN: Final = 3


@dataclass(frozen=True)
class Changed:
    """What one release changed; `words` name the class."""

    version: str
    kind: ChangeClass
    words: str
    reason: str
    at: datetime


def what_changed(slug: str) -> list[Changed]:
    """Return what the latest releases changed, the newest first."""
    return [
        Changed(
            version=packages.release(one.release_id).version,
            kind=one.change.kind,
            words=_words(one.change.kind),
            reason="" if one.change.reason == FROM_TERMINAL else one.change.reason,
            at=one.said_at,
        )
        for one in packages.changes_of(slug)[:SHOWN]
    ]


def _words(kind: ChangeClass) -> str:
    return {
        ChangeClass.WORDING: _("Wording"),
        ChangeClass.SCORING: _("Scoring"),
        ChangeClass.REFERENCE: _("Reference"),
        ChangeClass.SAFETY: _("Safety"),
    }[kind]
