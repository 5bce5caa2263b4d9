"""What somebody writes to ask "what if" of a quiz."""

from dataclasses import replace

import pytest

from lms.packages.domain import NumberAnswer, Option, Pool
from lms.packages.reader.questions import option_key
from lms.packages.reader.quiz_rules import (
    key_as_text,
    plain_choices,
    quiz_rules_as_text,
    read_quiz_rules,
)
from tests.samples import QUIZ, make_question

WORDS = replace(
    make_question("grades-01"),
    options=(
        Option(option_key("grades-01", "*Ten* of 10"), "<p><em>Ten</em> of 10</p>", True, ""),
        Option("twin-1", "<p>10</p>", False, ""),
        Option("twin-2", "<p>10</p>", False, ""),
        Option("said", '<p>"no": {never}</p>', False, ""),
    ),
)
STEP = replace(QUIZ, pools=(*QUIZ.pools, Pool("words", "Words", (WORDS,))))
TEN = WORDS.options[0].key


def read(text):
    found, report = read_quiz_rules(text, STEP)
    assert found is not None, [one.sentence for one in report.errors]
    return found


def test_what_is_written_reads_as_the_same():
    assert read(quiz_rules_as_text(STEP)).pass_mark == STEP.pass_mark
    for right in ([TEN], ["twin-2"], ["said"]):
        assert read(key_as_text(WORDS, right)).keys == {"grades-01": tuple(right)}
    several = STEP.pools[1].questions[1]
    assert read(key_as_text(several, ["z", "x"])).keys == {"two-1": ("x", "z")}
    figure = NumberAnswer("-9.5", "0.25")
    assert read(key_as_text(STEP.pools[1].questions[0], figure)).keys == {"two-0": figure}


@pytest.mark.parametrize("words", ["*Ten* of 10", "Ten of 10", TEN])
def test_a_choice_is_said_by_its_words_or_by_its_key(words):
    assert read(f"answers: {{grades-01: '{words}'}}").keys == {"grades-01": (TEN,)}


def test_choices_that_read_alike_are_named_by_their_keys():
    assert list(plain_choices(WORDS).values()) == ["Ten of 10", "twin-1", "twin-2", '"no": {never}']


@pytest.mark.parametrize(
    ("text", "sentence", "place"),
    [
        ("pass_mark: 4", "4 right answers are needed, and 3 questions are drawn", "1"),
        ("pass_mark: 0", "from 1 to 2000", "1"),
        ("answers:\n  none: x\n", "no question “none”", "2"),
        ("answers:\n  one-0: w\n", "no choice “w”", "2"),
        ("answers:\n  one-0: [x, y]\n", "has 2 right choices", "2"),
        ("answers:\n  two-1: []\n", "has 0 right choices", "2"),
        ("answers:\n  two-0: x\n", "is a figure", "2"),
        ("answers:\n  two-0: {value: 1, tolerance: -1}\n", "is a figure", "2"),
        ("answers:\n  two-0: {value: 1, more: 2}\n", "is a figure", "2"),
        ("criteria: {cases: 1}", "is not known here", "1"),
        ("", "empty", ""),
    ],
)
def test_what_does_not_stand_is_said_with_its_place(text, sentence, place):
    found, report = read_quiz_rules(text, STEP)

    assert found is None
    assert sentence in report.errors[0].sentence
    assert f":{place}" in f"{report.errors[0].place}:" or not place
