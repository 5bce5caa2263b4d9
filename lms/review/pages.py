"""What the pages of looking back show, worked out before a template sees it."""

from dataclasses import dataclass, replace
from typing import Any, Final

from flask_babel import gettext as _
from wtforms import SelectChoice

from lms.accounts import api as accounts
from lms.certificates.domain import shown_code
from lms.instruments import api as instruments
from lms.instruments.domain import Answer
from lms.packages.domain import CertificationStep, Content
from lms.packages.domain.findings import Finding
from lms.review.queries import WhatIfFacts
from lms.web.filters import language_name

MOST_SHOWN: Final = 200  # certificates that are listed; all of them are in the answer that is kept


@dataclass(frozen=True)
class Choices:
    """What a reference may be changed of."""

    cases: list[SelectChoice]
    items: list[SelectChoice]


def choices_of(content: Content, step: CertificationStep) -> Choices:
    instrument = instruments.instrument_from_data(content.instrument)
    return Choices(
        cases=[
            SelectChoice(case.key, f"{form.key}: {case.title} ({case.key})")
            for form in step.forms
            for case in form.cases
        ],
        items=[SelectChoice(item.key, item.label) for item in instrument.items],
    )


def told(found: Finding) -> str:
    """Return what is wrong with written rules, with its line, and what to do."""
    sentence, advice = found.told(_)
    line = _("Line %(line)s: %(sentence)s", line=found.line or 1, sentence=sentence)
    return f"{line} {advice}".strip()


@dataclass(frozen=True)
class Listed:
    """A question in a list."""

    asked: WhatIfFacts
    gained: int | None
    lost: int | None


def listed(asked: WhatIfFacts) -> Listed:
    if asked.result is None:
        return Listed(asked, None, None)
    people: Any = asked.result["people"]
    return Listed(asked, people["gained"], people["lost"])


def answer_of(asked: WhatIfFacts, *, names: bool) -> dict[str, Any]:
    """Return the answer to a question.

    Args:
        names: whether holders of touched certificates are named, for administrators.
    """
    from lms.review.domain.what_if import result_from_data  # numpy is loaded with it

    assert asked.result is not None
    result = result_from_data(asked.result)
    nowhere = _("On no roster")
    shown = result.certificates[:MOST_SHOWN] if names else ()
    holders = [one.holder_id for one in shown]
    return {
        "result": result,
        "groups": [
            (_("Tries by form"), _("Form"), result.forms),
            (_("Tries by release"), _("Release"), result.releases),
            (_("Rounds by site"), _("Trial and site"), _named(result.sites, nowhere)),
            (_("Rounds by language"), _("Language"), _in_words(result.languages)),
        ],
        "holders": accounts.names_of(holders),
        "most": MOST_SHOWN,
        "shown_code": shown_code,
    }


def _in_words(languages: Any) -> Any:
    named = _named(languages, _("Not known"))
    return tuple(replace(one, name=language_name(one.name)) for one in named)


def _named(rows: Any, otherwise: str) -> Any:
    return tuple(one if one.name else replace(one, name=otherwise) for one in rows)


def plain_value(answer: Answer) -> str:
    """Return a rating as a case file writes it."""
    if answer.na:
        return "NA"
    value = instruments.answer_to_json(answer)["value"]
    return "[" + ", ".join(map(str, value)) + "]" if isinstance(value, list) else str(value)


def shown_value(answer: Answer | None) -> str:
    """Return a rating as people read it."""
    return "" if answer is None else instruments.shown(answer)
