"""Every change in a trial, one function a use case."""

from lms.trials.services.roster import TELL, add_rater, end_rater
from lms.trials.services.rosters import (
    APPLY,
    SentFile,
    apply_roster,
    apply_row,
    clear_old,
    keep_roster,
)
from lms.trials.services.settings import (
    NewRequirement,
    add_requirement,
    add_site,
    correct_site,
    end_requirement,
)
from lms.trials.services.trials import (
    NewTrial,
    add_coordinator,
    add_trial,
    correct_trial,
    end_coordinator,
    set_state,
)

__all__ = [
    "APPLY",
    "TELL",
    "NewRequirement",
    "NewTrial",
    "SentFile",
    "add_coordinator",
    "add_rater",
    "add_requirement",
    "add_site",
    "add_trial",
    "apply_roster",
    "apply_row",
    "clear_old",
    "correct_site",
    "correct_trial",
    "end_coordinator",
    "end_rater",
    "end_requirement",
    "keep_roster",
    "set_state",
]
