"""What happened to a panel, in sentences: the trail keeps short keys and digests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from lms.accounts import api as accounts
from lms.audit import api as audit
from lms.audit.domain import Happened
from lms.panels.forms import METHOD_WORDS
from lms.panels.queries import PanelFacts
from lms.web.filters import as_is, percent

MOST_EVENTS = 50
HANDED_IN = "panel rating handed in"


@dataclass(frozen=True)
class Told:
    """One thing that happened, in a sentence.

    Args:
        by: who did it, "" where the product did.
        url: of what came of it, with `link` as its words; "" where there is none.
    """

    sentence: str
    at: datetime
    by: str
    reason: str
    url: str = ""
    link: str = ""


def history(panel: PanelFacts) -> list[Told]:
    """Return the latest of what happened to a panel, the last first; handing in stands in a table
    of its own."""
    happened = audit.history_of(f"panel:{panel.id}")
    events = [event for event in happened if event.action != HANDED_IN][-MOST_EVENTS:]
    names = accounts.names_of({event.actor_id for event in events if event.actor_id})
    return [_told(panel, event, names) for event in reversed(events)]


def _told(panel: PanelFacts, event: Happened, names: Mapping[int, str]) -> Told:
    after = event.after or {}
    teller = _TELLERS.get(event.action)
    draft = after.get("draft") if event.action == "panel reference taken into the package" else None
    return Told(
        sentence=teller(panel, after) if teller else f"{_(event.action)}.",
        at=event.at,
        by=names.get(event.actor_id or 0, ""),
        reason=event.reason or "",
        url=url_for("packages.show_draft", draft_id=draft) if draft else "",
        link=_("The draft") if draft else "",
    )


def _opened(panel: PanelFacts, after: Mapping[str, Any]) -> str:
    method = METHOD_WORDS.get(after["method"], after["method"])
    return _(
        "The panel was opened: %(cases)s, %(experts)s. Reference: %(method)s. Limit of "
        "disagreement: %(limit)s.",
        cases=_cases(len(after["cases"])),
        experts=_experts(after["experts"]),
        method=method,
        limit=percent(float(after["limit"])),
    )


def _asked(_panel: PanelFacts, after: Mapping[str, Any]) -> str:
    return ngettext(
        "%(num)s further expert was asked.", "%(num)s further experts were asked.", after["experts"]
    )


def _withdrawn(_panel: PanelFacts, after: Mapping[str, Any]) -> str:
    return _(
        "Panel %(number)s was withdrawn. What they scored does not count; %(left)s stay.",
        number=after["expert"],
        left=after["left"],
    )


def _closed(_panel: PanelFacts, after: Mapping[str, Any]) -> str:
    return _(
        "Round %(round)s was closed with %(done)s of %(all)s cases handed in.",
        round=after["round"],
        done=after["handed_in"],
        all=after["asked"],
    )


def _again(panel: PanelFacts, after: Mapping[str, Any]) -> str:
    language = panel.content.language
    return _filled(
        _("Round %(round)s was opened. Asked again: %(experts)s, about these cases: %(cases)s."),
        round=after["round"],
        experts=_experts(after["experts"]),
        cases=Markup(", ").join(
            as_is(panel.case(key).title, language) or "" for key in after["cases"]
        ),
    )


def _decided(panel: PanelFacts, after: Mapping[str, Any]) -> str:
    language = panel.content.language
    return _filled(
        _("The disputed item “%(item)s” of “%(case)s” was decided."),
        item=as_is(panel.instrument.item(after["item"]).label, language),
        case=as_is(panel.case(after["case"]).title, language),
    )


def _signed(_panel: PanelFacts, after: Mapping[str, Any]) -> str:
    return _("Version %(n)s of the reference was signed.", n=after["version"])


def _taken(_panel: PanelFacts, after: Mapping[str, Any]) -> str:
    return _(
        "Version %(n)s of the reference was taken into version %(version)s of the package, as a "
        "draft.",
        n=after["reference"],
        version=after["version"],
    )


def _filled(sentence: str, **values: object) -> str:
    """Fill in what is not ours, marked so that a page does not translate it."""
    return Markup(escape(sentence)) % values  # noqa: S704  (the sentence is escaped)


def _cases(count: int) -> str:
    return ngettext("%(num)s case", "%(num)s cases", count)


def _experts(count: int) -> str:
    return ngettext("%(num)s expert", "%(num)s experts", count)


_TELLERS = {
    "panel opened": _opened,
    "experts asked": _asked,
    "expert withdrawn": _withdrawn,
    "panel closed": _closed,
    "panel asked again": _again,
    "disputed item decided": _decided,
    "panel reference signed": _signed,
    "panel reference taken into the package": _taken,
}
