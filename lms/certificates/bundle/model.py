"""What a trust bundle holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from cryptography import x509

from lms.certificates.badges.keyring import BadgeKey
from lms.certificates.badges.verification import Known
from lms.certificates.keys import Trust

FORMAT: Final = "concord-trust-bundle/1"


class BadBundle(Exception):
    """It is no trust bundle that can be used; the message is a sentence that says why."""


@dataclass(frozen=True)
class Bundle:
    """All that a check needs, as of one moment.

    Args:
        as_of: the moment that it answers for, in whole seconds of UTC.
        issuer: the name of the installation, address: where it answers.
        development: made by a development authority, which proves nothing to a stranger.
        roots: roots that a document's signature may lead to.
        stamp_roots: roots that a time stamp may lead to, beside those.
        chain: the issuing certificates below the roots.
        crls: every revocation list that the installation knows.
        badge_keys: every key that it ever signed badges with.
        lists: the signed status lists, as tokens, by their address.
        extras: further members for other tools; no check here reads them.
        root: the one of its roots that the signature over its manifest leads to; None where that
            was not asked, or there is no such signature.
    """

    as_of: datetime
    issuer: str
    address: str
    development: bool
    roots: tuple[x509.Certificate, ...]
    stamp_roots: tuple[x509.Certificate, ...] = ()
    chain: tuple[x509.Certificate, ...] = ()
    crls: tuple[x509.CertificateRevocationList, ...] = ()
    badge_keys: tuple[BadgeKey, ...] = ()
    lists: Mapping[str, bytes] = field(default_factory=dict)
    extras: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    root: x509.Certificate | None = None

    @property
    def trust(self) -> Trust:
        return Trust(self.roots, self.crls, self.stamp_roots)

    @property
    def known(self) -> Known:
        """What a check of badges knows of the issuer."""
        return Known(self.badge_keys, self.lists)

    def answers_for(self, day: date) -> bool:
        """Tell whether the bundle can know of a day: of none after its own."""
        return day <= self.as_of.date()
