"""Every kind of mistake in a package is told at its line and column, with what to do."""
# ruff: noqa: E501  # the tables are read line by line

import pytest

from lms.packages.domain.findings import Severity
from lms.packages.reader.check import check_package
from tests.factories_packages import (
    ITEMS,
    broken,
    case_yaml,
    light_files,
    package_files,
    png,
    zip_bytes,
)

PRACTICE = "cases/practice/p1.yaml"
FORM_A = "cases/form-a/a1.yaml"
POOL = "questions/grades.yaml"
ROOT = "package.yaml"


def findings_of(changes, severity=Severity.ERROR, files=None):
    checked = check_package(zip_bytes(broken(changes, light_files() if files is None else files)))
    assert (checked.build is None) == bool(checked.report.errors)
    return [finding for finding in checked.findings if finding.severity is severity]


def place_of(changes, file, marked):
    """Return file:line:column of the bar in a marked piece of the broken file's text."""
    text = broken(changes, light_files())[file].decode()
    before, bar, after = marked.partition("|")
    assert bar, f"mark the column in {marked!r} with a bar"
    assert text.count(before + after) == 1, f"{marked!r} is not there exactly once"
    upto = text[: text.index(before + after) + len(before)]
    return f"{file}:{upto.count(chr(10)) + 1}:{len(upto) - (upto.rfind(chr(10)) + 1) + 1}"


def light_case(key, text, grade, **panel):
    return case_yaml(key, text, grade, **panel).replace("deck, slide: 1", "why").encode()


