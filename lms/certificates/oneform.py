"""Signed containers in the one form that we write, so that not even an unsigned byte can differ.

A signature does not cover its own container: its certificates, its padding and its unsigned parts
could be changed unseen. So the signer writes them in one form, and a check writes them anew from
what it has verified and compares.
"""

from asn1crypto import cms, x509

from lms.certificates import der

DIGEST, MECHANISM = "sha256", "sha256_rsa"


def document_container(
    attributes: bytes,
    signature: bytes,
    path: list[x509.Certificate],
    stamp: bytes | None,
) -> bytes:
    """Write a document's container.

    Args:
        attributes: what was signed, as a set.
        path: the signing certificate, then those on its way up, without the root.
        stamp: the time stamp as `stamp_container` writes it, or None where there is none.
    """
    beside = b""
    if stamp is not None:
        beside = der.set_of(der.attribute("signature_time_stamp_token", stamp))
    signer = der.signer_info(
        path[0],
        attributes,
        signature,
        digest=DIGEST,
        mechanism=der.signature_algorithm(MECHANISM),
        unsigned=beside,
    )
    return der.signed_data(1, der.content_type("data"), path, signer, DIGEST)


def stamp_container(token: cms.ContentInfo, path: list[x509.Certificate]) -> bytes:
    """Write a time-stamp token with exactly the certificates that lead from it to its root.

    Authorities write tokens in many forms. What they signed is kept byte for byte.

    Args:
        path: the stamping certificate, then those on its way up, without the root.
    """
    signed = token["content"]
    info = signed["signer_infos"][0]
    return written_stamp(
        signed["encap_content_info"]["content"].parsed.dump(),
        info["signed_attrs"].dump(),
        info["signature"].native,
        path,
        digest=info["digest_algorithm"]["algorithm"].native,
        mechanism=_mechanism(info, path[0]),
    )


def written_stamp(
    stated: bytes,
    attributes: bytes,
    signature: bytes,
    path: list[x509.Certificate],
    *,
    digest: str = DIGEST,
    mechanism: bytes = der.signature_algorithm(MECHANISM),
) -> bytes:
    """Write a time-stamp token from what was stated, what was signed, and the signature."""
    content = der.content_type("tst_info") + der.tagged(0xA0, der.tagged(der.OCTETS, stated))
    signer = der.signer_info(path[0], attributes, signature, digest=digest, mechanism=mechanism)
    return der.signed_data(3, content, path, signer, digest)


def _mechanism(info: cms.SignerInfo, signing: x509.Certificate) -> bytes:
    told = info["signature_algorithm"]
    if told["algorithm"].native == "rsassa_pss":
        return bytes(told.dump())
    digest = info["digest_algorithm"]["algorithm"].native
    kind = {"rsa": f"{digest}_rsa", "ec": f"{digest}_ecdsa"}.get(signing.public_key.algorithm)
    return der.signature_algorithm(kind or told["algorithm"].native)
