"""Facts are frozen, have one canonical form, and refuse what cannot be printed."""

import json
from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest

from lms.certificates.domain import AgreementLine, BadFacts, ScoreLine, facts_from_data
from tests.factories_certificates import make_facts


def test_facts_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        make_facts().name = "Somebody Else"


def test_the_canonical_form_is_read_back_as_the_same_facts():
    facts = make_facts(name="Nguyễn Thị Hồng Ánh", expires_on=None, agreement=None)
    assert facts_from_data(json.loads(facts.canonical())) == facts


def test_the_digest_does_not_depend_on_how_letters_are_composed():
    composed, apart = make_facts(name="Zoë"), make_facts(name="Zoe\u0308")
    assert composed.digest() == apart.digest()
    assert apart.name == "Zoë"


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Robin Hales"},
        {"level": "Trainer"},
        {"expires_on": date(2028, 6, 15)},
        {"score": (ScoreLine("a", "b"),)},
        {"agreement": AgreementLine(51, 48, 56)},
        {"demonstration": False},
    ],
)
def test_whatever_differs_gives_another_digest(change):
    assert replace(make_facts(), **change).digest() != make_facts().digest()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "  "}, "name is empty"),
        ({"name": "Robin\x00Hale"}, "cannot be printed"),
        ({"name": "a" * 301}, "longer than 300"),
        ({"expires_on": date(2026, 6, 13)}, "cannot end before"),
        ({"agreement": AgreementLine(57, 48, 56)}, "agreement line"),
        ({"name": None}, "must be text"),
    ],
)
def test_what_cannot_be_certified_is_refused_with_a_sentence(change, said):
    with pytest.raises(BadFacts, match=said):
        make_facts(**change)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("name"),
        lambda data: data.update(format="concord-certificate/9"),
        lambda data: data.update(extra=1),
        lambda data: data.update(issued_on="yesterday"),
        lambda data: data.update(score=[1]),
    ],
)
def test_facts_in_another_shape_are_refused(spoil):
    data = make_facts().as_data()
    spoil(data)
    with pytest.raises(BadFacts):
        facts_from_data(data)
