from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.instruments.api import Answer, instrument_from_data, library_ids, load_library, score
from lms.instruments.domain import Gap, read_answer
from lms.instruments.domain.scales import Levels, Number, Parts, Seconds, Vas, YesNo
from tests.unit.instruments.definitions import deriving, small

SMALL = instrument_from_data(small())
DERIVING = instrument_from_data(deriving())
INSTRUMENTS = [*map(load_library, library_ids()), SMALL, DERIVING]


def values_of(item):
    """Every value, or for long scales a good many, that the item takes."""
    match item.scale:
        case Levels(levels=levels):
            return [level.code for level in levels]
        case Seconds(bands=bands, maximum=maximum):
            return [band.start for band in bands] + [maximum]
        case Vas():
            return [Decimal(mm) for mm in range(101)]
        case Number(minimum=low, maximum=high, step=step):
            return [low + step * n for n in range(int((high - low) / step) + 1)]
        case YesNo():
            return [True, False]
        case Parts(parts=parts):
            return [tuple(part.key for part in parts[:count]) for count in range(len(parts) + 1)]
        case _:
            return [option.code for option in item.scale.options]


def ratings(instrument):
    def one(item):
        given_values = st.sampled_from(values_of(item)).map(lambda value: read_answer(item, value))
        return given_values | st.just(Answer(None, na=True)) if item.na else given_values

    return st.fixed_dictionaries({item.key: one(item) for item in instrument.items})


def at_end(instrument, key):
    """The answers that are worth the least (key min) or the most (key max) at every item."""

    def worth(item, value):
        return item.scale.points(value)

    answers = {}
    for item in instrument.items:
        numbered = [value for value in values_of(item) if worth(item, value) is not None]
        if numbered:
            answers[item.key] = Answer(key(numbered, key=lambda v, item=item: worth(item, v)))
        else:
            answers[item.key] = Answer(values_of(item)[0])
    return answers


def said(instrument, value):
    """The same word, yes or no, from every item that changes a derived figure."""
    keys = {key for one in instrument.derived for rule in one.rules for key in rule.items}
    return {
        key: Answer(values_of(item)[-1 if value else 0])
        if isinstance((item := instrument.item(key)).scale, Parts)
        else Answer(value)
        for key in keys
    }


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda instrument: instrument.ref)
def test_the_declared_range_is_reached_exactly(instrument):
    scores = [
        score(instrument, at_end(instrument, end) | said(instrument, value)).totals
        for end in (min, max)
        for value in (True, False)
    ]

    for total in instrument.totals:
        found = [one[total.key].value for one in scores]
        assert (min(found), max(found)) == (total.minimum, total.maximum)


@given(st.data())
def test_no_rating_leaves_the_declared_range(data):
    instrument = data.draw(st.sampled_from(INSTRUMENTS))
    scores = score(instrument, data.draw(ratings(instrument)))

    for total in scores.totals.values():
        assert total.value is None or total.minimum <= total.value <= total.maximum
        assert (total.value is None) == (total.gap is not None)


@given(st.data())
def test_the_order_of_answers_plays_no_part(data):
    instrument = data.draw(st.sampled_from(INSTRUMENTS))
    answers = data.draw(ratings(instrument))
    shuffled = data.draw(st.permutations(list(answers.items())))

    assert score(instrument, dict(shuffled)) == score(instrument, answers)


@given(st.data())
def test_na_is_never_0(data):
    instrument = data.draw(st.sampled_from([load_library("cmas@1.0"), load_library("mmt8_80@1.0")]))
    answers = data.draw(ratings(instrument))
    key = data.draw(st.sampled_from([item.key for item in instrument.items]))
    scores = score(instrument, answers | {key: Answer(None, na=True)})

    assert scores.points[key] is None
    assert scores.totals["total"].value is None


def test_an_unfinished_rating_has_a_sum_so_far_and_no_total():
    mmt8 = load_library("mmt8_80@1.0")
    answers = {
        key: Answer(value)
        for key, value in {
            "neck_flexors": 4,
            "deltoid_middle": 7,
            "biceps_brachii": 8,
            "wrist_extensors": 9,
            "gluteus_medius": 6,
        }.items()
    }

    total = score(mmt8, answers).totals["total"]

    assert (total.value, total.so_far, total.scored, total.of) == (None, 34, 5, 8)
    assert total.gap is Gap.UNANSWERED


def test_a_trace_is_not_dropped_silently():
    mmt8 = load_library("mmt8_80@1.0")
    answers = {item.key: Answer(10) for item in mmt8.items} | {"quadriceps": Answer("T")}

    total = score(mmt8, answers).totals["total"]

    assert (total.value, total.gap) == (None, Gap.NO_NUMBER)


def test_a_protocol_may_give_the_trace_a_number_in_its_own_version():
    data = small(version="1.0-trial.1")
    data["items"][0]["levels"][1]["value"] = 0.5
    trial = instrument_from_data(data)
    answers = at_end(trial, min) | {"grade": Answer("T")}

    assert score(trial, answers).totals["total"].value == Decimal("0.5")


def test_tenths_add_up_exactly():
    answers = at_end(SMALL, min) | {"line": Answer(Decimal(3))}

    assert score(SMALL, answers).totals["total"].value == Decimal("0.3")


def test_the_line_of_physician_global_is_shown_in_centimetres_and_the_levels_are_not_mixed_in():
    instrument = load_library("physician_global_activity@1.0")
    answers = {"activity_vas": Answer(Decimal(43)), "activity_likert": Answer(2)}

    scores = score(instrument, answers)

    assert scores.totals["total"].value == Decimal("4.3")
    assert score(instrument, answers | {"activity_likert": Answer(4)}).totals == scores.totals


def test_a_definition_may_scale_up_for_na_and_says_from_how_many_items():
    data = small()
    data["totals"][0] |= {"na": "prorate", "at_least": 5}
    instrument = instrument_from_data(data)
    most = at_end(instrument, max)
    one_na = most | {"tasks": Answer(None, na=True)}
    two_na = one_na | {"hold": Answer(None, na=True)}

    assert score(instrument, one_na).totals["total"].value == 20
    assert score(instrument, two_na).totals["total"].value is None


def test_an_item_that_the_instrument_has_not_is_refused():
    with pytest.raises(ValueError, match="no item 'nose'"):
        score(SMALL, {"nose": Answer(1)})
