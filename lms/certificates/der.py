"""The few pieces of DER (X.690) that signed containers are made of, as bytes.

asn1crypto encodes what is built and nested anew at every level above it; a container with a time
stamp takes it tens of milliseconds, and these a tenth of one.
"""

from functools import lru_cache

from asn1crypto import algos, cms, x509

INTEGER, OCTETS, SEQUENCE, SET, MOMENT = 0x02, 0x04, 0x30, 0x31, 0x18


def tagged(tag: int, *parts: bytes) -> bytes:
    """Return a value with its tag and length; context tags are 0xA0, 0xA1 and so on."""
    body = b"".join(parts)
    size = len(body)
    if size < 128:
        return bytes((tag, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(length))) + length + body


def sequence(*parts: bytes) -> bytes:
    return tagged(SEQUENCE, *parts)


def set_of(*parts: bytes) -> bytes:
    """Return a set, each once and in the order that DER asks for."""
    return tagged(SET, *sorted(set(parts)))


def integer(number: int) -> bytes:
    """Return an integer that is not negative."""
    return tagged(INTEGER, number.to_bytes(number.bit_length() // 8 + 1))


@lru_cache(maxsize=64)
def digest_algorithm(name: str) -> bytes:
    return bytes(algos.DigestAlgorithm({"algorithm": name}).dump())


@lru_cache(maxsize=64)
def signature_algorithm(name: str) -> bytes:
    return bytes(algos.SignedDigestAlgorithm({"algorithm": name}).dump())


@lru_cache(maxsize=64)
def content_type(name: str) -> bytes:
    return bytes(cms.ContentType(name).dump())


@lru_cache(maxsize=64)
def attribute_type(name: str) -> bytes:
    return bytes(cms.CMSAttributeType(name).dump())


def attribute(name: str, value: bytes) -> bytes:
    return sequence(attribute_type(name), tagged(SET, value))


def signer_info(
    signing: x509.Certificate,
    attributes: bytes,
    signature: bytes,
    *,
    digest: str,
    mechanism: bytes,
    unsigned: bytes = b"",
) -> bytes:
    """Return what one signer adds to a container (RFC 5652, 5.3).

    Args:
        attributes: what was signed, as a set.
        unsigned: attributes beside, as a set, or nothing.
    """
    serial = signing["tbs_certificate"]["serial_number"].dump()
    return sequence(
        integer(1),
        sequence(signing.issuer.dump(), serial),
        digest_algorithm(digest),
        b"\xa0" + attributes[1:],
        mechanism,
        tagged(OCTETS, signature),
        b"\xa1" + unsigned[1:] if unsigned else b"",
    )


def signed_data(
    version: int, content: bytes, certificates: list[x509.Certificate], signer: bytes, digest: str
) -> bytes:
    """Return a whole container with one signer (RFC 5652, 5.1).

    Args:
        content: type and content of what is signed, without the sequence around them.
    """
    held = set_of(*(one.dump() for one in certificates))
    inside = sequence(
        integer(version),
        set_of(digest_algorithm(digest)),
        sequence(content),
        b"\xa0" + held[1:],
        set_of(signer),
    )
    return sequence(content_type("signed_data"), tagged(0xA0, inside))
