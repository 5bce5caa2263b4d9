"""What a badge costs: sign, verify, look up its status; beside the usual way to verify one."""

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.sealing import CODE, NOW, facts
from lms.certificates.badges import linked, proofs, vocabulary
from lms.certificates.badges.credential import Issuer, StatusEntry, credential, list_address
from lms.certificates.badges.listing import status_list
from lms.certificates.badges.multibase import public_key
from lms.certificates.badges.signer import BadgeSigner, Place, open_signer
from lms.certificates.badges.verification import Known, verify
from lms.certificates.domain.badging import Purpose
from lms.certificates.domain.bits import decode_bits, is_set

COUNT = 40
BASE, DID = "https://concord.example.org", "did:web:concord.example.org"
REVOKED = tuple(range(0, 131_072, 97))  # more than one in a hundred


@dataclass(frozen=True)
class BadgingFigures:
    """CPU milliseconds, medians; `usual` compares the document with its own expansion first."""

    sign: float
    sign_token: float
    verify: float
    verify_usual: float
    verify_token: float
    sign_list: float
    look_up: float
    badge_bytes: int


def measure() -> BadgingFigures:
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), secret="bench", controller=DID, production=False)
        signer = open_signer(place, now=NOW - timedelta(days=1))
    document = credential(
        facts(1), CODE, issuer=Issuer(DID, BASE, development=True), status=StatusEntry(1, 70_000)
    )
    proved, token = signer.sign(document, created=NOW)
    lists = {list_address(BASE, purpose, 1): signed_list(purpose, signer) for purpose in Purpose}
    without, known = Known([signer.public], {}), Known([signer.public], lists)
    day = date(2027, 3, 4)
    assert verify(proved, known, now=NOW, on=day).good
    assert verify(token, known, now=NOW, on=day).good
    encoded = json.loads(next(iter(lists.values())))["credentialSubject"]["encodedList"]
    method = signer.public.id
    return BadgingFigures(
        sign=cpu_ms(lambda: proofs.add_proof(document, signer.key, method=method, created=NOW)),
        sign_token=cpu_ms(lambda: proofs.token(document, signer.key, method=method, created=NOW)),
        verify=cpu_ms(lambda: verify(proved, without, now=NOW, on=day)),
        verify_usual=cpu_ms(lambda: verify_as_usual(proved, signer)),
        verify_token=cpu_ms(lambda: verify(token, without, now=NOW, on=day)),
        sign_list=cpu_ms(lambda: signed_list(Purpose.REVOCATION, signer)),
        look_up=cpu_ms(lambda: is_set(decode_bits(encoded), 70_000)),
        badge_bytes=len(proved),
    )


def signed_list(purpose: Purpose, signer: BadgeSigner) -> bytes:
    address = list_address(BASE, purpose, 1)
    places = REVOKED if purpose is Purpose.REVOCATION else ()
    document = status_list(address, purpose, places, issuer=DID, now=NOW)
    return signer.sign(document, created=NOW)[0]


def verify_as_usual(data: bytes, signer: BadgeSigner) -> None:
    """Expand, compact, compare every name, then canonicalize and check the signature."""
    from pyld import jsonld

    document = json.loads(data)
    proof = document.pop("proof")
    value = proof.pop("proofValue")
    options = {"documentLoader": vocabulary.load}
    context = {"@context": document["@context"]}
    back = jsonld.compact(jsonld.expand(document, options), context, options)
    assert names(document) <= names(back) | {"@context"}
    assert proofs.proof_holds(document, proof, value, public_key(signer.public.multikey))


def names(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(names, value.values()))
    return set().union(*map(names, value)) if isinstance(value, list) else set()


def cpu_ms(work: Callable[[], Any]) -> float:
    work()
    times = []
    for _ in range(COUNT):
        linked.digest.cache_clear()  # each time as if it were the first
        started = time.process_time()
        work()
        times.append((time.process_time() - started) * 1000)
    return statistics.median(times)
