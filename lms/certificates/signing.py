"""PDF to signed PDF: pyHanko makes a PAdES certification signature that allows no change."""

from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

import pydyf
from asn1crypto import x509 as asn1_x509
from asn1crypto.algos import SignedDigestAlgorithm
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lms.certificates.keys import Signer

FIELD = "IssuerSignature"
SPOKEN = "Digital signature of the issuer of this certificate"
DIGEST, MECHANISM = "sha256", "sha256_rsa"
ROOM_PER_CERTIFICATE = 4096  # hexadecimal digits, twice the bytes
ROOM = 8192


def add_field(document: Any, pdf: pydyf.PDF) -> None:
    """WeasyPrint's finisher: write the empty signature field, invisible and tagged.

    pyHanko's own field has no tag and no spoken name, which a screen reader needs.
    """
    page_reference = pdf.page_references[0]
    tree = _object(pdf, pdf.catalog["StructTreeRoot"])
    root = _object(pdf, tree["K"][0])
    parents = _object(pdf, tree["ParentTree"])["Nums"]
    place = max(parents[::2]) + 1
    widget = _add(
        pdf,
        Type="/Annot",
        Subtype="/Widget",
        FT="/Sig",
        T=pydyf.String(FIELD),
        TU=pydyf.String(SPOKEN),
        F=132,
        Rect=pydyf.Array([0, 0, 0, 0]),
        P=page_reference,
        StructParent=place,
    )
    inside = pydyf.Dictionary({"Type": "/OBJR", "Obj": widget.reference, "Pg": page_reference})
    form = _add(
        pdf,
        Type="/StructElem",
        S="/Form",
        P=root.reference,
        Pg=page_reference,
        Alt=pydyf.String(SPOKEN),
        K=pydyf.Array([inside]),
    )
    root["K"].append(form.reference)
    parents.extend([place, form.reference])
    _object(pdf, page_reference).setdefault("Annots", pydyf.Array()).append(widget.reference)
    pdf.catalog["AcroForm"] = pydyf.Dictionary(
        {"Fields": pydyf.Array([widget.reference]), "SigFlags": 3}
    )


def sign(pdf: bytes, signer: Signer, *, signed_at: datetime) -> bytes:
    """Sign a PDF that `add_field` has prepared.

    Args:
        signed_at: the moment of signing that the file states.

    Returns:
        The signed file; its first bytes are the given ones, unchanged.
    """
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason="Certificate issued",
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    # pyHanko would rewrite WeasyPrint's metadata; its issue 223 names this way to keep it.
    writer._update_meta = lambda: None  # type: ignore[method-assign]
    maker = _DatedSigner(metadata, signer=_cms_signer(signer))
    maker.moment = signed_at
    reserved = ROOM + ROOM_PER_CERTIFICATE * (1 + len(signer.chain))
    out = maker.sign_pdf(writer, existing_fields_only=True, bytes_reserved=reserved)
    return bytes(out.getvalue())


class _DatedSigner(signers.PdfSigner):
    """pyHanko's signer, told the time instead of asking for it."""

    moment: datetime

    def init_signing_session(self, *args: Any, **named: Any) -> Any:
        session = super().init_signing_session(*args, **named)
        session.system_time = self.moment
        return session


class _KeySigner(signers.Signer):
    """pyHanko's signer with a key that is opened once, wherever it is kept.

    The original for key files parses and checks the key for every signature, which for RSA-3072
    takes a hundred times as long as signing.
    """

    def __init__(self, signer: Signer, **named: Any) -> None:
        super().__init__(**named)
        self._key = signer.key

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        return bytes(self._key.public.key_size // 8) if dry_run else self._key.sign(data)


@lru_cache(maxsize=4)
def _cms_signer(signer: Signer) -> _KeySigner:
    """Encode the certificates for pyHanko once per process. The root stays out of the file."""
    store = SimpleCertificateStore()
    store.register_multiple([_asn1(certificate) for certificate in signer.chain])
    return _KeySigner(
        signer,
        signing_cert=_asn1(signer.certificate),
        cert_registry=store,
        embed_roots=False,
        signature_mechanism=SignedDigestAlgorithm({"algorithm": MECHANISM}),
    )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _object(pdf: pydyf.PDF, reference: str | bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _add(pdf: pydyf.PDF, **values: Any) -> pydyf.Dictionary:
    made = pydyf.Dictionary(values)
    pdf.add_object(made)
    return made
