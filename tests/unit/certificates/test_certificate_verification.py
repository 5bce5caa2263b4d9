"""The check of a file: ours is intact, and nothing that differs in any byte is."""

import json
import random
import re
import subprocess
import sys
from datetime import timedelta
from io import BytesIO

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers, validation
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from weasyprint import HTML

from lms.certificates import inspection, keys, pdf, signing
from lms.certificates.domain import FileFinding
from lms.certificates.keys import Trust
from lms.certificates.sandbox import helper
from lms.certificates.verification import LARGEST, examine
from tests.factories_certificates import CODE, make_facts
from tests.unit.certificates.conftest import NOW, make_signer, run, seal, withdraw

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


def test_no_change_is_allowed_after_signing(sealed):
    assert re.search(rb"/DocMDP", sealed)
    assert re.search(rb"/P 1\b", sealed)


def test_signing_adds_to_the_drawn_bytes_and_changes_none(signer):
    drawn = pdf.render(
        make_facts(),
        CODE,
        base_url="https://concord.example",
        sealed_at=NOW,
        development=True,
        finisher=signing.add_field,
    )
    assert signing.sign(drawn, signer, signed_at=NOW).startswith(drawn)


def test_the_field_is_spoken_and_tagged(sealed, tmp_path):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(sealed)
    structure = run("pdfinfo", "-struct-text", file)
    assert "Form" in structure


def test_any_one_changed_byte_is_found(sealed, trust):
    """Hundreds of places over the whole file, and among them every kind of part of it."""
    chance = random.Random(20261121)
    start, end = hole(sealed)
    places = [
        *chance.sample(range(len(sealed)), 160),
        *chance.sample(range(start, start + 7400), 80),
        *chance.sample(range(start + 7400, end), 20),
        *range(10),
        *range(len(sealed) - 30, len(sealed)),
        start,
        end - 1,
    ]
    unseen = [at for at in places if finding_of(flipped(sealed, at, chance), trust).trusted]
    assert unseen == []


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


@pytest.mark.parametrize("more", [b"\n", b" ", b"% hello\n", b"\x00", b"%%EOF\n"])
def test_appended_bytes_are_found(sealed, trust, more):
    assert not finding_of(sealed + more, trust).trusted


@pytest.mark.parametrize("cut", [1, 200, 20_000, 40_000])
def test_a_file_cut_short_is_found(sealed, trust, cut):
    assert not finding_of(sealed[:-cut], trust).trusted


def appended(data: bytes, change) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(data))
    writer._update_meta = lambda: None
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def replace_page(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"q BT ET Q"))
    writer.update_container(page)


def change_language(writer):
    writer.root["/Lang"] = generic.TextStringObject("xx")
    writer.update_root()


def add_note(writer):
    name = generic.NameObject
    note = {
        name("/Type"): name("/Annot"),
        name("/Subtype"): name("/FreeText"),
        name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 500, 500))),
        name("/Contents"): generic.TextStringObject("Jane Forger"),
    }
    notes = writer.root["/Pages"]["/Kids"][0]["/Annots"]
    notes.append(writer.add_object(generic.DictionaryObject(note)))
    writer.update_container(notes)


def replace_record(writer):
    names = list(writer.root["/Names"]["/EmbeddedFiles"]["/Names"])
    spec = names[1].get_object()
    raw = spec["/EF"]["/F"].data.replace(b"Robin Hale", b"Jane Forger")
    spec["/EF"]["/F"] = writer.add_object(generic.StreamObject(stream_data=raw))
    writer.update_container(spec)


@pytest.mark.parametrize("change", [replace_page, change_language, add_note, replace_record])
def test_a_later_revision_is_found(sealed, trust, change):
    changed = appended(sealed, change)
    assert changed.startswith(sealed)
    found = examine(changed, trust, now=LATER)
    assert found.finding is FileFinding.ADDED_TO
    assert found.facts is None and found.code is None


def test_a_shrunk_byte_range_is_found(sealed, trust):
    """The signature is made to cover less than the file, in the same number of bytes."""
    match = re.search(rb"/ByteRange ?\[0 (\d+) (\d+) (\d+)", sealed)
    covered = match[3]
    fewer = str(int(covered) - 100).encode().rjust(len(covered), b"0")
    assert not finding_of(
        sealed.replace(match[0], match[0][: -len(covered)] + fewer), trust
    ).trusted


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


def test_a_withdrawn_signer_is_told(tmp_path):
    signer = make_signer(tmp_path)
    withdraw(tmp_path, signer.certificate)
    trust = Trust((signer.root,), keys.read_crls(tmp_path / keys.FOLDER))
    assert finding_of(seal(signer), trust) is FileFinding.SIGNER_REVOKED


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


def test_the_separate_process_keeps_the_lists(sealed, signer, tmp_path):
    withdrawn = make_signer(tmp_path)
    withdraw(tmp_path, withdrawn.certificate)
    trust = Trust((withdrawn.root,), keys.read_crls(tmp_path / keys.FOLDER))
    found = inspection.inspect(seal(withdrawn), trust, now=LATER)
    assert found.finding is FileFinding.SIGNER_REVOKED


def hole(data: bytes) -> tuple[int, int]:
    match = re.search(rb"/ByteRange ?\[0 (\d+) (\d+) ", data)
    return int(match[1]), int(match[2])


def flipped(data: bytes, at: int, chance: random.Random) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1 << chance.randrange(8)
    return bytes(changed)
