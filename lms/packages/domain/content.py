"""A compiled package: everything that training needs, frozen, with a lossless JSON form."""

import dataclasses
import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeAlias, Union, cast, get_args, get_origin, get_type_hints

from lms.packages.domain.criteria import Accept, Criteria, Level
from lms.packages.domain.identity import media_url

AnswerData: TypeAlias = dict[str, Any]
"""One answer in JSON: {"value": ..., "na": bool, "reason": str|null, "side": str|null}."""


@dataclass(frozen=True)
class Author:
    name: str
    affiliation: str


@dataclass(frozen=True)
class Rights:
    """Who holds the rights and what is known about them; `date` is ISO 8601, when it was read."""

    holder: str
    status: str
    source: str
    date: str
    note: str


@dataclass(frozen=True)
class ValiditySpec:
    """By which rule a certificate ends, as the package says it; of several ends the earliest."""

    months: int | None
    end_of_month: bool
    keep_anniversary_months: int
    while_trial_open: bool


@dataclass(frozen=True)
class CertificateSpec:
    """What passing gives. Without `valid_months` and `validity` the certificate does not end.

    Args:
        renewal: keys of the steps that a renewal asks for again; None = all of them.
    """

    title: str
    level: str
    valid_months: int | None
    validity: ValiditySpec | None = None
    renewal: tuple[str, ...] | None = None

    @property
    def rule(self) -> ValiditySpec:
        """The rule, whichever of the two forms the package uses."""
        return self.validity or ValiditySpec(self.valid_months, False, 0, False)


@dataclass(frozen=True)
class Cue:
    """A line of a transcript; start and end in seconds."""

    start: float
    end: float
    text: str


@dataclass(frozen=True)
class Media:
    """A picture or film by the digest of its bytes. Films have seconds, captions and transcript."""

    digest: str
    extension: str
    media_type: str
    alt: str
    caption: str
    width: int
    height: int
    seconds: float | None = None
    captions: str | None = None
    transcript: tuple[Cue, ...] = ()

    @property
    def url(self) -> str:
        return media_url(self.digest, self.extension)

    @property
    def captions_url(self) -> str | None:
        return media_url(self.captions, "vtt") if self.captions else None

    @property
    def is_film(self) -> bool:
        return self.media_type.startswith("video/")


@dataclass(frozen=True)
class Revisit:
    """Where to look again: a step, or a slide (from 1) or second of it."""

    step: str
    slide: int | None = None
    at: float | None = None


@dataclass(frozen=True)
class TextStep:
    key: str
    title: str
    minutes: int
    html: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class Slide:
    """One page of a deck; `text` is the page's own text, `notes_html` what the author wrote."""

    number: int
    image: str
    thumbnail: str
    width: int
    height: int
    text: str
    notes_html: str

    @property
    def image_url(self) -> str:
        return media_url(self.image, "webp")

    @property
    def thumbnail_url(self) -> str:
        return media_url(self.thumbnail, "webp")


@dataclass(frozen=True)
class SlidesStep:
    key: str
    title: str
    minutes: int
    slides: tuple[Slide, ...]
    kind: Literal["slides"] = "slides"


@dataclass(frozen=True)
class VideoStep:
    """A film; done when the watched share (0..1 of its length) is reached."""

    key: str
    title: str
    minutes: int
    film: Media
    poster: Media | None
    required_share: float
    kind: Literal["video"] = "video"


@dataclass(frozen=True)
class CaseFinding:
    """What is seen for an item, or under a heading of its own."""

    item: str | None
    heading: str | None
    html: str
    picture: Media | None


@dataclass(frozen=True)
class PanelRater:
    rater: str
    ratings: dict[str, AnswerData]


@dataclass(frozen=True)
class Trap:
    item: str | None
    html: str


@dataclass(frozen=True)
class ReferenceSigned:
    """Who signed a reference that a panel made: printed name, moment (ISO 8601), how it came
    about, and the SHA-256 of what was signed."""

    by: str
    at: str
    method: str
    raters: int
    version: int
    digest: str


