"""From the register to one signed PDF: draw, sign, stamp, check as a stranger would, store."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from lms import storage
from lms.certificates import authority, pdf, signing
from lms.certificates.badges import making
from lms.certificates.conformance import Associated
from lms.certificates.design import STANDARD, BadDesign, find_design
from lms.certificates.domain import FileFinding, IssuedCertificate, SealedFile
from lms.certificates.domain.badging import BADGE_NAME, MEDIA_TYPE
from lms.certificates.keys import KeysUnusable, Signer, Trust
from lms.certificates.signing import Evidence, Stamper
from lms.certificates.stamping import CannotStamp, LocalStamper, RemoteStamper, anchors
from lms.certificates.verification import Level, examine
from lms.clock import utc_now
from lms.errors import N_, LmsError
from lms.jobs import NotNow

log = logging.getLogger(__name__)


OUT_OF_ORDER = (pdf.RendererMissing, BadDesign, KeysUnusable, CannotStamp)
"""What is raised where nothing can be drawn, signed or stamped, whatever it is."""


class CannotSeal(LmsError):
    """The file cannot be made now; the certificate waits."""


class CannotSealAny(CannotSeal, NotNow):
    """No file can be made now: keys, design, renderer or time stamping are out of order."""


@dataclass(frozen=True)
class Equipment:
    """All that sealing needs beside the certificate itself.

    Args:
        level: what the sealed file promises, and what our own check demands of it at least.
        trust: what that check trusts.
    """

    signer: Signer
    stamper: Stamper
    evidence: Evidence
    level: Level
    trust: Trust
    design: Path = STANDARD


def equipment(*, now: datetime) -> Equipment:
    """Open signer and time stamping, and gather the evidence that goes into each file.

    Raises:
        KeysUnusable: if a key cannot be opened.
        BadDesign: if the chosen design is not there.
    """
    found = authority.settings()
    signer = authority.signer()
    trust = Trust((signer.root,), stamp_roots=anchors(authority.pinned_stamp_roots(found)))
    stamper = present_stamper()
    if found.tsa == "local":
        trust = replace(trust, stamp_roots=(authority.stamper().root,))
    paths = ((signer.certificate, *signer.chain), authority.stamping_path())
    evidence, missing = authority.evidence(paths, now=now)
    level = Level.B_T if missing else Level.B_LT
    design = find_design(found.certificate_design, found.data)
    return Equipment(signer, stamper, evidence, level, trust, design)


def present_stamper() -> Stamper:
    """Open time stamping alone.

    Raises:
        KeysUnusable: if its key cannot be opened.
    """
    found = authority.settings()
    if found.tsa == "local":
        return local_stamper(authority.stamper())
    return RemoteStamper(found.tsa, authority.pinned_stamp_roots(found), utc_now)


@lru_cache(maxsize=4)
def local_stamper(signer: Signer) -> LocalStamper:
    return LocalStamper(signer, utc_now)


def seal(issued: IssuedCertificate, *, now: datetime) -> SealedFile:
    """Make the file of a certificate, with its badge inside, and put it into the store.

    The badge is noted in a transaction of its own, so this must not be called inside one.

    Raises:
        CannotSealAny: if drawing, signing or stamping is not possible now, with what to do.
        CannotSeal: if our own check refuses what was made. Nothing is kept in either case: a file
            is of the level that was promised, or there is none yet.
    """
    try:
        tools = equipment(now=now)
        badge = making.credential_bytes(issued, now=now)
        base_url = authority.settings().base_url
        data = sealed_bytes(issued, badge, tools, base_url=base_url, now=now)
    except OUT_OF_ORDER as error:
        raise CannotSealAny(str(error)) from error
    return SealedFile(
        digest=storage.put(data),
        size=len(data),
        sealed_at=now,
        development=tools.signer.development,
    )


def sealed_bytes(
    issued: IssuedCertificate, badge: bytes, tools: Equipment, *, base_url: str, now: datetime
) -> bytes:
    """Draw, sign and stamp, and refuse to hand out what our own strict check would not accept.

    Args:
        badge: the signed credential, which travels inside.

    Raises:
        CannotSeal: if the check finds anything but what was to be signed.
    """
    moment = now.replace(microsecond=0)
    drawn = pdf.render(
        issued.facts,
        issued.code,
        base_url=base_url,
        sealed_at=moment,
        development=tools.signer.development,
        design=tools.design,
        attachments=(attached(badge),),
        finisher=signing.finisher(tools.evidence),
    )
    data = signing.sign(drawn, tools.signer, signed_at=moment, stamper=tools.stamper)
    found = examine(data, tools.trust, now=utc_now())
    right = (found.finding, found.code, found.facts) == (
        FileFinding.INTACT,
        issued.code,
        issued.facts,
    )
    if not right or found.level is None or not found.level.reaches(tools.level):
        log.error("Our own check finds %s, level %s.", found.finding, found.level)
        raise CannotSeal(
            N_(
                "The signed file did not pass our own check, so it was thrown away. "
                "Look at the signer's certificate: it must be valid and allowed to sign documents."
            )
        )
    return data


def attached(badge: bytes) -> Associated:
    """Return the badge as a file that belongs to the certificate."""
    return Associated(
        name=BADGE_NAME,
        data=badge,
        media_type=MEDIA_TYPE,
        relationship="Alternative",
        description="The same certificate as a signed Open Badges 3.0 credential",
    )
