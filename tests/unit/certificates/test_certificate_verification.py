"""The check of a file: ours is intact, and nothing that differs in any byte is."""

import asyncio
import json
import re
import subprocess
import sys
from datetime import timedelta
from io import BytesIO

import pytest
from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers, validation
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from weasyprint import HTML

from lms.certificates import inspection, keys, pdf, signing
from lms.certificates.domain import FileFinding
from lms.certificates.keys import Trust
from lms.certificates.sandbox import helper
from lms.certificates.stamping import LocalStamper
from lms.certificates.verification import LARGEST, examine
from tests.attacks import REVISIONS, hole, revised
from tests.factories_certificates import CODE, make_facts
from tests.unit.certificates.conftest import (
    NOW,
    draw,
    evidence_of,
    key_settings,
    make_signer,
    run,
    seal,
    seal_in,
    withdraw,
)

LATER = NOW + timedelta(days=160)


def finding_of(data, trust, now=LATER):
    return examine(data, trust, now=now).finding


def test_what_we_signed_is_intact_and_tells_its_facts(sealed, trust):
    found = examine(sealed, trust, now=LATER)
    assert found.finding is FileFinding.INTACT
    assert found.code == CODE
    assert found.facts == make_facts()
    assert found.signed_at == NOW
    assert found.development
    assert (found.stamped_at, found.level) == (NOW, "B-LT")


def test_it_stays_intact_when_the_signer_has_expired(sealed, trust):
    assert finding_of(sealed, trust, NOW + timedelta(days=8 * 365)) is FileFinding.INTACT


def test_poppler_agrees(sealed, nss, tmp_path):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(sealed)
    said = run("pdfsig", "-nssdir", f"sql:{nss}", "-no-ocsp", file)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "Certificate is Trusted" in said
    assert "ETSI.CAdES.detached" in said


def test_our_form_of_a_container_is_what_pyhanko_itself_writes(signer):
    """The form is ours to choose, and this one is the one that others write, too."""
    maker = signing._cms_signer(signer)

    async def written(kind, digest):
        attributes = await kind.signed_attrs(maker, digest, "sha256", use_pades=True)
        made = await kind.async_sign_prescribed_attributes(maker, "sha256", attributes)
        return made.dump()

    for digest in (bytes(32), b"x" * 32):
        ours = asyncio.run(written(type(maker), digest))
        assert ours == asyncio.run(written(signers.Signer, digest))


def test_no_change_is_allowed_after_signing(sealed):
    assert re.search(rb"/DocMDP", sealed)
    assert re.search(rb"/P 1\b", sealed)


def test_signing_adds_to_the_drawn_bytes_and_changes_none(signer):
    drawn = draw()
    assert signing.sign(drawn, signer, signed_at=NOW).startswith(drawn)


def test_the_field_is_spoken_and_tagged(sealed, tmp_path):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(sealed)
    structure = run("pdfinfo", "-struct-text", file)
    assert "Form" in structure


def test_every_bit_of_the_head_of_the_container_counts(sealed, trust):
    """The container is not covered by its own signature, so its form must be the only one."""
    start, _ = hole(sealed)
    unseen = []
    for at in range(start + 1, start + 100):
        for bit in (0, 5):  # another digit; the same digit in the other case
            changed = bytearray(sealed)
            changed[at] ^= 1 << bit
            if finding_of(bytes(changed), trust).trusted:
                unseen.append((at, bit))
    assert unseen == []


def test_small_letters_in_the_container_are_another_file(sealed, trust):
    start, end = hole(sealed)
    changed = sealed[:start] + sealed[start:end].lower() + sealed[end:]
    assert finding_of(changed, trust) is FileFinding.ALTERED


@pytest.mark.parametrize("change", ["another page", "another record", "a note over the page"])
def test_a_later_revision_is_found(sealed, trust, change):
    changed = revised(sealed, REVISIONS[change])
    assert changed.startswith(sealed)
    found = examine(changed, trust, now=LATER)
    assert found.finding is FileFinding.ADDED_TO
    assert found.facts is None and found.code is None


