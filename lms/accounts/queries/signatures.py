"""Reading electronic signatures."""

from collections.abc import Iterable

from sqlalchemy import select

from lms.accounts.domain import Meaning, SignatureFacts
from lms.accounts.models import Signature
from lms.db import db


def signatures_of(subjects: Iterable[str]) -> list[SignatureFacts]:
    """Return what was signed of some subjects, oldest first."""
    rows = db.session.scalars(
        select(Signature).where(Signature.subject.in_(list(subjects))).order_by(Signature.id)
    )
    return [
        SignatureFacts(
            id=row.id,
            person_id=row.person_id,
            printed_name=row.printed_name,
            meaning=Meaning(row.meaning),
            subject=row.subject,
            digest=row.digest,
            signed_at=row.signed_at,
        )
        for row in rows
    ]
