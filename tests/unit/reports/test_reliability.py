"""The reliability report's figures, against numbers that were worked out elsewhere."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from lms.errors import Invalid
from lms.instruments import api as instruments
from lms.reports.domain.reliability import (
    CaseRating,
    Held,
    ModuleRatings,
    Reference,
    Setting,
    Tier,
    Tries,
    Wanted,
    choices_of,
    chosen,
    tier_of,
)
from lms.reports.domain.reliability.against import periods
from lms.reports.domain.reliability.between import Resampling
from lms.reports.domain.reliability.figures import codes_of, is_few, reliability

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
GLOBAL = instruments.load_library("physician_global_activity@1.0")
MMT = instruments.load_library("mmt8_80@1.0")
SHROUT_FLEISS = (
    (9, 2, 5, 8),
    (6, 1, 3, 2),
    (8, 4, 6, 8),
    (7, 1, 2, 6),
    (10, 5, 6, 9),
    (6, 2, 4, 7),
)
"""Six cases by four raters; the oracle of docs/agreement.md."""

FEW = Resampling(resamples=50, seed=3)


def answers(instrument, value):
    """Every item of a form rated alike; None leaves it open, "na" says NA."""
    raw = {"value": None, "na": True, "reason": "pain"} if value == "na" else {"value": value}
    if value is None:
        return {}
    return {item.key: instruments.read_answer(item, raw) for item in instrument.items}


def rating(person, case, given, **more):
    given = given if isinstance(given, dict) else answers(MMT, given)
    reference = more.pop("reference", None) or Reference(case, answers(MMT, 5))
    number = more.pop("number", 1)
    told = {
        "time": 1, "whole": True, "presentation": 1, "setting": Setting.CERTIFICATION,
        "step": "certification", "form": "a", "enrolment_id": person, "outside": 0,
        "attempt_id": 10 * person + number, "submitted_at": NOW, "version": "1.0", **more,
    }  # fmt: skip
    return CaseRating(
        person_id=person, case=case, answers=given, number=number, reference=reference, **told
    )


def module(ratings, instrument=MMT):
    return ModuleRatings(instrument, tuple(ratings), others=0, slug="sample", title="Sample")


def classical():
    """Shrout and Fleiss's data as totals: the first item holds the figure, the others are 0."""
    references = {case: Reference(f"c{case}", spread_out(5)) for case in range(6)}
    return [
        rating(person, f"c{case}", spread_out(value), reference=references[case])
        for case, row in enumerate(SHROUT_FLEISS)
        for person, value in enumerate(row, start=1)
    ]


def spread_out(first):
    return {
        item.key: instruments.read_answer(item, {"value": 0 if place else first})
        for place, item in enumerate(MMT.items)
    }


# --- figures


def test_totals_between_raters_are_shrout_and_fleiss_own_figures():
    report = reliability(module(classical()), Wanted(), FEW)

    one = report.between[0]
    absolute, consistent, of_mean = (form.value for form in one.forms)
    assert absolute == pytest.approx(0.289764, abs=1e-6)
    assert consistent == pytest.approx(0.714841, abs=1e-6)
    assert of_mean == pytest.approx(0.620051, abs=1e-6)
    low, high = one.forms[0].interval.low, one.forms[0].interval.high
    assert (low, high) == pytest.approx((0.018787, 0.761084), abs=1e-5)
    assert (one.raters, len(one.cases)) == (4, 6)
    assert is_few(one.forms[0])


def test_the_error_of_measurement_is_the_root_of_what_raters_and_chance_add():
    x = np.array(SHROUT_FLEISS, float)
    n, k = x.shape
    means, raters = x.mean(axis=1), x.mean(axis=0)
    between_raters = n * ((raters - x.mean()) ** 2).sum() / (k - 1)
    rest = x - means[:, None] - raters[None, :] + x.mean()
    error = (rest**2).sum() / ((n - 1) * (k - 1))

    report = reliability(module(classical()), Wanted(), FEW)

    expected = np.sqrt((between_raters - error) / n + error)
    assert report.between[0].sem.value == pytest.approx(expected)
    assert report.between[0].sdc.value == pytest.approx(expected * 1.959964 * np.sqrt(2))


