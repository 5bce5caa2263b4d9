"""The rows of badges: which files are the badge of a certificate."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.certificates.models import Badge
from lms.db import db


@dataclass(frozen=True)
class KeptBadge:
    """The badge of a certificate, by the digests of its two forms in the store.

    Attributes:
        digest: JSON with a proof in it.
        token_digest: the same as a token (VC-JWT).
        key: the full name of the key that signed both.
    """

    digest: str
    token_digest: str
    key: str


def find_badge(certificate_id: int) -> KeptBadge | None:
    found = db.session.execute(
        select(Badge.digest, Badge.token_digest, Badge.key).where(
            Badge.certificate_id == certificate_id
        )
    ).one_or_none()
    return None if found is None else KeptBadge(*found)


def certificate_with_badge(digest: str) -> int | None:
    """Return the id of the certificate whose badge, in either form, has this digest; or None."""
    return db.session.scalar(
        select(Badge.certificate_id).where(
            (Badge.digest == digest) | (Badge.token_digest == digest)
        )
    )


def keep_badge(certificate_id: int, made: KeptBadge, *, now: datetime) -> KeptBadge:
    """Note the badge of a certificate, or return the one that was noted before."""
    row = Badge(
        certificate_id=certificate_id,
        digest=made.digest,
        token_digest=made.token_digest,
        key=made.key,
        made_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # somebody made it between the look and the writing
        if before := find_badge(certificate_id):
            return before
        raise
    return made
