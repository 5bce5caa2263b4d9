"""What people hold and where they are in training, asked of the rooms below."""

from collections.abc import Sequence
from datetime import date

from lms.certificates import api as certificates
from lms.certificates.domain import Held as CertificateHeld
from lms.modules import api as modules
from lms.packages import api as packages
from lms.trials.domain import Held, Training


def module_titles() -> dict[str, str]:
    """Return the titles of published modules by slug."""
    return {release.slug: release.title for release in packages.catalogue()}


def certificates_of(person_ids: Sequence[int], on: date) -> dict[int, list[Held]]:
    """Return what people hold or held, by person, in one call however many they are."""
    held: dict[int, list[Held]] = {}
    for one in certificates.states_for_people(person_ids, on):
        held.setdefault(one.holder_id, []).append(held_of(one))
    return held


def held_of(one: CertificateHeld) -> Held:
    return Held(
        code=one.code,
        module_slug=one.module_slug,
        level=one.level,
        instrument=one.instrument_ref,
        issued_on=one.issued_on,
        expires_on=one.expires_on,
        revoked_on=one.revoked_on,
        void=one.void,
        demonstration=one.demonstration,
        suspensions=tuple((pause.on, pause.lifted_on) for pause in one.suspensions),
        superseded_on=one.superseded_on,
    )


def training_of(
    person_ids: Sequence[int], slugs: Sequence[str], on: date
) -> dict[tuple[int, str], Training]:
    """Return what was under way on a day, by person and module."""
    return {
        key: Training(begun_on=state.enrolled_at.date())
        for key, state in modules.states_of(person_ids, slugs, on=on).items()
        if state.state is modules.TrainingState.IN_TRAINING
    }