def test_bias_takes_each_rater_once():
    report = reliability(module(classical()), Wanted(), FEW)

    own = np.array(SHROUT_FLEISS, float).mean(axis=0) - 5
    assert report.bias.value == pytest.approx(own.mean())
    assert report.bias.standard_error == pytest.approx(own.std(ddof=1) / 2)
    assert report.bias.sample.subjects == 4


def test_a_rater_against_the_reference_by_hand():
    ratings = [
        rating(1, f"c{n}", spread_out(own), reference=Reference(f"c{n}", spread_out(truth)))
        for n, (own, truth) in enumerate([(4, 5), (7, 6), (2, 2), (9, 10)])
    ]

    one = reliability(module(ratings), Wanted(), FEW).raters[0]

    x, y = np.array([4.0, 7, 2, 9]), np.array([5.0, 6, 2, 10])
    lin = 2 * np.cov(x, y, ddof=0)[0, 1] / (x.var() + y.var() + (x.mean() - y.mean()) ** 2)
    assert one.concordance.value == pytest.approx(lin)
    assert one.differences.bias.value == pytest.approx(-0.25)
    assert one.differences.upper.value == pytest.approx(-0.25 + 1.96 * (x - y).std(ddof=1))
    pooled_x = np.concatenate([x, np.zeros(28)])
    pooled_y = np.concatenate([y, np.zeros(28)])
    apart = (pooled_x[:, None] - pooled_y[None, :]) ** 2
    assert one.kappa.value == pytest.approx(1 - ((x - y) ** 2).sum() / 32 / apart.mean())


def test_the_spread_over_raters_is_that_of_the_single_figures():
    report = reliability(module(classical()), Wanted(), FEW)

    singles = [one.concordance.value for one in report.raters]
    kappas = [one.kappa.value for one in report.raters]
    known = [value for value in singles if value is not None]
    assert report.spreads.concordance.raters == len(known)
    assert report.spreads.kappa.median == pytest.approx(np.median(kappas))
    assert report.spreads.kappa.lowest == pytest.approx(min(kappas))


def test_raters_who_miss_a_case_are_out_of_the_icc_and_counted():
    ratings = [one for one in classical() if (one.person_id, one.case) != (4, "c0")]

    one = reliability(module(ratings), Wanted(), FEW).between[0]

    assert (one.raters, one.raters_left_out, len(one.cases)) == (3, 1, 6)


def test_cases_that_few_scored_are_out_of_the_icc_and_counted():
    ratings = [*classical(), rating(1, "rare", 3)]

    one = reliability(module(ratings), Wanted(), FEW).between[0]

    assert (one.raters, one.cases_left_out) == (4, 1)


def test_na_is_no_zero():
    ratings = [rating(p, c, "na" if p == 1 else 4) for p in (1, 2) for c in ("a", "b")]

    report = reliability(module(ratings), Wanted(), FEW)

    assert {item.na for item in report.items} == {2}
    assert all(item.alpha.value is None and item.alpha.reason for item in report.items)
    assert report.raters[0].differences.bias.value is None or report.raters[1].differences


def test_an_instrument_without_any_rating_asked_for_has_no_report():
    assert reliability(module([]), Wanted(), FEW) is None


def test_an_unknown_total_is_refused_with_those_there_are():
    with pytest.raises(Invalid, match=r"no total nothing. It has total"):
        reliability(module(classical()), Wanted(total="nothing"), FEW)


def test_one_total_and_one_item_is_enough():
    item = GLOBAL.items[0]
    ratings = [
        rating(
            person, case, {item.key: instruments.read_answer(item, {"value": value})},
            reference=Reference(case, {item.key: instruments.read_answer(item, {"value": 4})}),
        )
        for person, case, value in [(1, "a", 3), (1, "b", 5), (2, "a", 4), (2, "b", 6)]
    ]  # fmt: skip

    report = reliability(module(ratings, GLOBAL), Wanted(), FEW)

    assert report.items[0].alpha.value is not None


# --- groups


