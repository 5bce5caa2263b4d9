"""Every write of panels: open, ask, score, hand in, close, decide, sign, take into the package."""

from lms.panels.services.closing import Again, ask_again, close_panel, decide
from lms.panels.services.opening import TELL, add_experts, open_panel, workpiece_for
from lms.panels.services.scoring import bind_all, hand_in, save_ratings
from lms.panels.services.signing import (
    NextVersion,
    check_signable,
    next_version,
    obstacle,
    outcomes_of,
    sign_reference,
    signature_on,
)
from lms.panels.services.taking import Taking, plan_taking, take_into_package
from lms.panels.services.withdrawing import withdraw_expert

__all__ = [
    "TELL",
    "Again",
    "NextVersion",
    "Taking",
    "add_experts",
    "ask_again",
    "bind_all",
    "check_signable",
    "close_panel",
    "decide",
    "hand_in",
    "next_version",
    "obstacle",
    "open_panel",
    "outcomes_of",
    "plan_taking",
    "save_ratings",
    "sign_reference",
    "signature_on",
    "take_into_package",
    "withdraw_expert",
    "workpiece_for",
]
