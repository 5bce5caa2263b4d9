"""How far raters agree with each other, with the reference and with themselves.

The figures themselves stand in `figures`, which needs numpy and is imported where a report is made.
"""

from lms.reports.domain.reliability.ratings import (
    CaseRating,
    ModuleRatings,
    Reference,
    Setting,
)
from lms.reports.domain.reliability.selection import Choices, Tries, Wanted, choices_of, chosen
from lms.reports.domain.reliability.tiers import Held, Tier, tier_of

__all__ = [
    "CaseRating",
    "Choices",
    "Held",
    "ModuleRatings",
    "Reference",
    "Setting",
    "Tier",
    "Tries",
    "Wanted",
    "choices_of",
    "chosen",
    "tier_of",
]
