"""The rules of panels: who is asked, what follows from their ratings, how reliable they are."""

from lms.panels.domain.made import digest_of, file_keys, made_content
from lms.panels.domain.outcomes import (
    CaseOutcome,
    Decision,
    ItemOutcome,
    RatedCase,
    beyond,
    disagreement,
    outcome_of,
)
from lms.panels.domain.panels import (
    AlreadyHandedIn,
    CasesChanged,
    Incomplete,
    NewPanel,
    NotReady,
    PanelClosed,
    PanelMethod,
    PanelState,
    Viewer,
    read_experts,
    state_of,
)
from lms.panels.domain.reliability import ItemAlpha, TotalIcc, item_alphas, total_iccs

__all__ = [
    "AlreadyHandedIn",
    "CaseOutcome",
    "CasesChanged",
    "Decision",
    "Incomplete",
    "ItemAlpha",
    "ItemOutcome",
    "NewPanel",
    "NotReady",
    "PanelClosed",
    "PanelMethod",
    "PanelState",
    "RatedCase",
    "TotalIcc",
    "Viewer",
    "beyond",
    "digest_of",
    "disagreement",
    "file_keys",
    "item_alphas",
    "made_content",
    "outcome_of",
    "read_experts",
    "state_of",
    "total_iccs",
]