def test_a_second_signature_is_found(sealed, stranger, trust, monkeypatch):
    monkeypatch.setattr(validation, "read_certification_data", lambda reader: None)
    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    append_signature_field(writer, SigFieldSpec("Second"))
    metadata = signers.PdfSignatureMetadata(field_name="Second", md_algorithm="sha256")
    signer = signers.PdfSigner(metadata, signer=signing._cms_signer(stranger))
    twice = signer.sign_pdf(writer, existing_fields_only=True).getvalue()
    monkeypatch.undo()
    assert finding_of(twice, trust) is FileFinding.ALTERED


def test_somebody_else_with_the_same_names_is_somebody_else(stranger, trust):
    found = examine(seal(stranger), trust, now=LATER)
    assert found.finding is FileFinding.UNKNOWN_SIGNER
    assert found.facts is None


@pytest.fixture
def withdrawn(tmp_path):
    """An installation whose signer was withdrawn from NOW on; sealed just before, and after."""
    signer = make_signer(tmp_path)
    moments = {"before": NOW - timedelta(minutes=1), "then": NOW, "after": NOW + timedelta(days=9)}
    files = {name: seal_in(tmp_path, at=at, signer=signer) for name, at in moments.items()}
    files["unstamped"] = seal(signer)
    withdraw(tmp_path, signer.certificate)
    return files, Trust((signer.root,), keys.read_crls(tmp_path / keys.FOLDER)), tmp_path


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("before", FileFinding.INTACT),
        ("then", FileFinding.SIGNER_REVOKED),
        ("after", FileFinding.SIGNER_REVOKED),
        ("unstamped", FileFinding.SIGNER_REVOKED),
    ],
)
def test_what_was_stamped_before_its_signer_was_withdrawn_stays_good(withdrawn, name, finding):
    files, trust, _ = withdrawn
    assert finding_of(files[name], trust) is finding
    assert finding_of(files[name], Trust(trust.roots)) is FileFinding.INTACT
    assert inspection.inspect(files[name], trust, now=LATER) == examine(
        files[name], trust, now=LATER
    )


@pytest.mark.parametrize(
    ("reason", "finding"),
    [
        (x509.ReasonFlags.key_compromise, FileFinding.SIGNER_REVOKED),
        (x509.ReasonFlags.superseded, FileFinding.INTACT),
    ],
)
def test_a_stamping_key_that_somebody_else_has_proves_no_moment(withdrawn, reason, finding):
    files, trust, folder = withdrawn
    stamper = keys.open_stamper(key_settings(folder), now=NOW)
    own = key_settings(folder).own
    keys.withdraw(own, stamper.certificate, since=NOW, reason=reason, now=NOW)
    trust = Trust(trust.roots, keys.read_crls(own.folder))
    assert finding_of(files["before"], trust) is finding


def test_a_file_that_promised_a_stamp_and_lost_it_is_altered(sealed, signer, data_folder, trust):
    """The evidence is signed with the page; the stamp is not, so it could be taken out."""
    local = keys.open_stamper(key_settings(data_folder), now=NOW)
    evidence = evidence_of(signer, local, ())
    bare = signing.sign(draw(evidence), signer, signed_at=NOW)
    assert finding_of(bare, trust) is FileFinding.ALTERED
    stamped = signing.sign(
        draw(evidence), signer, signed_at=NOW, stamper=LocalStamper(local, lambda: NOW)
    )
    assert examine(stamped, trust, now=LATER).level == "B-T", "no revocation lists are in it"


def test_a_stamp_of_a_stranger_is_not_taken(signer, stranger, stranger_folder, data_folder, trust):
    foreign = keys.open_stamper(key_settings(stranger_folder), now=NOW)
    evidence = evidence_of(signer, foreign, ())
    data = signing.sign(
        draw(evidence), signer, signed_at=NOW, stamper=LocalStamper(foreign, lambda: NOW)
    )
    assert finding_of(data, trust) is FileFinding.ALTERED
    both = Trust(trust.roots, stamp_roots=(stranger.root,))
    assert finding_of(data, both) is FileFinding.INTACT
    assert finding_of(seal(stranger), both) is FileFinding.UNKNOWN_SIGNER