ENDS = "level: Basic, valid_months: 24}"
MISTAKES = [
    # what is broken: file, old text, new text, marked place, part of the sentence
    ("two ends", ROOT, ENDS, "level: Basic, valid_months: 24, validity: {months: 12}}", "|valid_months: 24", "said twice"),
    ("no end", ROOT, ENDS, "level: Basic, validity: {}}", "|validity: {}", "names no end"),
    ("end of no month", ROOT, ENDS, "level: Basic, validity: {while_trial_open: true, end_of_month: true}}", "|end_of_month: true", "“end_of_month” says something about months"),
    ("anniversary of nothing", ROOT, ENDS, "level: Basic, validity: {while_trial_open: true, keep_anniversary_months: 3}}", "|keep_anniversary_months: 3", "there are none"),
    ("too early", ROOT, ENDS, "level: Basic, validity: {months: 2, keep_anniversary_months: 3}}", "keep_anniversary_months: |3", "longer than a certificate holds"),
    ("endless months", ROOT, ENDS, "level: Basic, validity: {months: 121}}", "months: |121", "120"),
    ("unknown rule", ROOT, ENDS, "level: Basic, validity: {years: 2}}", "|years: 2", "“years” is not known"),
    ("unknown key", ROOT, "minutes: 30", "minuts: 30", "|minuts: 30", "“minuts” is not known"),
    ("missing key", ROOT, "licence: CC-BY-4.0\n", "", "|format: conc", "“licence” is missing"),
    ("missing inner key", ROOT, "  source: A test\n", "", "|rights:\n", "“source” is missing"),
    ("wrong format", ROOT, "package/1", "package/9", "format: |concord", "concord-package/1"),
    ("bad slug", ROOT, "slug: sample", "slug: Sam_ple", "slug: |Sam", "single hyphens"),
    ("version without quotes", ROOT, '"1.0"', "1.0", "version: |1.0", "should be text"),
    ("bad version", ROOT, '"1.0"', '"one"', 'version: |"one"', "two or three figures"),
    ("bad language", ROOT, "language: en", "language: English!", "language: |Eng", "BCP 47"),
    ("bad date", ROOT, "2026-11-01", "2026-13-01", "date: |2026", "a date such as"),
    ("bad rights status", ROOT, "unresolved", "free", "status: |free", "one of: open_reuse"),
    ("a list that is none", ROOT, "  - Grade eight muscle groups", "  x: y", "  |x: y", "a list"),
    ("bad kind of step", ROOT, "kind: text", "kind: texts", "kind: |texts", "one of: text"),
    ("true for a figure", ROOT, "pass_mark: 2", "pass_mark: true", "pass_mark: |true", "whole"),
    ("minutes in parts", ROOT, "minutes: 5}", "minutes: 5.5}", "minutes: |5.5}", "whole number"),
    ("no such instrument", ROOT, "mmt8_80@1.0", "mmt9@1.0", "instrument: |mmt9", "no instrument"),
    ("no such file", ROOT, "lessons/why.md", "lessons/who.md", "file: |lessons/who", "no file"),
    ("path outside", ROOT, "lessons/why.md", "../why.md", "file: |../why.md", "not inside"),
    ("absolute path", ROOT, "lessons/why.md", "/why.md", "file: |/why.md", "should be the path"),
    ("same step twice", ROOT, "{key: practice,", "{key: why,", "{key: |why, kind: p", "twice"),
    ("pass mark too high", ROOT, "pass_mark: 2", "pass_mark: 3", "pass_mark: |3", "3 right answers"),
    ("too many drawn", ROOT, "count: 2", "count: 4", "count: |4", "the pool has 3"),
    ("redo of a later step", ROOT, "[why]", "[certification]", "redo: [|certif", "not an earlier"),
    ("redo of a quiz", ROOT, "redo: [practice]", "redo: [quiz]", "redo: [|quiz]", "not an earlier"),
    ("too many required", ROOT, "required: 1}", "required: 3}", "required: |3}", "there are 2"),
    ("no such folder", ROOT, "cases/form-b", "cases/form-c", "cases: |cases/form-c", "no cases"),
    ("folder used twice", ROOT, "cases/form-b", "cases/form-a", "b, cases: |cases/form-a", "another step or form"),
    ("same form twice", ROOT, "{key: b,", "{key: a,", "- {key: |a, cases: cases/form-b", "Two forms"),
    ("too many items", ROOT, "items: 7", "items: 9", "items: |9", "the instrument has 8"),
    ("no such item tolerance", ROOT, "items: 7}", "items: 7, per_item: {nose: 1}}", "{|nose: 1", "no item “nose”"),
    ("no such total", ROOT, "total: total", "total: sum", "total: |sum", "no total “sum”"),
    ("too many cases to meet", ROOT, "cases: 1\n", "cases: 2\n", "cases: |2", "form “a” has 1"),
    ("no criterion", ROOT, "      item_within: {tolerance: 1, items: 7}\n      total_within: {total: total, tolerance: 5}\n", "", "|criteria:", "every try would pass"),
    ("only a correlation", ROOT, "      item_within: {tolerance: 1, items: 7}\n      total_within: {total: total, tolerance: 5}\n", "      icc: {form: \"ICC(A,1)\", total: total, at_least: 0.8}\n", "|criteria:", "never decides alone"),
    ("only a kappa", ROOT, "      item_within: {tolerance: 1, items: 7}\n      total_within: {total: total, tolerance: 5}\n", "      weighted_kappa: {weights: linear, at_least: 0.6}\n", "|criteria:", "never decides alone"),
    ("correlation of few", ROOT, "tolerance: 5}", "tolerance: 5}\n      icc: {form: \"ICC(A,1)\", at_least: 0.8, decides_from: 4}", "decides_from: |4", "from 10 to 10000"),
    ("correlation of a mean", ROOT, "tolerance: 5}", "tolerance: 5}\n      icc: {form: \"ICC(A,k)\", at_least: 0.8}", "form: |\"ICC(A,k)", "one of: ICC(1)"),
    ("kappa of no item", ROOT, "tolerance: 5}", "tolerance: 5}\n      weighted_kappa: {weights: linear, at_least: 0.6, items: [nose]}", "[|nose", "no item “nose”"),
    ("bias of few cases", ROOT, "tolerance: 5}", "tolerance: 5}\n      bias: {total: total, at_most: 2}", "|bias", "needs 3 cases"),
    ("bias of no total", ROOT, "tolerance: 5}", "tolerance: 5}\n      bias: {total: sum, at_most: 2}", "total: |sum", "no total “sum”"),
    ("limits inside the bias", ROOT, "tolerance: 5}", "tolerance: 5}\n      bias: {total: total, at_most: 2, limits: 1}", "limits: |1", "farther out"),
    ("critical item of none", ROOT, "tolerance: 5}", "tolerance: 5}\n      critical: [nose]", "[|nose", "no item “nose”"),
    ("flags without rules", ROOT, "tolerance: 5}", "tolerance: 5}\n      flags: {at_most: 0}", "|flags", "no rule of consistency"),
    ("items said twice", ROOT, "items: 7}", "items: 7, percent: 80}", "|item_within", "said once"),
    ("tolerance said twice", ROOT, "tolerance: 5}", "tolerance: 5, percent: 5}", "|total_within", "said once"),
    ("severity that is not there", ROOT, "tolerance: 5}", "tolerance: 5}\n      severities: [severe]", "severities: |[severe]", "no case of severity “severe”"),
    ("more cases than there are", ROOT, "tolerance: 5}", "tolerance: 5}\n      minimum_cases: 3", "minimum_cases: |3", "must hold 3 cases"),
    ("panel limit of nothing", ROOT, "tolerance: 5}", "tolerance: 5}\n      panel_limit: {}", "|panel_limit", "says nothing"),
    ("how many cases", ROOT, "      cases: 1\n", "", "|criteria:", "“cases” is missing"),
    ("neither criteria nor levels", ROOT, "    criteria:\n      item_within: {tolerance: 1, items: 7}\n      total_within: {total: total, tolerance: 5}\n      cases: 1\n", "", "key: |certification", "either criteria or levels"),
    ("accepted value of none", ROOT, "items: 7}", "items: 7, accept: {quadriceps: {same: [[10, 11]]}}}", "same: [|[10", "11 is not a level"),
    ("accept of no item", ROOT, "items: 7}", "items: 7, accept: {nose: {below: 1}}}", "{|nose", "no item “nose”"),
    ("reference not accepted", PRACTICE, "reference: {method: median}", "reference: {method: median}\naccept: {quadriceps: {values: [7]}}", "{|quadriceps: {values", "not accepted"),
    ("nothing accepted", PRACTICE, "reference: {method: median}", "reference: {method: median}\naccept: {quadriceps: {}}", "{|quadriceps: {}", "Nothing is accepted"),
    ("negative tolerance", ROOT, "tolerance: 5", "tolerance: -5", "tolerance: |-5", "should be 0 or more"),
    ("alias", ROOT, "title: A sample module", "title: &t A sample", "title: |&t", "Anchors and aliases"),
    ("tag", ROOT, "A sample module", "!!python/name:os.system x", "title: |!!py", "is not used in packages"),
    ("key twice", ROOT, "summary: Shows", "slug: again\nsummary: Shows", "|slug: again", "is there twice"),
    ("not YAML", ROOT, "summary: Shows", "summary: a: b", "summary: a|: b", "not YAML"),
    ("tab indent", ROOT, "  - Grade", "\t- Grade", "|\t- Grade", "not YAML"),
    ("directive", ROOT, "format:", "%YAML 1.1\n---\nformat:", "|%YAML", "directives"),
    ("endless figure", ROOT, "minutes: 30", "minutes: .inf", "minutes: |.inf", "plain figure"),
    ("huge figure", ROOT, "minutes: 30", "minutes: 1e99999", "minutes: |1e99999", "plain figure"),
    ("control character", ROOT, "A sample module", "A \x07 module", "A |\x07", "U+0007"),
    ("question key twice", POOL, "key: grades-02", "key: grades-01", "", "is used in"),
    ("two right of one", POOL, "{text: no}", "{text: no, correct: true}", "    |options:\n      - {text: \"10\"", "2 right choices"),
    ("no right one", POOL, ", correct: true, feedback", ", feedback", "    |options:\n      - {text: \"10\"", "0 right choices"),
    ("one choice only", POOL, "      - {text: no}\n", "", "", "should be 2 to 20 entries"),
    ("same choice twice", POOL, "{text: no}", '{text: "10 "}', '{text: |"10 "}', "same choice"),
    ("options of a number", POOL, "answer: {value: 8}", "options: [{text: a}, {text: b}]", "kind: |number", "kind number"),
    ("answer of choices", POOL, "    figure: figures", "    answer: {value: 1}\n    figure: figures", "kind: |several", "has options"),
    ("figure without alt", POOL, "    alt: A scale\n", "", "figure: |figures", "no text for who cannot see"),
    ("revisit of nothing", POOL, "    explanation: Ten is the top.\n    revisit: {step: why}", "    revisit: {step: who}", "revisit: |{step: who}", "no step “who”"),
    ("slide of a text", POOL, "top.\n    revisit: {step: why}", "top.\n    revisit: {step: why, slide: 3}", "revisit: |{step: why, slide", "no slide 3"),
    ("time that is none", POOL, "top.\n    revisit: {step: why}", 'top.\n    revisit: {step: why, at: "soon"}', 'at: |"soon"', "not a time"),
    ("rating refused", PRACTICE, "quadriceps: 6,", "quadriceps: 11,", "", "11 is not a level"),
    ("rating of no item", PRACTICE, "quadriceps: 6,", "nose: 6,", "", "no item “nose”"),
    ("rating missing", PRACTICE, " quadriceps: 6,", "", "", "“quadriceps”: This item is not scored"),
    ("NA without a reason", PRACTICE, "quadriceps: 6,", "quadriceps: NA,", "", "could not be assessed"),
    ("rater twice", PRACTICE, "rater: Panel 2", "rater: Panel 1", "", "two raters called"),
    ("rationale missing", PRACTICE, "  quadriceps: Held as the grade says.\n", "", "|rationale:", "no rationale for “quadriceps”"),
    ("rationale of no item", PRACTICE, "  quadriceps: Held", "  nose: x\n  quadriceps: Held", "|nose: x", "no item “nose”"),
    ("stated without values", PRACTICE, "method: median", "method: stated", "|reference:", "A stated reference has values"),
    ("case key twice", PRACTICE, "key: p1", "key: p2", "", "case key “p2”"),
    ("finding of nothing", PRACTICE, "{item: quadriceps, text: Holds.}", "{text: Holds.}", "|{text: Holds.}", "about an item, or has a heading"),
    ("trap of no item", PRACTICE, "{item: quadriceps, text: Not", "{item: nose, text: Not", "{item: |nose", "no item “nose”"),
    ("film without captions", PRACTICE, "file: figures/scale.svg", "file: media/x.mp4", "file: |media/x.mp4", "no captions"),
    ("link to nowhere", PRACTICE, "Cannot rise", "[x](javascript:alert(1)) Cannot", "", ""),
    ("picture of elsewhere", "lessons/why.md", "figures/scale.svg", "https://example.org/x.png", "(|https://example", "not a picture of this package"),
    ("picture without text", "lessons/why.md", "[A scale with a band]", "[]", "(|figures/scale", "no text for who cannot see"),
    ("picture not there", "lessons/why.md", "figures/scale.svg", "figures/no.svg", "(|figures/no.svg", "no file “figures/no.svg”"),
    ("relative link", "lessons/why.md", "the **same** grade", "the [same](other.md) grade", "(|other.md", "leads nowhere"),
    ("drawing with script", "figures/scale.svg", "<rect", "<script>alert(1)</script><rect", None, "<script>"),
    ("drawing with handler", "figures/scale.svg", "<rect", "<rect onclick='x()'", None, "handler onclick"),
    ("drawing that loads", "figures/scale.svg", "<rect", '<use href="http://x/y.svg#z"/><rect', None, "outside it"),
    ("drawing that loads by style", "figures/scale.svg", 'fill="#0a625f"', 'fill="url(http://x/#z)"', None, "loads something"),
    ("drawing with entities", "figures/scale.svg", "<svg", '<!DOCTYPE svg [<!ENTITY a "b">]><svg', None, "entities"),
    ("drawing without size", "figures/scale.svg", 'viewBox="0 0 320 80"', "", None, "no size"),
    ("drawing that is broken", "figures/scale.svg", "</svg>", "", None, "not well-formed"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "marked", "part"),
    [mistake[1:] for mistake in MISTAKES],
    ids=[mistake[0] for mistake in MISTAKES],
)
def test_a_mistake_is_told_at_its_place(file, old, new, marked, part):
    changes = {file: (old, new)}
    if not part:  # markdown-it renders a link of this kind as text: nothing to tell
        assert findings_of(changes) == []
        return

    found = [finding for finding in findings_of(changes) if part in finding.sentence]

    assert found, f"nothing says {part!r}: {[f.sentence for f in findings_of(changes)]}"
    assert found[0].file == file or not marked
    assert "%(" not in found[0].sentence + found[0].advice
    assert found[0].advice or "should be" in found[0].sentence
    if marked:
        assert found[0].place == place_of(changes, file, marked)
    elif marked == "":
        assert found[0].line, "the line is told"
        assert found[0].column


