"""What a check found: each finding names its place, what is wrong there and what to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    ERROR = "error"  # the package cannot be published
    WAITING = "waiting"  # it is sound, and lacks something that a panel still has to bring
    WARNING = "warning"  # it can; somebody should look


Translate = Callable[..., str]
"""Fills the places of a sentence, in some language: translate(message, **values)."""


@dataclass(frozen=True)
class Cause:
    """A sentence with its values, as `Finding` has them."""

    message: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    Args:
        file: path in the package; empty for the package as a whole.
        line: counted from 1; None where the finding is about the whole file.
        column: counted from 1; None as `line`.
        message: the English sentence, a translation key with %(name)s places.
        remedy: what to do about it, the same way; may be empty.
        values: what goes into the places of both.
        cause: a sentence of another room, which goes into the place %(why)s.
    """

    severity: Severity
    file: str
    line: int | None
    column: int | None
    message: str
    remedy: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    cause: "Cause | None" = None

    @property
    def place(self) -> str:
        """The place as an editor takes it: file:line:column."""
        parts = [self.file or ".", self.line, self.column]
        return ":".join(str(part) for part in parts if part is not None)

    @property
    def sentence(self) -> str:
        return self.told(_filled)[0]

    @property
    def advice(self) -> str:
        return self.told(_filled)[1]

    def told(self, translate: "Translate") -> tuple[str, str]:
        """Return what is wrong and what to do, in the language of the translating function."""
        values = dict(self.values)
        if self.cause is not None:
            values["why"] = translate(self.cause.message, **self.cause.values)
        remedy = translate(self.remedy, **values) if self.remedy else ""
        return translate(self.message, **values), remedy

    def to_json(self) -> dict[str, Any]:
        return {
            "severity": str(self.severity),
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "remedy": self.remedy,
            "values": dict(self.values),
            "cause": [self.cause.message, dict(self.cause.values)] if self.cause else None,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Finding":
        cause = Cause(*data["cause"]) if data["cause"] else None
        return Finding(**{**data, "severity": Severity(data["severity"]), "cause": cause})


@dataclass(frozen=True)
class Report:
    """All findings of one check, in the order of files and lines, errors first."""

    findings: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.WARNING)

    @property
    def waiting(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.WAITING)

    @property
    def clean(self) -> bool:
        """True if nothing stands against publishing; warnings may remain."""
        return not self.errors and not self.waiting

    def to_json(self) -> list[dict[str, Any]]:
        return [finding.to_json() for finding in self.findings]

    @staticmethod
    def from_json(data: list[Mapping[str, Any]]) -> "Report":
        return Report(tuple(Finding.from_json(entry) for entry in data))


_ORDER = tuple(Severity)


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Sort for reading: errors, what waits, warnings; by file, line and column; each thing once."""
    unique = {(f.severity, f.place, f.sentence): f for f in findings}
    return tuple(
        sorted(
            unique.values(),
            key=lambda f: (_ORDER.index(f.severity), f.file, f.line or 0, f.column or 0),
        )
    )


def _filled(text: str, /, **values: str) -> str:
    return text % values if values else text
