"""The archive's work at night, as jobs: a copy stamped anew, and the root of a day."""

import base64
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from lms import jobs, storage
from lms.certificates import authority, queries, sealing, services
from lms.certificates.archive import copying, register, stamps
from lms.certificates.domain import merkle
from lms.certificates.domain.archiving import Renewing
from lms.certificates.keys import KeysUnusable
from lms.certificates.services import MadeCopy, MadeDay
from lms.certificates.stamping import CannotStamp
from lms.errors import N_, LmsError


class CannotArchive(LmsError):
    """What was to be archived is not as it must be."""


def renewing(*, now: datetime) -> Renewing:
    """Return how early stamps are renewed, and since when there are fresh revocation lists."""
    found = authority.settings()
    try:
        own = authority.signer()
        paths = ((own.certificate, *own.chain), authority.stamping_path())
        evidence, missing = authority.evidence(paths, now=now)
        since = None if missing else min(map(_issued_at, evidence.crls), default=None)
    except KeysUnusable:
        since = None
    return Renewing(
        every=timedelta(days=found.archive_days),
        before=timedelta(days=found.archive_days_before),
        lists_since=since,
    )


def make_copy(payload: dict[str, Any], *, now: datetime) -> MadeCopy | None:
    """Put fresh lists and a time stamp behind the youngest copy of a file, and into the store."""
    issued = queries.certificate(payload["certificate_id"])
    if issued.file is None or issued.erased:
        return None
    before = register.copies_of(issued.id)
    last = _whole(before[-1].digest if before else issued.file.digest, issued.code)
    try:
        paths = (copying.certificates_in(last), authority.stamping_path())
        evidence, _missing = authority.evidence(paths, now=now)
        copy = copying.renewed(last, evidence, sealing.present_stamper())
    except (CannotStamp, KeysUnusable) as error:
        raise jobs.NotNow(str(error)) from error
    judged = copying.judge(copy, last[: issued.file.size], authority.trust())
    if judged.problem:
        raise CannotArchive(N_("The archive copy was thrown away: %(why)s."), why=judged.problem)
    stamped = judged.stamps[-1]
    return MadeCopy(len(before) + 1, storage.put(copy), len(copy), stamped.at, stamped.ends_at)


@jobs.handler(services.COPY, before=make_copy)
def keep_copy(
    payload: dict[str, Any], *, now: datetime, prepared: MadeCopy | None
) -> dict[str, Any]:
    if prepared is None:
        return jobs.said(N_("The holder's data were erased, so there is nothing to archive."))
    services.record_copy(payload["certificate_id"], prepared, now=now)
    words = N_("Archive copy %(number)s was stamped.")
    return jobs.said(words, number=prepared.number)


def make_day(payload: dict[str, Any], *, now: datetime) -> MadeDay | None:
    """Compute the root over all files that are in no tree yet, and have it stamped."""
    until = datetime.fromisoformat(payload["until"])
    day = (until - timedelta(days=1)).date()
    files = register.without_day(until=until)
    if not files or register.find_day(day) is not None:
        return None
    root = merkle.root_of([digest for _file, digest in files])
    try:
        token = stamps.stamp_over(root, sealing.present_stamper())
        stamped = stamps.read_stamp(token, root, authority.trust())
    except (CannotStamp, KeysUnusable) as error:
        raise jobs.NotNow(str(error)) from error
    except stamps.BadStamp as error:
        raise CannotArchive(N_("The stamp was thrown away: %(why)s."), why=str(error)) from error
    ids = [file for file, _digest in files]
    return MadeDay(day, root.hex(), ids, base64.b64encode(token).decode(), stamped.at)


@jobs.handler(services.STAMP_DAY, before=make_day)
def keep_day(payload: dict[str, Any], *, now: datetime, prepared: MadeDay | None) -> dict[str, Any]:
    if prepared is None or not services.record_day(prepared, now=now):
        return jobs.said(N_("There was nothing to stamp, or it was stamped before."))
    words = N_("The root over %(count)s files was stamped: %(root)s")
    return jobs.said(words, count=len(prepared.files), root=prepared.root)


def _whole(digest: str, code: str) -> bytes:
    data = storage.get(digest)
    if sha256(data).hexdigest() != digest:
        raise CannotArchive(
            N_(
                "The store does not hold certificate %(code)s as it was kept. Bring the file back "
                "from a backup; lms certificates archive verify names all such files."
            ),
            code=code,
        )
    return data


def _issued_at(crl: bytes) -> datetime:
    from cryptography import x509

    return x509.load_der_x509_crl(crl).last_update_utc
