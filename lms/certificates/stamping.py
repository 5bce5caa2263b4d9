"""Time stamps (RFC 3161): an authority of our own in process, or one elsewhere over HTTP."""

import hashlib
import logging
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from http.client import HTTPException
from urllib.request import HTTPRedirectHandler, Request, build_opener

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from lms.certificates import der
from lms.certificates.keys import Signer
from lms.certificates.keys import der as der_of
from lms.certificates.oneform import stamp_container, written_stamp

# UUID-based (X.667), so nobody else's: "a time stamp that the issuer of the document made itself"
POLICY = "2.25.201869087475590045262537834795473365517"
_POLICY = core.ObjectIdentifier(POLICY).dump()
DIGESTS = ("sha256", "sha384", "sha512")
SECONDS, TRIES, PAUSE = 10.0, 3, 0.5
LARGEST_ANSWER = 256 * 1024
CLOCKS_DIFFER = timedelta(hours=1)
log = logging.getLogger(__name__)


class CannotStamp(RuntimeError):
    """There is no time stamp now; the message says why and what to do."""


class _Answer(core.Sequence):  # type: ignore[misc]
    """An answer as the standard has it: asn1crypto's own cannot read one without a token."""

    _fields = [
        ("status", tsp.PKIStatusInfo),
        ("token", cms.ContentInfo, {"optional": True}),
    ]


class LocalStamper(TimeStamper):
    """Stamps in process. Its word is worth what the issuer's own word is worth, and says so.

    Args:
        clock: tells the present moment.

    Attributes:
        room: how many bytes its tokens may take.
    """

    def __init__(self, signer: Signer, clock: Callable[[], datetime]) -> None:
        super().__init__(include_nonce=False)  # type: ignore[no-untyped-call]
        self._signer, self._clock = signer, clock
        self._path = [as_asn1(one) for one in (signer.certificate, *signer.chain[:-1])]
        self.room = 2048 + sum(len(one.dump()) for one in self._path)
        self._own_name = der.tagged(0xA0, der.tagged(0xA4, self._path[0].subject.dump()))
        self._whose = der.attribute(
            "signing_certificate_v2", as_signing_certificate_v2(self._path[0]).dump()
        )

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return a token (RFC 3161, 2.4.2) over a digest.

        Raises:
            ValueError: if the digest is not of one of DIGESTS.
        """
        if md_algorithm not in DIGESTS or len(message_digest) != _size(md_algorithm):
            raise ValueError(f"{md_algorithm} is not a digest that is stamped")
        stated = self._stated(message_digest, md_algorithm)
        attributes = der.set_of(
            der.attribute("content_type", der.content_type("tst_info")),
            der.attribute("message_digest", der.tagged(der.OCTETS, sha256(stated).digest())),
            self._whose,
        )
        signature = self._signer.sign(attributes)
        return cms.ContentInfo.load(written_stamp(stated, attributes, signature, self._path))

    def _stated(self, digest: bytes, algorithm: str) -> bytes:
        imprint = der.sequence(der.digest_algorithm(algorithm), der.tagged(der.OCTETS, digest))
        moment = self._clock().astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode()
        return der.sequence(
            der.integer(1),
            _POLICY,
            imprint,
            der.integer(secrets.randbits(120)),
            der.tagged(der.MOMENT, moment),
            der.sequence(der.integer(1)),  # right to the second
            self._own_name,
        )


class RemoteStamper(TimeStamper):
    """Asks an authority elsewhere, and takes only a token that leads to a pinned root.

    Args:
        pinned: the certificates that were named for this authority: roots and issuers.

    Attributes:
        room: how many bytes its tokens may take.
    """

    room = 12288

    def __init__(
        self,
        url: str,
        pinned: tuple[x509.Certificate, ...],
        clock: Callable[[], datetime],
        *,
        seconds: float = SECONDS,
        pause: float | None = None,
    ) -> None:
        super().__init__(include_nonce=True)  # type: ignore[no-untyped-call]
        self._url, self._pinned, self._clock = url, pinned, clock
        self._seconds = seconds
        self._pause = PAUSE if pause is None else pause

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        answer = _post(self._url, req.dump(), self._seconds, self._pause)
        try:
            status = _Answer.load(answer, strict=True)["status"].native
            if status["status"] in ("granted", "granted_with_mods"):
                return tsp.TimeStampResp.load(answer)
        except (ValueError, TypeError, KeyError) as error:
            raise CannotStamp(
                f"{self._url} does not answer as a time-stamping authority. Look at CONCORD_TSA."
            ) from error
        why = "; ".join((*(status["status_string"] or ()), *sorted(status["fail_info"] or ())))
        raise CannotStamp(f"{self._url} refuses to stamp: {why or status['status']}.")

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return the token in our one form.

        Raises:
            CannotStamp: if there is no answer, a refusal, or a token that does not do.
        """
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
        except (TimestampRequestError, ValueError, TypeError, KeyError, AttributeError) as error:
            # pyHanko trips over its own sentence where the nonce is another one
            raise CannotStamp(
                f"{self._url} answers with no token, or with one for another request."
            ) from error
        return await self._checked(token, message_digest)

    async def _checked(self, token: cms.ContentInfo, imprint: bytes) -> cms.ContentInfo:
        context = ValidationContext(
            trust_roots=[as_asn1(one) for one in anchors(self._pinned)],
            other_certs=[as_asn1(one) for one in self._pinned],
            allow_fetching=False,
            revocation_mode="soft-fail",
            moment=self._clock(),
        )
        signed = token["content"]
        try:
            found = await validate_tst_signed_data(signed, context, lambda _digest: imprint)
        except (SignatureValidationError, ValueError) as error:
            raise CannotStamp(
                f"{self._url} answers with a token that is broken: {error}"
            ) from error
        if not (found["intact"] and found["valid"]):
            raise CannotStamp(f"{self._url} answers with a token for something else.")
        path = found["validation_path"]
        if path is None or found["trust_problem_indic"] is not None:
            raise CannotStamp(
                f"The token of {self._url} leads to no root in CONCORD_TSA_ROOTS. "
                "Put the root and the issuers of this authority there."
            )
        if abs(found["timestamp"] - self._clock()) > CLOCKS_DIFFER:
            raise CannotStamp(
                f"{self._url} says that it is {found['timestamp']:%Y-%m-%d %H:%M} UTC. "
                "Set the clock of this machine right, or ask another authority."
            )
        issuers = path.iter_certs(include_root=False)
        return cms.ContentInfo.load(stamp_container(token, [found["signing_cert"], *issuers]))