def test_the_stamping_key_cannot_sign_certificates(stamper, trust):
    assert finding_of(seal(stamper), trust) is FileFinding.UNKNOWN_SIGNER


def test_a_drawn_file_without_signature_is_not_signed(trust):
    drawn = pdf.render(
        make_facts(), CODE, base_url="https://c.example", sealed_at=NOW, development=True
    )
    assert finding_of(drawn, trust) is FileFinding.NOT_SIGNED


def test_a_signed_file_that_is_no_certificate_is_not_taken_for_one(signer, trust):
    page = '<html lang="en"><title>An invoice</title><p>Pay me'
    drawn = HTML(string=page).write_pdf(pdf_tags=True, finisher=signing.add_field)
    signed = signing.sign(drawn, signer, signed_at=NOW)
    assert finding_of(signed, trust) is FileFinding.UNREADABLE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"%PDF-1.7",
        b"%PDF-1.7\n" + b"\x00" * 1000,
        b"%PDF-1.7\n1 0 obj<</Length 1 0 R>>stream\nendstream\nendobj\nstartxref\n9\n%%EOF",
        b"\x89PNG\r\n\x1a\n" + b"x" * 100,
        b"%PDF-" + b"[" * 100_000,
    ],
)
def test_what_is_no_pdf_is_unreadable(data, trust):
    assert finding_of(data, trust) is FileFinding.UNREADABLE


def test_too_large_is_unreadable(sealed, trust):
    assert finding_of(sealed + b"\n" * LARGEST, trust) is FileFinding.UNREADABLE


def test_without_roots_everybody_is_somebody_else(sealed):
    assert finding_of(sealed, Trust(())) is FileFinding.UNKNOWN_SIGNER


def test_the_separate_process_says_the_same(sealed, trust):
    assert inspection.inspect(sealed, trust, now=LATER) == examine(sealed, trust, now=LATER)
    assert inspection.inspect(sealed[:-1], trust, now=LATER) == examine(
        sealed[:-1], trust, now=LATER
    )


def test_the_separate_process_is_ended_when_it_takes_too_long(sealed, trust):
    found = inspection.inspect(sealed, trust, now=LATER, seconds=0.0005)
    assert found.finding is FileFinding.UNREADABLE


def test_the_helper_goes_on_after_it_was_killed(sealed, trust):
    inspection.inspect(sealed, trust, now=LATER)
    helper()._process.kill()
    helper()._process.wait()
    assert inspection.inspect(sealed, trust, now=LATER).finding is FileFinding.INTACT


@pytest.mark.parametrize(
    "evil",
    [
        "bytearray(3 * 1024**3)",
        "print('x', file=open(told['file'], 'w'), flush=True)",
        "__import__('os').abort()",
        "b'x' * (5 * 1024**2)",
        "(_ for _ in ()).throw(KeyboardInterrupt)",
    ],
)
def test_what_a_file_makes_the_parser_do_stays_in_its_fork(evil, tmp_path):
    """Too much memory, writing, a crash, a huge answer: the asker gets nothing, and lives."""
    code = (
        "from lms.certificates import sandbox, sandboxed\n"
        f"sandboxed.TASKS['examine'] = lambda told, data: {evil} or b'done'\n"
        "sandbox.main()\n"
    )
    file = tmp_path / "escaped"
    question = json.dumps({"task": "examine", "seconds": 5, "file": str(file)}).encode()
    told = b"".join(len(part).to_bytes(8) + part for part in (question, b"%PDF-"))
    done = subprocess.run([sys.executable, "-c", code], input=told, capture_output=True)
    assert done.returncode == 0
    assert done.stdout == b"\xff" * 8
    assert not file.exists() or file.stat().st_size == 0
