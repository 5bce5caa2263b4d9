"""Rules that somebody writes to ask "what if": read as a package's, and written back."""

from dataclasses import replace

import pytest

from lms.packages.domain import (
    Accept,
    BiasCriterion,
    Criteria,
    IccCriterion,
    ItemCriterion,
    KappaCriterion,
    Level,
    PanelLimit,
    TotalCriterion,
)
from lms.packages.reader.rules import read_rules, rules_as_text
from tests.samples import CERTIFICATION, answer, make_content

CONTENT = make_content()
PLAIN = CERTIFICATION.criteria
RICH = Criteria(
    ItemCriterion("1.5", 0, {"a": "0"}, percent="75", accept={
        "a": Accept(below="1", above="0", same=((1, 2),)), }),
    TotalCriterion("total", "0", percent="10"),
    2,
    critical=("b",),
    icc=IccCriterion("ICC(A,1)", "0.7", None, decides_from=40),
    weighted_kappa=KappaCriterion("quadratic", "0.6", ("a", "b")),
    panel_limit=PanelLimit(share="0.3"),
    minimum_cases=2,
)  # fmt: skip
THREE = replace(
    CERTIFICATION.forms[0],
    cases=tuple(replace(CERTIFICATION.forms[0].cases[0], key=f"x{n}") for n in range(3)),
)


@pytest.mark.parametrize(
    "step",
    [
        CERTIFICATION,
        replace(CERTIFICATION, criteria=RICH),
        replace(
            CERTIFICATION, forms=(THREE,), criteria=replace(PLAIN, bias=BiasCriterion("total", "1"))
        ),
        replace(
            CERTIFICATION,
            criteria=PLAIN,
            levels=(Level("a", 'Level "A": best', RICH), Level("b", "B", PLAIN)),
        ),
    ],
)
def test_what_is_written_reads_as_the_same(step):
    read, report = read_rules(rules_as_text(step), CONTENT, step)

    assert [str(one.sentence) for one in report.findings] == []
    assert (read.criteria, read.levels) == (step.criteria, step.levels)


def test_a_reference_alone_leaves_the_criteria_as_they_are():
    read, _report = read_rules("references:\n  a1: {a: 7, b: NA}\n", CONTENT, CERTIFICATION)

    assert read.criteria is None
    assert read.references == (("a1", "a", answer(7)), ("a1", "b", answer(None, na=True)))


@pytest.mark.parametrize(
    ("text", "sentence", "place"),
    [
        ("criteria: {cases: 9, item_within: {tolerance: 1, items: 2}}", "9 cases must be met", "1"),
        ("criteria: {icc: {form: 'ICC(2,1)', at_least: 0.7}}", "never decides alone", "1"),
        ("criteria:\n  items: 3\n", "is not known here", "2"),
        ("references:\n  z9: {a: 7}\n", "no case “z9”", "2"),
        ("references:\n  a1:\n    a: 99\n", "99", "3"),
        ("criteria: [", "", "1"),
        ("nothing", "keys with values", "1"),
        ("", "empty", ""),
    ],
)
def test_what_does_not_stand_is_said_with_its_place(text, sentence, place):
    read, report = read_rules(text, CONTENT, CERTIFICATION)

    assert read is None
    assert sentence in report.errors[0].sentence
    assert f":{place}" in f"{report.errors[0].place}:" or not place
