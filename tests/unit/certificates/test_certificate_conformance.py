"""The sealed file before other judges: PDF/A-3a, PDF/UA-1, poppler, MuPDF, OpenSSL, a QR reader."""

import json
import re
import shutil
import subprocess
import unicodedata
import zlib
from dataclasses import replace
from io import BytesIO

import page
import pytest
import zxingcpp
from asn1crypto import cms
from cryptography.hazmat.primitives.serialization import Encoding
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from lms.certificates import keys, pdf, signing
from lms.certificates.conformance import Associated
from lms.certificates.stamping import LocalStamper
from tests.factories_certificates import CODE, NAMES, make_facts
from tests.unit.certificates.conftest import (
    NOW,
    evidence_of,
    key_settings,
    make_signer,
    run,
    seal_in,
    withdraw,
)

BASE = "https://concord.example"
CHINESE = "山田 太郎 (王小明)"
PROFILES = (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1)
BADGE = Associated(
    "credential.json", b'{"type": "x"}', "application/vc+ld+json", "Supplement", "A credential"
)


def a_font_has(text):
    wanted = ":charset=" + format(ord(text[0]), "x")
    return bool(subprocess.run(["fc-list", wanted], capture_output=True).stdout.strip())


WITH_A_FONT = pytest.mark.skipif(
    shutil.which("fc-list") is None or not a_font_has(CHINESE),
    reason="no font with Chinese letters here: sudo apt-get install -y fonts-droid-fallback",
)
ALL = [*NAMES.values(), pytest.param(CHINESE, marks=WITH_A_FONT)]
ONE_DIRECTION = [name for name in ALL if name != NAMES["mixed"]]


@pytest.fixture(scope="module")
def seal_for(data_folder, signer):
    """Seal a certificate for a name, with a second associated file, once for each name."""
    local = keys.open_stamper(key_settings(data_folder), now=NOW)
    evidence = evidence_of(signer, local, keys.read_crls(data_folder / keys.FOLDER))
    made = {}

    def seal(name):
        if name not in made:
            drawn = pdf.render(
                make_facts(name=name),
                CODE,
                base_url=BASE,
                sealed_at=NOW,
                development=True,
                attachments=(BADGE,),
                finisher=signing.finisher(evidence),
            )
            stamper = LocalStamper(local, lambda: NOW)
            made[name] = signing.sign(drawn, signer, signed_at=NOW, stamper=stamper)
        return made[name]

    return seal


@pytest.mark.parametrize("name", ALL)
def test_a_sealed_certificate_is_archivable_and_accessible(seal_for, name):
    for profile in PROFILES:
        report = page.validate_pdf_bytes(seal_for(name), profile=profile)
        assert [(one.rule_id, one.message) for one in report.failures] == []
        assert report.is_compliant


def test_a_stream_that_ends_with_a_carriage_return_has_a_clear_end(data_folder, signer):
    """One in 256 does; for checkers the line feed behind it would make it a byte too long."""
    local = keys.open_stamper(key_settings(data_folder), now=NOW)
    evidence = evidence_of(signer, local, keys.read_crls(data_folder / keys.FOLDER))
    ends_so = next(
        text
        for text in (f"{n}".encode() for n in range(100_000))
        if zlib.compress(text, 9).endswith(b"\r")
    )
    made = pdf.render(
        make_facts(),
        CODE,
        base_url=BASE,
        sealed_at=NOW,
        development=True,
        attachments=(replace(BADGE, data=ends_so),),
        finisher=signing.finisher(evidence),
    )
    assert b"\r\r\nendstream" in made
    sealed = signing.sign(made, signer, signed_at=NOW, stamper=LocalStamper(local, lambda: NOW))
    assert page.validate_pdf_bytes(sealed, profile=PROFILES[0]).is_compliant


def plain(text):
    return " ".join("".join(x for x in text if unicodedata.category(x) != "Cf").split())


@pytest.mark.parametrize("name", ONE_DIRECTION)
def test_the_name_is_extracted_as_it_is_written(seal_for, name, tmp_path):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(seal_for(name))
    assert plain(name) in plain(run("pdftotext", "-enc", "UTF-8", file, "-"))


@pytest.mark.parametrize("dots", [72, 150])
def test_a_reader_finds_the_address_in_the_qr_code(seal_for, tmp_path, dots):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(seal_for("Robin Hale"))
    run("pdftoppm", "-r", dots, "-gray", "-singlefile", file, tmp_path / "page")
    found = zxingcpp.read_barcodes(Image.open(tmp_path / "page.pgm"))
    assert [one.text for one in found] == [f"{BASE}/v/{CODE}"]


def test_a_checker_that_finds_nothing_wrong_can_find_something(seal_for):
    """The gate itself: without its claim the same file is no PDF/UA."""
    broken = seal_for("Robin Hale").replace(b'pdfuaid:part="1"', b'pdfuaid:part="7"')
    assert not page.validate_pdf_bytes(broken, profile=PROFILES[1]).is_compliant


