from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.instruments.domain.improvement import (
    DEFAULT_MULTIPLES,
    LADDERS,
    Category,
    Change,
    ChangeRefused,
    Enzyme,
    Population,
    Slot,
    Tool,
    category_of,
    enzyme_span,
    improvement,
    percent_text,
)

D = Decimal


def oracle() -> dict[Slot, Change]:
    """The worked example of the field's notes, computed there independently."""
    return {
        Slot.PHYSICIAN: Change(Tool.PHYSICIAN_VAS, D(6), D(3), D(10)),
        Slot.PATIENT: Change(Tool.PATIENT_VAS, D(5), D(4), D(10)),
        Slot.STRENGTH: Change(Tool.MMT, D(120), D(135), D(150)),
        Slot.FUNCTION: Change(Tool.HAQ, D("1.5"), D("1.0"), D(3)),
        Slot.FIFTH: Change(
            Tool.ENZYME, D(3000), D(600), enzyme_span(D(200), DEFAULT_MULTIPLES[Enzyme.CK])
        ),
        Slot.SIXTH: Change(Tool.EXTRAMUSCULAR_VAS, D(4), D(2), D(10)),
    }


def test_the_worked_example_gives_57_5():
    found = improvement(Population.ADULT, oracle())

    assert [result.points for result in found.measures] == [
        D("17.5"), D("2.5"), D(10), D("7.5"), D("7.5"), D("12.5"),
    ]  # fmt: skip
    assert found.score == D("57.5")
    assert found.category is Category.MODERATE


def test_the_worked_example_in_a_child_is_moderate_too():
    changes = oracle() | {Slot.FUNCTION: Change(Tool.CHAQ, D("1.5"), D("1.0"), D(3))}

    found = improvement(Population.JUVENILE, changes)

    assert (found.score, found.category) == (D("57.5"), Category.MODERATE)


@pytest.mark.parametrize("slot", list(Slot))
def test_a_bound_belongs_to_the_band_below_it(slot):
    ladder = LADDERS[slot]
    a_hair = Fraction(1, 10_000)

    for level, bound in enumerate(ladder.over):
        assert ladder.level(Fraction(bound)) == level
        assert ladder.level(bound + a_hair) == level + 1


def test_five_per_cent_is_nothing_and_a_hair_more_is_the_first_band():
    def points(follow_up):
        changes = {Slot.PATIENT: Change(Tool.PATIENT_VAS, D(5), D(follow_up), D(10))}
        return improvement(Population.ADULT, changes).measures[1].points

    assert points("4.5") == 0
    assert points("4.49999") == D("2.5")


def test_ten_per_cent_of_the_mmt_stays_low():
    def points(follow_up):
        changes = {Slot.STRENGTH: Change(Tool.MMT, D(120), D(follow_up), D(150))}
        return improvement(Population.ADULT, changes).measures[2].points

    assert points("135") == 10
    assert points("135.0001") == 20


def test_the_table_of_points():
    table = {slot: [str(points) for points in LADDERS[slot].points] for slot in Slot}

    assert table == {
        Slot.PHYSICIAN: ["7.5", "15", "17.5", "20"],
        Slot.PATIENT: ["2.5", "5", "7.5", "10"],
        Slot.STRENGTH: ["10", "20", "27.5", "32.5"],
        Slot.FUNCTION: ["5", "7.5", "7.5", "10"],
        Slot.FIFTH: ["2.5", "5", "7.5", "7.5"],
        Slot.SIXTH: ["7.5", "12.5", "15", "20"],
    }
    assert sum(LADDERS[slot].points[-1] for slot in Slot) == 100


@pytest.mark.parametrize("missing", list(Slot))
def test_without_one_measure_there_is_no_score(missing):
    changes = oracle()
    del changes[missing]

    found = improvement(Population.ADULT, changes)

    assert (found.score, found.category, found.missing) == (None, None, (missing,))


@pytest.mark.parametrize("field", ["baseline", "follow_up", "span"])
def test_a_measure_with_a_figure_missing_is_missing(field):
    changes = oracle()
    whole = changes[Slot.FIFTH]
    figures = {name: getattr(whole, name) for name in ("baseline", "follow_up", "span")}
    changes[Slot.FIFTH] = Change(whole.tool, **(figures | {field: None}))

    assert improvement(Population.ADULT, changes).missing == (Slot.FIFTH,)


def test_worsening_takes_nothing_away_and_is_shown():
    changes = oracle() | {Slot.PHYSICIAN: Change(Tool.PHYSICIAN_VAS, D(3), D(9), D(10))}

    found = improvement(Population.ADULT, changes)

    assert found.score == 40
    assert found.worsened == (Slot.PHYSICIAN,)


@pytest.mark.parametrize(
    ("population", "score", "category"),
    [
        (Population.ADULT, "19.5", Category.NONE),
        (Population.ADULT, "20", Category.MINIMAL),
        (Population.ADULT, "40", Category.MODERATE),
        (Population.ADULT, "59.5", Category.MODERATE),
        (Population.ADULT, "60", Category.MAJOR),
        (Population.JUVENILE, "29.5", Category.NONE),
        (Population.JUVENILE, "30", Category.MINIMAL),
        (Population.JUVENILE, "45", Category.MODERATE),
        (Population.JUVENILE, "69.5", Category.MODERATE),
        (Population.JUVENILE, "70", Category.MAJOR),
    ],
)
def test_thresholds_include_their_figure(population, score, category):
    assert category_of(population, D(score)) is category


@pytest.mark.parametrize(
    "change",
    [
        Change(Tool.PHYSICIAN_VAS, D(43), D(3), D(10)),
        Change(Tool.PHYSICIAN_VAS, D(4), D(-1), D(10)),
        Change(Tool.PHYSICIAN_VAS, D(4), D(3), D(0)),
        Change(Tool.DAS, D(4), D(3), D(20)),
    ],
)
def test_figures_that_a_measure_cannot_give_are_refused(change):
    with pytest.raises(ChangeRefused):
        improvement(Population.ADULT, {Slot.PHYSICIAN: change})


def test_an_enzyme_may_lie_above_the_figure_that_stands_for_its_range():
    changes = oracle() | {Slot.FIFTH: Change(Tool.ENZYME, D(9000), D(600), D(3000))}

    assert improvement(Population.ADULT, changes).measures[4].points == D("7.5")


def test_the_cmas_is_for_children_only():
    change = Change(Tool.CMAS, D(30), D(40), D(52))

    assert improvement(Population.JUVENILE, {Slot.STRENGTH: change}).measures[2].points == 20
    with pytest.raises(ChangeRefused):
        improvement(Population.ADULT, {Slot.STRENGTH: change})


@pytest.mark.parametrize(
    ("percent", "shown"),
    [
        ("30", "30.0"),
        ("5.0001", "5.0001"),
        ("4.99999", "4.99999"),
        ("-0.001", "-0.001"),
        ("0", "0.0"),
    ],
)
def test_a_change_is_never_shown_on_the_wrong_side_of_a_bound(percent, shown):
    assert percent_text(Fraction(percent), Slot.PATIENT) == shown


FIGURES = st.decimals(0, 10, places=3)


@given(FIGURES, FIGURES, FIGURES)
def test_more_improvement_is_never_worth_less(baseline, one, other):
    def points(follow_up):
        change = Change(Tool.PHYSICIAN_VAS, baseline, follow_up, D(10))
        return improvement(Population.ADULT, {Slot.PHYSICIAN: change}).measures[0].points

    better, worse = sorted((one, other))

    assert points(better) >= points(worse) >= 0
