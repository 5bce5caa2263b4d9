"""PDF to signed PDF: pyHanko makes a PAdES certification signature that allows no change."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import Any

import pydyf
from asn1crypto import cms
from asn1crypto.algos import SignedDigestAlgorithm
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lms.certificates import der
from lms.certificates.keys import Signer
from lms.certificates.keys import der as der_of
from lms.certificates.oneform import DIGEST, MECHANISM, document_container
from lms.certificates.stamping import LocalStamper, RemoteStamper, as_asn1

FIELD = "IssuerSignature"
SPOKEN = "Digital signature of the issuer"
ROOM = 2048  # bytes of a container beside certificates and stamp

Stamper = LocalStamper | RemoteStamper


@dataclass(frozen=True)
class Evidence:
    """What a reader needs to judge the signature later without asking anybody (the PDF's DSS).

    Args:
        certificates: DER, of the signer, the time-stamping key and their issuers.
        crls: DER, the revocation lists of those issuers.
    """

    certificates: tuple[bytes, ...]
    crls: tuple[bytes, ...]


def finisher(evidence: Evidence | None) -> Callable[[Any, pydyf.PDF], None]:
    """Return WeasyPrint's finisher that prepares a file for `sign`.

    The evidence is written with the page and is signed with it, so that the file needs no second
    revision, which Acrobat would call a change. A file that holds evidence promises a time stamp.
    """

    def finish(document: Any, pdf: pydyf.PDF) -> None:
        add_field(document, pdf)
        if evidence is not None:
            _add_evidence(pdf, evidence)

    return finish


def _add_evidence(pdf: pydyf.PDF, evidence: Evidence) -> None:
    kept = {"Type": "/DSS"}
    for name, things in (("Certs", evidence.certificates), ("CRLs", evidence.crls)):
        if things:
            kept[name] = pydyf.Array([_add_packed(pdf, thing) for thing in things])
    pdf.catalog["DSS"] = _add(pdf, **kept).reference
    level = pydyf.Dictionary({"BaseVersion": "/1.7", "ExtensionLevel": 5})
    pdf.catalog["Extensions"] = pydyf.Dictionary({"ESIC": level})


def _add_packed(pdf: pydyf.PDF, thing: bytes) -> Any:
    stream = pydyf.Stream([_packed(thing)], {"Filter": "/FlateDecode"}, compress=False)
    pdf.add_object(stream)
    return stream.reference


@lru_cache(maxsize=64)
def _packed(thing: bytes) -> bytes:
    return zlib.compress(thing, 9)


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


def sign(
    pdf: bytes,
    signer: Signer,
    *,
    signed_at: datetime,
    stamper: Stamper | None = None,
    reason: str = "Certificate issued",
) -> bytes:
    """Sign a PDF that `finisher` has prepared, and have the signature stamped.

    Args:
        signed_at: the moment of signing that the file states.
        stamper: None for a signature without a time stamp.
        reason: stands in the signature, for those who open it in a reader.

    Returns:
        The signed file; its first bytes are the given ones, unchanged.

    Raises:
        CannotStamp: if the time-stamping authority does not do its part.
        KeysUnusable: if the key does not sign.
    """
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=reason,
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    # pyHanko would rewrite WeasyPrint's metadata; its issue 223 names this way to keep it.
    writer._update_meta = lambda: None  # type: ignore[method-assign]
    maker = _DatedSigner(metadata, signer=_cms_signer(signer), timestamper=stamper)
    maker.moment = signed_at
    room = ROOM + sum(len(der_of(one)) for one in (signer.certificate, *signer.chain[:-1]))
    room += stamper.room if stamper else 0
    # what pyHanko reserves are hexadecimal digits, two a byte
    out = maker.sign_pdf(writer, existing_fields_only=True, bytes_reserved=2 * room)
    return bytes(out.getvalue())


class _DatedSigner(signers.PdfSigner):
    """pyHanko's signer, told the time instead of asking for it."""

    moment: datetime

    def init_signing_session(self, *args: Any, **named: Any) -> Any:
        session = super().init_signing_session(*args, **named)
        session.system_time = self.moment
        return session


class _KeySigner(signers.Signer):
    """pyHanko's signer with a key that is opened once, wherever it is kept, and our one form.

    The original for key files parses and checks the key for every signature, which for RSA-3072
    takes a hundred times as long as signing.
    """

    def __init__(self, signer: Signer) -> None:
        store = SimpleCertificateStore()
        store.register_multiple([as_asn1(certificate) for certificate in signer.chain])
        super().__init__(
            signing_cert=as_asn1(signer.certificate),
            cert_registry=store,
            embed_roots=False,
            signature_mechanism=SignedDigestAlgorithm({"algorithm": MECHANISM}),
        )
        self._key = signer.key
        self._path = [as_asn1(one) for one in (signer.certificate, *signer.chain[:-1])]
        self._same: list[bytes] | None = None

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        return bytes(self._key.public.key_size // 8) if dry_run else self._key.sign(data)

    async def signed_attrs(
        self, data_digest: bytes, digest_algorithm: str, *args: Any, **named: Any
    ) -> cms.CMSAttributes:
        """Return what is signed. All but the digest is the same in every file and made once."""
        if self._same is None:
            made = await super().signed_attrs(data_digest, digest_algorithm, *args, **named)
            self._same = [one.dump() for one in made if one["type"].native != "message_digest"]
        digest = der.attribute("message_digest", der.tagged(der.OCTETS, data_digest))
        return cms.CMSAttributes.load(der.set_of(digest, *self._same))

    async def async_sign_prescribed_attributes(
        self,
        digest_algorithm: str,
        signed_attrs: cms.CMSAttributes,
        cms_version: Any = "v1",
        dry_run: bool = False,
        timestamper: Any = None,
        encap_content_info: Any = None,
    ) -> cms.ContentInfo:
        """Sign the attributes, have the signature stamped, and write the container."""
        signature = await self.async_sign_raw(signed_attrs.dump(), digest_algorithm, dry_run)
        stamp = None
        if timestamper is not None:
            token = await timestamper.async_timestamp(sha256(signature).digest(), DIGEST)
            stamp = token.dump()
        made = document_container(signed_attrs.dump(), signature, self._path, stamp)
        return cms.ContentInfo.load(made)


@lru_cache(maxsize=4)
def _cms_signer(signer: Signer) -> _KeySigner:
    """Encode the certificates for pyHanko once per process. The root stays out of the file."""
    return _KeySigner(signer)


def _object(pdf: pydyf.PDF, reference: str | bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _add(pdf: pydyf.PDF, **values: Any) -> pydyf.Dictionary:
    made = pydyf.Dictionary(values)
    pdf.add_object(made)
    return made
