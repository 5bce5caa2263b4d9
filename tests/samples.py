"""Small compiled packages for tests of the rules: two muscles, a quiz of four, two forms."""

from dataclasses import replace
from typing import Any

from lms.instruments.domain import Instrument, build
from lms.packages.domain import (
    AfterFail,
    Case,
    CaseForm,
    CertificateSpec,
    CertificationStep,
    Content,
    Criteria,
    Draw,
    ItemCriterion,
    Media,
    NumberAnswer,
    Option,
    PanelRater,
    Pool,
    PracticeStep,
    Question,
    QuizStep,
    Rights,
    Slide,
    SlidesStep,
    TextStep,
    TotalCriterion,
    VideoStep,
)


def answer(value: Any, *, na: bool = False) -> dict[str, Any]:
    return {"value": None if na else value, "na": na, "reason": None, "side": None}


def make_case(key: str, **ratings: Any) -> Case:
    """A case whose reference is what is given; "NA" stands for not assessed."""
    reference = {
        item: answer(value, na=value == "NA")
        for item, value in (ratings or {"a": 5, "b": 5}).items()
    }
    return Case(
        key=key,
        title=f"Case {key}",
        severity=None,
        html="<p>A case.</p>",
        media=(),
        findings=(),
        panel=tuple(PanelRater(f"Panel {n}", reference) for n in range(1, 6)),
        reference_method="median",
        reference=reference,
        rationale=dict.fromkeys(reference, "<p>Because.</p>"),
        traps=(),
        revisit={},
    )


def make_question(key: str, kind: str = "one", *, right: tuple[str, ...] = ("x",)) -> Question:
    number = kind == "number"
    return Question(
        key=key,
        kind=kind,  # type: ignore[arg-type]
        html=f"<p>{key}?</p>",
        figure=None,
        options=()
        if number
        else tuple(Option(k, k.upper(), k in right, "") for k in ("x", "y", "z")),
        answer=NumberAnswer("52", "0.5") if number else None,
        explanation_html="<p>So.</p>",
        revisit=None,
    )


TEXT = TextStep(key="why", title="Why", minutes=5, html="<p>Why.</p>")
SLIDES = SlidesStep(
    key="deck",
    title="Deck",
    minutes=5,
    slides=tuple(Slide(n, "0" * 64, "0" * 64, 1280, 720, f"Slide {n}", "") for n in (1, 2, 3)),
)
FILM = VideoStep(
    key="film",
    title="Film",
    minutes=1,
    film=Media("1" * 64, "mp4", "video/mp4", "", "", 640, 360, seconds=60.0, captions="2" * 64),
    poster=None,
    required_share=0.95,
)
PRACTICE = PracticeStep(
    key="practice",
    title="Practice",
    minutes=10,
    cases=(make_case("p1"), make_case("p2"), make_case("p3")),
    required=2,
)
QUIZ = QuizStep(
    key="quiz",
    title="Quiz",
    minutes=10,
    draw=(Draw("one", 2), Draw("two", 1)),
    pools=(
        Pool("one", "One", tuple(make_question(f"one-{n}") for n in range(5))),
        Pool("two", "Two", (make_question("two-0", "number"), make_question("two-1", "several"))),
    ),
    pass_mark=2,
    time_limit_minutes=20,
    attempts=3,
    wait_hours=24,
    after_fail=AfterFail(redo=("deck",)),
)
CERTIFICATION = CertificationStep(
    key="cases",
    title="Cases",
    minutes=20,
    forms=(
        CaseForm("a", (make_case("a1"), make_case("a2"))),
        CaseForm("b", (make_case("b1"), make_case("b2"))),
    ),
    criteria=Criteria(
        item_within=ItemCriterion("1", 2, {}), total_within=TotalCriterion("total", "2"), cases=1
    ),
    attempts=2,
    wait_hours=0,
    after_fail=AfterFail(redo=("practice",)),
)
STEPS = (TEXT, SLIDES, FILM, PRACTICE, QUIZ, CERTIFICATION)


def make_content(*steps: Any) -> Content:
    return Content(
        format="concord-package/1",
        slug="small",
        version="1.0",
        title="Two muscles",
        summary="A small module.",
        language="en",
        authors=(),
        minutes=50,
        objectives=("Score two muscles.",),
        demonstration=True,
        rights=Rights("Nobody", "unresolved", "made up for tests", "2026-11-01", ""),
        licence="CC-BY-4.0",
        instrument_ref="two@1.0",
        instrument=INSTRUMENT_DATA,
        certificate=CertificateSpec("Rater of two muscles", "", 24),
        steps=steps or STEPS,
        files={},
    )


INSTRUMENT_DATA: dict[str, Any] = {
    "format": "concord-instrument/1",
    "id": "two",
    "version": "1.0",
    "title": "Two muscles",
    "short_title": "Two",
    "language": "en",
    "assessment": "ClinRO",
    "summary": "Two muscles, 0 to 10 each.",
    "rights": {
        "status": "unresolved",
        "holder": "Nobody",
        "source": "made up for tests",
        "date": "2026-11-01",
    },
    "scales": {
        "grade": {
            "kind": "levels",
            "levels": [{"code": n, "anchor": f"Grade {n}"} for n in range(11)],
        }
    },
    "items": [
        {"key": "a", "label": "Muscle a", "scale": "grade", "na": True},
        {"key": "b", "label": "Muscle b", "scale": "grade", "na": True},
    ],
    "totals": [
        {
            "key": "total",
            "label": "Total",
            "items": ["a", "b"],
            "range": [0, 20],
            "direction": "higher_better",
        }
    ],
}


def instrument() -> Instrument:
    return build(INSTRUMENT_DATA)


def without_limit(step: QuizStep) -> QuizStep:
    return replace(step, attempts=None, wait_hours=0, time_limit_minutes=None)
