"""From what somebody asked to one signed file in the store."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lms import storage
from lms.accounts import api as accounts
from lms.certificates import authority, checks, pages, signing
from lms.certificates.domain import FileFinding
from lms.certificates.report.drawing import Report, draw
from lms.certificates.sealing import OUT_OF_ORDER, CannotSealAny, equipment
from lms.jobs import MadeFile

PDF = "application/pdf"


@dataclass(frozen=True)
class AskedFile:
    """What the bytes of a file told when it was given; the bytes are not kept.

    Args:
        code: of a file that can be trusted, else None.
    """

    name: str
    finding: FileFinding
    code: str | None


@dataclass(frozen=True)
class Asked:
    """What is to be answered, about which day, for whom, in which language (BCP 47)."""

    codes: tuple[str, ...]
    files: tuple[AskedFile, ...]
    on: date
    person_id: int
    language: str

    def as_data(self) -> dict[str, Any]:
        """Return plain JSON values; `from_data` reads them back."""
        return {
            "codes": list(self.codes),
            "files": [[one.name, one.finding, one.code] for one in self.files],
            "on": self.on.isoformat(),
            "person_id": self.person_id,
            "language": self.language,
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Asked":
        return cls(
            codes=tuple(data["codes"]),
            files=tuple(AskedFile(name, FileFinding(f), code) for name, f, code in data["files"]),
            on=date.fromisoformat(data["on"]),
            person_id=data["person_id"],
            language=data["language"],
        )


def make_report(asked: Asked, *, now: datetime) -> MadeFile:
    """Ask the register now, draw, sign and stamp, and store.

    Raises:
        CannotSealAny: if drawing, signing or stamping is not possible now, with what to do; the
            job waits for it.
    """
    try:
        tools = equipment(now=now)
        report = Report(
            rows=rows_of(asked),
            on=asked.on,
            made_at=now.replace(microsecond=0),
            asked_by=accounts.person(asked.person_id).name,
            address=authority.settings().base_url,
            development=tools.signer.development,
        )
        data = signing.sign(
            draw(report, signing.finisher(tools.evidence)),
            tools.signer,
            signed_at=report.made_at,
            stamper=tools.stamper,
            reason="Answers of the register",
        )
    except OUT_OF_ORDER as error:
        raise CannotSealAny(str(error)) from error
    return MadeFile(storage.put(data), f"certificates-{now:%Y-%m-%d}.pdf", PDF, len(data))


def rows_of(asked: Asked) -> list[dict[str, Any]]:
    codes = checks.verdicts_for_codes(asked.codes, on=asked.on)
    files = [checks.verdict_for_found(one.finding, one.code, on=asked.on) for one in asked.files]
    names = (*asked.codes, *(one.name for one in asked.files))
    return [pages.table_row(name, one) for name, one in zip(names, [*codes, *files], strict=True)]
