from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.instruments.redcap.logic import (
    Call,
    Field,
    Figure,
    Minus,
    Not,
    NotUnderstood,
    Sign,
    Words,
    parse,
)
from lms.instruments.redcap.meaning import as_decimal, condition_words, weighted_from


def figure(text):
    return Figure(Decimal(text))


def values(_field, value):
    return value


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("[a]", Field("a")),
        ("[ a (1) ]", Field("a", "1")),
        ("[visit_1][a]", Field("a", event="visit_1")),
        ("[a(-1)]", Field("a", "-1")),
        (
            "1+2*3",
            Sign("+", figure("1"), Sign("*", figure("2"), figure("3"))),
        ),
        ("1-2-3", Sign("-", Sign("-", figure("1"), figure("2")), figure("3"))),
        ("2^3^2", Sign("^", figure("2"), Sign("^", figure("3"), figure("2")))),
        ("-[a]^2", Minus(Sign("^", Field("a"), figure("2")))),
        ("(1+2)*.5", Sign("*", Sign("+", figure("1"), figure("2")), figure(".5"))),
        ("[a]!=“x”", Sign("<>", Field("a"), Words("x"))),
        ("NOT [a]='1'", Not(Sign("=", Field("a"), Words("1")))),
        ("round([a], 1)", Call("round", (Field("a"), figure("1")))),
        (
            "[a]=1 or [b]=2 and [c]=3",
            Sign(
                "or",
                Sign("=", Field("a"), figure("1")),
                Sign("and", Sign("=", Field("b"), figure("2")), Sign("=", Field("c"), figure("3"))),
            ),
        ),
    ],
)
def test_a_formula_is_read_as(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "at", "why"),
    [
        ("", 1, "The formula ends too early."),
        ("[a] +", 6, "The formula ends too early."),
        ("([a]", 5, "Here ) is missing."),
        ("[a] [b", 5, "[ has no meaning in a formula."),
        ("[a] 3", 5, "3 does not continue the formula."),
        ("sum [a]", 1, "sum is neither a field nor a function."),
        ("1 + ; 2", 5, "; has no meaning in a formula."),
        ("sum([a]", 8, "Here , is missing."),
        ("(" * 60 + "1" + ")" * 60, 42, "The formula is nested too deeply."),
        ("[a]" + "+[a]" * 600, 2004, "The formula has too many signs."),
        ("1" * 30_000, 20_000, "This is longer than any formula."),
    ],
)
def test_a_formula_that_is_none_says_where_it_stops(text, at, why):
    with pytest.raises(NotUnderstood) as caught:
        parse(text)

    assert (caught.value.at, str(caught.value)) == (at, why)


def stops_at(read, text):
    try:
        read(text)
    except NotUnderstood as error:
        return error.at
    return 1


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="[]()ab1.+-*/^=<>!,'\" _noradsum“”", max_size=60))
def test_any_text_is_a_formula_or_has_a_place_where_it_stops(text):
    for read in (
        parse,
        lambda text: weighted_from(text, {}),
        lambda text: condition_words(text, values),
    ):
        assert 1 <= stops_at(read, text) <= len(text) + 1


@pytest.mark.parametrize(
    ("text", "weights", "places"),
    [
        ("sum([a],[b])", {("a", ""): 1, ("b", ""): 1}, None),
        ("[a]+[b]*2-[c]/4", {("a", ""): 1, ("b", ""): 2, ("c", ""): Fraction(-1, 4)}, None),
        ("round(mean([a],[b]),1)", {("a", ""): Fraction(1, 2), ("b", ""): Fraction(1, 2)}, 1),
        ("round([a])", {("a", ""): 1}, 0),
        ("2*([a]+-[b])", {("a", ""): 2, ("b", ""): -2}, None),
        ("[a]+[a]", {("a", ""): 2}, None),
        ("[a(1)]+[a(2)]", {("a", "1"): 1, ("a", "2"): 1}, None),
    ],
)
def test_a_weighted_sum_is_recognised(text, weights, places):
    found = weighted_from(text, {})

    assert (found.weights, found.places, found.constant) == (weights, places, 0)


def test_an_earlier_calculation_is_put_in():
    first = weighted_from("[a]+[b]", {})

    assert weighted_from("[first]*2+[c]", {"first": first}).weights == {
        ("a", ""): 2,
        ("b", ""): 2,
        ("c", ""): 1,
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[a]*[b]", "Two fields are multiplied or divided."),
        ("1/[a]", "Two fields are multiplied or divided."),
        ("[a]/0", "It divides by 0."),
        ("[a]^2", "The sign ^ makes no weighted sum."),
        ("max([a],[b])", "The function max is more than a weighted sum."),
        ("[a]='1'", "The sign = makes no weighted sum."),
        ("'x'", "This is a condition, where a figure is needed."),
        ("[visit_1][a]+[b]", "It looks at event visit_1."),
    ],
)
def test_what_is_more_than_a_weighted_sum_says_why(text, why):
    with pytest.raises(NotUnderstood, match=why.replace("^", r"\^")):
        weighted_from(text, {})


def test_a_third_is_no_weight():
    with pytest.raises(NotUnderstood, match="The weight 1/3 has no exact decimal form"):
        as_decimal(Fraction(1, 3))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[a] = '1'", "a is 1"),
        ("[a] <> ''", "a is not empty"),
        ("3 >= [a] and [b(2)] = 1", "a is at most 3 and b (2) is 1"),
        ("([a]=1 or [b]=-2) and not([c]>4)", "(a is 1 or b is -2) and not (c is above 4)"),
    ],
)
def test_a_simple_condition_is_put_into_words(text, words):
    assert condition_words(text, values) == words


@pytest.mark.parametrize("text", ["[a]=[b]", "datediff([a],'today','y')>3", "[a]", "1=1"])
def test_a_condition_that_is_more_is_not_guessed(text):
    with pytest.raises(NotUnderstood):
        condition_words(text, values)
