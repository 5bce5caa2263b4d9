"""Past tries judged at once by changed rules, against marking each of them."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.instruments.domain import answer_to_json
from lms.modules.domain import mark_step
from lms.modules.domain.changed import (
    ChangedRules,
    ReferenceChange,
    changed_rules_from_data,
)
from lms.modules.domain.crowd import NO_LEVEL, Crowd, passed_by, read_stored
from lms.modules.domain.many import Book
from lms.packages.domain import CaseForm, Criteria, ItemCriterion, Level, TotalCriterion
from tests.samples import CERTIFICATION, answer, instrument, make_content
from tests.unit.modules.test_many import FOUR, case_of, cases, criteria, ratings, read

levels = st.lists(criteria, min_size=0, max_size=2)


def written(form, rater):
    """The answers of one try as they are kept."""
    return {
        f"{case.key}/{item}": dict(answer_to_json(one))
        for case, own in zip(form, rater, strict=True)
        for item, one in own.items()
    }


def outcome(form, step, text):
    """What marking says of one try: passed, and the number of its level."""
    given_ = json.loads(text)
    rated = {
        case.key: {
            item.key: one
            for item in FOUR.items
            if (one := read_stored(FOUR, item.key, given_.get(f"{case.key}/{item.key}")))
        }
        for case in form
    }
    result = mark_step(FOUR, form, step, answers=rated)
    keys = [level.key for level in step.levels]
    return result.passed, keys.index(result.level) if result.level else NO_LEVEL


@given(
    cases,
    criteria,
    levels,
    ratings,
    st.lists(st.lists(ratings, min_size=5, max_size=5), min_size=1, max_size=4),
)
@settings(max_examples=80, deadline=None)
def test_what_if_says_of_each_try_what_marking_says(made, asked, more, other, raters):
    form = [case_of(n, *one) for n, one in enumerate(made)]
    step = replace(CERTIFICATION, forms=(CaseForm("f", tuple(form)),), criteria=asked)
    rules = ChangedRules(
        step=step.key,
        criteria=asked,
        levels=tuple(Level(f"l{n}", f"L{n}", one) for n, one in enumerate([asked, *more][1:])),
        references=(ReferenceChange("c0", "a", dict(answer_to_json(read(other)["a"]))),),
    )
    assert changed_rules_from_data(json.loads(json.dumps(rules.as_data()))) == rules
    changed = rules.over(step)
    form = changed.forms[0].cases
    texts = [
        json.dumps(written(form, [read(own) for own, _ in zip(rater, form, strict=False)]))
        for rater in raters
    ]
    crowd = Crowd(FOUR, [case.key for case in form], Book(FOUR))
    for text in texts:
        crowd.add(text)

    passed, reached = passed_by(FOUR, form, changed, crowd)

    found = list(zip(passed.tolist(), reached.tolist(), strict=True))
    assert found == [outcome(form, changed, text) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        '{"x/a": {"value": 5, "na": false}, "x/b": {"value": null, "na": true, '
        '"reason": "it said: }, \\"x/a\\": {"}}',
        '{"x/b": {"value": null, "na": true, "reason": "}, "}, "x/a": {"value": 5}}',
        '{"x/a": 5, "x/b": "NA"}',
        '{"other": {"value": 9}, "x/a": {"value": 5}, "x/b": {"na": true}}',
    ],
)
def test_answers_are_read_however_they_are_written(text):
    book = Book(instrument())
    crowd = Crowd(instrument(), ["x"], book)

    crowd.add(text)

    (row,) = crowd.places[0].tolist()
    told = [book.answers[item][place] for item, place in zip("ab", row, strict=True)]
    assert told[0].value == 5
    assert told[1].na


@pytest.mark.parametrize("text", ["{}", '{"x/a": {"value": 99, "na": false}}', '{"x/a": null}'])
def test_what_is_no_answer_counts_as_not_scored(text):
    crowd = Crowd(instrument(), ["x"], Book(instrument()))
    crowd.add(text)
    assert crowd.places.tolist() == [[[0, 0]]]


CONTENT = make_content()
WIDER = Criteria(ItemCriterion("2", 2, {}), TotalCriterion("total", "4"), 1)


def test_rules_stand_in_a_content_that_says_all_of_them():
    rules = ChangedRules("cases", WIDER, references=(ReferenceChange("a1", "a", answer(7)),))
    published = make_content(rules.over(CERTIFICATION))

    assert rules.stand_in(published)
    dotted = replace(WIDER, total_within=TotalCriterion("total", "4.0"))
    assert replace(rules, criteria=dotted).stand_in(published)
    assert not rules.stand_in(CONTENT)
    assert not replace(rules, criteria=None).stand_in(CONTENT)
    assert not ChangedRules("cases").stand_in(CONTENT)


def test_rules_for_items_that_an_instrument_lacks_do_not_fit_it():
    assert ChangedRules("cases", WIDER).fits(instrument())
    assert not ChangedRules("cases", replace(WIDER, critical=("z",))).fits(instrument())
    other = replace(WIDER, total_within=TotalCriterion("share", "1"))
    assert not ChangedRules("cases", other).fits(instrument())
