"""The three shipped packages: whole, clean, and teaching what they say."""

import itertools
import re
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from statistics import median

import pypdfium2
import pytest

from lms.instruments import api as instruments
from lms.modules.cli import simulate, table
from lms.packages.domain.content import (
    Case,
    CertificationStep,
    Content,
    PracticeStep,
    Question,
    QuizStep,
    SlidesStep,
    TextStep,
    VideoStep,
)
from lms.packages.reader.check import Checked, check_package

CONTENT = Path(__file__).resolve().parents[2] / "content"
PACKAGES = ("mmt8", "cmas", "physician-global")
TOLD = re.compile(r"\b(grades?|graded|codes?|scores?|scored|NA)\b")
each_package = pytest.mark.parametrize("slug", PACKAGES)


@cache
def checked(slug: str) -> Checked:
    return check_package(CONTENT / slug)


def content(slug: str) -> Content:
    build = checked(slug).build
    assert build is not None
    return build.content


def only(slug: str, kind: type) -> list:
    return [step for step in content(slug).steps if isinstance(step, kind)]


def practice(slug: str) -> list[Case]:
    return [case for step in only(slug, PracticeStep) for case in step.cases]


def forms(slug: str) -> dict[str, list[Case]]:
    return {f.key: list(f.cases) for step in only(slug, CertificationStep) for f in step.forms}


def calibration(slug: str) -> list[Case]:
    step = content(slug).calibration
    return list(step.cases) if step else []


def cases(slug: str) -> list[Case]:
    forms_of_it = [case for form in forms(slug).values() for case in form]
    return practice(slug) + forms_of_it + calibration(slug)


def questions(slug: str) -> list[Question]:
    return [q for step in only(slug, QuizStep) for pool in step.pools for q in pool.questions]


@each_package
def test_a_shipped_package_checks_clean(slug):
    report = checked(slug).report

    assert [f"{f.place}: {f.sentence}" for f in report.findings] == []


@each_package
def test_a_shipped_package_says_that_it_is_a_demonstration_and_whose_the_instrument_is(slug):
    package = content(slug)

    assert package.demonstration
    assert package.licence == "CC-BY-4.0"
    assert package.rights.status in ("permission_required", "unresolved")
    assert package.rights.holder and package.rights.source and package.rights.date
    assert "synthetic" in only(slug, TextStep)[0].html


@each_package
def test_the_path_goes_from_reading_to_certification(slug):
    kinds = [step.kind for step in content(slug).steps]

    assert kinds == ["text", "slides", "video", "practice", "quiz", "certification"]
    assert len(content(slug).objectives) >= 4


@each_package
def test_the_deck_has_slides_enough_and_all_can_be_read_out(slug):
    (deck,) = only(slug, SlidesStep)

    assert len(deck.slides) >= 12
    for slide in deck.slides:
        assert len(slide.text.split()) >= 12, slide.number
        assert slide.notes_html, slide.number
    (file,) = (CONTENT / slug / "lessons").glob("*.pdf")
    assert file.stat().st_size < 1_500_000
    assert len(pypdfium2.PdfDocument(file)) == len(deck.slides)


@each_package
def test_the_film_is_short_small_and_told_in_captions(slug):
    (step,) = only(slug, VideoStep)
    (file,) = (CONTENT / slug / "media").glob("*.mp4")

    assert file.stat().st_size <= 2_000_000
    assert 30 <= step.film.seconds <= 60
    cues = step.film.transcript
    assert cues[0].start == 0
    assert cues[-1].end == pytest.approx(step.film.seconds, abs=0.5)
    assert all(a.end <= b.start for a, b in itertools.pairwise(cues))
    assert step.poster is not None


@each_package
def test_the_question_pools_are_wide_enough_to_draw_another_quiz(slug):
    (quiz,) = only(slug, QuizStep)
    drawn = sum(draw.count for draw in quiz.draw)

    assert len(quiz.pools) >= 4
    assert len(questions(slug)) >= 24
    assert all(len(pool.questions) > 5 for pool in quiz.pools)
    assert quiz.pass_mark == round(drawn * 0.8)


