"""From the register to one signed PDF: draw, sign, check as a stranger would, store."""

from datetime import datetime

from lms import storage
from lms.certificates import authority, pdf, signing
from lms.certificates.domain import FileFinding, IssuedCertificate, SealedFile
from lms.certificates.keys import KeysUnusable, Signer, Trust
from lms.certificates.verification import examine
from lms.errors import N_, LmsError


class CannotSeal(LmsError):
    """The file cannot be made now; the certificate waits."""


def seal(issued: IssuedCertificate, *, now: datetime) -> SealedFile:
    """Make the file of a certificate and put it into the store.

    Raises:
        CannotSeal: if drawing or signing is not possible on this machine, with what to do.
    """
    try:
        signer = authority.signer()
        data = sealed_bytes(issued, signer, base_url=authority.settings().base_url, now=now)
    except (pdf.RendererMissing, KeysUnusable) as error:
        raise CannotSeal(str(error)) from error
    return SealedFile(
        digest=storage.put(data), size=len(data), sealed_at=now, development=signer.development
    )


def sealed_bytes(
    issued: IssuedCertificate, signer: Signer, *, base_url: str, now: datetime
) -> bytes:
    """Draw and sign, and refuse to hand out what our own strict check would not accept.

    Raises:
        CannotSeal: if the check finds anything but what was to be signed.
    """
    moment = now.replace(microsecond=0)
    drawn = pdf.render(
        issued.facts,
        issued.code,
        base_url=base_url,
        sealed_at=moment,
        development=signer.development,
        finisher=signing.add_field,
    )
    data = signing.sign(drawn, signer, signed_at=moment)
    found = examine(data, Trust((signer.root,)), now=now)
    if (found.finding, found.code, found.facts) != (
        FileFinding.INTACT,
        issued.code,
        issued.facts,
    ):
        raise CannotSeal(
            N_(
                "The signed file did not pass our own check, so it was thrown away. "
                "Look at the signer's certificate: it must be valid and allowed to sign documents."
            )
        )
    return data
