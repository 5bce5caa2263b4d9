"""Puts markup, style, scripts and a trust bundle together into one file."""

import base64
import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from lms.certificates.checker.words import words

FOLDER: Final = Path(__file__).parent
SCRIPTS: Final = (
    *("bytes.js", "der.js", "x509.js", "path.js", "container.js", "stamp.js"),
    *("pdf.js", "signature.js", "record.js", "status.js", "bundle.js", "verdict.js", "page.js"),
)
ICON: Final = FOLDER.parents[1] / "static" / "favicon.svg"


def checker_page(bundle: Mapping[str, Any]) -> bytes:
    """Return the page that carries a trust bundle: the same bytes for the same bundle.

    Args:
        bundle: in the form "concord-trust-bundle/1" for pages, as plain JSON values.
    """
    data = json.dumps(bundle, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    # within a script element, markup would end it whatever the JSON says
    return _around()[0] + data.replace("<", "\\u003c").encode() + _around()[1]


@cache
def content_policy() -> str:
    """Return the page's own content policy, which is the same whatever bundle it carries.

    A server that hands the page out must send this one: an address of ours has a stricter one,
    under which no script inside a page runs.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(_script())}'",
            f"style-src '{_hash(_style())}'",
            "img-src data:",
            "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


@cache
def _around() -> tuple[bytes, bytes]:
    """Return what stands before and behind the bundle."""
    parts = {
        "policy": content_policy(),
        "icon": f"data:image/svg+xml,{quote(ICON.read_text(encoding='utf-8'))}",
        "style": _style(),
        "script": _script(),
    }
    page = _source("page.html")
    for name, text in parts.items():
        page = page.replace(f"{{{{ {name} }}}}", text)
    before, behind = page.split("{{ bundle }}")
    return before.encode(), behind.encode()


@cache
def _script() -> str:
    said = json.dumps(words(), sort_keys=True, ensure_ascii=False).replace("<", "\\u003c")
    parts = (f"\n// {name}\n\n{_source(name)}" for name in SCRIPTS)
    return f'\n"use strict";\n(() => {{\nconst WORDS = {said};\n{"".join(parts)}\n}})();\n'


@cache
def _style() -> str:
    return f"\n{_source('page.css')}"


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}"


def _source(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
