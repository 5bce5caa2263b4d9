"""What the pages of this room say: facts as labelled lines, verdicts in words, rows for a table."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from typing import Any

from flask_babel import gettext as _

from lms.cells import harmless
from lms.certificates.domain import (
    Facts,
    IssuedCertificate,
    Revocation,
    Sentence,
    State,
    Succession,
    Suspension,
    Verdict,
    ends_soon,
    last_day,
    shown_code,
    suspension_on,
    validity_from_data,
    wording_of,
)
from lms.certificates.domain.terms import ENDS_SOON, earliest
from lms.certificates.forms import PAUSES, REASONS, SUCCESSIONS
from lms.web.drawing import ValidityLine, validity_line
from lms.web.filters import as_is, day, language_name

STATE_KINDS = {
    State.VALID: "valid",
    State.EXPIRED: "ended",
    State.SUPERSEDED: "superseded",
    State.SUSPENDED: "suspended",
    State.REVOKED: "revoked",
    State.NOT_YET: "waiting",
}
ICONS = {State.SUSPENDED: "pause", State.SUPERSEDED: "file"}


@dataclass(frozen=True)
class Answer:
    """A verdict as a page shows it; lines and line are there only for a file or code of ours."""

    tone: str
    icon: str
    headline: str
    explanation: str
    advice: str
    lines: list[tuple[str, str]]
    code: str
    line: ValidityLine | None
    verdict: Verdict


def answer_of(verdict: Verdict) -> Answer:
    words = wording_of(verdict)
    return Answer(
        tone=words.tone,
        icon=_icon(verdict, words.tone),
        headline=said(words.headline),
        explanation=said(words.explanation),
        advice=said(words.advice) if words.advice else "",
        lines=_lines(verdict),
        code=shown_code(verdict.code) if verdict.code else "",
        line=_line(verdict),
        verdict=verdict,
    )


def said(sentence: Sentence) -> str:
    return str(_(sentence.message, **sentence.values))


def fact_lines(facts: Facts, ends_on: date | None = None) -> list[tuple[str, str]]:
    """Return everything that is printed as (label, value) pairs.

    What is printed stays in the certificate's language, to compare it with the paper.

    Args:
        ends_on: a last day that was decided after it was printed.
    """

    def printed(text: str) -> str:
        return as_is(text, facts.language) or ""

    lines = [
        (_("Name"), as_is(facts.name) or ""),
        (_("Certified for"), printed(facts.title)),
        (_("Instrument"), printed(facts.instrument_title)),
        (_("Instrument version"), printed(_joined(facts.instrument_ref, facts.instrument_note))),
        (_("Module"), printed(facts.module_title)),
        (_("Module release"), as_is(_release(facts)) or ""),
        (_("Level"), printed(facts.level)),
        (_("Language"), language_name(facts.language)),
        (_("Issued"), day(facts.issued_on)),
        (_("Valid until"), day(facts.expires_on) if facts.expires_on else _("does not end")),
    ]
    if facts.agreement:
        lines.append((_("Agreement"), _agreement(facts)))
    lines += [(printed(line.label), printed(line.value)) for line in facts.score]
    lines += [(_("Rights"), printed(facts.rights)), (_("Issued by"), as_is(facts.issuer) or "")]
    if ends_on is not None and ends_on != facts.expires_on:
        lines.append((_("Ended with the trial"), day(ends_on)))
    return [(label, value) for label, value in lines if value]


def later_lines(
    revocation: Revocation | None, suspension: Suspension | None, succession: Succession | None
) -> list[tuple[str, str]]:
    """Return what became of it as (label, value) pairs, the gravest first."""
    lines = []
    if revocation:
        lines.append((_("Revoked"), day(revocation.on)))
        lines.append((_("Reason"), str(REASONS[revocation.reason])))
    if suspension:
        lines.append((_("Suspended since"), day(suspension.on)))
        lines.append((_("Reason"), str(PAUSES[suspension.reason])))
    if succession:
        lines.append((_("Replaced"), day(succession.on)))
        lines.append((_("Why it was replaced"), str(SUCCESSIONS[succession.kind])))
    return lines


def lines_of(issued: IssuedCertificate) -> list[tuple[str, str]]:
    """Return what a certificate says and what became of it, for its own page."""
    facts = fact_lines(issued.facts, issued.ends_on)
    later = later_lines(issued.revocation, issued.suspended_now, issued.later.succession)
    return [*later, *facts]


def term_line_of(issued: IssuedCertificate, on: date) -> ValidityLine:
    stop = earliest(issued.revocation.on if issued.revocation else None, issued.later.superseded_on)
    return term_line(issued.facts.issued_on, issued.ends_on, stop, on)


def term_line(issued_on: date, ends_on: date | None, stop: date | None, on: date) -> ValidityLine:
    """Draw from issue to end.

    Args:
        stop: the day from which on it did not hold, revoked or replaced; None if neither.
    """
    return validity_line(
        issued_on,
        ends_on,
        max(on, issued_on),
        renew_from=renew_from(ends_on),
        revoked=max(stop, issued_on) if stop else None,
    )


@dataclass(frozen=True)
class Standing:
    """A state as a page shows it: its kind of mark, and the day beside it."""

    kind: str
    more: str


def standing(one: IssuedCertificate, on: date) -> Standing:
    """Return how a certificate stands on a day, for its page."""
    state, ends_on = one.state_on(on), one.ends_on
    pause = suspension_on(one.later.suspensions, on)
    said = {
        State.VALID: _("until %(date)s", date=day(ends_on)) if ends_on else "",
        State.EXPIRED: day(ends_on) if ends_on else "",
        State.SUPERSEDED: day(one.later.superseded_on) if one.later.superseded_on else "",
        State.SUSPENDED: _("since %(date)s", date=day(pause.on)) if pause else "",
        State.REVOKED: day(one.revocation.on) if one.revocation else "",
    }
    kind = STATE_KINDS.get(state, "waiting")
    if state is State.VALID and ends_soon(ends_on, on):
        kind = "soon"
    return Standing(kind, said.get(state, ""))


@dataclass(frozen=True)
class May:
    """What an administrator can make of a certificate today."""

    be_suspended: bool
    be_lifted: bool
    be_renewed: bool
    be_replaced: bool
    be_erased: bool


def may_become(issued: IssuedCertificate, today: date) -> May:
    state = issued.state_on(today)
    free = issued.later.succession is None and not issued.erased
    return May(
        be_suspended=state is State.VALID and free,
        be_lifted=issued.suspended_now is not None,
        be_renewed=state in (State.VALID, State.EXPIRED) and free,
        be_replaced=state is State.VALID and free,
        be_erased=not issued.erased,
    )


def renewed_until(issued: IssuedCertificate, today: date) -> date | None:
    """Return the last day that a renewal of today would bear by the certificate's own rule.

    Where no rule was written down it holds as long as the one before.
    """
    if issued.validity is not None:
        rule = validity_from_data(issued.validity)
        return last_day(rule, today, previous_end=issued.facts.expires_on)[0]
    if issued.facts.expires_on is None:
        return None
    return today + (issued.facts.expires_on - issued.facts.issued_on)


def _lines(verdict: Verdict) -> list[tuple[str, str]]:
    later = later_lines(verdict.revocation, verdict.suspension, verdict.succession)
    return [*later, *(fact_lines(verdict.facts, verdict.ends_on) if verdict.facts else [])]


def _line(verdict: Verdict) -> ValidityLine | None:
    if verdict.facts is None:
        return None
    stop = earliest(
        verdict.revocation.on if verdict.revocation else None,
        verdict.succession.on if verdict.succession else None,
    )
    return term_line(verdict.facts.issued_on, verdict.ends_on, stop, verdict.on)


def renew_from(expires_on: date | None) -> date | None:
    return expires_on - ENDS_SOON + timedelta(days=1) if expires_on else None


def table_row(asked: str, verdict: Verdict) -> dict[str, Any]:
    """Return one line of the answer to many: what was asked about, and the verdict in words."""
    answer = answer_of(verdict)
    facts = verdict.facts
    return {
        "asked": asked,
        "kind": STATE_KINDS.get(verdict.state) if verdict.state else None,
        "tone": answer.tone,
        "verdict": answer.headline,
        "name": facts.name if facts else "",
        "title": facts.title if facts else "",
        "issued_on": facts.issued_on if facts else None,
        "expires_on": verdict.ends_on if facts else None,
        "revoked_on": verdict.revocation.on if verdict.revocation else None,
        "code": answer.code,
        "plain_code": verdict.code or "",
        "demonstration": bool(facts and facts.demonstration),
        "development": verdict.development,
    }


def csv_columns() -> list[tuple[str, str]]:
    return [
        ("asked", _("Asked about")),
        ("verdict", _("Verdict")),
        ("name", _("Name")),
        ("title", _("Certified for")),
        ("issued_on", _("Issued")),
        ("expires_on", _("Valid until")),
        ("revoked_on", _("Revoked")),
        ("code", _("Code")),
        ("demonstration", _("Demonstration")),
        ("development", _("Development authority")),
    ]


def csv_cell(value: Any) -> str:
    """Write a value so that no spreadsheet takes it for a formula."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return harmless("" if value is None else str(value))


def rows_as_csv(rows: Sequence[dict[str, Any]]) -> bytes:
    """Return rows as they are downloaded, too: UTF-8 with a mark, no formulas."""
    columns = csv_columns()
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([label for _key, label in columns])
    writer.writerows([csv_cell(row[key]) for key, _label in columns] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def _icon(verdict: Verdict, tone: str) -> str:
    if verdict.finding is not None and not verdict.finding.trusted:
        return "alert"
    if verdict.state in ICONS:
        return ICONS[verdict.state]
    return {"ok": "seal", "care": "clock", "fail": "off", "none": "search"}[tone]


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _release(facts: Facts) -> str:
    return f"{facts.module_slug} {facts.release_version} ({facts.release_digest[:12]})"


def _agreement(facts: Facts) -> str:
    line = facts.agreement
    assert line is not None
    return str(
        _(
            "%(reached)s of %(of)s %(unit)s within tolerance; %(required)s were required",
            reached=line.reached,
            of=line.of,
            unit=line.unit,
            required=line.required,
        )
    )
