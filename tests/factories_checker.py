"""An issuer of files and badges without an app, and the trust bundle that a page carries."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha384
from pathlib import Path
from typing import Any

from asn1crypto import cms
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from lms.certificates import der, keys, pdf, signing
from lms.certificates.badges.credential import StatusEntry, list_address
from lms.certificates.badges.listing import status_list
from lms.certificates.domain import Facts
from lms.certificates.domain.badging import Purpose
from lms.certificates.keys import Role, Signer, Trust, certifying
from lms.certificates.oneform import written_stamp
from lms.certificates.sealing import attached
from lms.certificates.stamping import LocalStamper
from tests.factories_badges import BASE, DID, House, make_house
from tests.factories_badges import NOW as AS_OF
from tests.factories_certificates import CODE, make_facts
from tests.unit.certificates.conftest import (
    NOW,
    evidence_of,
    key_settings,
    make_signer,
    withdraw,
)

WITHDRAWN_SINCE = NOW + timedelta(days=30)
FREE, REVOKED, SUSPENDED = (StatusEntry(1, place) for place in (10, 20, 30))


@dataclass
class Institution:
    """Keys of one issuer in a folder of its own."""

    folder: Path
    signer: Signer
    stamper: Signer
    house: House
    elsewhere: "StamperElsewhere"

    def seal(
        self,
        facts: Facts | None = None,
        entry: StatusEntry | None = FREE,
        *,
        at: datetime = NOW,
        stamper: LocalStamper | None = None,
    ) -> bytes:
        """Make a certificate as an installation does: badge inside, stamped, with evidence.

        Args:
            entry: the place in the status lists; None for a file without a badge.
            stamper: another than the institution's own.
        """
        drawn = self.draw(facts or make_facts(), entry, at=at)
        stamper = stamper or LocalStamper(self.stamper, lambda: at)
        return signing.sign(drawn, self.signer, signed_at=at, stamper=stamper)

    def draw(self, facts: Facts, entry: StatusEntry | None, *, at: datetime = NOW) -> bytes:
        crls = keys.read_crls(self.folder / keys.FOLDER)
        badges = () if entry is None else (attached(self.house.badge(facts, entry)[0]),)
        return pdf.render(
            facts,
            CODE,
            base_url=BASE,
            sealed_at=at,
            development=True,
            attachments=badges,
            finisher=signing.finisher(evidence_of(self.signer, self.stamper, crls)),
        )

    def bundle(self, *, now: datetime = AS_OF) -> dict[str, Any]:
        """Return the data of a page, with a list for each purpose, signed at that moment."""
        crls = keys.read_crls(self.folder / keys.FOLDER)
        return {
            "format": "concord-trust-bundle/1",
            "issuer": "Concord demonstration authority",
            "address": BASE,
            "as_of": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "development": True,
            "roots": [keys.pem(self.signer.root).decode()],
            "stamp_roots": [keys.pem(self.elsewhere.root).decode()],
            "chain": [keys.pem(one).decode() for one in self.signer.chain[:-1]],
            "crls": [base64.b64encode(keys.der(crl)).decode() for crl in crls],
            "badge_keys": {"keys": [self.house.signer.public.as_data()]},
            "lists": dict(self._lists(now)),
        }

    def trust(self) -> Trust:
        crls = keys.read_crls(self.folder / keys.FOLDER)
        return Trust((self.signer.root,), crls, (self.elsewhere.root,))

    def _lists(self, now: datetime) -> Iterable[tuple[str, str]]:
        chosen = {Purpose.REVOCATION: REVOKED, Purpose.SUSPENSION: SUSPENDED}
        for purpose, entry in chosen.items():
            address = list_address(BASE, purpose, 1)
            document = status_list(address, purpose, (entry.place,), issuer=DID, now=now)
            yield address, self.house.signer.sign(document, created=now)[1].decode()


class StamperElsewhere(LocalStamper):
    """An authority of other people: an elliptic key, under a root that signs with PSS."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, signer: Signer) -> None:
        super().__init__(signer, lambda: NOW)
        self.key, self.root = key, signer.root

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        stated = self._stated(message_digest, md_algorithm)
        attributes = der.set_of(
            der.attribute("content_type", der.content_type("tst_info")),
            der.attribute("message_digest", der.tagged(der.OCTETS, sha384(stated).digest())),
            self._whose,
        )
        signature = self.key.sign(attributes, ec.ECDSA(hashes.SHA384()))
        written = written_stamp(
            stated,
            attributes,
            signature,
            self._path,
            digest="sha384",
            mechanism=der.signature_algorithm("sha384_ecdsa"),
        )
        return cms.ContentInfo.load(written)


def elsewhere() -> StamperElsewhere:
    above, key = certifying.new_key(2048), ec.generate_private_key(ec.SECP384R1())
    name = certifying.subject("Stamps of Example", Role.ROOT)
    root = certifying.certify_root(above, name, NOW)
    builder = certifying._begun(
        Role.STAMPER,
        key.public_key(),  # type: ignore[arg-type]
        certifying.subject("Stamps of Example", Role.STAMPER),
        name,
        NOW,
    )
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    leaf = builder.sign(above, hashes.SHA256(), rsa_padding=pss)
    return StamperElsewhere(key, Signer(keys.FileKey(above), leaf, (root,)))


def make_institution(folder: Path, *, withdrawn: bool = False) -> Institution:
    """Open a new issuer.

    Args:
        withdrawn: its signing key is withdrawn since WITHDRAWN_SINCE; what is older holds.
    """
    signer = make_signer(folder)
    stamper = keys.open_stamper(key_settings(folder), now=NOW)
    if withdrawn:
        withdraw(folder, signer.certificate, WITHDRAWN_SINCE)
    return Institution(folder, signer, stamper, make_house(folder / "badges"), elsewhere())
