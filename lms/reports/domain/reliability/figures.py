"""The whole report as one value: what was counted, every figure, and how it was come by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from lms.agreement.bland_altman import BlandAltman
from lms.agreement.krippendorff import Alpha
from lms.agreement.result import Estimate
from lms.errors import N_, Invalid
from lms.instruments.domain import Instrument, Total
from lms.reports.domain.reliability.against import (
    Group,
    OneRater,
    Share,
    Spreads,
    all_together,
    bias_over_raters,
    each_rater,
    groups,
    periods,
    share_of,
    spreads,
)
from lms.reports.domain.reliability.between import (
    Between,
    ItemReliability,
    Resampling,
    alpha_of_totals,
    between_raters,
    items_between,
)
from lms.reports.domain.reliability.grids import Measured, first_showings, measured
from lms.reports.domain.reliability.ratings import CaseRating, ModuleRatings
from lms.reports.domain.reliability.selection import Wanted, chosen
from lms.reports.domain.reliability.within import Within, within_raters

FEW_SUBJECTS = 10
"""Below this many cases an interval says more than the figure; a habit of this house."""


@dataclass(frozen=True)
class Counts:
    """What the report was made from.

    Args:
        repeats: hidden second showings, which only the intra-rater figures use.
        unfinished: ratings that lack an answer, and are in where the item is there.
        others: ratings on another version of the instrument; not in.
        of: ratings of the module on this version, whatever was asked for.
    """

    ratings: int
    raters: int
    cases: int
    repeats: int
    unfinished: int
    others: int
    of: int


@dataclass(frozen=True)
class Report:
    """Everything that the page, the PDF and the files tell.

    Args:
        total: of which most figures are; None for an instrument without totals.
        codes: of all raters of the module by id, R01 and so on, whatever is asked for.
        raters: those of the part that was asked for, by code; counts.raters is how many there are.
        groups: by what they have in common: site, tier, language, period.
        within: None where no case was repeated.
    """

    slug: str
    title: str
    steps: Mapping[str, str]
    instrument: Instrument
    wanted: Wanted
    how: Resampling
    counts: Counts
    total: Total | None
    codes: Mapping[int, str]
    between: Sequence[Between]
    alpha: Alpha
    items: Sequence[ItemReliability]
    share: Share
    bias: Estimate
    together: BlandAltman
    pairs: Sequence[tuple[float, float]]
    raters: Sequence[OneRater]
    spreads: Spreads
    groups: Mapping[str, Sequence[Group]]
    within: Within | None
    ratings: Sequence[CaseRating]


BY = ("site", "tier", "language", "period")


def reliability(
    found: ModuleRatings,
    wanted: Wanted,
    how: Resampling | None = None,
    *,
    part: slice = slice(None),
) -> Report | None:
    """Compute the report; None where nothing that was handed in is asked for.

    Args:
        part: of the raters, by code, for whom figures of their own are computed.

    Raises:
        Invalid: if the instrument has no such total.
    """
    how = how or Resampling()
    total = _total(found.instrument, wanted.total)
    ratings = chosen(found.ratings, wanted)
    m = measured(found.instrument, ratings)
    rows = first_showings(m)
    if not len(rows):
        return None
    key = total.key if total else ""
    codes = codes_of(found)
    together = all_together(m, rows, key)
    shown = [ratings[row] for row in rows.tolist()]
    people = sorted({one.person_id for one in shown}, key=lambda person: codes[person])
    return Report(
        slug=found.slug,
        title=found.title,
        steps=found.steps,
        instrument=found.instrument,
        wanted=wanted,
        how=how,
        counts=_counts(found, m, shown),
        total=total,
        codes=codes,
        between=between_raters(m, rows),
        alpha=alpha_of_totals(m, rows, key, how),
        items=list(items_between(m, rows, how)),
        share=share_of(shown),
        bias=bias_over_raters(m, rows, key),
        together=together,
        pairs=_pairs(together),
        raters=each_rater(m, rows, people[part], key),
        spreads=spreads(m, rows, key),
        groups={
            name: groups(m, rows, labels, key, how)
            for name, labels in zip(BY, _labels(shown), strict=True)
        },
        within=within_raters(m, key),
        ratings=ratings,
    )


def _total(instrument: Instrument, key: str) -> Total | None:
    if key and key not in {total.key for total in instrument.totals}:
        raise Invalid(
            N_("%(instrument)s has no total %(total)s. It has %(known)s."),
            instrument=instrument.ref,
            total=key,
            known=", ".join(total.key for total in instrument.totals) or "–",
        )
    return next((one for one in instrument.totals if key in ("", one.key)), None)


def _counts(found: ModuleRatings, m: Measured, shown: Sequence[CaseRating]) -> Counts:
    return Counts(
        ratings=len(shown),
        raters=len({rating.person_id for rating in shown}),
        cases=len(set(m.cases.tolist())),
        repeats=len(m.ratings) - len(shown),
        unfinished=sum(not rating.whole for rating in shown),
        others=found.others,
        of=len(found.ratings),
    )


def _labels(ratings: Sequence[CaseRating]) -> list[list[Sequence[str]]]:
    days = periods([rating.submitted_at.date() for rating in ratings])
    return [
        [rating.sites for rating in ratings],
        [(rating.tier.value,) for rating in ratings],
        [(rating.language,) if rating.language else () for rating in ratings],
        [(day,) for day in days],
    ]


def _pairs(together: BlandAltman) -> list[tuple[float, float]]:
    """(the reference's total, own less it) of each rating that has both."""
    return [
        (round(mean - apart / 2, 6), apart)
        for mean, apart in zip(together.means, together.differences, strict=True)
    ]


def codes_of(found: ModuleRatings) -> dict[int, str]:
    """Give every rater of the module a code, in an order that tells nothing of them."""
    people = {rating.person_id for rating in found.ratings}
    mixed = sorted(people, key=lambda person: sha256(f"{found.slug}:{person}".encode()).hexdigest())
    width = max(2, len(str(len(people))))
    return {person: f"R{number:0{width}d}" for number, person in enumerate(mixed, start=1)}


def is_few(estimate: Estimate) -> bool:
    """Whether so few subjects took part that the interval says more than the figure."""
    return estimate.value is not None and estimate.sample.subjects < FEW_SUBJECTS
