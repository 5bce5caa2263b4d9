"""What somebody was on a day: at which sites, with which language, how far as a rater."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from lms.accounts.models import Person
from lms.certificates.domain import SuccessionKind
from lms.certificates.models import Certificate, Withdrawal
from lms.db import db
from lms.modules.models import Enrolment
from lms.reports.domain.reliability import Held, Tier, tier_of
from lms.trials.models import Rater, Site, Trial


@dataclass(frozen=True)
class Stay:
    """That somebody was on a trial's roster at a site, both days included."""

    site: str
    language: str
    from_on: date
    to_on: date | None

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True)
class Standing:
    """Rosters, languages and certificates of everybody who is enrolled in a module, by person."""

    stays: Mapping[int | None, list[Stay]]
    languages: Mapping[int, str]
    certificates: Mapping[int, list[Held]]

    def sites_on(self, person_id: int, day: date) -> tuple[str, ...]:
        """Every site on whose roster the person was on that day, each once."""
        here = (stay.site for stay in self.stays.get(person_id, ()) if stay.covers(day))
        return tuple(sorted(set(here)))

    def language_on(self, person_id: int, day: date) -> str:
        """The account's language, else the roster's on that day; "" where neither is known."""
        own = self.languages.get(person_id, "")
        listed = (s.language for s in self.stays.get(person_id, ()) if s.covers(day) and s.language)
        return own or next(listed, "")

    def tier_at(self, person_id: int, at: datetime) -> Tier:
        return tier_of(self.certificates.get(person_id, ()), at)


def standing_of(slug: str, instrument_id: str) -> Standing:
    """Read it in three queries, for all people who ever enrolled in a module."""
    enrolled = select(Enrolment.person_id).where(Enrolment.package_slug == slug)
    return Standing(
        stays=_stays(enrolled),
        languages=dict(
            db.session.execute(
                select(Person.id, Person.language).where(Person.id.in_(enrolled))
            ).all()
        ),
        certificates=_certificates(enrolled, instrument_id),
    )


def _stays(people: Select[int]) -> Mapping[int | None, list[Stay]]:
    rows = db.session.execute(
        select(
            Rater.person_id,
            Trial.protocol_code,
            Site.number,
            Rater.language,
            Rater.from_on,
            Rater.to_on,
        )
        .join(Site, Site.id == Rater.site_id)
        .join(Trial, Trial.id == Rater.trial_id)
        .where(Rater.person_id.in_(people))
        .order_by(Rater.id)
    )
    found: dict[int | None, list[Stay]] = defaultdict(list)
    for person_id, code, number, language, from_on, to_on in rows:
        found[person_id].append(Stay(f"{code} / {number}", language, from_on, to_on))
    return found


def _certificates(people: Select[int], instrument_id: str) -> dict[int, list[Held]]:
    """Certificates of any version of the instrument that were not withdrawn; no corrections."""
    rows = db.session.execute(
        select(Certificate.holder_id, Certificate.issued_at, Certificate.succession)
        .outerjoin(Withdrawal, Withdrawal.certificate_id == Certificate.id)
        .where(
            Certificate.holder_id.in_(people),
            Certificate.instrument_ref.startswith(f"{instrument_id}@", autoescape=True),
            Withdrawal.id.is_(None),
        )
        .order_by(Certificate.issued_at, Certificate.id)
    )
    found: dict[int, list[Held]] = defaultdict(list)
    for person_id, issued_at, succession in rows:
        if succession in (None, SuccessionKind.RENEWAL):
            found[person_id].append(Held(issued_at, renewal=succession is not None))
    return found


def names_of(slug: str) -> dict[int, str]:
    """Return by id the names of all who are enrolled in a module; for those who may see them."""
    rows = db.session.execute(
        select(Person.id, Person.name)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.package_slug == slug)
    )
    return dict(rows.all())
