"""The naive certificate pipeline: everything new each time, pyHanko with its defaults."""

import io
from dataclasses import dataclass
from typing import Any

import segno
from asn1crypto import crl, keys, x509
from cryptography.hazmat.primitives import serialization
from jinja2 import Environment, FileSystemLoader
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from lms.certificates.domain import Facts
from lms.certificates.keys import FileKey, Signer

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
        stylesheets=[CSS(string=STYLE, font_config=fonts)],
        font_config=fonts,
        pdf_variant="pdf/a-3a",
    )
    return data


@dataclass(frozen=True)
class Tools:
    signer: Signer
    stamper: Signer
    crls: tuple[Any, ...]


def sign(pdf: bytes, tools: Tools) -> bytes:
    """Sign B-LT with pyHanko's defaults: its own signer and stamper, a new field, dry runs."""
    store = SimpleCertificateStore()
    chain = (*tools.signer.chain, *tools.stamper.chain)
    store.register_multiple([as_asn1(c, x509) for c in chain])
    plain = signers.SimpleSigner(
        signing_cert=as_asn1(tools.signer.certificate, x509),
        signing_key=key_of(tools.signer),
        cert_registry=store,
    )
    stamper = DummyTimeStamper(
        as_asn1(tools.stamper.certificate, x509), key_of(tools.stamper), certs_to_embed=store
    )
    context = ValidationContext(
        trust_roots=[as_asn1(tools.signer.root, x509)],
        crls=[
            crl.CertificateList.load(one.public_bytes(serialization.Encoding.DER))
            for one in tools.crls
        ],
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    meta = PdfSignatureMetadata(
        field_name="Signature1",
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=True,
        validation_context=context,
    )
    pdf_signer = PdfSigner(
        meta, plain, timestamper=stamper, new_field_spec=SigFieldSpec("Signature1")
    )
    return pdf_signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getvalue()


def key_of(signer: Signer) -> keys.PrivateKeyInfo:
    assert isinstance(signer.key, FileKey)
    packed = signer.key.private.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return keys.PrivateKeyInfo.load(packed)


def as_asn1(certificate: Any, x509: Any) -> Any:
    return x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
