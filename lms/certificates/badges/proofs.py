"""The two ways to sign a document: a proof inside it (eddsa-rdfc-2022), or a token around it."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lms.certificates.badges import multibase
from lms.certificates.badges.linked import NotLinked, hash_data
from lms.certificates.badges.reading import NotReadable, canonical, read_object

SUITE: Final = "eddsa-rdfc-2022"
KIND: Final = "vc+jwt"
CLAIMS: Final = ("iss", "jti", "iat", "nbf", "exp")


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_in(text: Any) -> datetime:
    """Read a moment in the one form that is written here.

    Raises:
        ValueError: if it is in another one.
    """
    if not isinstance(text, str):
        raise ValueError("not a moment")
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    if written(moment) != text:
        raise ValueError("not a moment")
    return moment


def add_proof(
    document: dict[str, Any], key: Ed25519PrivateKey, *, method: str, created: datetime
) -> dict[str, Any]:
    """Return the document with a proof.

    Args:
        method: the full name of the key.

    Source:
        Data Integrity EdDSA Cryptosuites 1.0, W3C Recommendation 2025, 3.2.
    """
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": written(created),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    signature = key.sign(hash_data(document, options))
    return {**document, "proof": {**options, "proofValue": multibase.encode(signature)}}


def proof_holds(
    document: dict[str, Any], options: dict[str, Any], value: str, key: Ed25519PublicKey
) -> bool:
    """Tell whether a signature over the document and the proof's options is the key's.

    Args:
        document: without its proof.
        options: the proof without its value.
    """
    try:
        key.verify(multibase.decode(value), hash_data(document, options))
    except (InvalidSignature, NotLinked, ValueError):
        return False
    return True


def token(
    document: dict[str, Any], key: Ed25519PrivateKey, *, method: str, created: datetime
) -> bytes:
    """Return the document as a signed token (VC-JWT).

    Source:
        Open Badges 3.0, 8.2; Securing Verifiable Credentials using JOSE and COSE, W3C 2025.
    """
    header = {"alg": "EdDSA", "kid": method, "typ": KIND}
    signed = b".".join(map(_pack, (header, {**document, **claims(document, created)})))
    return signed + b"." + _letters(key.sign(signed))


def claims(document: dict[str, Any], created: datetime) -> dict[str, Any]:
    """Return what a token repeats of its document, for readers that know only tokens."""
    issuer = document["issuer"]
    said = {
        "iss": issuer["id"] if isinstance(issuer, dict) else issuer,
        "jti": document["id"],
        "iat": int(created.timestamp()),
        "nbf": int(moment_in(document["validFrom"]).timestamp()),
    }
    if "validUntil" in document:
        said["exp"] = int(moment_in(document["validUntil"]).timestamp())
    return said


class OpenToken:
    """A token taken apart; nothing in it is believed yet.

    Raises:
        NotReadable: if it has another form than `token` writes.
    """

    def __init__(self, data: bytes) -> None:
        try:
            header, payload, signature = data.strip().split(b".")
            self.signed = header + b"." + payload
            self.signature = _unpack(signature)
            self.header = read_object(_unpack(header))
            self.payload = read_object(_unpack(payload))
        except ValueError as error:
            raise NotReadable("not a token") from error
        if set(self.header) != {"alg", "kid", "typ"} or not all(
            isinstance(value, str) for value in self.header.values()
        ):
            raise NotReadable("a token with another header than ours")
        if self.header["alg"] != "EdDSA" or self.header["typ"] != KIND:
            raise NotReadable("a token of another kind")

    def holds(self, key: Ed25519PublicKey) -> bool:
        """Tell whether the signature is the key's."""
        try:
            key.verify(self.signature, self.signed)
        except InvalidSignature:
            return False
        return True


def _pack(part: dict[str, Any]) -> bytes:
    return _letters(canonical(part))


def _letters(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _unpack(letters: bytes) -> bytes:
    try:
        data = base64.b64decode(letters + b"=" * (-len(letters) % 4), b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base 64") from error
    if _letters(data) != letters:
        raise ValueError("more than one way to write the same bytes")
    return data