def anchors(pinned: tuple[x509.Certificate, ...]) -> tuple[x509.Certificate, ...]:
    """Return those among certificates that none of the others issued."""
    subjects = {one.subject for one in pinned}
    return tuple(one for one in pinned if one.issuer == one.subject or one.issuer not in subjects)


def _size(digest: str) -> int:
    return hashlib.new(digest).digest_size


@lru_cache(maxsize=64)
def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """Encode a certificate for pyHanko, once per process."""
    return asn1_x509.Certificate.load(der_of(certificate))


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        """Go nowhere that no setting names; the redirect then counts as an error."""


def _post(url: str, data: bytes, seconds: float, pause: float) -> bytes:
    """Ask up to TRIES times; the certificate's job asks again later if that does not help."""
    head = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    opener = build_opener(_NoRedirect())
    problem = ""
    for turn in range(TRIES):
        if turn:
            time.sleep(pause * turn)
        try:
            request = Request(url, data=data, headers=head)  # noqa: S310 - from our own settings
            with opener.open(request, timeout=seconds) as answer:
                return bytes(answer.read(LARGEST_ANSWER))
        except (HTTPException, OSError, ValueError) as error:
            problem = str(getattr(error, "reason", None) or error)
            log.warning("No answer from the time-stamping authority %s: %s", url, problem)
    raise CannotStamp(
        f"The time-stamping authority {url} does not answer: {problem}. Certificates wait and are "
        "sealed when it does."
    )