def test_a_rating_counts_for_each_site_of_its_day_and_none_for_no_site():
    ratings = [
        rating(1, "a", 4, sites=("T / 01", "T / 02")),
        rating(2, "a", 6, sites=("T / 01",)),
        rating(3, "a", 5),
    ]

    sites = reliability(module(ratings), Wanted(), FEW).groups["site"]

    assert [(one.label, one.ratings) for one in sites] == [
        ("T / 01", 2),
        ("T / 02", 1),
        ("none", 1),
    ]


def test_share_within_tolerance_is_what_the_marking_found():
    ratings = [rating(1, "a", 4, outside=2), rating(1, "b", 4, outside=0), rating(2, "a", 4)]

    share = reliability(module(ratings), Wanted(), FEW).share

    assert (share.within, share.of) == (22, 24)


@pytest.mark.parametrize(("years", "name"), [(0, "2026-02"), (3, "2026-Q1"), (9, "2026")])
def test_periods_get_longer_with_the_time_that_is_looked_at(years, name):
    assert periods([date(2026, 2, 3), date(2026 + years, 2, 3)])[0] == name


def test_tiers_follow_from_certificates_before_the_rating():
    first, again = Held(NOW), Held(NOW + timedelta(days=300))

    assert tier_of([first], NOW) is Tier.DEVELOPING
    assert tier_of([first, again], NOW + timedelta(days=1)) is Tier.EXPERIENCED
    assert tier_of([first, again], NOW + timedelta(days=301)) is Tier.PROVEN
    assert tier_of([Held(NOW, renewal=True)], NOW + timedelta(days=1)) is Tier.PROVEN


# --- what is chosen


def test_the_first_try_is_told_from_all_tries_and_not_from_a_period():
    later = NOW + timedelta(days=40)
    ratings = [rating(1, "a", 4), rating(1, "b", 4, number=2, submitted_at=later)]

    assert chosen(ratings, Wanted(since=later.date())) == []
    assert len(chosen(ratings, Wanted(tries=Tries.LAST))) == 1
    assert len(chosen(ratings, Wanted(tries=Tries.ALL))) == 2


def test_in_practice_every_case_has_a_first_try_of_its_own():
    ratings = [
        rating(1, case, 4, number=number, setting=Setting.PRACTICE, form="")
        for number, case in enumerate("aba", start=1)
    ]

    found = chosen(ratings, Wanted(setting=Setting.PRACTICE))

    assert [one.number for one in found] == [1, 2]


def test_choices_name_what_is_unknown():
    found = module([rating(1, "a", 4, language="pt"), rating(2, "a", 4)])

    choices = choices_of(found)

    assert choices.languages == ("none", "pt")
    assert choices.sites == ("none",)
    assert len(chosen(found.ratings, Wanted(language="none"))) == 1


def test_what_is_wanted_survives_as_data():
    wanted = Wanted(since=date(2026, 1, 2), tries=Tries.ALL, tier="proven", total="total")

    assert Wanted.from_data(wanted.as_data()) == wanted


def test_codes_stay_whatever_is_asked_for():
    found = module(classical())

    whole = reliability(found, Wanted(), FEW)
    narrow = reliability(found, Wanted(until=NOW.date()), FEW, part=slice(0, 2))

    assert whole.codes == narrow.codes == codes_of(found)
    assert len(narrow.raters) == 2
    assert sorted(codes_of(found).values()) == ["R01", "R02", "R03", "R04"]


# --- hidden repeats


def test_hidden_repeats_are_only_for_the_rater_against_themselves():
    values = ((9, 8), (6, 6), (8, 9), (3, 1))
    ratings = []
    for person, (before, after) in enumerate(values, start=1):
        ratings.append(rating(person, "a", spread_out(before)))
        ratings.append(rating(person, "a", spread_out(after), presentation=2))

    report = reliability(module(ratings), Wanted(), FEW)

    assert report.counts.ratings == report.counts.repeats == 4
    assert report.within.pairs == 4
    apart = np.array([after - before for before, after in values], float)
    assert report.within.differences.bias.value == pytest.approx(apart.mean())
    assert report.raters[0].cases == 1
    x = np.array(values, float)
    ms = x.var(axis=1, ddof=1).mean()
    assert report.within.icc.value > 0.9
    assert report.within.sem.value == pytest.approx(np.sqrt(ms), rel=0.2)