@dataclass(frozen=True)
class Case:
    """A case with its key. `panel`, `reference`, `accept`, `rationale` and `traps` stay on the
    server until a submission. `cannot_fail` names items on which the panel disagrees too much to
    fail anybody; a case without a reference waits for its panel and is in no release. `follows` is
    the key of the initial visit, of which this case is the follow-up."""

    key: str
    title: str
    severity: str | None
    html: str
    media: tuple[Media, ...]
    findings: tuple[CaseFinding, ...]
    panel: tuple[PanelRater, ...]
    reference_method: str
    reference: dict[str, AnswerData]
    rationale: dict[str, str]
    traps: tuple[Trap, ...]
    revisit: dict[str, Revisit]
    cannot_fail: tuple[str, ...] = ()
    signed: ReferenceSigned | None = None
    reference_tie: str = "low"
    accept: dict[str, Accept] = field(default_factory=dict)
    follows: str | None = None


@dataclass(frozen=True)
class PracticeStep:
    """Cases with feedback; done when `required` of them were submitted."""

    key: str
    title: str
    minutes: int
    cases: tuple[Case, ...]
    required: int
    kind: Literal["practice"] = "practice"


@dataclass(frozen=True)
class ChartSpec:
    """By which control chart drift is found: "ewma" (weight, width) or "cusum" (slack, limit)."""

    kind: str = "ewma"
    weight: float = 0.25
    width: float = 2.998
    slack: float = 0.5
    limit: float = 4.0


@dataclass(frozen=True)
class CalibrationStep(PracticeStep):
    """Cases that certified raters score now and then, with feedback; it is no part of the path.

    `required` of them are asked for each time.

    Args:
        every_weeks, grace_weeks: when the next ones are due, and how long after that they are late.
        total: the total whose differences the chart shows.
        spread: one standard deviation of a typical rater about the reference, in the total's
            points, as text.
        redo: by section of the instrument, the steps that a rater who drifts there does again.
    """

    every_weeks: int = 12
    grace_weeks: int = 4
    total: str = ""
    spread: str = "1"
    chart: ChartSpec = ChartSpec()
    redo: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    """A choice; the key says nothing about right or wrong or the order in the file."""

    key: str
    html: str
    correct: bool
    feedback_html: str


@dataclass(frozen=True)
class NumberAnswer:
    """Right is value ± tolerance, both exact decimals as text."""

    value: str
    tolerance: str


@dataclass(frozen=True)
class Question:
    key: str
    kind: Literal["one", "several", "number"]
    html: str
    figure: Media | None
    options: tuple[Option, ...]
    answer: NumberAnswer | None
    explanation_html: str
    revisit: Revisit | None


@dataclass(frozen=True)
class Pool:
    key: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Draw:
    pool: str
    count: int


@dataclass(frozen=True)
class AfterFail:
    """Steps that must be done again before the next try."""

    redo: tuple[str, ...]


@dataclass(frozen=True)
class QuizStep:
    """Questions drawn from pools; None for a limit means that there is none."""

    key: str
    title: str
    minutes: int
    draw: tuple[Draw, ...]
    pools: tuple[Pool, ...]
    pass_mark: int
    time_limit_minutes: int | None
    attempts: int | None
    wait_hours: int
    after_fail: AfterFail
    kind: Literal["quiz"] = "quiz"

    @property
    def drawn(self) -> int:
        """How many questions an attempt holds."""
        return sum(draw.count for draw in self.draw)

    @property
    def questions(self) -> dict[str, Question]:
        """The questions of all pools, by key."""
        return {question.key: question for pool in self.pools for question in pool.questions}


@dataclass(frozen=True)
class CaseForm:
    """A set of cases that are shown in one attempt; `repeats` of them twice."""

    key: str
    cases: tuple[Case, ...]
    repeats: int = 0


Feedback: TypeAlias = Literal["items", "criteria", "domains", "direction"]
"""How much the result of a certification try tells; never the key."""


@dataclass(frozen=True)
class CertificationStep:
    """Cases of a form; with `levels`, `criteria` are those of the mildest."""

    key: str
    title: str
    minutes: int
    forms: tuple[CaseForm, ...]
    criteria: Criteria
    attempts: int | None
    wait_hours: int
    after_fail: AfterFail
    kind: Literal["certification"] = "certification"
    levels: tuple[Level, ...] = ()
    feedback: Feedback = "items"


