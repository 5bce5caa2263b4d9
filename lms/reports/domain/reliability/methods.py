"""The paragraph for a methods section, made from what was really done."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lms import __version__
from lms.errors import N_
from lms.reports.domain.reliability.figures import FEW_SUBJECTS, Report
from lms.reports.domain.reliability.ratings import Setting
from lms.reports.domain.reliability.selection import Tries

SETTINGS = {
    Setting.CERTIFICATION: N_("The ratings are those of certification attempts."),
    Setting.PRACTICE: N_(
        "The ratings are those of practice, where the reference is shown after each case."
    ),
}
TRIES = {
    Tries.FIRST: N_("Only a rater's first try counts, since later ones are not independent of it."),
    Tries.LAST: N_("Only a rater's last try counts; it is not independent of the earlier ones."),
    Tries.ALL: N_(
        "All tries count; a rater's tries are not independent of each other. Between raters the "
        "first rating of each case was used."
    ),
}


@dataclass(frozen=True)
class Said:
    """A sentence with its values; the sentence is a translation key."""

    sentence: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence % self.values if self.values else self.sentence


def methods(report: Report) -> list[Said]:
    """Say what was done, in the order of a methods section."""
    return [*_material(report), *_between(report), *_against(report), *_groups(report)]


def _material(report: Report) -> Iterator[Said]:
    counts, wanted = report.counts, report.wanted
    versions = sorted({rating.version for rating in report.ratings})
    yield Said(
        N_(
            "Agreement was computed with Concord %(software)s from %(ratings)s ratings of "
            "%(cases)s cases by %(raters)s raters, who scored %(instrument)s (%(ref)s) in the "
            "module %(module)s, release %(versions)s."
        ),
        {
            "software": __version__,
            "ratings": counts.ratings,
            "cases": counts.cases,
            "raters": counts.raters,
            "instrument": report.instrument.title,
            "ref": report.instrument.ref,
            "module": report.title,
            "versions": ", ".join(versions),
        },
    )
    days = [rating.submitted_at.date() for rating in report.ratings]
    yield Said(
        N_("They were handed in from %(first)s to %(last)s (UTC)."),
        {"first": min(days), "last": max(days)},
    )
    yield Said(SETTINGS[wanted.setting])
    yield Said(TRIES[wanted.tries])
    narrowed = {
        N_("site"): wanted.site, N_("language"): wanted.language, N_("tier"): wanted.tier,
    }  # fmt: skip
    for what, value in narrowed.items():
        if value:
            yield Said(
                N_("Only ratings of one %(what)s were used: %(value)s."),
                {"what": what, "value": value},
            )
    if counts.others:
        yield Said(
            N_("%(n)s ratings on another version of the instrument were left out."),
            {"n": counts.others},
        )
    yield Said(
        N_(
            "A case counts as the same in two releases only where what is shown and its "
            "reference are the same."
        )
    )


def _between(report: Report) -> Iterator[Said]:
    if report.total:
        yield Said(
            N_(
                "Agreement between raters on totals is the intraclass correlation of single "
                "ratings for absolute agreement, ICC(2,1) = ICC(A,1), with ICC(3,1) = ICC(C,1) for "
                "consistency and ICC(2,k) = ICC(A,k) for the mean of the raters, with 95 % "
                "intervals from the F distribution (McGraw and Wong 1996)."
            )
        )
        yield Said(
            N_(
                "It was computed for each set of cases that raters share, from complete rows: the "
                "cases with a total by at least half of the raters of the set, and the raters "
                "with a total for each of these cases; how many were left out is stated."
            )
        )
        yield Said(
            N_(
                "The standard error of measurement is that of absolute agreement, and the smallest "
                "detectable change is 1.96 times the root of 2 of it."
            )
        )
    yield Said(
        N_(
            "Items are given as Krippendorff's alpha, by their scale with the nominal, ordinal or "
            "interval metric, from every case with at least two ratings; what was not assessed, "
            "left open or has no figure counts as missing. Its 95 %% interval is the percentiles "
            "of a bootstrap over cases with %(resamples)s resamples and the seed %(seed)s; "
            "with few cases these may not even hold the figure itself."
        ),
        {"resamples": report.how.resamples, "seed": report.how.seed},
    )


def _against(report: Report) -> Iterator[Said]:
    yield Said(
        N_(
            "Against the reference, each rater has Cohen's kappa with quadratic weights over the "
            "items that share the commonest range (of two as common, that of items in levels), "
            "pooled, from pairs that both have a figure. Its interval takes the items as "
            "independent of each other and is therefore rather too narrow."
        )
    )
    if report.total:
        yield Said(
            N_(
                "For the total %(total)s there is Lin's concordance correlation (variances over n, "
                "interval by Fisher's z) and Bland and Altman's bias and limits of agreement (1.96 "
                "SD, own less reference, interval from the t distribution)."
            ),
            {"total": report.total.label},
        )
        yield Said(
            N_(
                "Where raters are taken together, the bias is the mean of the raters' own mean "
                "differences and its interval is over raters, since a rater's cases are not "
                "independent of each other. The limits over all ratings have no interval for the "
                "same reason."
            )
        )
    yield Said(
        N_(
            "The share within tolerance counts items with a reference by the tolerance and the "
            "marking that held when they were handed in."
        )
    )
    yield Said(
        N_(
            "Figures from fewer than %(few)s cases are marked: there the interval says more than "
            "the figure. What cannot be computed is left empty with the reason."
        ),
        {"few": FEW_SUBJECTS},
    )
    if report.within:
        yield Said(
            N_(
                "Agreement of raters with themselves rests on %(pairs)s cases that were shown a "
                "second time within one attempt; raters knew that cases may come twice, and not "
                "which. Each pair of showings is a subject; "
                "pairs of one rater are not independent of each other."
            ),
            {"pairs": report.within.pairs},
        )


def _groups(_report: Report) -> Iterator[Said]:
    yield Said(
        N_(
            "A rating belongs to every site on whose roster the rater stood on the day of handing "
            "in, so that sites may add up to more than all; the language is that of the rater's "
            "account, else of the roster."
        )
    )
    yield Said(
        N_(
            "Tiers follow from this platform's own certificates for the instrument, of whatever "
            "version and not withdrawn, before the rating: developing had none, experienced had "
            "one, proven had it renewed or was certified again."
        )
    )
