"""Cases without a panel, and files that a panel's reference is written into."""

import pytest

from lms.packages.domain import ReferenceSigned, Severity
from lms.packages.reader.amending import CannotAmend, amended, with_keys
from lms.packages.reader.check import check_package
from lms.packages.reader.findings import Findings
from lms.packages.reader.yaml import read_yaml
from tests.factories_packages import ITEMS, broken, light_files, zip_bytes

CASE = "cases/practice/p1.yaml"
SIGNED = {
    "by": "Robin Hale",
    "at": "2026-11-21T10:42:00+00:00",
    "method": "adjudicated",
    "raters": 5,
    "version": 2,
    "digest": "ab" * 32,
}


def without_panel(text: bytes) -> bytes:
    head, rest = text.split(b"panel:\n")
    return head + rest[rest.index(b"rationale:") :]


def waiting_files():
    files = light_files()
    return {**files, CASE: without_panel(files[CASE])}


def panel(grade):
    return [{"rater": f"Panel {n}", "ratings": dict.fromkeys(ITEMS, grade)} for n in range(1, 6)]


def test_a_case_without_a_panel_waits_for_it():
    checked = check_package(zip_bytes(waiting_files()))

    [found] = checked.report.waiting
    assert (found.severity, found.file, found.line) == (Severity.WAITING, CASE, 1)
    assert found.sentence == "This case waits for its panel."
    assert not checked.report.clean
    assert checked.build is not None
    assert checked.build.content.waiting == ("p1",)


def test_a_panel_of_fewer_than_five_is_still_refused():
    head, rest = light_files()[CASE].split(b"  - {rater: Panel 5")
    files = {**light_files(), CASE: head + rest[rest.index(b"reference:") :]}

    assert check_package(zip_bytes(files)).build is None


def test_a_reference_is_written_into_the_file_and_all_else_stays():
    packed = amended(
        zip_bytes(waiting_files()),
        version="1.1",
        cases={
            "p1": {
                "panel": panel(7),
                "reference": {
                    "method": "stated",
                    "values": dict.fromkeys(ITEMS, 8),
                    "cannot_fail": ["quadriceps"],
                    "signed": SIGNED,
                },
            }
        },
    )

    checked = check_package(packed)
    assert checked.report.errors == checked.report.waiting == ()
    content = checked.build.content
    [case] = [case for case in content.cases if case.key == "p1"]
    assert content.version == "1.1"
    assert {rating["value"] for rating in case.reference.values()} == {8}
    assert [rater.ratings["quadriceps"]["value"] for rater in case.panel] == [7] * 5
    assert case.cannot_fail == ("quadriceps",)
    assert case.signed == ReferenceSigned(**SIGNED)
    others = [path for path in light_files() if path not in (CASE, "package.yaml")]
    before = check_package(zip_bytes(light_files())).build.content.files
    assert [path for path in others if content.files[path] != before[path]] == []


def test_comments_and_order_of_a_file_stay():
    text = b"# the case\nkey: p1\npanel:\n  - {rater: A}\n\n# why\nrationale: {}  # short\n"

    changed = with_keys(CASE, text, {"panel": ["x"], "reference": {"method": "median"}})

    assert changed.decode() == (
        '# the case\nkey: p1\npanel:\n  - "x"\n\n# why\nrationale: {}  # short\n'
        'reference:\n  method: "median"\n'
    )


def test_a_file_in_one_line_is_refused_with_a_sentence():
    with pytest.raises(CannotAmend, match="cannot be changed by itself"):
        with_keys(CASE, b"{key: p1, panel: [], rationale: {}}", {"panel": ["x"]})


def test_a_case_that_is_gone_is_named():
    with pytest.raises(CannotAmend, match="no case “p9”"):
        amended(zip_bytes(light_files()), version="1.1", cases={"p9": {"panel": []}})


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("method: median", "method: median, cannot_fail: [nose]", "no item “nose”"),
        (
            "method: median",
            'method: median, signed: {by: A, at: "today", method: median, '
            "raters: 5, version: 1, digest: ab}",
            "a moment with its zone",
        ),
        ("method: median", "method: median, signed: {by: A}", "is missing here"),
    ],
)
def test_mistakes_in_what_a_panel_writes_are_named(old, new, words):
    checked = check_package(zip_bytes(broken({CASE: (old, new)}, light_files())))

    assert any(words in finding.sentence for finding in checked.report.errors)


def test_values_keep_their_kind():
    values = {"a": 5, "b": "T", "c": 74.5, "d": True, "e": ["x"], "f": {"na": "pain"}}

    changed = with_keys(CASE, b"key: p1\n", {"reference": {"values": values}})

    read = read_yaml(CASE, changed, Findings()).data["reference"]["values"]
    assert {key: str(value) for key, value in read.items()} == {
        key: str(value) for key, value in values.items()
    }
