"""Asking for many at once: issue anew, sign what waits, hand out as one file. Jobs do the work."""

from collections.abc import Sequence
from datetime import datetime

from lms import jobs
from lms.audit import api as audit
from lms.certificates import queries
from lms.certificates.domain import Held, IssuedCertificate, SuccessionKind, shown_code
from lms.certificates.domain.many import MOST, NoneChosen, TooMany
from lms.certificates.services.erasing import PACK
from lms.certificates.services.issuing import SEAL, enqueue_seal
from lms.certificates.services.succeeding import Replacement, put_in_place
from lms.errors import N_

REISSUE = "certificates.reissue"


def reissue_many(chosen: Sequence[Held], *, reason: str, by: int, now: datetime) -> int:
    """Write down that certificates are to be issued anew, one row for each; return the job's id.

    Raises:
        NoneChosen, TooMany: if there are none, or too many for one job.
    """
    _must_be_some(chosen)
    job_id = jobs.enqueue(REISSUE, [], created_by=by, title=N_("Issue certificates anew"), now=now)
    jobs.add_items(
        job_id,
        REISSUE,
        (
            (
                shown_code(one.code),
                {
                    "certificate_id": one.id,
                    "subject": f"reissue:{job_id}:{one.id}",
                    "reason": reason,
                    "by": by,
                },
            )
            for one in chosen
        ),
        now=now,
    )
    audit.record(
        "certificates to be issued anew",
        actor_id=by,
        subject=f"job:{job_id}",
        reason=reason,
        after={"certificates": len(chosen)},
        now=now,
    )
    return job_id


def issue_anew(
    certificate_id: int, *, subject: str, reason: str, by: int, now: datetime
) -> IssuedCertificate:
    """Issue a certificate anew for a row of such a job; done before, return what was issued.

    Raises:
        CertificateNotFound, AlreadySuperseded, NotInForce: see `put_in_place`.
    """
    wanted = Replacement(SuccessionKind.REISSUE, reason=reason, subject=subject)
    return put_in_place(certificate_id, wanted, by=by, now=now)


def seal_waiting(*, now: datetime, asked_by: int | None = None) -> tuple[int, int | None]:
    """Queue every certificate that has no file, and let those that are queued be tried at once.

    Returns:
        how many have none, and the job's id of those that were not queued yet, None where all
        were. Safe to repeat.
    """
    queued = {payload["certificate_id"] for payload in jobs.waiting_of(SEAL)}
    waiting = queries.unsealed(limit=MOST)
    jobs.bring_forward(SEAL, now=now)
    new = [one for one in waiting if one not in queued]
    return len(waiting), enqueue_seal(new, now=now, created_by=asked_by)


def ask_for_files(codes: Sequence[str], *, asked_by: int, now: datetime) -> int:
    """Write down that somebody wants certificates as one ZIP; return the job's id.

    Whether they may have them, the caller has asked.

    Args:
        codes: of certificates that there are, in the order in which the ZIP lists them.

    Raises:
        NoneChosen, TooMany: if there are none, or too many for one file.
    """
    _must_be_some(codes)
    job_id = jobs.enqueue(
        PACK,
        [(f"certificates-{now:%Y-%m-%d}.zip", {"codes": list(codes), "at": now.isoformat()})],
        created_by=asked_by,
        title=N_("Certificates as a ZIP"),
        now=now,
    )
    audit.record(
        "certificates handed out",
        actor_id=asked_by,
        subject=f"job:{job_id}",
        after={"certificates": len(codes)},
        now=now,
    )
    return job_id


def _must_be_some(chosen: Sequence[object]) -> None:
    if not chosen:
        raise NoneChosen
    if len(chosen) > MOST:
        raise TooMany