def test_the_place_of_a_rating_is_the_rating():
    changes = {
        FORM_A: (
            "{rater: Panel 1, ratings: {neck_flexors: 5,",
            "{rater: Panel 1, ratings: {neck_flexors: 5.5,",
        )
    }

    (found,) = findings_of(changes)

    assert found.place == place_of(
        changes, FORM_A, "{rater: Panel 1, ratings: {neck_flexors: |5.5,"
    )


def test_the_place_of_a_second_key_is_the_second_one():
    (found,) = findings_of({POOL: ("key: grades-02", "key: grades-01")})

    line = POOL_LINES.index("  - key: grades-02") + 1
    assert found.place == f"{POOL}:{line}:10"


POOL_LINES = light_files()[POOL].decode().split("\n")


def test_all_mistakes_of_all_files_are_told_at_once():
    changes = {
        ROOT: ("minutes: 30", "minuts: 30"),
        POOL: ("kind: one", "kind: two"),
        FORM_A: ("quadriceps: 5,", "quadriceps: 55,"),
        PRACTICE: ("key: p1\n", ""),
        "figures/scale.svg": ("<rect", "<script/><rect"),
    }

    found = findings_of(changes)

    assert {finding.file for finding in found} == set(changes)
    assert len(found) == 6  # minuts is not known, minutes is missing


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({ROOT: None}, "no package.yaml"),
        ({ROOT: b""}, "is empty"),
        ({ROOT: b"- a\n- b\n"}, "keys with values"),
        ({ROOT: b"\xff\xfe\x00"}, "not UTF-8"),
        ({POOL: b"a: [1, 2"}, "not YAML"),
        ({PRACTICE: b"null"}, "keys with values"),
        ({"lessons/why.md": b"  \n"}, "is empty"),
        ({"lessons/why.md": b"caf\xe9"}, "not UTF-8"),
        ({"figures/scale.svg": b"GIF89a"}, "not well-formed"),
        ({"figures/scale.svg": b"<html/>"}, "not an SVG"),
        ({"cases/form-b/b1.yaml": light_case("b1", "Falls when the  pavement is uneven.", 3)}, "same case as cases/form-a/a1.yaml"),
        ({"cases/form-b/b1.yaml": light_case("p1", "Another.", 3)}, "case key “p1”"),
    ],
)  # fmt: skip
def test_a_broken_file_is_told(changes, part):
    assert any(part in finding.sentence for finding in findings_of(changes))


