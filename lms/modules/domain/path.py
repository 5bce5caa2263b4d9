"""Where a person stands on the path: what is done, what is open, what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lms.modules.domain.attempts import NextTry, Try, next_try
from lms.packages.domain import (
    CertificationStep,
    Content,
    PracticeStep,
    QuizStep,
    SlidesStep,
    Step,
    VideoStep,
)


class StepState(StrEnum):
    """Done, open to work on, or still closed."""

    DONE = "done"
    NOW = "now"
    LATER = "later"


@dataclass(frozen=True)
class LessonEvidence:
    """What of a lesson was seen in one cycle: slides by number, or ranges in seconds."""

    slides: frozenset[int] = frozenset()
    ranges: tuple[tuple[float, float], ...] = ()
    position: float = 0.0
    first_at: datetime | None = None
    done_at: datetime | None = None


@dataclass(frozen=True)
class Facts:
    """All that the rows say about one enrolment.

    Args:
        evidence: by step key and cycle.
        tries: by step key, in order.
        further: by step key, how many more tries were allowed.
        carried: keys of steps that count as done, because an earlier round did them.
        begun_at: when this round began; carried steps count as done from then on.
    """

    evidence: Mapping[tuple[str, int], LessonEvidence]
    tries: Mapping[str, Sequence[Try]]
    further: Mapping[str, int]
    carried: frozenset[str] = frozenset()
    begun_at: datetime | None = None


@dataclass(frozen=True)
class StepView:
    """One step as the person sees it.

    Args:
        missing: titles of the steps before it that are not done.
        evidence: of the present cycle; for lessons.
        tries: all of them; for practice, quiz and certification.
        next: whether another try may begin; for quiz and certification.
        count, needed: how far: slides seen, cases compared; of what is needed.
        carried: whether it counts as done from an earlier round.
    """

    step: Step
    number: int
    state: StepState
    missing: tuple[str, ...]
    cycle: int
    evidence: LessonEvidence
    tries: tuple[Try, ...]
    next: NextTry | None
    count: int
    needed: int
    done_at: datetime | None
    carried: bool = False

    @property
    def open_try(self) -> Try | None:
        return next((attempt for attempt in self.tries if attempt.open), None)

    @property
    def again(self) -> bool:
        """Whether the step was done before and is asked for once more."""
        return self.cycle > 0


@dataclass(frozen=True)
class Path:
    """The whole way through a module for one person.

    Args:
        beside: the calibration, which is no part of the way and opens at its end.
    """

    steps: tuple[StepView, ...]
    beside: StepView | None = None

    def step(self, key: str) -> StepView:
        """Return the view of a step, or of the calibration.

        Raises:
            KeyError: if there is none with this key.
        """
        for view in (*self.steps, *((self.beside,) if self.beside else ())):
            if view.step.key == key:
                return view
        raise KeyError(key)

    @property
    def done(self) -> int:
        return sum(view.state is StepState.DONE for view in self.steps)

    @property
    def finished(self) -> bool:
        return self.done == len(self.steps)

    @property
    def next(self) -> StepView | None:
        """The first step that is not done; None when all are."""
        return next((view for view in self.steps if view.state is not StepState.DONE), None)


def path_of(content: Content, facts: Facts, *, now: datetime) -> Path:
    """Work out the path from what the rows say."""
    demands = demands_of(content, facts)
    views: list[StepView] = []
    undone: list[Step] = []
    for number, step in enumerate(content.steps, start=1):
        view = _view(step, number, facts, demands.get(step.key, ()), tuple(undone), now)
        views.append(view)
        if view.state is not StepState.DONE:
            undone.append(step)
    beside = None
    if content.calibration is not None:
        number = len(views) + 1
        beside = _view(content.calibration, number, facts, (), tuple(undone), now)
    return Path(steps=tuple(views), beside=beside)


def demands_of(content: Content, facts: Facts) -> dict[str, tuple[datetime, ...]]:
    """Return, by step key, the moments at which a failed attempt asked for the step again."""
    demands: dict[str, list[datetime]] = {}
    for step in content.steps:
        if not isinstance(step, QuizStep | CertificationStep):
            continue
        for attempt in facts.tries.get(step.key, ()):
            if attempt.passed is False and attempt.submitted_at is not None:
                for key in step.after_fail.redo:
                    demands.setdefault(key, []).append(attempt.submitted_at)
    return {key: tuple(sorted(moments)) for key, moments in demands.items()}


def _view(
    step: Step,
    number: int,
    facts: Facts,
    demands: tuple[datetime, ...],
    undone: tuple[Step, ...],
    now: datetime,
) -> StepView:
    cycle = len(demands)
    evidence = facts.evidence.get((step.key, cycle), LessonEvidence())
    tries = tuple(facts.tries.get(step.key, ()))
    count, needed, done_at = _progress(step, evidence, tries, demands)
    carried = step.key in facts.carried and not demands and not tries
    if carried and done_at is None:
        count, done_at = needed, facts.begun_at
    further = None
    if isinstance(step, QuizStep | CertificationStep):
        further = next_try(
            tries,
            limit=step.attempts,
            further=facts.further.get(step.key, 0),
            wait_hours=step.wait_hours,
            missing=tuple(before.key for before in undone),
            now=now,
        )
    done = done_at is not None
    state = StepState.DONE if done else StepState.LATER if undone else StepState.NOW
    return StepView(
        step=step,
        number=number,
        state=state,
        missing=tuple(before.title for before in undone),
        cycle=cycle,
        evidence=evidence,
        tries=tries,
        next=further,
        count=count,
        needed=needed,
        done_at=done_at,
        carried=carried,
    )


def _progress(
    step: Step, evidence: LessonEvidence, tries: tuple[Try, ...], demands: tuple[datetime, ...]
) -> tuple[int, int, datetime | None]:
    """Return how far a step is, of how much, and when it was done (None while it is not)."""
    if isinstance(step, QuizStep | CertificationStep):
        passed = [attempt.submitted_at for attempt in tries if attempt.passed]
        return len(passed), 1, passed[0] if passed else None
    if isinstance(step, PracticeStep):
        since = demands[-1] if demands else None
        ended = [
            attempt.submitted_at
            for attempt in tries
            if attempt.submitted_at and (since is None or attempt.submitted_at > since)
        ]
        enough = len(ended) >= step.required
        return (
            min(len(ended), step.required),
            step.required,
            (ended[step.required - 1] if enough else None),
        )
    if isinstance(step, SlidesStep):
        return len(evidence.slides), len(step.slides), evidence.done_at
    if isinstance(step, VideoStep):
        watched = sum(end - start for start, end in evidence.ranges)
        return round(watched), round(step.film.seconds or 0), evidence.done_at
    return int(evidence.done_at is not None), 1, evidence.done_at
