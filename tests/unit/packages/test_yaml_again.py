"""A file that was read before is not parsed again, and says the same to everybody who asks."""

from decimal import Decimal

import pytest

from lms.packages.reader import yaml
from lms.packages.reader.findings import Findings, Place
from lms.packages.reader.yaml import read_yaml

SOUND = b"title: Grip\nlevels:\n  - {code: 1.5, label: weak}\n"
TWICE = b"title: Grip\ntitle: Grasp\n"


@pytest.fixture
def parsed(monkeypatch):
    """The names of the files that the parser was asked to parse, from an empty memory on."""
    yaml._place_for.cache_clear()
    names, parse = [], yaml._compose

    def noted(file, text, findings):
        names.append(file)
        return parse(file, text, findings)

    monkeypatch.setattr(yaml, "_compose", noted)
    return names


def test_the_same_text_is_parsed_once_whatever_the_file_is_called(parsed):
    first = read_yaml("a.yaml", SOUND, Findings())
    again = read_yaml("b.yaml", b"\xef\xbb\xbf" + SOUND, Findings())

    assert parsed == ["a.yaml"]
    assert again.data == first.data
    assert again.place("levels", 0, "label") == Place("b.yaml", 3, 24)
    assert first.place("levels", 0, "label") == Place("a.yaml", 3, 24)


def test_who_changes_what_they_read_changes_it_for_nobody_else():
    first = read_yaml("a.yaml", SOUND, Findings())
    first.data["levels"].clear()
    first.values.clear()

    again = read_yaml("a.yaml", SOUND, Findings())

    assert again.data["levels"] == [{"code": Decimal("1.5"), "label": "weak"}]
    assert again.place("levels").line == 3


def test_a_mistake_is_told_each_time_at_its_own_place(parsed):
    for file in ("a.yaml", "b.yaml"):
        findings = Findings()
        assert read_yaml(file, TWICE, findings) is None
        assert [entry.place for entry in findings.entries] == [f"{file}:2:1"]
        assert "there twice" in findings.entries[0].sentence

    assert parsed == ["a.yaml", "b.yaml"]
