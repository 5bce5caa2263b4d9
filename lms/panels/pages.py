"""What the pages of panels show, worked out before a template sees it."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from lms.accounts import api as accounts
from lms.accounts.domain import SignatureFacts
from lms.errors import LmsError
from lms.instruments import api as instruments
from lms.instruments.domain import Answer, Instrument, Item
from lms.packages.domain import Case
from lms.packages.domain.reference import PANEL_LEAST
from lms.panels import queries, services
from lms.panels.domain import (
    CaseOutcome,
    ItemAlpha,
    ItemOutcome,
    PanelState,
    RatedCase,
    TotalIcc,
    digest_of,
    item_alphas,
    total_iccs,
)
from lms.panels.queries import Asked, ExpertFacts, PanelFacts, ReferenceFacts


@dataclass(frozen=True)
class Progress:
    """Who has handed in what, in the latest round of each case.

    Args:
        handed_in, asked: of who was not withdrawn.
        too_few: that no reference can come of so few experts, "" where there are enough.
    """

    rows: tuple[tuple[ExpertFacts, tuple[Asked | None, ...]], ...]
    handed_in: int
    asked: int
    too_few: str


def progress(panel: PanelFacts) -> Progress:
    asked = queries.asked_of(panel.id)
    latest: dict[tuple[int, str], Asked] = {(one.expert_id, one.case_key): one for one in asked}
    experts = queries.experts_of(panel.id)
    there = {expert.id for expert in experts if expert.withdrawn is None}
    now = [one for one in asked if one.round == panel.round and one.expert_id in there]
    return Progress(
        rows=tuple(
            (expert, tuple(latest.get((expert.id, key)) for key in panel.cases))
            for expert in experts
        ),
        handed_in=sum(one.handed_in_at is not None for one in now),
        asked=len(now),
        too_few=too_few(len(there)) if len(there) < PANEL_LEAST else "",
    )


def too_few(left: int) -> str:
    """Say that a panel has fewer experts than a reference needs."""
    return ngettext(
        "The panel has %(num)s expert, and %(least)s must hand a case in before its reference can "
        "be signed. Ask further experts.",
        "The panel has %(num)s experts, and %(least)s must hand a case in before its reference can "
        "be signed. Ask further experts.",
        left,
        least=PANEL_LEAST,
    )


def case_titles(panel: PanelFacts) -> list[str]:
    """Return the titles of a panel's cases; those that others share say their key, too."""
    titles = {key: panel.case(key).title for key in panel.cases}
    often = Counter(titles.values())
    return [title if often[title] == 1 else f"{title} ({key})" for key, title in titles.items()]


@dataclass(frozen=True)
class ItemRow:
    """One item of one case in words: how each expert scored, and what follows."""

    label: str
    ratings: tuple[str, ...]
    reference: str
    outcome: ItemOutcome


@dataclass(frozen=True)
class CaseRows:
    """One case: its title, who rated, its items."""

    title: str
    key: str
    raters: tuple[int, ...]
    rows: tuple[ItemRow, ...]
    outcome: CaseOutcome


@dataclass(frozen=True)
class Results:
    """What a closed panel says, how reliable it is, and what stands against signing.

    Args:
        digest: of what would be signed now; "" where something stands against it.
    """

    cases: tuple[CaseRows, ...]
    iccs: tuple[TotalIcc, ...]
    alphas: tuple[ItemAlpha, ...]
    problem: str
    digest: str
    beyond: int
    waiting: int
    least: int = PANEL_LEAST


def results(panel: PanelFacts) -> Results | None:
    """Return what a panel says; None while it takes ratings, for nobody sees them then."""
    if panel.state is not PanelState.CLOSED:
        return None
    outcomes = services.outcomes_of(panel)
    problem, digest = None, ""
    try:
        digest = services.next_version(panel).digest
    except LmsError as error:
        problem = error
    iccs, alphas = reliability(panel, queries.rated_cases(panel))
    return Results(
        cases=tuple(_case_rows(panel, outcome) for outcome in outcomes),
        iccs=iccs,
        alphas=alphas,
        problem=_(problem.message, **problem.values) if problem else "",
        digest=digest,
        beyond=sum(len(outcome.cannot_fail) for outcome in outcomes),
        waiting=sum(len(outcome.waiting) for outcome in outcomes),
    )