@each_package
def test_every_question_explains_itself_and_says_where_it_is_taught(slug):
    for question in questions(slug):
        assert question.explanation_html, question.key
        assert question.revisit is not None, question.key
        if question.kind == "one":
            assert sum(o.correct for o in question.options) == 1, question.key
            assert len(question.options) >= 4, question.key
        if question.kind == "several":
            assert 2 <= sum(o.correct for o in question.options) < len(question.options), (
                question.key
            )
        for option in question.options:
            assert option.correct or option.feedback_html, question.key


@each_package
def test_all_kinds_of_question_are_asked(slug):
    assert {q.kind for q in questions(slug)} == {"one", "several", "number"}


@each_package
def test_no_two_questions_are_the_same(slug):
    texts = Counter((q.html, q.figure.digest if q.figure else "") for q in questions(slug))

    assert [text for text, n in texts.items() if n > 1] == []


@each_package
def test_there_are_practice_cases_and_two_forms_that_share_nothing(slug):
    sets = [practice(slug), *forms(slug).values(), calibration(slug)]

    assert len(practice(slug)) >= 4
    assert len(forms(slug)) >= 2
    assert all(len(form) >= 4 for form in forms(slug).values())
    for what in (lambda c: c.key, lambda c: c.title, lambda c: c.html, lambda c: c.media[0].digest):
        seen = [what(case) for group in sets for case in group]
        assert len(seen) == len(set(seen))


@each_package
def test_each_set_of_cases_spans_the_severities(slug):
    groups = {"practice": practice(slug), **forms(slug), "calibration": calibration(slug)}
    for name, group in groups.items():
        spans = {case.severity for case in group} == {"mild", "moderate", "severe"}
        assert spans or not group, name


@each_package
def test_every_case_has_something_to_look_at_and_says_that_it_is_made_up(slug):
    for case in cases(slug):
        assert case.media and case.media[0].alt, case.key
        assert "made-up" in case.html.lower() and "synthetic" in case.html, case.key
        assert case.findings, case.key
        if slug != "physician-global":
            assert all(finding.picture for finding in case.findings), case.key


@each_package
def test_findings_never_say_the_score(slug):
    for case in cases(slug):
        for finding in case.findings:
            words = finding.html + (finding.picture.alt if finding.picture else "")
            assert not TOLD.search(words), (case.key, finding.item, words)


@each_package
def test_every_item_has_five_ratings_a_reference_and_a_reason(slug):
    items = instruments.load_library(content(slug).instrument_ref).items
    for case in cases(slug):
        assert len(case.panel) >= 5, case.key
        for item in items:
            assert all(item.key in rater.ratings for rater in case.panel), case.key
            assert item.key in case.reference, (case.key, item.key)
            assert case.rationale.get(item.key), (case.key, item.key)
            assert item.key in case.revisit, (case.key, item.key)


@each_package
def test_the_reference_is_the_median_of_the_panel(slug):
    instrument = instruments.load_library(content(slug).instrument_ref)
    for case in cases(slug):
        for item in instrument.items:
            given = [instruments.answer_from_json(r.ratings[item.key]) for r in case.panel]
            reference = instruments.answer_from_json(case.reference[item.key])
            if any(answer.na for answer in given):
                assert all(answer.na for answer in given) and reference.na, (case.key, item.key)
                continue
            points = [instruments.points_of(item, answer) for answer in given]
            assert median(points) == instruments.points_of(item, reference), (case.key, item.key)


@each_package
def test_each_panel_rater_would_meet_the_item_criterion_on_most_items(slug):
    """A panel that disagrees with itself more than trainees may is no panel."""
    instrument = instruments.load_library(content(slug).instrument_ref)
    (step,) = only(slug, CertificationStep)
    wanted = step.criteria.item_within
    for case in cases(slug):
        for rater in case.panel:
            within = 0
            for item in instrument.items:
                own = instruments.answer_from_json(rater.ratings[item.key])
                reference = instruments.answer_from_json(case.reference[item.key])
                gap = instruments.distance(item, own, reference)
                tolerance = Decimal(wanted.per_item.get(item.key, wanted.tolerance))
                within += gap is not None and gap <= tolerance
            assert within >= wanted.items, (case.key, rater.rater)


@each_package
def test_each_set_of_cases_has_traps(slug):
    for name, group in {"practice": practice(slug), **forms(slug)}.items():
        assert sum(len(case.traps) for case in group) >= 4, name


