"""The badge of a certificate: made once, checked as a stranger would, kept by its digests."""

from datetime import datetime

from lms import storage
from lms.certificates import queries, statuslists
from lms.certificates.badges import own, register
from lms.certificates.badges.credential import credential
from lms.certificates.badges.register import KeptBadge
from lms.certificates.badges.verification import Known, verify
from lms.certificates.domain import FileErased, IssuedCertificate
from lms.certificates.domain.badging import BadgeFinding
from lms.db import transaction
from lms.errors import N_, LmsError


class CannotMakeBadge(LmsError):
    """The badge that was made is not one that our own check would accept."""


def credential_bytes(issued: IssuedCertificate, *, now: datetime) -> bytes:
    """Return the badge of a certificate as JSON with a proof in it: the same bytes every time.

    The first call makes it and notes it in a transaction of its own, so it must not be made inside
    one.

    Raises:
        KeysUnusable: if there is no badge yet and no key to sign one with.
        CannotMakeBadge: if what was made did not pass our own check.
        FileErased: if the holder's data were erased meanwhile.
    """
    return storage.get(badge_of(issued, now=now).digest)


def token_bytes(issued: IssuedCertificate, *, now: datetime) -> bytes:
    """Return the same badge as a token (VC-JWT); see `credential_bytes`."""
    return storage.get(badge_of(issued, now=now).token_digest)


def badge_of(issued: IssuedCertificate, *, now: datetime) -> KeptBadge:
    """Return the badge of a certificate, made first if there is none; see `credential_bytes`."""
    kept = register.find_badge(issued.id)
    if kept is None:
        made = _make(issued, now)
        with transaction():
            if queries.any_erased([issued.id]):
                raise FileErased  # while it was made; it names the person
            kept = register.keep_badge(issued.id, made, now=now)
    return kept


def _make(issued: IssuedCertificate, now: datetime) -> KeptBadge:
    """Sign and store both forms.

    They are dated on the moment of issue, so that a second attempt after a crash makes the same
    bytes; later only where the key is younger than the certificate.
    """
    signer = own.signer()
    document = credential(
        issued.facts, issued.code, issuer=own.issuer(), status=statuslists.entry_of(issued.id)
    )
    created = max(issued.issued_at.replace(microsecond=0), signer.public.used_from)
    proved, token = signer.sign(document, created=created)
    for data in (proved, token):
        found = verify(data, Known(own.all_keys(), {}), now=now)
        if (found.finding, found.credential) != (BadgeFinding.INTACT, document):
            raise CannotMakeBadge(
                N_(
                    "The signed badge did not pass our own check, so it was thrown away. "
                    "Was the badge key withdrawn or changed just now? Then try again."
                )
            )
    return KeptBadge(storage.put(proved), storage.put(token), signer.public.id)
