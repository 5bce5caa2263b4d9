"""A package that asks for every kind of criterion, on two levels, with an instrument of its own."""

from typing import Any

from lms import demo
from lms.clock import utc_now
from lms.db import transaction
from lms.modules import queries, services
from tests.factories import MadePerson
from tests.factories_modules import answer_and_submit
from tests.factories_packages import make_release

SLUG = "every-criterion"
LINES = (43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
"""References of the line: figures that stand nowhere else on a page."""
GRADES = ("a", "b", "c", "d")
DISPUTED = "a9"
"""On item d of this case the panel is spread over the whole scale."""

PACKAGE = f"""\
format: concord-package/1
slug: {SLUG}
version: "1.0"
title: Every criterion
summary: Asks for everything that can be asked for.
language: en
authors:
  - {{name: Test Author}}
minutes: 30
objectives:
  - Score five items
rights: {{holder: Nobody, status: unresolved, source: A test, date: 2026-11-01}}
licence: CC-BY-4.0
instrument: instrument.yaml
certificate: {{title: Rater of five items, level: Basic, valid_months: 24}}
steps:
  - {{key: why, kind: text, title: Why, file: lessons/why.md, minutes: 5}}
  - {{key: practice, kind: practice, title: Practice, cases: cases/practice, required: 1}}
  - key: certification
    kind: certification
    title: Certification
    forms:
      - {{key: a, cases: cases/form-a}}
    levels:
      - key: a
        title: Level A
        criteria:
          total_within: {{total: total, tolerance: 0}}
          cases: 10
      - key: b
        title: Level B
        criteria:
          item_within:
            tolerance: 1
            percent: 76
            per_item: {{line: 5}}
            accept: {{a: {{below: 0, above: 1}}}}
          total_within: {{total: total, percent: 5}}
          expert_interval: {{total: total, method: range}}
          critical: [c]
          flags: {{at_most: 0}}
          cases: 10
          bias: {{total: total, at_most: 2, limits: 8}}
          icc: {{form: "ICC(A,1)", total: total, at_least: 0.8, decides_from: 10}}
          weighted_kappa:
            {{weights: quadratic, at_least: 0.6, items: [a, b, c, d], decides_from: 30}}
          panel_limit: {{share: 0.5}}
          minimum_cases: 10
          severities: [mild, severe]
    attempts: 3
    wait_hours: 1
    after_fail: {{redo: [practice]}}
"""

INSTRUMENT = """\
format: concord-instrument/1
id: five_items
version: "1.0"
title: Five items
short_title: Five
language: en
assessment: ClinRO
summary: Four grades and a line.
scales:
  grade:
    kind: levels
    levels:
      - {code: 0, anchor: None}
      - {code: 1, anchor: Little}
      - {code: 2, anchor: Some}
      - {code: 3, anchor: Much}
      - {code: 4, anchor: Most}
items:
  - {key: a, label: Sign a, scale: grade}
  - {key: b, label: Sign b, scale: grade}
  - {key: c, label: Sign c, scale: grade}
  - {key: d, label: Sign d, scale: grade, na: true}
  - {key: line, label: Whole activity, kind: vas, left: none, right: most}
totals:
  - key: total
    label: Sum of five
    items: all
    range: [0, 116]
    direction: higher_worse
consistency:
  - check: explained
    line: line
    items: [a, b, c, d]
    absent: 0
    says: The line is above 0, and no sign is there.
rights: {status: unresolved, holder: Nobody, source: A test, date: 2026-11-01}
"""


def reference_of(n: int) -> dict[str, int]:
    """The reference of case n: all grades 4 in the first, spread over the scale in the others."""
    grades = [4] * 4 if n == 0 else [n % 5, (n + 1) % 5, (2 * n) % 5, (3 * n + 1) % 5]
    return {**dict(zip(GRADES, grades, strict=True)), "line": LINES[n]}


def every_criterion_files() -> dict[str, bytes]:
    texts = {
        "package.yaml": PACKAGE,
        "instrument.yaml": INSTRUMENT,
        "lessons/why.md": "# Why\n\nSo that two people see the same.\n",
        "cases/practice/p1.yaml": _case("p1", {**reference_of(1), "line": 31}, "Practice"),
    }
    for n in range(10):
        texts[f"cases/form-a/a{n}.yaml"] = _case(f"a{n}", reference_of(n), f"Case number {n}")
    return {path: text.encode() for path, text in texts.items()}


def _case(key: str, reference: dict[str, int], text: str) -> str:
    raters = [dict(reference) for _ in range(5)]
    raters[3]["line"] += 3
    raters[4]["line"] -= 3
    if key == DISPUTED:
        for rater, grade in zip(raters, (0, 1, reference["d"], 4, 4), strict=True):
            rater["d"] = grade
    panel = "\n".join(
        f"  - {{rater: Panel {n}, ratings: {{{_pairs(row)}}}}}" for n, row in enumerate(raters, 1)
    )
    reasons = "\n".join(f"  {item}: The panel's secret reason." for item in reference)
    accept = f"accept: {{b: {{values: [{reference['b']}, {(reference['b'] + 2) % 5}]}}}}\n"
    return f"""\
key: {key}
title: Person {key}
severity: {"mild" if key[-1] in "02468" else "severe"}
text: {text}, seen in the morning.
panel:
{panel}
reference: {{method: stated, values: {{{_pairs(reference)}}}}}
{accept if key == "a1" else ""}rationale:
{reasons}
"""


def _pairs(ratings: dict[str, int]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in ratings.items())


def make_every_criterion() -> None:
    make_release(every_criterion_files())


def answers_like(**change: Any) -> dict[str, Any]:
    """The reference's answers to the form, with what is changed.

    Args:
        change: "a0__line" = case and item to another value.
    """
    answers = {}
    for n in range(10):
        for item, value in reference_of(n).items():
            given = change.get(f"a{n}__{item}", value)
            answers[f"a{n}/{item}"] = {"value": given, "na": False, "reason": None, "side": None}
    return answers


def upside_down() -> dict[str, Any]:
    """Rate everything the other way round: no criterion is met."""
    return answers_like(
        **{
            f"a{n}__{item}": (100 if item == "line" else 4) - value
            for n in range(10)
            for item, value in reference_of(n).items()
        }
    )


def near() -> dict[str, Any]:
    """Rate so that every criterion of level B is met: one off on a, two off where the case accepts
    it, and as far as can be on what the panel disputes."""
    return answers_like(
        a2__a=reference_of(2)["a"] + 1,
        a1__b=(reference_of(1)["b"] + 2) % 5,
        a9__d=0,
    )


def certify(person: MadePerson, answers: dict[str, Any]) -> int:
    """Have a person do all before the certification, hand it in, and return the attempt's id."""
    now = utc_now()
    with transaction():
        services.enrol(person.id, SLUG, now=now)
    while True:
        view = services.current_path(queries.enrolment_of(person.id, SLUG), now=now).next
        assert view is not None
        if view.step.key == "certification":
            break
        demo.do_step(person.id, SLUG, view, now=now)
    with transaction():
        attempt_id = services.begin_attempt(
            person.id, SLUG, "certification", seed=7, extra_time=1.0, now=now
        )
    answer_and_submit(person, attempt_id, answers, now=now)
    return attempt_id