@each_package
def test_nobody_passes_with_one_answer_for_every_case(slug):
    """The forms spread so far that a fixed total cannot be near enough often enough."""
    instrument = instruments.load_library(content(slug).instrument_ref)
    (step,) = only(slug, CertificationStep)
    wanted = step.criteria
    for name, group in forms(slug).items():
        totals = []
        for case in group:
            answers = {k: instruments.answer_from_json(v) for k, v in case.reference.items()}
            totals.append(instruments.score(instrument, answers).totals["total"].value)
        known = [t for t in totals if t is not None]
        for guess in known:
            near = [
                t for t in known if abs(t - guess) <= 2 * Decimal(wanted.total_within.tolerance)
            ]
            assert len(near) < wanted.cases, (slug, name, guess)


@each_package
def test_the_simulation_table_in_the_docs_is_what_the_command_says(slug):
    """Cheaper by far than asking the command: the packages are checked already."""
    page = (CONTENT.parent / "docs" / "simulation.md").read_text("utf-8")
    said = table({slug: simulate(content(slug), raters=10_000, seed=1)})
    rows = [row for row in said.splitlines() if row.startswith(f"| {slug} ")]

    assert len(rows) == 5
    assert [row for row in rows if row not in page.splitlines()] == []


@each_package
def test_the_rules_pass_who_rates_as_the_panel_does_and_hardly_anybody_else(slug):
    (found,) = simulate(content(slug), raters=1000, seed=2)
    wrong = {outcome.model: outcome.wrong for outcome in found.outcomes}

    assert wrong["perfect"] == 0
    assert wrong["typical"] < 0.02
    assert wrong["biased"] == 0
    assert wrong["careless"] < 0.2


def test_the_physician_global_forms_show_a_case_twice_and_certified_raters_are_asked_again():
    (step,) = only("physician-global", CertificationStep)
    asked = content("physician-global").calibration

    assert [form.repeats for form in step.forms] == [1, 1]
    assert asked is not None
    assert len(asked.cases) == 4 and asked.required == 2


def test_all_content_together_is_small():
    files = [f for f in CONTENT.rglob("*") if f.is_file()]

    assert sum(f.stat().st_size for f in files) < 12_000_000


def _references(slug: str, item: str) -> list:
    return [instruments.answer_from_json(case.reference[item]) for case in cases(slug)]


def test_the_mmt8_cases_hold_the_borders_na_and_the_left_side():
    keys = [item.key for item in instruments.load_library("mmt8_80@1.0").items]
    given = [answer for key in keys for answer in _references("mmt8", key)]
    values = Counter(str(a.value) for a in given if not a.na)

    assert all(values[grade] >= 5 for grade in ("3", "4", "5", "8", "9", "10")), values
    assert {a.reason for a in given if a.na} == {"contracture", "pain"}
    assert sum(a.side == "left" for a in given) >= 4
    for form in forms("mmt8").values():
        answers = [instruments.answer_from_json(v) for c in form for v in c.reference.values()]
        assert any(a.na for a in answers)
        assert any(a.side == "left" for a in answers)


def test_the_cmas_cases_hold_the_borders_of_the_clock_and_small_children():
    heads = {int(a.value) for a in _references("cmas", "head_lift") if not a.na}
    arms = {int(a.value) for a in _references("cmas", "arm_hold") if not a.na}
    legs = {int(a.value) for a in _references("cmas", "leg_lift") if not a.na}

    assert {119, 120} <= heads | legs
    assert 119 in heads
    assert {59, 60} <= arms
    assert sum(", 4," in case.title for case in cases("cmas")) >= 2


def test_the_physician_global_cases_hold_damage_treatment_and_the_lung_alone():
    marks = [int(a.value) for a in _references("physician-global", "activity_vas")]

    assert min(marks) <= 5 and max(marks) >= 85
    for name, group in {
        "practice": practice("physician-global"),
        **forms("physician-global"),
    }.items():
        told = " ".join(t.html for case in group for t in case.traps).lower()
        whys = " ".join(w for case in group for w in case.rationale.values()).lower()
        assert "damage" in told + whys, name
        assert "lung" in whys, name
    treated = [c for c in cases("physician-global") if "medicine" in c.rationale["activity_vas"]]
    assert len(treated) >= 2
