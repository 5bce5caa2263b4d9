"""Reading trials: everything begins with trial_of, which knows who asks."""

from lms.trials.queries.binding import bound_to
from lms.trials.queries.evidence import module_titles
from lms.trials.queries.matrix import (
    AskedOfMe,
    Group,
    Matrix,
    Sought,
    asked_of_person,
    matrix_of,
    row_of,
)
from lms.trials.queries.roster import (
    entries_of,
    people_by_address,
    rater_facts,
    rater_of,
    stays_of,
)
from lms.trials.queries.rosters import (
    Judged,
    Judgement,
    judgement_of,
    read_email,
    read_name,
    upload_of,
    verdicts_for,
)
from lms.trials.queries.trials import (
    coordinator_of,
    coordinators_of,
    count_coordinators,
    last_state_number,
    locked_trial,
    open_trial,
    requirement_of,
    requirements_of,
    site_of,
    sites_of,
    trial_of,
    trials_of,
)

__all__ = [
    "AskedOfMe",
    "Group",
    "Judged",
    "Judgement",
    "Matrix",
    "Sought",
    "asked_of_person",
    "bound_to",
    "coordinator_of",
    "coordinators_of",
    "count_coordinators",
    "entries_of",
    "judgement_of",
    "last_state_number",
    "locked_trial",
    "matrix_of",
    "module_titles",
    "open_trial",
    "people_by_address",
    "rater_facts",
    "rater_of",
    "read_email",
    "read_name",
    "requirement_of",
    "requirements_of",
    "row_of",
    "site_of",
    "sites_of",
    "stays_of",
    "trial_of",
    "trials_of",
    "upload_of",
    "verdicts_for",
]
