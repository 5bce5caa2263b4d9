"""What the sandbox can do with a file: judge its signature, draw its page."""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from cryptography import x509

from lms.certificates.badges.keyring import keys_from_json
from lms.certificates.badges.verification import Known, verify
from lms.certificates.keys import Trust
from lms.certificates.sandbox import Task
from lms.certificates.verification import examine


def examine_file(told: Mapping[str, Any], data: bytes) -> bytes:
    trust = Trust(
        _certificates(told["roots"]),
        tuple(x509.load_der_x509_crl(base64.b64decode(der)) for der in told["crls"]),
        _certificates(told["stamp_roots"]),
    )
    found = examine(data, trust, now=datetime.fromisoformat(told["now"]))
    return json.dumps(
        {
            "finding": found.finding,
            "code": found.code,
            "facts": found.facts.as_data() if found.facts else None,
            "signed_at": found.signed_at.isoformat() if found.signed_at else None,
            "development": found.development,
            "stamped_at": found.stamped_at.isoformat() if found.stamped_at else None,
            "level": found.level,
            "badge": base64.b64encode(found.badge).decode() if found.badge else None,
        }
    ).encode()


def _certificates(packed: Sequence[str]) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_der_x509_certificate(base64.b64decode(der)) for der in packed)


def examine_badge(told: Mapping[str, Any], data: bytes) -> bytes:
    known = Known(keys_from_json(told["keys"].encode()), {})
    found = verify(data, known, now=datetime.fromisoformat(told["now"]))
    return json.dumps({"finding": found.finding, "credential": found.credential}).encode()


def draw_picture(told: Mapping[str, Any], data: bytes) -> bytes:
    import pypdfium2

    page = pypdfium2.PdfDocument(data)[0]
    drawn = page.render(scale=told["width"] / page.get_size()[0]).to_pil().convert("RGB")
    image = BytesIO()
    drawn.save(image, "WEBP", quality=80)
    return image.getvalue()


TASKS: dict[str, Task] = {"examine": examine_file, "badge": examine_badge, "picture": draw_picture}
