"""The list that a check writes its findings on."""

from dataclasses import dataclass, field

from lms.packages.domain.findings import Cause, Finding, Report, Severity, in_order

MOST = 500  # a file of noise could have a finding on every line


@dataclass(frozen=True)
class Place:
    """Where a finding is. Lines and columns are counted from 1."""

    file: str
    line: int | None = None
    column: int | None = None


@dataclass
class Findings:
    """Collects findings; nothing is raised, so that one check tells everything."""

    entries: list[Finding] = field(default_factory=list)

    def error(self, place: Place, message: str, remedy: str = "", **values: object) -> None:
        """Note an error. `why=Cause(…)` puts another room's sentence into the place %(why)s."""
        self._add(Severity.ERROR, place, message, remedy, values)

    def warn(self, place: Place, message: str, remedy: str = "", **values: object) -> None:
        self._add(Severity.WARNING, place, message, remedy, values)

    def wait(self, place: Place, message: str, remedy: str = "", **values: object) -> None:
        """Note what is sound but not complete: it can be looked at and not be published."""
        self._add(Severity.WAITING, place, message, remedy, values)

    @property
    def failed(self) -> bool:
        return any(entry.severity is Severity.ERROR for entry in self.entries)

    def report(self) -> Report:
        return Report(in_order(self.entries)[:MOST])

    def _add(
        self,
        severity: Severity,
        place: Place,
        message: str,
        remedy: str,
        values: dict[str, object],
    ) -> None:
        why = values.get("why")
        cause = why if isinstance(why, Cause) else None
        shown = {
            name: _short(str(value))
            for name, value in values.items()
            if not isinstance(value, Cause)
        }
        self.entries.append(
            Finding(
                severity=severity,
                file=place.file,
                line=place.line,
                column=place.column,
                message=message,
                remedy=remedy,
                values=shown,
                cause=cause,
            )
        )


def _short(text: str) -> str:
    text = "".join(sign if sign.isprintable() else "�" for sign in text)
    return text if len(text) <= 200 else text[:199] + "…"
