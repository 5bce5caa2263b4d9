"""The naive certificate pipeline: everything new each time, pyHanko with its defaults."""

import io
from typing import Any

import segno
from cryptography.hazmat.primitives import serialization
from jinja2 import Environment, FileSystemLoader
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from lms.certificates.domain import Facts

PAGE = """<!doctype html><html lang="en"><title>{{ f.title }}</title><body>
<main><h1>Certificate</h1><p class="name">{{ f.name }}</p><h2>{{ f.title }}</h2>
<p>{{ f.instrument_title }} {{ f.instrument_ref }}</p>
<table>{% for l in f.score %}<tr><th>{{ l.label }}</th><td>{{ l.value }}</td></tr>{% endfor %}
<tr><th>Issued</th><td>{{ f.issued_on }}</td></tr>
<tr><th>Valid until</th><td>{{ f.expires_on }}</td></tr>
<tr><th>Release</th><td>{{ f.release_version }} {{ f.release_digest }}</td></tr>
<tr><th>Code</th><td>{{ code }}</td></tr></table>
<div class="qr">{{ qr|safe }}</div></main></body></html>"""
STYLE = """@page { size: A4 landscape; margin: 12mm }
main { display: flex; flex-direction: column; align-items: center; border: 1mm solid #0a625f;
height: 180mm; font-family: serif } .name { font-size: 34pt } .qr { width: 30mm }"""


def render(facts: Facts, code: str, *, base_url: str) -> bytes:
    qr = segno.make(f"{base_url}/v/{code}").svg_inline()
    template = Environment(loader=FileSystemLoader("."), autoescape=True).from_string(PAGE)
    html = template.render(f=facts, code=code, qr=qr)
    fonts = FontConfiguration()
    data: bytes = HTML(string=html).write_pdf(
        stylesheets=[CSS(string=STYLE, font_config=fonts)], font_config=fonts
    )
    return data


def sign(pdf: bytes, signer: Any) -> bytes:
    """Sign with pyHanko's defaults: its own signer, a new field, a dry run for the size."""
    from asn1crypto import keys, x509

    store = SimpleCertificateStore()
    store.register_multiple([as_asn1(c, x509) for c in signer.chain])
    key = signer.key.private.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    plain = signers.SimpleSigner(
        signing_cert=as_asn1(signer.certificate, x509),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=store,
    )
    meta = PdfSignatureMetadata(
        field_name="Signature1",
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )
    pdf_signer = PdfSigner(meta, plain, new_field_spec=SigFieldSpec("Signature1"))
    return pdf_signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getvalue()


def as_asn1(certificate: Any, x509: Any) -> Any:
    return x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
