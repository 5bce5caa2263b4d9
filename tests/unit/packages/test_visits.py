"""A follow-up visit in a package: read, put in order, and refused with a place and a remedy."""

from dataclasses import asdict

import pytest

from lms.packages.domain import ChangeCriterion, content_from_json, content_to_json
from lms.packages.reader.check import check_package
from tests.factories_calibration import calibrated_files
from tests.factories_criteria import every_criterion_files
from tests.factories_packages import broken, zip_bytes
from tests.factories_visits import FILES, visits_files

LATER = FILES["a1-later"]


def checked(changes=None):
    return check_package(zip_bytes(broken(changes or {}, visits_files())))


@pytest.fixture(scope="module")
def content():
    build = checked().build
    assert build is not None
    return build.content


def test_the_initial_visit_stands_first_whatever_the_files_are_called(content):
    assert [case.key for case in content.cases] == ["p1", "p1-later", "p2", "a1", "a1-later", "a2"]
    assert [case.follows for case in content.step("practice").cases] == [None, "p1", None]


def test_the_criterion_of_change_is_read(content):
    assert content.step("certification").criteria.change_within == ChangeCriterion("myoact", "5")


def test_visits_survive_json_and_content_from_before_them_is_read(content):
    written = content_to_json(content)
    assert content_from_json(written) == content
    old = asdict(content)
    for step in old["steps"]:
        for case in step.get("cases", ()):
            del case["follows"]
    assert [case.follows for case in content_from_json(old).step("practice").cases] == [None] * 3


MISTAKES = [
    # what is wrong: changed file, old text, new text, part of the sentence, line of the mistake
    ("nobody", LATER, "follows: a1", "follows: a9", "no case “a9” in this folder"),
    ("elsewhere", LATER, "follows: a1", "follows: p2", "no case “p2” in this folder"),
    ("itself", LATER, "follows: a1", "follows: a1-later", "follows itself"),
    ("third", FILES["a2"], "title:", "follows: a1-later\ntitle:", "is a follow-up visit itself"),
    ("two follow-ups", FILES["a2"], "title:", "follows: a1\ntitle:", "another follow-up visit"),
    ("circle", FILES["a1"], "title:", "follows: a1-later\ntitle:", "is a follow-up visit itself"),
    ("no key", LATER, "follows: a1", "follows: A 1", "small letters"),
    ("repeated half", "package.yaml", "cases: cases/form-a}", "cases: cases/form-a, repeats: 2}",
     "1 of its cases may be repeated"),
    ("no such total", "package.yaml", "{total: myoact, tolerance: 5}",
     "{total: sum, tolerance: 5}", "no total “sum”"),
    ("flags of the reference", LATER, "heliotrope: 2", "heliotrope: 4", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "part"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES]
)
def test_what_does_not_fit_is_told_at_its_place(file, old, new, part):
    changes = {file: (old, new)}
    if not part:  # the reference codes as new what was there at the initial visit
        text = visits_files()[file].decode().replace(old, new)
        changes = {file: text.encode()}
        part, file = "raises 1 flags itself", "package.yaml"
    found = checked(changes)
    assert found.build is None
    told = [one for one in found.report.errors if part in one.sentence]
    assert any(one.place.startswith(f"{file}:") for one in told)


def test_a_case_that_is_not_in_a_pair_may_be_repeated():
    found = checked({"package.yaml": ("cases: cases/form-a}", "cases: cases/form-a, repeats: 1}")})
    assert found.build is not None


def test_a_calibration_case_follows_nothing():
    files = calibrated_files()
    name = next(path for path in files if b"key: k2" in files[path])
    text = files[name].replace(b"key: k2\n", b"key: k2\nfollows: k1\n")
    found = check_package(zip_bytes({**files, name: text}))
    assert found.build is None
    assert any("is no follow-up visit" in one.sentence for one in found.report.errors)


@pytest.mark.parametrize("visits", [False, True])
def test_a_rule_about_two_visits_is_enough_for_flags_where_there_are_two(visits):
    files = every_criterion_files()
    rules = files["instrument.yaml"].split(b"consistency:")
    only = b"consistency:\n  - {check: never_falls, items: [a], says: Less than before.}\nrights:"
    files["instrument.yaml"] = rules[0] + only + rules[1].split(b"rights:")[1]
    if visits:
        name = "cases/form-a/a6.yaml"
        files[name] = files[name].replace(b"title:", b"follows: a5\ntitle:")
    found = check_package(zip_bytes(files))
    told = [one.sentence for one in found.report.errors]
    assert (told == []) is visits, told
    assert visits or "no rule of consistency for a single visit" in told[0]


def test_a_change_is_asked_for_only_where_there_are_two_visits():
    found = checked({LATER: ("follows: a1\n", "")})
    assert found.build is None
    assert ["Form “a” has no follow-up visit" in one.sentence for one in found.report.errors] == [
        True
    ]
