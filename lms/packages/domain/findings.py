"""What a check found: each finding names its place, what is wrong there and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    ERROR = "error"  # the package cannot be published
    WARNING = "warning"  # it can; somebody should look


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
    """

    severity: Severity
    file: str
    line: int | None
    column: int | None
    message: str
    remedy: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The place as an editor takes it: file:line:column."""
        parts = [self.file or ".", self.line, self.column]
        return ":".join(str(part) for part in parts if part is not None)

    @property
    def sentence(self) -> str:
        return _filled(self.message, self.values)

    @property
    def advice(self) -> str:
        return _filled(self.remedy, self.values)

    def to_json(self) -> dict[str, Any]:
        return {
            "severity": str(self.severity),
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "remedy": self.remedy,
            "values": dict(self.values),
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Finding":
        return Finding(**{**data, "severity": Severity(data["severity"])})


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
    def clean(self) -> bool:
        """True if nothing stands against publishing; warnings may remain."""
        return not self.errors

    def to_json(self) -> list[dict[str, Any]]:
        return [finding.to_json() for finding in self.findings]

    @staticmethod
    def from_json(data: list[Mapping[str, Any]]) -> "Report":
        return Report(tuple(Finding.from_json(entry) for entry in data))


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Sort for reading: errors first, then by file, line and column, each thing once."""
    unique = {(f.severity, f.place, f.sentence): f for f in findings}
    return tuple(
        sorted(
            unique.values(),
            key=lambda f: (f.severity is not Severity.ERROR, f.file, f.line or 0, f.column or 0),
        )
    )


def _filled(text: str, values: Mapping[str, str]) -> str:
    return text % values if values else text