def test_associated_files_are_whole_typed_and_named_once(seal_for, tmp_path):
    data = seal_for("Robin Hale")
    file = tmp_path / "certificate.pdf"
    file.write_bytes(data)
    run("pdfdetach", "-saveall", "-o", tmp_path, file)
    assert (tmp_path / "credential.json").read_bytes() == BADGE.data
    assert json.loads((tmp_path / "certificate.json").read_bytes())["code"] == CODE

    specs = [spec.get_object() for spec in PdfFileReader(BytesIO(data)).root["/AF"]]
    told = [
        (str(spec["/UF"]), spec["/AFRelationship"], spec["/EF"]["/F"]["/Subtype"]) for spec in specs
    ]
    assert told == [
        ("certificate.json", "/Data", "/application/json"),
        ("credential.json", "/Supplement", "/application/vc+ld+json"),
    ]


def test_metadata_can_be_read_without_a_pdf_reader(seal_for):
    data = seal_for("Robin Hale")
    assert b'pdfuaid:part="1"' in data
    assert data.count(b"<rdf:RDF") == 1


@pytest.fixture
def stored(seal_for, tmp_path):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(seal_for("Robin Hale"))
    return file


def test_poppler_finds_it_valid_trusted_and_total(stored, nss):
    said = run("pdfsig", "-nssdir", f"sql:{nss}", "-no-ocsp", stored)
    assert "Signature is Valid" in said
    assert "Certificate is Trusted" in said
    assert "Total document signed" in said


def test_mupdf_finds_it_unchanged(stored):
    if shutil.which("mutool") is None:
        pytest.skip("MuPDF is not here: sudo apt-get install -y mupdf-tools")
    done = subprocess.run(["mutool", "sign", "-v", stored], capture_output=True, text=True)
    assert "unchanged since signing" in done.stdout + done.stderr


def container_of(data):
    """Return what is signed, and the container in the hole."""
    match = re.search(rb"/ByteRange ?\[0 (\d+) (\d+) (\d+)", data)
    first, second, rest = (int(value) for value in match.groups())
    raw = bytes.fromhex(data[first + 1 : second - 1].decode())
    return data[:first] + data[second : second + rest], cms.ContentInfo.load(raw)


def test_openssl_finds_signature_and_stamp_right(stored, signer, tmp_path):
    covered, container = container_of(stored.read_bytes())
    (tmp_path / "covered").write_bytes(covered)
    (tmp_path / "container.der").write_bytes(container.dump())
    (tmp_path / "root.pem").write_bytes(keys.pem(signer.root))
    at = int(NOW.timestamp())
    done = subprocess.run(
        [
            *("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER"),
            *("-in", tmp_path / "container.der", "-content", tmp_path / "covered"),
            *("-CAfile", tmp_path / "root.pem", "-purpose", "any", "-attime", str(at)),
            *("-out", "/dev/null"),
        ],
        capture_output=True,
        text=True,
    )
    assert "CAdES Verification successful" in done.stderr, done.stderr

    info = container["content"]["signer_infos"][0]
    (tmp_path / "token.der").write_bytes(info["unsigned_attrs"][0]["values"][0].dump())
    (tmp_path / "signature").write_bytes(info["signature"].native)
    said = run(
        *("openssl", "ts", "-verify", "-token_in", "-in", tmp_path / "token.der"),
        *("-data", tmp_path / "signature", "-CAfile", tmp_path / "root.pem", "-attime", at),
    )
    assert "Verification: OK" in said


def test_openssl_finds_a_revoked_signer_on_the_list_that_the_file_carries(tmp_path):
    """The list in the file is the authority's own, in force on the day of sealing."""
    signer = make_signer(tmp_path)
    withdraw(tmp_path, signer.certificate)
    own = key_settings(tmp_path).own
    later = keys.add_key(own, keys.Role.SIGNER, organization=None, now=NOW)
    assert seal_in(tmp_path)
    for name, path in (("old", signer.certificate), ("new", None)):
        leaf = path or keys.certificates_of(own.folder, later)[0]
        (tmp_path / f"{name}.pem").write_bytes(keys.pem(leaf))
    chain = tmp_path / "chain.pem"
    chain.write_bytes(b"".join(map(keys.pem, signer.chain)))
    for crl in keys.read_crls(own.folder):
        with chain.open("ab") as out:
            out.write(crl.public_bytes(Encoding.PEM))
    said = {
        name: subprocess.run(
            [
                *("openssl", "verify", "-crl_check_all", "-CAfile", chain),
                *("-attime", str(int(NOW.timestamp()) + 1), tmp_path / f"{name}.pem"),
            ],
            capture_output=True,
            text=True,
        )
        for name in ("old", "new")
    }
    assert "certificate revoked" in said["old"].stderr
    assert said["new"].stdout.strip().endswith("OK")
