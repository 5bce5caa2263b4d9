"""The reliability report of two thousand raters, from ratings in memory to every figure."""

import random
import statistics
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lms.instruments import api as instruments
from lms.instruments.domain import Answer, Item
from lms.reports.domain.reliability import (
    CaseRating,
    ModuleRatings,
    Reference,
    Setting,
    Tier,
    Wanted,
)
from lms.reports.domain.reliability.figures import reliability

RATERS, CASES, ROUNDS, LISTED = 2000, 8, 3, 50
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ReliabilityFigures:
    """Seconds of CPU, medians of rounds: a page (50 raters listed) and all raters listed."""

    raters: int
    cases: int
    items: int
    page_seconds: float
    whole_seconds: float


def measure() -> ReliabilityFigures:
    found = made_up()
    page, whole = [], []
    for _ in range(ROUNDS):
        page.append(cpu_of(found, slice(0, LISTED)))
        whole.append(cpu_of(found, slice(None)))
    return ReliabilityFigures(
        raters=RATERS,
        cases=CASES,
        items=len(found.instrument.items),
        page_seconds=statistics.median(page),
        whole_seconds=statistics.median(whole),
    )


def cpu_of(found: ModuleRatings, part: slice) -> float:
    started = time.process_time()
    reliability(found, Wanted(), part=part)
    return time.process_time() - started


def made_up() -> ModuleRatings:
    """Two forms of four cases, twenty sites; a grade too high or too low in two of five items."""
    instrument = instruments.load_library("mmt8_80@1.0")
    chance = random.Random(1)
    answers: dict[tuple[str, int], Answer] = {}

    def rated(item: Item, grade: int) -> Answer:
        key = (item.key, min(10, max(0, grade)))
        if key not in answers:
            answers[key] = instruments.read_answer(item, {"value": key[1]})
        return answers[key]

    truth = [{item.key: chance.randint(1, 9) for item in instrument.items} for _ in range(CASES)]
    references = [
        Reference(f"c{n}", {item.key: rated(item, grades[item.key]) for item in instrument.items})
        for n, grades in enumerate(truth)
    ]
    ratings = [
        CaseRating(
            person_id=person, case=references[n].case, time=1, whole=True, presentation=1,
            answers={
                item.key: rated(item, truth[n][item.key] + chance.choice((0, 0, 0, 1, -1)))
                for item in instrument.items
            },
            setting=Setting.CERTIFICATION, step="certification", form="a" if n < 4 else "b",
            enrolment_id=person, attempt_id=person, number=1, version="1.0",
            submitted_at=BEGIN + timedelta(days=person % 300), reference=references[n], outside=1,
            sites=(f"T / {person % 20:02}",), language=("en", "pt", "de")[person % 3],
            tier=tuple(Tier)[person % 3],
        )
        for person in range(RATERS)
        for n in range(CASES)
    ]  # fmt: skip
    return ModuleRatings(instrument, tuple(ratings), others=0, slug="made-up", title="Made up")