Step: TypeAlias = TextStep | SlidesStep | VideoStep | PracticeStep | QuizStep | CertificationStep


@dataclass(frozen=True)
class Content:
    """A compiled package. `instrument` is the definition's data, `files` path to SHA-256."""

    format: str
    slug: str
    version: str
    title: str
    summary: str
    language: str
    authors: tuple[Author, ...]
    minutes: int
    objectives: tuple[str, ...]
    demonstration: bool
    rights: Rights
    licence: str
    instrument_ref: str
    instrument: dict[str, Any]
    certificate: CertificateSpec
    steps: tuple[Step, ...]
    files: dict[str, str]
    calibration: CalibrationStep | None = None

    def step(self, key: str) -> Step:
        """Return the step with this key, the calibration among them.

        Raises:
            KeyError: if there is none.
        """
        if self.calibration is not None and key == self.calibration.key:
            return self.calibration
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)

    @property
    def questions(self) -> dict[str, Question]:
        """Every question of its quizzes, by key."""
        quizzes = [step for step in self.steps if isinstance(step, QuizStep)]
        return {key: one for step in quizzes for key, one in step.questions.items()}

    @property
    def cases(self) -> tuple[Case, ...]:
        """Every case, in the order of steps and forms; those of the calibration last."""
        cases: list[Case] = []
        for step in self.steps:
            if isinstance(step, PracticeStep):
                cases += step.cases
            elif isinstance(step, CertificationStep):
                cases += [case for form in step.forms for case in form.cases]
        return (*cases, *(self.calibration.cases if self.calibration else ()))

    @property
    def waiting(self) -> tuple[str, ...]:
        """The keys of cases that wait for their panel; a release has none."""
        return tuple(case.key for case in self.cases if not case.reference)


def content_to_json(content: Content) -> dict[str, Any]:
    return dataclasses.asdict(content)


def content_from_json(data: Mapping[str, Any]) -> Content:
    """Read the JSON form back.

    Raises:
        ValueError: if it is not the JSON form of a compiled package.
    """
    return cast(Content, _read(Content, data))


def criteria_from_json(data: Mapping[str, Any]) -> Criteria:
    """Read criteria alone, as `dataclasses.asdict` wrote them."""
    return cast(Criteria, _read(Criteria, data))


def level_from_json(data: Mapping[str, Any]) -> Level:
    """Read a level alone, likewise."""
    return cast(Level, _read(Level, data))


def _read(wanted: Any, data: Any) -> Any:
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        return _read_union(get_args(wanted), data)
    if origin is tuple:
        return tuple(_read(get_args(wanted)[0], entry) for entry in data)
    if origin is dict:
        return {key: _read(get_args(wanted)[1], value) for key, value in data.items()}
    if dataclasses.is_dataclass(wanted) and isinstance(wanted, type):
        return _read_dataclass(wanted, data)
    return data


def _read_union(options: tuple[Any, ...], data: Any) -> Any:
    if data is None:
        return None
    classes = [option for option in options if dataclasses.is_dataclass(option)]
    if len(classes) > 1:
        return _read(_class_of_kind(tuple(classes), data.get("kind")), data)
    return _read(classes[0], data) if classes else data


@cache
def _class_of_kind(classes: tuple[type, ...], kind: str) -> type:
    for option in classes:
        if _hints(option)["kind"] == Literal[kind]:
            return option
    raise ValueError(f"no compiled step is of kind {kind!r}")


def _read_dataclass(wanted: type, data: Mapping[str, Any]) -> Any:
    hints = _hints(wanted)
    unknown = set(data) - set(hints)
    if unknown:
        raise ValueError(f"{wanted.__name__} has no {', '.join(sorted(unknown))}")
    return wanted(**{name: _read(hints[name], value) for name, value in data.items()})


@cache
def _hints(wanted: type) -> dict[str, Any]:
    return get_type_hints(wanted)
