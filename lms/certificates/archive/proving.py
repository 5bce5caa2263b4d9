"""That one file was there on a day, proven to a stranger: its way up to the stamped root."""

import base64
import binascii
import json
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from lms.certificates import queries
from lms.certificates.archive import register
from lms.certificates.archive.stamps import BadStamp, Stamped, read_stamp
from lms.certificates.domain import CertificateNotFound, merkle, parse_code, shown_code
from lms.certificates.keys import Trust
from lms.errors import N_, Conflict, Invalid

FORMAT: Final = "concord-inclusion-proof/1"
LARGEST: Final = 256 * 1024


class NoProofYet(Conflict):
    """The file is in no tree yet."""


class BadProof(Invalid):
    """A proof does not hold; the message says why."""


def proof_of(text: str) -> dict[str, Any]:
    """Return the proof for the file of a certificate.

    Raises:
        CertificateNotFound: if the code is not one of ours.
        NoProofYet: if its file is not made yet, or its day is not stamped yet.
    """
    code = parse_code(text)
    issued = queries.find_by_code(code) if code else None
    if issued is None:
        raise CertificateNotFound
    found = register.find_place(issued.id)
    if issued.file is None or found is None:
        raise NoProofYet(
            N_("Its file is in no day's tree yet: a day's root is stamped in the night after it.")
        )
    day, place = found
    leaves = [digest for _place, digest in register.leaves_of(day.id)]
    return {
        "format": FORMAT,
        "code": shown_code(issued.code),
        "file_sha256": issued.file.digest,
        "day": day.day.isoformat(),
        "place": place,
        "leaves": day.leaves,
        "path": [one.hex() for one in merkle.path_of(place, leaves)],
        "root": day.root,
        "stamped_at": _moment(day.stamped_at),
        "stamp": day.token,
        "how": "RFC 9162, 2.1.3.2: the leaf is the SHA-256 of the file; the stamp (RFC 3161, DER "
        "in base64) is over the root",
    }


def check_proof(raw: bytes, file: bytes, trust: Trust) -> tuple[dict[str, Any], Stamped]:
    """Return what a proof says of a file, and when that was stamped.

    Raises:
        BadProof: if it says nothing of this file, or is not stamped by somebody who is trusted.
    """
    try:
        told = json.loads(raw)
        if told["format"] != FORMAT or len(told["path"]) > 64:
            raise BadProof(N_("This is no proof in a format that is known here."))
        path = [bytes.fromhex(one) for one in told["path"]]
        leaf = sha256(file).digest()
        root = merkle.root_by_path(leaf, int(told["place"]), int(told["leaves"]), path)
        token = base64.b64decode(told["stamp"], validate=True)
        if leaf.hex() != told["file_sha256"]:
            raise BadProof(N_("The proof is for another file: the SHA-256 differs."))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, RecursionError) as e:
        raise BadProof(N_("The proof cannot be read. Ask the issuer for it again.")) from e
    if root is None or root.hex() != told.get("root"):
        raise BadProof(N_("The hashes of the proof do not lead from the file to the root."))
    try:
        return told, read_stamp(token, root, trust)
    except BadStamp as error:
        raise BadProof(N_("The proof does not hold: %(why)s."), why=str(error)) from error


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
