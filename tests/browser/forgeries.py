"""Files for the checker page: sound ones by the verdict that they must have, and attacks."""

import random
import re
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers, validation
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from weasyprint import HTML

from lms.certificates import signing
from lms.certificates.badges.credential import StatusEntry
from lms.certificates.stamping import LocalStamper
from tests.attacks import REVISIONS, flipped, hole, revised
from tests.factories_certificates import make_facts
from tests.factories_checker import REVOKED, SUSPENDED, WITHDRAWN_SINCE, Institution
from tests.unit.certificates.conftest import NOW, seal

NAME = "Nguyễn Thị Hồng Ánh"


def sound_files(issuer: Institution, good: bytes) -> dict[str, bytes]:
    """Return files by the verdict that each must have."""
    return {
        "valid": good,
        "revoked": issuer.seal(entry=REVOKED),
        "suspended": issuer.seal(entry=SUSPENDED),
        "expired": issuer.seal(make_facts(expires_on=date(2026, 8, 1))),
        "not_yet": issuer.seal(make_facts(issued_on=date(2026, 11, 22))),
        "unverifiable without a badge": issuer.seal(entry=None),
        "unverifiable for want of a list": issuer.seal(entry=StatusEntry(2, 10)),
        "valid for ever": issuer.seal(make_facts(expires_on=None)),
        "valid with a stamp from elsewhere": issuer.seal(stamper=issuer.elsewhere),
    }


def attacks_on(issuer: Institution, stranger: Institution, good: bytes) -> dict[str, bytes]:
    start, end = hole(good)
    other = issuer.seal(make_facts(name="Jane Forger"))
    late = WITHDRAWN_SINCE + timedelta(days=1)
    return {
        "stamped after the key was withdrawn": issuer.seal(at=late),
        "not stamped, key withdrawn since": seal(issuer.signer),
        "promised a stamp and lost it": bare(issuer),
        "stamped by a stranger": issuer.seal(stamper=LocalStamper(stranger.stamper, lambda: NOW)),
        "stamped elsewhere, for a stranger": issuer.seal(stamper=stranger.elsewhere),
        "no certificate": invoice(issuer),
        "signed by the stamping key": replace(issuer, signer=issuer.stamper).seal(),
        "the same names": stranger.seal(make_facts(name=NAME)),
        "not signed": issuer.draw(make_facts(), None),
        "no PDF": b"hello",
        "noise after a head": b"%PDF-1.7\n" + bytes(1000),
        "brackets": b"%PDF-" + b"[" * 100_000,
        "empty": b"",
        "too large": good + b"\n" * (5 * 1024 * 1024),
        "cut short by 1": good[:-1],
        "cut short by 200": good[:-200],
        "cut in the container": good[: (start + end) // 2],
        "a newline behind": good + b"\n",
        "an end behind": good + b"%%EOF\n",
        "page replaced later": revised(good, REVISIONS["another page"]),
        "language changed later": revised(good, REVISIONS["another language"]),
        "note added later": revised(good, REVISIONS["a note over the page"]),
        "record replaced later": revised(good, REVISIONS["another record"]),
        "two signatures": signed_twice(good, stranger),
        "range shrunk": shrunk(good),
        "container of another file": good[:start] + other[slice(*hole(other))] + good[end:],
        "container in small letters": good[:start] + good[start:end].lower() + good[end:],
        "figures in the padding": good[: end - 3] + b"01>" + good[end:],
        "page of another file": spliced(good, other),
        **flips(good),
    }


def bare(issuer: Institution) -> bytes:
    drawn = issuer.draw(make_facts(), None)
    return signing.sign(drawn, issuer.signer, signed_at=WITHDRAWN_SINCE - timedelta(days=9))


def invoice(issuer: Institution) -> bytes:
    page = '<html lang="en"><title>An invoice</title><p>Pay me'
    drawn = HTML(string=page).write_pdf(pdf_tags=True, finisher=signing.add_field)
    stamper = LocalStamper(issuer.stamper, lambda: NOW)
    return signing.sign(drawn, issuer.signer, signed_at=NOW, stamper=stamper)


def signed_twice(data: bytes, stranger: Institution) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(data))
    append_signature_field(writer, SigFieldSpec("Second"))
    metadata = signers.PdfSignatureMetadata(field_name="Second", md_algorithm="sha256")
    signer = signers.PdfSigner(metadata, signer=signing._cms_signer(stranger.signer))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validation, "read_certification_data", lambda reader: None)
        return signer.sign_pdf(writer, existing_fields_only=True).getvalue()


def shrunk(data: bytes) -> bytes:
    match = re.search(rb"/ByteRange ?\[0 (\d+) (\d+) (\d+)", data)
    covered = match[3]
    fewer = str(int(covered) - 100).encode().rjust(len(covered), b"0")
    return data.replace(match[0], match[0][: -len(covered)] + fewer)


def spliced(good: bytes, other: bytes) -> bytes:
    """Return the good signature around what another, equally genuine file shows."""
    start, _end = hole(other)
    return other[:start] + good[hole(good)[0] :]


def flips(data: bytes) -> dict[str, bytes]:
    """Change one bit at 40 places over the whole file, and at some of each kind of part."""
    chance = random.Random(20261121)
    start, end = hole(data)
    places = [
        *chance.sample(range(len(data)), 40),
        *chance.sample(range(start, start + 15_000), 20),
        *(start, start + 9, end - 1, end - 200, end + 20, 6, len(data) - 10),
    ]
    return {f"one bit at {place}": flipped(data, place, chance) for place in places}