def _case_rows(panel: PanelFacts, outcome: CaseOutcome) -> CaseRows:
    instrument = panel.instrument
    rows = []
    for one in outcome.items:
        item, given = instrument.item(one.item), dict(one.ratings)
        rows.append(
            ItemRow(
                label=item.label,
                ratings=tuple(shown(item, given.get(number)) for number in outcome.raters),
                reference=shown(item, one.reference) if one.reference else "",
                outcome=one,
            )
        )
    case = panel.case(outcome.key)
    return CaseRows(case.title, case.key, outcome.raters, tuple(rows), outcome)


def initial_title(panel: PanelFacts, case: Case) -> str:
    """Return the title of the initial visit, "" where a case is no follow-up."""
    titles = {one.key: one.title for one in panel.content.cases}
    return titles[case.follows] if case.follows else ""


def scores_in_words(panel: PanelFacts, raw: Mapping[str, Any]) -> dict[str, str]:
    """Return an expert's own scores as the form says them, by item."""
    rated, _refused = instruments.read_ratings(panel.instrument, raw)
    return {item.key: shown(item, rated.get(item.key)) for item in panel.instrument.items}


def shown(item: Item, answer: Answer | None) -> str:
    """Write a rating as the form would; a dash where there is none."""
    if answer is None:
        return "–"
    if answer.na:
        return _("NA")
    code = instruments.code_of(item, answer)
    words = instruments.shown(answer)
    return _("%(seconds)s s, code %(code)s", seconds=words, code=code) if code else words


def reliability(
    panel: PanelFacts, cases: Sequence[RatedCase]
) -> tuple[tuple[TotalIcc, ...], tuple[ItemAlpha, ...]]:
    """Return the panel's agreement; worked out once for the same ratings, for alpha's interval
    takes a bootstrap."""
    text = json.dumps(
        [
            (
                case.key,
                [
                    (n, {k: instruments.answer_to_json(a) for k, a in rated.items()})
                    for n, rated in case.raters
                ],
            )
            for case in cases
        ]
    )
    return _reliability(panel.build, text)


@lru_cache(maxsize=32)
def _reliability(build: str, text: str) -> tuple[tuple[TotalIcc, ...], tuple[ItemAlpha, ...]]:
    instrument = queries.instrument_of(build)
    cases = [
        RatedCase(
            key,
            tuple(
                (n, {item: instruments.answer_from_json(raw) for item, raw in rated.items()})
                for n, rated in raters
            ),
        )
        for key, raters in json.loads(text)
    ]
    return total_iccs(instrument, cases), item_alphas(instrument, cases)


@dataclass(frozen=True)
class Version:
    """One version of the reference with its signatures, and whether it is what was signed."""

    reference: ReferenceFacts
    signatures: tuple[SignatureFacts, ...]
    digest: str


def versions(panel: PanelFacts) -> list[Version]:
    references = queries.references_of(panel.id)
    signed = accounts.signatures_of(*(one.subject for one in references))
    return [
        Version(
            one,
            tuple(signature for signature in signed if signature.subject == one.subject),
            digest_of(one.content),
        )
        for one in references
    ]


@dataclass(frozen=True)
class Disputed:
    """An item that waits for, or has, the adjudicator's value.

    Args:
        instrument: the form with this item alone.
        prefix: of the fields, so that several forms stand on a page.
    """

    case: Case
    item: Item
    instrument: Instrument
    ratings: tuple[str, ...]
    outcome: ItemOutcome
    prefix: str


def disputed(panel: PanelFacts) -> list[Disputed]:
    found: list[Disputed] = []
    whole = panel.instrument
    for outcome in services.outcomes_of(panel):
        for one in outcome.items:
            if not one.beyond:
                continue
            item = whole.item(one.item)
            found.append(
                Disputed(
                    case=panel.case(outcome.key),
                    item=item,
                    instrument=replace(
                        whole,
                        items=(replace(item, row="", column="", section=""),),
                        sections=(),
                        totals=(),
                        derived=(),
                    ),
                    ratings=tuple(shown(item, answer) for _number, answer in one.ratings),
                    outcome=one,
                    prefix=f"d{len(found)}-",
                )
            )
    return found