def test_a_reference_without_a_total_is_met_by_who_has_none_either():
    grades = dict.fromkeys(ITEMS, "5") | {"quadriceps": "{na: pain}"}
    ratings = ", ".join(f"{item}: {grade}" for item, grade in grades.items())
    panel = {f"p{n}": ratings for n in range(1, 6)}
    changes = {FORM_A: light_case("a1", "Pain in one knee.", 5, **panel)}

    assert findings_of(changes) == []


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"notes.txt": b"x"}, "not used"),
        ({"lessons/why.md": ("Two people", "<b>Two</b> people")}, "HTML is not used"),
        ({ROOT: ("tolerance: 1", "tolerance: 10")}, "lets every rating pass"),
        ({ROOT: ("tolerance: 5", "tolerance: 80")}, "lets every rating pass"),
        ({PRACTICE: ("neck_flexors: 6", "neck_flexors: 10")}, "spread over 40 % of the range"),
        ({PRACTICE: ("neck_flexors: 6", "neck_flexors: {na: pain}")}, "1 of 5 raters say NA"),
        ({"cases/practice/p2.yaml": light_case("p2", "Another.", 6)}, "rated exactly as in"),
        ({POOL: ("{text: A chair}", "{text: Seven, correct: true}")}, "Every choice is right"),
        ({"figures/scale.svg": ("<rect", "<animateThing/><rect")}, "<animateThing> was left out"),
    ],
)  # fmt: skip
def test_a_doubtful_thing_is_a_warning_and_no_error(changes, part):
    assert findings_of(changes) == []
    assert any(part in found.sentence for found in findings_of(changes, Severity.WARNING))


