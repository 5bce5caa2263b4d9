"""Verdicts: words, an exit code each, and never a leak from a file that is not trusted."""

from datetime import date

import pytest

from lms.certificates.domain import (
    EXIT_CODES,
    FileFinding,
    State,
    Verdict,
    exit_code,
    wording_of,
)
from lms.certificates.domain.verdicts import verdict_name
from tests.factories_certificates import CODE, make_facts

ON = date(2026, 11, 21)
TRUSTED = [FileFinding.EXACT_COPY, FileFinding.INTACT]
REFUSED = [finding for finding in FileFinding if finding not in TRUSTED]


@pytest.mark.parametrize("finding", REFUSED)
@pytest.mark.parametrize("leak", [{"facts": make_facts()}, {"code": CODE}, {"state": State.VALID}])
def test_nothing_leaves_a_file_that_is_not_trusted(finding, leak):
    with pytest.raises(ValueError, match="nothing from a file"):
        Verdict(on=ON, finding=finding, **leak)


@pytest.mark.parametrize("finding", REFUSED)
def test_a_file_that_is_not_trusted_is_never_good(finding):
    verdict = Verdict(on=ON, finding=finding)
    assert not verdict.good
    assert exit_code(verdict, root_named=True) not in (0, 1, 2)


@pytest.mark.parametrize("state", State)
def test_only_valid_is_good(state):
    verdict = Verdict(on=ON, state=state, finding=FileFinding.INTACT)
    assert verdict.good is (state is State.VALID)
    assert (exit_code(verdict, root_named=True) == 0) is (state is State.VALID)


def test_a_development_root_that_nobody_named_is_not_enough():
    verdict = Verdict(on=ON, state=State.VALID, finding=FileFinding.INTACT, development=True)
    assert exit_code(verdict, root_named=True) == 0
    assert exit_code(verdict, root_named=False) == EXIT_CODES["development"]


def test_every_verdict_has_an_exit_code_of_its_own():
    assert len(set(EXIT_CODES.values())) == len(EXIT_CODES)
    for state in State:
        assert verdict_name(Verdict(on=ON, state=state)) in EXIT_CODES
    for finding in REFUSED:
        assert verdict_name(Verdict(on=ON, finding=finding)) in EXIT_CODES


@pytest.mark.parametrize("state", State)
def test_every_state_has_words(state):
    words = wording_of(Verdict(on=ON, state=state))
    assert words.headline.english() and words.explanation.english().endswith(".")


@pytest.mark.parametrize("finding", REFUSED)
def test_every_finding_has_words(finding):
    words = wording_of(Verdict(on=ON, finding=finding))
    assert words.headline.english() and words.advice


def test_an_empty_verdict_says_nothing_and_is_a_mistake():
    with pytest.raises(ValueError, match="says something"):
        wording_of(Verdict(on=ON))
