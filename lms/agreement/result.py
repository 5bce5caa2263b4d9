"""What every statistic answers with: a figure or the reason for none, and how it was come by."""

import math
from dataclasses import dataclass

from lms.errors import N_, Invalid


class Misuse(Invalid, ValueError):
    """A statistic was asked for with something that it cannot be computed from at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number, or the sentence that says why there is none.

    Args:
        value: finite; None exactly where `reason` is given.
        reason: an English sentence, a translation key.
    """

    value: float | None
    reason: str | None = None

    def __post_init__(self) -> None:
        if (self.value is None) != (self.reason is not None):
            raise ValueError("A figure has either a value or a reason for having none.")
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError(f"{self.value} is no figure: say why it is undefined.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A confidence interval.

    Args:
        confidence: share of samples whose interval holds the true value, between 0 and 1.
        method: how it was computed, a translation key.
    """

    low: float
    high: float
    confidence: float
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """A test of the hypothesis that the true value is 0.

    Args:
        name: "F", "z" or "t".
        value: the test statistic.
        df: its degrees of freedom: two for F, one for t, none for z.
        p: the chance of a statistic at least as far out; one-sided for F, else two-sided.
    """

    __test__ = False  # pytest is not meant

    name: str
    value: float
    df: tuple[float, ...]
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a statistic was computed from.

    Args:
        subjects, raters: how many took part in the figure.
        ratings: how many cells took part.
        left_out: subjects that were given and took no part.
        missing: cells that were given empty.
        rule: how missing ratings were treated, a translation key.
    """

    subjects: int
    raters: int
    ratings: int
    left_out: int
    missing: int
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate(Figure):
    """A statistic with all that a methods section says of it.

    Args:
        statistic: its name, a translation key.
        form: which of its forms, in the literature's own signs.
        method: how the estimate was computed, a translation key.
        interval: None where none can be had; `no_interval` then says why.
        standard_error: in the unit of the value; None where the method gives none.
        test: None where the method gives none.
    """

    statistic: str
    form: str
    method: str
    sample: Sample
    interval: Interval | None = None
    no_interval: str | None = None
    standard_error: float | None = None
    test: Test | None = None


def checked_confidence(confidence: float) -> float:
    """The confidence as given.

    Raises:
        Misuse: unless it lies between 0 and 1, the ends excluded.
    """
    if not 0 < confidence < 1:
        raise Misuse(N_("The confidence must lie between 0 and 1, as 0.95 does."))
    return confidence
