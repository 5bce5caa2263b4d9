"""Badges, keys and status lists with fixed values, without an app."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from lms.certificates.badges import keyring
from lms.certificates.badges.credential import Issuer, StatusEntry, credential, list_address
from lms.certificates.badges.listing import status_list
from lms.certificates.badges.signer import BadgeSigner, Place, open_signer
from lms.certificates.badges.verification import Known
from lms.certificates.domain import Facts
from lms.certificates.domain.badging import Purpose
from tests.factories_certificates import CODE, make_facts

BASE = "https://concord.example"
DID = "did:web:concord.example"
SIGNED_AT = datetime(2026, 6, 14, 15, 2, tzinfo=UTC)
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
ENTRY = StatusEntry(number=1, place=70_001)
SECRET = "a secret of the tests, long enough to be one"


def place_of(folder: Path, **given: Any) -> Place:
    values = {"folder": folder, "secret": SECRET, "controller": DID, "production": False}
    return Place(**{**values, **given})


@dataclass
class House:
    """An issuer of badges without an app: its signer, and what a checker knows of it."""

    signer: BadgeSigner
    signed_at: datetime = SIGNED_AT
    lists: dict[str, bytes] = field(default_factory=dict)

    @property
    def known(self) -> Known:
        return Known([self.signer.public], self.lists)

    @property
    def issuer(self) -> Issuer:
        return Issuer(DID, BASE, self.signer.public.development)

    def document(self, facts: Facts | None = None, entry: StatusEntry = ENTRY) -> dict[str, Any]:
        return credential(facts or make_facts(), CODE, issuer=self.issuer, status=entry)

    def badge(self, facts: Facts | None = None, entry: StatusEntry = ENTRY) -> tuple[bytes, bytes]:
        """Return a badge as JSON and as a token."""
        return self.signer.sign(self.document(facts, entry), created=self.signed_at)

    def publish(self, *, now: datetime = NOW, token: bool = False, **places: int) -> None:
        """Sign both lists, with one place set in the one that is named."""
        for purpose in Purpose:
            address = list_address(BASE, purpose, 1)
            chosen = (places[purpose],) if purpose in places else ()
            document = status_list(address, purpose, chosen, issuer=DID, now=now)
            proved, as_token = self.signer.sign(document, created=now)
            self.lists[address] = as_token if token else proved


def make_house(folder: Path, *, signed_at: datetime = SIGNED_AT, **given: Any) -> House:
    return House(open_signer(place_of(folder, **given), now=signed_at), signed_at)


def make_expired() -> Facts:
    return make_facts(issued_on=date(2026, 6, 14), expires_on=date(2026, 8, 1))


def keys_of(house: House) -> bytes:
    return keyring.keys_as_json([house.signer.public])
