"""A verdict: each criterion with its figure, what was required, whether it is met, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

Number: TypeAlias = int | float | Decimal


class Kind(StrEnum):
    """What a line of a verdict is about, in the order in which lines stand."""

    CASES = "cases"
    ITEMS = "item_within"
    TOTAL = "total_within"
    INTERVAL = "expert_interval"
    CRITICAL = "critical"
    FLAGS = "flags"
    CHANGE = "change_within"
    BIAS = "bias"
    LIMITS = "limits"
    ICC = "icc"
    KAPPA = "weighted_kappa"
    SIZE = "minimum_cases"
    SEVERITIES = "severities"
    QUIZ = "quiz"


class Standing(StrEnum):
    """Whether a criterion is met; one that informs decides on nobody."""

    MET = "met"
    NOT_MET = "not_met"
    INFORMS = "informs"


@dataclass(frozen=True)
class Sentence:
    """An English sentence, which is a translation key, and what goes into its places."""

    key: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.key % self.values if self.values else self.key


@dataclass(frozen=True)
class Bounds:
    """An interval with the method that made it, a translation key.

    Args:
        confidence: 0..1; for limits of agreement the share of differences between them.
    """

    low: float
    high: float
    confidence: float
    method: str


@dataclass(frozen=True)
class Line:
    """One criterion.

    Args:
        figure: exact; None where it is undefined, and `reason` then says why.
        of: out of how many, where the figure is a count.
        at_least, at_most: what is required, one of the two; None where nothing is.
        about: the total or the form of the statistic that it is about, "" for neither.
        reason: why it only informs.
    """

    kind: Kind
    standing: Standing
    sentence: Sentence
    figure: Number | None
    of: int | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    interval: Bounds | None = None
    about: str = ""
    reason: Sentence | None = None


@dataclass(frozen=True)
class Verdict:
    """All lines, in the order of `Kind`. Passed unless a line that decides is not met."""

    lines: tuple[Line, ...]

    @property
    def passed(self) -> bool:
        return all(line.standing is not Standing.NOT_MET for line in self.lines)

    @property
    def open(self) -> tuple[Line, ...]:
        """The lines that are not met."""
        return tuple(line for line in self.lines if line.standing is Standing.NOT_MET)

    def line(self, kind: Kind) -> Line | None:
        """Return the line of a kind; None if the criteria ask for no such thing."""
        return next((line for line in self.lines if line.kind is kind), None)


@dataclass(frozen=True)
class LevelVerdict:
    """What one level of a step says."""

    key: str
    title: str
    verdict: Verdict


def standing_of(met: bool) -> Standing:
    return Standing.MET if met else Standing.NOT_MET


def verdict_to_json(verdict: Verdict) -> list[dict[str, Any]]:
    """Write the lines as they are kept with a result. They hold nothing that tells the key."""
    return [
        {
            "kind": line.kind.value,
            "standing": line.standing.value,
            "figure": _written(line.figure),
            "of": line.of,
            "at_least": _written(line.at_least),
            "at_most": _written(line.at_most),
            "interval": None if line.interval is None else vars(line.interval).copy(),
            "about": line.about,
            "sentence": _sentence_to_json(line.sentence),
            "reason": None if line.reason is None else _sentence_to_json(line.reason),
        }
        for line in verdict.lines
    ]


def verdict_from_json(data: list[dict[str, Any]]) -> Verdict:
    """Read what `verdict_to_json` wrote."""
    return Verdict(
        tuple(
            Line(
                kind=Kind(one["kind"]),
                standing=Standing(one["standing"]),
                sentence=Sentence(*one["sentence"]),
                figure=_read(one["figure"]),
                of=one["of"],
                at_least=_read(one["at_least"]),
                at_most=_read(one["at_most"]),
                interval=None if one["interval"] is None else Bounds(**one["interval"]),
                about=one["about"],
                reason=None if one["reason"] is None else Sentence(*one["reason"]),
            )
            for one in data
        )
    )


def _sentence_to_json(sentence: Sentence) -> list[Any]:
    return [sentence.key, dict(sentence.values)]


def _written(figure: Number | None) -> int | float | str | None:
    return str(figure) if isinstance(figure, Decimal) else figure


def _read(figure: int | float | str | None) -> Number | None:
    return Decimal(figure) if isinstance(figure, str) else figure
