"""The checker page as a file: one piece, its own policy, and nothing that a bundle can break."""

import base64
import json
import re
from hashlib import sha256

import pytest

from lms.certificates.checker import checker_page, content_policy
from lms.certificates.checker.words import words
from lms.certificates.domain import FileFinding, State

BUNDLE = {"format": "concord-trust-bundle/1", "issuer": "Ärzte </script><script>alert(1)</script>"}


@pytest.fixture(scope="module")
def page() -> str:
    return checker_page(BUNDLE).decode()


def inside(kind: str, page: str) -> list[str]:
    return re.findall(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)


def test_the_same_bundle_gives_the_same_bytes(page):
    assert checker_page(dict(reversed(BUNDLE.items()))).decode() == page


def test_the_bundle_is_data_whatever_stands_in_it(page):
    found = re.findall(r'<script type="application/json" id="bundle">(.*?)</script>', page)

    assert [json.loads(one) for one in found] == [BUNDLE]
    assert page.count("</script>") == 2


@pytest.mark.parametrize("kind", ["script", "style"])
def test_the_policy_names_the_one_script_and_the_one_style(page, kind):
    (text,) = inside(kind, page)
    digest = base64.b64encode(sha256(text.encode()).digest()).decode()

    assert f"{kind}-src 'sha256-{digest}'" in content_policy()
    assert f'content="{content_policy()}"' in page


def test_nothing_is_loaded_from_elsewhere(page):
    addresses = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"'\s)>]+)""", page)

    assert all(one.startswith(("#", "data:")) for one in addresses)
    assert "connect-src 'none'" in content_policy()
    assert not re.search(r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|eval|fetch)\b", page)


def test_every_verdict_has_its_words():
    told = words()["verdicts"]
    states = {str(state) for state in State} - {State.SUPERSEDED, State.NOT_FOUND}
    findings = {str(finding) for finding in FileFinding if not finding.trusted}

    assert set(told) == states | findings | {"unverifiable"}
    assert {one["tone"] for one in told.values()} == {"ok", "care", "fail", "none"}
    assert [name for name, one in told.items() if one["tone"] == "ok"] == ["valid"]
