"""References that may be wrong, as a creator's home tells them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Doubts:
    """How many references of a package may be wrong, as of the day on which that was looked at."""

    slug: str
    count: int
    looked_on: date