def test_the_sound_package_has_no_findings():
    assert check_package(zip_bytes(package_files())).findings == ()
    assert check_package(zip_bytes(light_files())).findings == ()


def test_a_readme_is_not_called_unused():
    assert findings_of({"README.md": b"x", ".hidden": b"x"}, Severity.WARNING) == []


def test_a_photograph_loses_its_camera_data():
    import io

    from PIL import Image

    packed = io.BytesIO()
    exif = Image.Exif()
    exif[0x0110] = "a camera"
    Image.new("RGB", (8, 8)).save(packed, "JPEG", exif=exif)
    changes = {
        "figures/photo.jpg": packed.getvalue(),
        "lessons/why.md": ("figures/scale.svg", "figures/photo.jpg"),
    }

    checked = check_package(zip_bytes(broken(changes, light_files())))

    assert any("camera data" in finding.sentence for finding in checked.findings)
    (blob,) = [blob for blob in checked.build.blobs.values() if blob.extension == "jpg"]
    assert b"a camera" not in blob.data
    assert len(Image.open(io.BytesIO(blob.data)).getexif()) == 0


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"not a picture", "not a picture that can be read"),
        (png()[:60], "not a picture that can be read"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "not a picture that can be read"),
        (png(7000, 7000), "million pixels"),
    ],
)
def test_a_picture_that_is_none_is_told(data, part):
    changes = {"figures/x.png": data, "lessons/why.md": ("figures/scale.svg", "figures/x.png")}

    (found,) = findings_of(changes)

    assert found.file == "figures/x.png"
    assert part in found.sentence


def test_a_picture_under_a_wrong_name_is_told():
    changes = {"figures/x.jpg": png(), "lessons/why.md": ("figures/scale.svg", "figures/x.jpg")}

    (found,) = findings_of(changes)

    assert "PNG picture" in found.sentence
