"""What the API answers: a verdict as plain values, one line for each thing that was checked."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from lms.certificates.domain import FileFinding, State, Verdict, exit_code
from lms.errors import N_, Invalid, LmsError

PASS, FAIL, WARN, UNKNOWN = "pass", "fail", "warn", "not_checked"
MOST_CODES, MOST_FILES = 500, 200

COLUMNS = (
    "asked",
    "state",
    "good",
    "as_of",
    "reason",
    "name",
    "title",
    "issued_on",
    "valid_until",
    "revoked_on",
    "suspended_on",
    "superseded_on",
    "superseded_by",
    "code",
    "development_authority",
    "exit_code",
)
"""The columns of the answer as CSV, in order; stable, for those who read them by program."""


class BadQuestion(Invalid):
    """What was sent cannot be read as a question."""


class WrongKind(LmsError):
    """What was sent is of a kind that is not read here."""

    status = 415

    def __init__(self, *, kinds: str) -> None:
        super().__init__(N_("Send one of these kinds of content: %(kinds)s."), kinds=kinds)


def answer_data(verdict: Verdict, *, checked_at: datetime) -> dict[str, Any]:
    """Return the answer to one question; what is not there is None, in every answer alike."""
    data = verdict.as_data()
    return {
        "state": data["verdict"],
        "good": data["good"],
        "as_of": data["as_of"],
        "checked_at": checked_at.replace(microsecond=0).isoformat(),
        "reason": f"{data['headline']}. {data['explanation']}",
        "exit_code": exit_code(verdict, root_named=False),
        "checks": [
            {"check": name, "result": result, "detail": detail}
            for name, result, detail in checks_of(verdict)
        ],
        "code": data["code"],
        "record": data["facts"],
        "valid_until": data["valid_until"],
        "revoked_on": data["revoked_on"],
        "revocation_reason": data["revocation_reason"],
        "suspended_on": data["suspended_on"],
        "suspension_reason": data["suspension_reason"],
        "superseded_on": data["superseded_on"],
        "superseded_by": data["superseded_by"],
        "succession": data["succession"],
        "erased": data["erased"],
        "name_shortened": verdict.initials,
        "development_authority": data["development_authority"],
        "signed_at": data["signed_at"],
    }


def checks_of(verdict: Verdict) -> Iterator[tuple[str, str, str]]:
    """Give (what, result, detail) for each thing that was checked.

    Where the signature fails or the code is unknown, nothing else is said.
    """
    finding = verdict.finding
    if finding is not None:
        yield "signature", PASS if finding.trusted else FAIL, finding
        if not finding.trusted:
            return
    known = verdict.state is not State.NOT_FOUND
    yield "register", PASS if known else FAIL, "known" if known else "not_found"
    if not known:
        return
    if finding is not None:
        exact = finding is FileFinding.EXACT_COPY
        yield "same_file", PASS if exact else UNKNOWN, "byte_for_byte" if exact else "still_made"
    yield from _states(verdict)
    authority = "development" if verdict.development else "own_root"
    yield "authority", WARN if verdict.development else PASS, authority


def _states(verdict: Verdict) -> Iterator[tuple[str, str, str]]:
    """Judge what can make a certificate not hold on the day, each by itself."""
    state, on, facts = verdict.state, verdict.on, verdict.facts
    revoked, pause, after = verdict.revocation, verdict.suspension, verdict.succession
    yield _judged("issued", state is not State.NOT_YET, facts.issued_on if facts else None)
    yield _judged("not_revoked", state is not State.REVOKED, revoked.on if revoked else None)
    yield _judged("not_suspended", pause is None, pause.on if pause else None)
    replaced = after is not None and after.on <= on
    yield _judged("not_superseded", not replaced, after.on if after else None)
    ended = verdict.ends_on is not None and on > verdict.ends_on
    yield _judged("not_expired", not ended, verdict.ends_on)


def _judged(name: str, fine: bool, day: date | None) -> tuple[str, str, str]:
    return name, PASS if fine else FAIL, day.isoformat() if day else ""


def csv_row(asked: str, answer: dict[str, Any]) -> list[Any]:
    """Return the cells of one answer in the order of COLUMNS."""
    record = answer["record"] or {}
    cells = {**answer, "asked": asked, **{key: record.get(key) for key in _OF_THE_RECORD}}
    return [cells[name] for name in COLUMNS]


_OF_THE_RECORD = ("name", "title", "issued_on")
