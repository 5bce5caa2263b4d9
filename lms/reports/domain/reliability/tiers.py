"""How far somebody is as a rater, told from this platform's own certificates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Tier(StrEnum):
    """Three grades of raters.

    Source:
        The names are those of a cross-study scheme (GAP rater certification programme), which
        grades raters as proven, experienced or developing; how a grade is told is our own rule.
    """

    DEVELOPING = "developing"
    EXPERIENCED = "experienced"
    PROVEN = "proven"


@dataclass(frozen=True, slots=True)
class Held:
    """That a certificate for an instrument, of whatever version, was issued.

    Args:
        renewal: it was issued as the renewal of another one.
    """

    issued_at: datetime
    renewal: bool = False


def tier_of(held: Iterable[Held], at: datetime) -> Tier:
    """Return the tier of whoever held these certificates just before a moment.

    Developing had no certificate, experienced had one, proven had it renewed or was certified
    again.
    """
    before = [one for one in held if one.issued_at < at]
    if not before:
        return Tier.DEVELOPING
    renewed = len(before) > 1 or any(one.renewal for one in before)
    return Tier.PROVEN if renewed else Tier.EXPERIENCED
