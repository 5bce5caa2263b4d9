"""Trials with sites, raters, requirements and certificates, for tests."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from lms.accounts.domain import Role
from lms.accounts.models import Person
from lms.certificates import api as certificates
from lms.certificates.domain import RevocationReason
from lms.db import db, transaction
from lms.modules.models import Enrolment
from lms.packages.models import Build, Package, Release
from lms.trials import queries, services
from lms.trials.domain import Entry, NewSite, TrialFacts, Viewer
from tests.factories import NOW, MadePerson, make_person
from tests.factories_certificates import make_facts

TODAY = NOW.date()
_numbers = count(1)


@dataclass(frozen=True)
class MadeTrial:
    """What a test needs to know of a trial."""

    id: int
    name: str
    coordinator: MadePerson
    site_ids: dict[str, int] = field(default_factory=dict)

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.coordinator.id)

    @property
    def facts(self) -> TrialFacts:
        return queries.trial_of(self.viewer, self.id)


def make_trial(
    name: str = "", *, sites: tuple[str, ...] = ("01",), coordinator: MadePerson | None = None
) -> MadeTrial:
    """Write down a trial with sites, looked after by a coordinator."""
    n = next(_numbers)
    name = name or f"Trial {n}"
    who = coordinator or make_person(Role.COORDINATOR)
    with transaction():
        trial_id = services.add_trial(
            services.NewTrial(name=name, protocol_code=f"P-{n:03}", sponsor="A sponsor"),
            added_by=who.id,
            now=NOW,
        )
    made = MadeTrial(trial_id, name, who)
    for number in sites:
        with transaction():
            made.site_ids[number] = services.add_site(
                made.viewer, trial_id, NewSite(number, f"Hospital {number}", "Norway"), now=NOW
            )
    return made


def make_module(slug: str = "mmt8", title: str = "MMT-8") -> int:
    """Publish a module by its rows alone and return the release's id."""
    with transaction():
        package = Package(slug=slug, created_at=NOW)
        build = Build(digest=slug.ljust(64, "0"), content={}, source="0" * 64, compiled_at=NOW)
        db.session.add_all([package, build])
        db.session.flush()  # the release needs the package's id
        release = Release(
            package_id=package.id,
            version="1.0",
            digest=build.digest,
            title=title,
            published_at=NOW,
        )
        db.session.add(release)
        db.session.flush()  # the test needs the id
        return release.id


def make_requirement(
    trial: MadeTrial, slug: str = "mmt8", *, from_on: date = date(2026, 1, 1), **given: Any
) -> int:
    asked = services.NewRequirement(slug, from_on, **given)
    with transaction():
        return services.add_requirement(trial.viewer, trial.id, asked, now=NOW)


def make_confirmed_person(*roles: Role, name: str = "", email: str = "") -> MadePerson:
    """Write down somebody whose address is shown to be theirs."""
    made = make_person(*roles, name=name, email=email)
    with transaction():
        db.session.get_one(Person, made.id).confirmed_at = NOW
    return made


def make_rater(
    trial: MadeTrial,
    email: str = "",
    *,
    name: str = "",
    site: str = "01",
    from_on: date = date(2026, 1, 1),
    account: bool = True,
    role: str = "",
) -> tuple[int, int | None]:
    """Put somebody on the roster; return the ids of the entry and of the person, if any."""
    n = next(_numbers)
    email, name = email or f"rater{n}@example.org", name or f"Rater {n:03}"
    person = make_confirmed_person(name=name, email=email) if account else None
    with transaction():
        services.add_rater(
            trial.viewer,
            trial.id,
            Entry(email, name, site, role, "", from_on),
            today=TODAY,
            now=NOW,
        )
    return queries.entries_of(trial.facts, email)[-1].id, person.id if person else None


def make_certificate(
    person_id: int | None,
    slug: str = "mmt8",
    *,
    issued: date = date(2026, 1, 10),
    expires: date | None = date(2028, 1, 10),
    revoked: date | None = None,
    **given: Any,
) -> str:
    """Issue a certificate as training does, revoke it if asked, and return its code."""
    assert person_id is not None
    facts = make_facts(module_slug=slug, issued_on=issued, expires_on=expires, **given)
    with transaction():
        made = certificates.issue(
            facts,
            holder_id=person_id,
            subject=f"test:{next(_numbers)}",
            now=datetime.combine(issued, time(9), UTC),
        )
    if revoked:
        with transaction():
            certificates.revoke(
                made.id,
                reason_class=RevocationReason.SUPERSEDED,
                reason="A test",
                revoked_by=person_id,
                now=datetime.combine(revoked, time(9), UTC),
            )
    return made.code


def begin_training(person_id: int | None, slug: str, release_id: int, *, on: date) -> None:
    """Enrol somebody in a module."""
    assert person_id is not None
    with transaction():
        db.session.add(
            Enrolment(
                person_id=person_id,
                package_slug=slug,
                release_id=release_id,
                enrolled_at=datetime.combine(on, time(9), UTC),
            )
        )


def days(number: int) -> date:
    """Return a day so many days from the tests' today."""
    return TODAY + timedelta(days=number)
