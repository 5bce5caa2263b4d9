"""What a certificate says, frozen on the day of issue; PDF, page and digest come from it."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from lms.certificates.domain.codes import parse_code
from lms.errors import N_, Invalid

FORMAT = "concord-certificate/1"
RECORD_NAME = "certificate.json"
LONGEST = 300
NOBODY = "–"


class BadFacts(Invalid):
    """The facts cannot be put on a certificate."""


@dataclass(frozen=True)
class ScoreLine:
    """One line of the score summary, as printed: ("Largest gap in a total", "2 points")."""

    label: str
    value: str


@dataclass(frozen=True)
class AgreementLine:
    """How many of the answers agreed, for the drawing; unit as in "50 of 56 items"."""

    reached: int
    required: int
    of: int
    unit: str = "items"


@dataclass(frozen=True)
class Facts:
    """Everything that a certificate states.

    Args:
        name: the holder's name as of the day of issue.
        title: what is certified, as in the package ("MMT-8 rater, one side").
        instrument_ref: id and version of the instrument ("mmt8_80@1.0").
        instrument_note: what identifies the form on paper ("8 muscles, 0 to 80"), or "".
        release_digest: SHA-256 of the module's release, hexadecimal.
        level: the level that was reached ("Rater"), or "".
        score: the summary, line by line, in the order of print; at most four are drawn.
        agreement: the figure of the agreement line, or None where the module has none.
        language: language of training, BCP 47.
        expires_on: last day of validity, or None for one that does not end.
        demonstration: made from demonstration content; not valid for a trial.
        rights: one line on the right to use the instrument.
        issuer: the name of the issuing institution.
    """

    name: str
    title: str
    module_title: str
    module_slug: str
    instrument_title: str
    instrument_ref: str
    instrument_note: str
    release_version: str
    release_digest: str
    level: str
    score: tuple[ScoreLine, ...]
    agreement: AgreementLine | None
    language: str
    issued_on: date
    expires_on: date | None
    demonstration: bool
    rights: str
    issuer: str

    def __post_init__(self) -> None:
        for field in _TEXTS:
            value = getattr(self, field)
            object.__setattr__(self, field, _one_line(value, field, needed=field in _NEEDED))
        if self.expires_on is not None and self.expires_on < self.issued_on:
            raise BadFacts(N_("A certificate cannot end before it is issued."))
        if self.agreement is not None and not _in_order(self.agreement):
            raise BadFacts(
                N_("The agreement line needs 0 <= required <= of and 0 <= reached <= of.")
            )

    def without_person(self) -> "Facts":
        """Return what is left when the holder's data are erased: no name and no result."""
        return replace(self, name=NOBODY, score=(), agreement=None)

    def as_data(self) -> dict[str, Any]:
        """Return plain JSON values; `facts_from_data` reads them back."""
        data = dict(vars(self))  # asdict() would copy every value deeply
        data["score"] = [dict(vars(line)) for line in self.score]
        data["agreement"] = dict(vars(self.agreement)) if self.agreement else None
        data["issued_on"] = self.issued_on.isoformat()
        data["expires_on"] = self.expires_on.isoformat() if self.expires_on else None
        return {"format": FORMAT, **data}

    def canonical(self) -> bytes:
        """Return the one JSON form that the digest is taken of: sorted keys, no blanks, UTF-8."""
        return _canonical(self.as_data())

    def digest(self) -> str:
        """Return the SHA-256 of the canonical form, hexadecimal."""
        return sha256(self.canonical()).hexdigest()


_TEXTS = (
    "name",
    "title",
    "module_title",
    "module_slug",
    "instrument_title",
    "instrument_ref",
    "instrument_note",
    "release_version",
    "release_digest",
    "level",
    "language",
    "rights",
    "issuer",
)
_NEEDED = {"name", "title", "module_slug", "instrument_title", "release_digest", "issuer"}


def facts_from_data(data: Mapping[str, Any]) -> Facts:
    """Read facts from their JSON values.

    Raises:
        BadFacts: if the format is another one, or a part is missing or misshapen.
    """
    values = dict(data)
    if values.pop("format", None) != FORMAT:
        raise BadFacts(N_("These are not the facts of a certificate in a format known here."))
    try:
        agreement, expires = values.pop("agreement"), values.pop("expires_on")
        return Facts(
            score=tuple(ScoreLine(**line) for line in values.pop("score")),
            agreement=AgreementLine(**agreement) if agreement else None,
            issued_on=date.fromisoformat(values.pop("issued_on")),
            expires_on=date.fromisoformat(expires) if expires else None,
            **values,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadFacts(N_("The facts of this certificate cannot be read.")) from error


def record_bytes(facts: Facts, code: str) -> bytes:
    """Return the certificate as data, in the one form that is attached to its PDF."""
    record = {"code": code, "facts": facts.as_data(), "facts_sha256": facts.digest()}
    return _canonical(record)


def parse_record(raw: bytes) -> tuple[str, Facts] | None:
    """Read an attached record; None where it is not a record in its one form."""
    try:
        record = json.loads(raw)
        code, facts = parse_code(record["code"]), facts_from_data(record["facts"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, BadFacts):
        return None
    if code is None or record_bytes(facts, code) != raw:
        return None
    return code, facts


def _canonical(data: dict[str, Any]) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _one_line(value: str, field: str, *, needed: bool) -> str:
    """Bring the text to one line of composed letters, so that equal words have equal bytes."""
    if not isinstance(value, str):
        raise BadFacts(N_("%(field)s must be text."), field=field)
    text = " ".join(unicodedata.normalize("NFC", value).split())
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") for letter in text):
        raise BadFacts(N_("%(field)s holds a character that cannot be printed."), field=field)
    if needed and not text:
        raise BadFacts(
            N_("%(field)s is empty, and a certificate cannot do without it."), field=field
        )
    if len(text) > LONGEST:
        raise BadFacts(N_("%(field)s is longer than %(most)s letters."), field=field, most=LONGEST)
    return text


def _in_order(line: AgreementLine) -> bool:
    return 0 <= line.required <= line.of and 0 <= line.reached <= line.of and line.of > 0
