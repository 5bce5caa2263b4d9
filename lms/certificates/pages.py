"""What the pages of this room say: facts as labelled lines, verdicts in words, rows for a table."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from babel import Locale, UnknownLocaleError
from flask_babel import get_locale
from flask_babel import gettext as _

from lms.certificates.domain import (
    Facts,
    Revocation,
    Sentence,
    State,
    Verdict,
    shown_code,
    wording_of,
)
from lms.certificates.domain.terms import ENDS_SOON
from lms.certificates.forms import REASONS
from lms.web.drawing import ValidityLine, validity_line
from lms.web.filters import as_is, day

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
STATE_KINDS = {
    State.VALID: "valid",
    State.EXPIRED: "ended",
    State.REVOKED: "revoked",
    State.NOT_YET: "waiting",
}


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
    facts = verdict.facts
    return Answer(
        tone=words.tone,
        icon=_icon(verdict, words.tone),
        headline=said(words.headline),
        explanation=said(words.explanation),
        advice=said(words.advice) if words.advice else "",
        lines=fact_lines(facts, verdict.revocation) if facts else [],
        code=shown_code(verdict.code) if verdict.code else "",
        line=term_line(facts, verdict.revocation, verdict.on) if facts else None,
        verdict=verdict,
    )


def said(sentence: Sentence) -> str:
    return str(_(sentence.message, **sentence.values))


def fact_lines(facts: Facts, revocation: Revocation | None = None) -> list[tuple[str, str]]:
    """Return everything that is printed, and what became of it, as (label, value) pairs.

    What is printed stays in the certificate's language, to compare it with the paper.
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
    if revocation:
        lines.append((_("Revoked"), day(revocation.on)))
        lines.append((_("Reason"), str(REASONS[revocation.reason])))
    return [(label, value) for label, value in lines if value]


def term_line(facts: Facts, revocation: Revocation | None, on: date) -> ValidityLine:
    return validity_line(
        facts.issued_on,
        facts.expires_on,
        max(on, facts.issued_on),
        renew_from=renew_from(facts.expires_on),
        revoked=max(revocation.on, facts.issued_on) if revocation else None,
    )


def renew_from(expires_on: date | None) -> date | None:
    return expires_on - ENDS_SOON + timedelta(days=1) if expires_on else None


def language_name(tag: str) -> str:
    """Write a language's name in the reader's language; the tag itself where it is unknown."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(get_locale() or "en") or tag
    except (UnknownLocaleError, ValueError):
        return tag


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
        "expires_on": facts.expires_on if facts else None,
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
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _icon(verdict: Verdict, tone: str) -> str:
    if verdict.finding is not None and not verdict.finding.trusted:
        return "alert"
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
