"""The door of the certificates room."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from lms import jobs, native
from lms.certificates import authority, checks, keys, pdf, queries, services
from lms.certificates.archive import nightly, register
from lms.certificates.badges import own
from lms.certificates.conformance import Associated
from lms.certificates.design import BadDesign, find_design, read_design
from lms.certificates.domain import (
    Facts,
    Held,
    IssuedCertificate,
    RevocationReason,
    SuccessionKind,
    Validity,
    Verdict,
)
from lms.certificates.evidence import records
from lms.certificates.evidence.records import Teller
from lms.certificates.verification import LARGEST
from lms.errors import N_

SIGNER_ENDS_SOON_DAYS = 60
SIGNER_USED_FOR = timedelta(days=366)
BADGE_KEY_DAYS = 365
ARCHIVED_WITHIN = timedelta(days=2)
"""The night after its day takes a file into the archive; one night may fail."""

LARGEST_FILE = LARGEST
"""In bytes; what is larger is not looked at."""
Pause = services.Pause


@dataclass(frozen=True)
class HealthFinding:
    """One thing that keeps certificates from being made or trusted, and what to do about it."""

    serious: bool
    sentence: str
    remedy: str


def issue(
    facts: Facts,
    *,
    holder_id: int,
    subject: str,
    now: datetime,
    issued_by: int | None = None,
    validity: Validity | None = None,
) -> IssuedCertificate:
    """Issue a certificate inside the caller's transaction, once for each subject.

    Its file is made by a job; kick the queue after the commit.

    Args:
        validity: the rule by which it ends, by which a renewal goes as well.
    """
    return services.issue_certificate(
        facts,
        holder_id=holder_id,
        subject=subject,
        now=now,
        issued_by=issued_by,
        validity=validity.as_data() if validity else None,
    )


def certificates_of(person_id: int, *, on: date) -> list[Held]:
    """Return what a person holds or held, newest first, as of a day."""
    return queries.held_by([person_id], on=on)


def states_for_people(person_ids: Iterable[int], on: date) -> list[Held]:
    """Return what people hold or held, as of a day, in few statements however many they are."""
    return queries.held_by(sorted(set(person_ids)), on=on)


def certificate_for(subject: str) -> IssuedCertificate | None:
    """Return the certificate that was issued for a subject, or None."""
    return queries.find_by_subject(subject)


def newest_in_line(certificate_id: int) -> IssuedCertificate:
    """Return the certificate that stands in one's place today, which may be itself.

    Raises:
        CertificateNotFound: if there is none.
    """
    return queries.line_of(queries.certificate(certificate_id))[-1]


def verdict_for_code(code: str, *, on: date) -> Verdict:
    return checks.verdict_for_code(code, on=on)


def verdicts_for_codes(codes: Sequence[str], *, on: date) -> list[Verdict]:
    return checks.verdicts_for_codes(codes, on=on)


def verdict_for_file(data: bytes, *, on: date, now: datetime) -> Verdict:
    return checks.verdict_for_file(data, on=on, now=now)


def revoke(
    certificate_id: int,
    *,
    reason_class: RevocationReason,
    reason: str,
    revoked_by: int,
    now: datetime,
) -> IssuedCertificate:
    """Withdraw a certificate for good, inside the caller's transaction.

    Raises:
        CertificateNotFound: if there is none.
        AlreadyRevoked: if it was withdrawn before.
    """
    return services.revoke_certificate(
        certificate_id,
        reason_class=reason_class,
        reason=reason,
        revoked_by=revoked_by,
        now=now,
    )


def suspend(
    certificate_id: int, pause: services.Pause, *, suspended_by: int, now: datetime
) -> IssuedCertificate:
    """Take a certificate out of force until it is lifted, inside the caller's transaction.

    Raises:
        CertificateNotFound: if there is none.
        AlreadySuspended: if it is.
        NotInForce: if it does not hold today anyway.
    """
    return services.suspend_certificate(certificate_id, pause, suspended_by=suspended_by, now=now)


def lift(certificate_id: int, *, reason: str, lifted_by: int, now: datetime) -> IssuedCertificate:
    """Put a suspended certificate in force again, inside the caller's transaction.

    Raises:
        CertificateNotFound: if there is none.
        NotSuspended: if it is not suspended.
    """
    return services.lift_suspension(certificate_id, reason=reason, lifted_by=lifted_by, now=now)


def succeed(
    certificate_id: int, replacement: services.Replacement, *, by: int, now: datetime
) -> IssuedCertificate:
    """Issue a certificate in the place of one, inside the caller's transaction.

    Raises:
        CertificateNotFound: if there is none.
        AlreadySuperseded: if another one stands in its place.
        NotInForce: if it does not hold today; a renewal may also follow one that has expired.
        BadFacts: if the name cannot be printed, or the last day lies before today.
    """
    return services.succeed(certificate_id, replacement, by=by, now=now)


def renew(
    certificate_id: int,
    facts: Facts,
    *,
    subject: str,
    validity: Validity,
    reason: str,
    by: int,
    now: datetime,
) -> IssuedCertificate:
    """Issue what was earned anew in the place of a certificate, inside the caller's transaction.

    Its file is made by a job; kick the queue after the commit.

    Raises:
        CertificateNotFound: if there is none.
        AlreadySuperseded: if another one stands in its place.
        NotInForce: if it neither holds today nor has expired.
    """
    wanted = services.Replacement(
        SuccessionKind.RENEWAL, reason=reason, subject=subject, facts=facts, validity=validity
    )
    return services.succeed(certificate_id, wanted, by=by, now=now)


def end_with(
    decided_for: str, ids: Sequence[int], *, ends_on: date, decided_by: int, now: datetime
) -> int:
    """Give certificates a last day that have none; return how many got one.

    Args:
        decided_for: what they end with, "trial:5".
    """
    return services.end_certificates(
        ids, ends_on=ends_on, decided_for=decided_for, decided_by=decided_by, now=now
    )


def hold_on(decided_for: str, *, taken_back_by: int, now: datetime) -> int:
    """Let certificates hold on that ended with something that goes on; return how many."""
    return services.take_back_ends(decided_for=decided_for, taken_back_by=taken_back_by, now=now)


def records_told_by(kind: str, teller: Teller) -> None:
    """Name who tells what certificates rest on that were issued for a kind of subject.

    Args:
        kind: what stands before the colon of a subject, "enrolment".
        teller: given the subject, and whether all may be told or only what the holder may see.
    """
    records.told_by(kind, teller)


def seal_waiting(*, now: datetime) -> int:
    """Queue every certificate that has no file yet; return how many. Safe to repeat."""
    return services.seal_waiting(now=now)[0]


def ask_for_files(codes: Sequence[str], *, asked_by: int, now: datetime) -> int:
    """Ask for certificates as one ZIP, inside the caller's transaction; return the job's id.

    Whether the person may have them is for the caller to know. Kick the queue after the commit.

    Raises:
        NoneChosen, TooMany: if there are none, or too many for one file.
    """
    return services.ask_for_files(codes, asked_by=asked_by, now=now)


def archive_tonight(*, now: datetime) -> int:
    """Write down what the archive needs, inside the caller's transaction; return how many rows.

    Safe to repeat. Kick the queue after the commit.
    """
    return services.archive_due(nightly.renewing(now=now), now=now)


def archive_waiting() -> int:
    """Return how many rows of the archive wait or are under way."""
    return sum(len(jobs.waiting_of(kind)) for kind in (services.COPY, services.STAMP_DAY))


def signer_ends_on() -> date | None:
    """Return the last day of the signing certificate, None where there is none to sign with."""
    try:
        return authority.signer().certificate.not_valid_after_utc.date()
    except keys.KeysUnusable:
        return None


def health(*, now: datetime) -> list[HealthFinding]:
    """Return what keeps certificates from being made, worst first; empty when all is well."""
    return [
        *_drawing(),
        *_design(),
        *key_health(now=now),
        *_badges(now),
        *_waiting(),
        *_archiving(now),
    ]


def _design() -> list[HealthFinding]:
    found = authority.settings()
    try:
        read_design(find_design(found.certificate_design, found.data))
    except BadDesign as error:
        sentence = N_("The chosen design of certificates cannot be used; certificates wait.")
        return [HealthFinding(True, sentence, str(error))]
    return []


def key_health(*, now: datetime) -> list[HealthFinding]:
    """Return what is wrong with signing and stamping; empty when all is well."""
    return [*_signing(now), *_stamping(now)]


def _drawing() -> list[HealthFinding]:
    missing = native.missing_libraries()
    if not missing:
        return []
    return [
        HealthFinding(
            serious=any("subset" not in name for name in missing),
            sentence=N_("Libraries that draw certificates are missing; certificates wait."),
            remedy=native.remedy(),
        )
    ]


def _signing(now: datetime) -> list[HealthFinding]:
    try:
        signer = authority.signer()
    except keys.KeysUnusable as error:
        return [HealthFinding(True, N_("Certificates cannot be signed."), str(error))]
    left = (signer.certificate.not_valid_after_utc - now).days
    remedy = authority.renewal()
    findings = []
    if left < SIGNER_ENDS_SOON_DAYS:
        findings.append(
            HealthFinding(
                left < 0,
                N_("The certificate of the signing key ends soon or has ended."),
                f"{signer.certificate.not_valid_after_utc:%Y-%m-%d}: {remedy}",
            )
        )
    elif now - authority.in_use_since() > SIGNER_USED_FOR:
        findings.append(
            HealthFinding(
                False, N_("The signing key has been in use for more than a year."), remedy
            )
        )
    if signer.development:
        findings.append(
            HealthFinding(
                False,
                N_("Certificates are signed under an untrusted development authority."),
                "docs/operations.md: lms certificates keys init",
            )
        )
    return findings


def _stamping(now: datetime) -> list[HealthFinding]:
    found = authority.settings()
    findings = []
    if found.production and found.tsa == "local":
        findings.append(
            HealthFinding(
                False,
                N_("This server stamps the time of its own signatures, which proves less."),
                "CONCORD_TSA, CONCORD_TSA_ROOTS",
            )
        )
    try:
        missing = authority.missing_lists(now=now)
    except keys.KeysUnusable as error:
        return [HealthFinding(True, N_("Certificates cannot be stamped."), str(error))]
    if missing:
        findings.append(
            HealthFinding(
                False,
                N_("A revocation list is missing, so files lack it for checks in later years."),
                f"{', '.join(missing)}: lms certificates keys accept LIST.crl, CONCORD_TSA_ROOTS",
            )
        )
    return findings


def _badges(now: datetime) -> list[HealthFinding]:
    try:
        age = own.age_in_days(now=now)
    except keys.KeysUnusable as error:
        return [HealthFinding(True, N_("Badges cannot be signed."), str(error))]
    if age <= BADGE_KEY_DAYS:
        return []
    return [
        HealthFinding(
            False,
            N_("The key that signs badges is more than a year old."),
            "./concord lms certificates keys rotate badge",
        )
    ]


def _waiting() -> list[HealthFinding]:
    count = queries.count_unsealed()
    if not count:
        return []
    return [
        HealthFinding(
            False,
            N_("Certificates are issued and wait for their files."),
            f"{count}: ./concord lms certificates seal-pending",
        )
    ]


class CannotDraw(jobs.NotNow):
    """Nothing can be drawn on this machine now; the message says the remedy."""


def archivable_pdf(
    page: str, *, style: Path, files: Mapping[str, tuple[str, bytes]], at: datetime
) -> bytes:
    """Write a page as PDF/A-3a and PDF/UA-1 in the carried fonts, unsigned.

    Args:
        style: its style sheet, beside which pictures may lie.
        files: what travels inside as data: name to (what it is, CSV in UTF-8).
        at: the moment of making; the same arguments give the same bytes.

    Raises:
        CannotDraw: if WeasyPrint cannot load its native libraries.
    """
    try:
        shop = pdf.print_shop(style)
    except pdf.RendererMissing as error:
        raise CannotDraw(str(error)) from error
    return pdf.write_archivable(
        shop.html(string=page, url_fetcher=pdf.fetcher(style.parent)),
        shop,
        about=page.encode(),
        files=[
            Associated(name, data, "text/csv", "Data", what) for name, (what, data) in files.items()
        ],
        attached_at=at,
        finisher=lambda _made, _file: None,
    )


def _archiving(now: datetime) -> list[HealthFinding]:
    count = register.count_without_day(until=now - ARCHIVED_WITHIN)
    if not count:
        return []
    return [
        HealthFinding(
            False,
            N_("Signed files of earlier days are not in the archive yet."),
            f"{count}: ./concord lms certificates archive run",
        )
    ]
