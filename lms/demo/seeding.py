"""An empty development database gets people, a trial, certificates, and something to look at."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import func, select

from lms import jobs
from lms.accounts import api as accounts
from lms.accounts.domain import Role
from lms.accounts.models import Person
from lms.certificates import api as certificates
from lms.certificates.domain import RevocationReason
from lms.db import db, transaction
from lms.demo.doing import calibrate, complete, do_step, practise
from lms.demo.paneling import open_demo_panel
from lms.demo.people import (
    HISTORY,
    LEARNER,
    PASSWORD,
    RATERS,
    SIGN_INS,
    DemoRater,
    SignIn,
)
from lms.modules import queries, services
from lms.packages import api as packages
from lms.trials import api as trials

OWNED: Final = frozenset({"mmt8", "physician-global"})
"""What the demonstration's creator owns; CMAS stays as it ships, with nobody for an owner."""
CALIBRATED: Final = "physician-global"
PAUSE: Final = timedelta(minutes=1)
"""So long the files of the demonstration's certificates wait for those who look around."""
Deed = Callable[..., None]


def sign_ins() -> list[SignIn]:
    """Return the demonstration's people who are there and still have their first password."""
    known = accounts.people_by_email([one.email for one in SIGN_INS])
    return [one for one in SIGN_INS if one.email in known]


def is_empty() -> bool:
    """Tell whether nobody has an account yet."""
    return not db.session.scalar(select(func.count()).select_from(Person))


def seed(*, now: datetime) -> None:
    """Fill an empty database with people, a trial, certificates; do nothing to another one."""
    if not is_empty():
        return
    begin = now - HISTORY
    ids = _people(now=begin)
    slugs = {release.slug for release in packages.catalogue()}
    for slug in sorted(slugs & OWNED):
        with transaction():
            packages.add_owner(slug, person_id=ids["creator"], added_by=ids["admin"], now=begin)
    _seed_trial(ids["coordinator"], slugs, now=begin)
    for at, deed in sorted(_deeds(ids, slugs, now=now), key=lambda one: one[0]):
        deed(now=at)
    with transaction():  # whoever signs in now does not wait behind what is made up
        jobs.put_off(until=now + PAUSE)


def _people(*, now: datetime) -> dict[str, int]:
    """Add everybody, and return their ids by role or address."""
    ids: dict[str, int] = {}
    with transaction():
        for one in SIGN_INS:
            roles = {Role.TRAINEE, Role(one.role)}
            ids[one.role] = accounts.add_person(
                email=one.email, name=one.name, password=one.password, now=now, roles=roles
            )
        for rater in RATERS:
            ids[rater.email] = accounts.add_person(
                email=rater.email, name=rater.name, password=PASSWORD, now=now
            )
    return ids


def _deeds(
    ids: dict[str, int], slugs: set[str], *, now: datetime
) -> Iterator[tuple[datetime, Deed]]:
    """Give what happened since the trial began, each with its moment; in no order."""
    for rater in RATERS:
        at = now - timedelta(days=rater.days)
        for slug in rater.modules:
            if slug in slugs:
                yield at, partial(complete, ids[rater.email], slug, hand=rater.hand)
        if CALIBRATED in slugs:
            yield from _calibrations(rater, ids[rater.email], certified=at)
    if "cmas" in slugs:
        at = now - timedelta(days=12)
        yield at, partial(practise, ids["trainee"], "cmas", cases=6, hand=LEARNER)
    if CALIBRATED in slugs:
        yield now - timedelta(days=5), partial(open_demo_panel, CALIBRATED, ids)
    if "mmt8" in slugs:
        yield now, partial(_begin, ids["trainee"], "mmt8")
        yield now, partial(_revoke_one, ids["giorgos.pappas@example.org"], by=ids["admin"])


def _calibrations(
    rater: DemoRater, person_id: int, *, certified: datetime
) -> Iterator[tuple[datetime, Deed]]:
    """Give the calibration cases that a rater scored, on the days on which they were due."""
    asked = packages.content_of(packages.current_release(CALIBRATED).digest).calibration
    if asked is None:
        return
    for number, by in enumerate(rater.calibration):
        times = number // asked.required + 1
        at = certified + timedelta(weeks=asked.every_weeks * times)
        yield at, partial(calibrate, person_id, CALIBRATED, by)


def _seed_trial(coordinator_id: int, slugs: set[str], *, now: datetime) -> None:
    viewer = trials.Viewer(coordinator_id)
    with transaction():
        trial_id = trials.add_trial(
            trials.NewTrial("Myolink", "MYO-301", "Demonstration sponsor"),
            added_by=coordinator_id,
            now=now,
        )
    for number, name, country in (
        ("01", "Hospital das Clínicas, Recife", "BR"),
        ("02", "University Hospital Leeds", "GB"),
        ("03", "Karolinska, Stockholm", "SE"),
    ):
        with transaction():
            trials.add_site(viewer, trial_id, trials.NewSite(number, name, country), now=now)
    for slug in sorted(slugs & {"mmt8", "physician-global"}):
        with transaction():
            trials.add_requirement(
                viewer, trial_id, trials.NewRequirement(slug, now.date()), now=now
            )
    trainee = next(one for one in SIGN_INS if one.role == "trainee")
    entries = [trials.Entry(trainee.email, trainee.name, "01")]
    entries += [
        trials.Entry(one.email, one.name, one.site, language=one.language) for one in RATERS
    ]
    for entry in entries:
        with transaction():
            _put(viewer, trial_id, entry, today=now.date(), now=now)


def _put(
    viewer: trials.Viewer, trial_id: int, entry: trials.Entry, *, today: date, now: datetime
) -> None:
    trials.add_rater(viewer, trial_id, entry, today=today, now=now)


def _begin(person_id: int, slug: str, *, now: datetime) -> None:
    """Take the first step of a module, so that home has something to go on with."""
    with transaction():
        services.enrol(person_id, slug, now=now)
    view = services.current_path(queries.enrolment_of(person_id, slug), now=now).next
    if view is not None:
        do_step(person_id, slug, view, now=now)


def _revoke_one(person_id: int, *, by: int, now: datetime) -> None:
    enrolment = queries.enrolments_of(person_id)[0]
    if enrolment.certificate_id is None:
        return
    with transaction():
        certificates.revoke(
            enrolment.certificate_id,
            reason_class=RevocationReason.HOLDERS_REQUEST,
            reason="Shown in the demonstration.",
            revoked_by=by,
            now=now,
        )
