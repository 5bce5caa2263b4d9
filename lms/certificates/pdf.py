"""Facts to PDF bytes: the design's template, laid out by WeasyPrint with the carried fonts only."""

import atexit
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlsplit

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from ruamel.yaml import YAML

from lms import native
from lms.certificates.domain import RECORD_NAME, Facts, record_bytes, shown_code
from lms.certificates.drawings import agreement_line, qr_code
from lms.certificates.typesetting import FONTS, Fitted, fit

DESIGNS = Path(__file__).parent / "designs"
STANDARD = DESIGNS / "standard"
SERVED = {".css", ".svg", ".ttf", ".png"}
SCORE_LINES = 5
log = logging.getLogger(__name__)


class RendererMissing(RuntimeError):
    """WeasyPrint's native libraries are not on this machine; the message says the remedy."""


@dataclass(frozen=True)
class Press:
    """What is made once per process for one design: parsed style, font set-up, template, words."""

    html: Callable[..., Any]
    style: Any
    fonts: Any
    template: Any
    design: dict[str, Any]


def render(
    facts: Facts,
    code: str,
    *,
    base_url: str,
    sealed_at: datetime,
    development: bool,
    design: Path = STANDARD,
    finisher: Callable[[Any, Any], None] | None = None,
) -> bytes:
    """Draw the certificate. The same arguments give the same bytes.

    Args:
        code: 17 symbols without dashes.
        base_url: where the check page is, without a slash at the end.
        sealed_at: the moment that is printed and in the metadata; signing names the same.
        development: print the strip that says so.
        finisher: WeasyPrint's hook before the file is written; signing adds its field there.

    Raises:
        RendererMissing: if WeasyPrint cannot load its native libraries.
    """
    machine = press(design)
    page = machine.template.render(_values(facts, code, base_url, sealed_at, development, machine))
    document = machine.html(
        string=page, base_url=f"{design.as_uri()}/", url_fetcher=_fetcher(design)
    )
    return document.write_pdf(
        stylesheets=[machine.style],
        font_config=machine.fonts,
        pdf_tags=True,
        pdf_identifier=sha256(facts.canonical() + code.encode()).digest()[:16],
        attachments=[_record(facts, code, sealed_at)],
        finisher=finisher,
    )


@cache
def press(design: Path = STANDARD) -> Press:
    """Load WeasyPrint, parse the design's style and set up the fonts, once per process.

    Raises:
        RendererMissing: if WeasyPrint cannot load its native libraries.
    """
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    except (OSError, ImportError) as error:
        raise RendererMissing(missing_sentence()) from error
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
    fonts = FontConfiguration()
    style = CSS(filename=design / "style.css", font_config=fonts, url_fetcher=_fetcher(design))
    environment = Environment(
        loader=FileSystemLoader(design), autoescape=True, undefined=StrictUndefined
    )
    described = YAML(typ="safe").load((design / "design.yaml").read_text("utf-8"))
    return Press(HTML, style, fonts, environment.get_template("template.html"), described)


# WeasyPrint's font set-up must go before the interpreter takes its own parts away.
atexit.register(press.cache_clear)


def missing_sentence() -> str:
    return f"The libraries that draw certificates are missing. Type: {native.remedy()}"


def _record(facts: Facts, code: str, sealed_at: datetime) -> Any:
    from weasyprint import Attachment

    return Attachment(
        string=record_bytes(facts, code),
        name=RECORD_NAME,
        description="The facts of this certificate as data",
        relationship="Data",
        created=sealed_at,
        modified=sealed_at,
    )


def _values(
    facts: Facts,
    code: str,
    base_url: str,
    sealed_at: datetime,
    development: bool,
    machine: Press,
) -> dict[str, Any]:
    words = SimpleNamespace(**machine.design["words"]["en"])
    cells = _cells(facts, words, machine)
    url = f"{base_url}/v/{code}"
    name = _fitted(facts.name, "name", machine)
    moment = sealed_at.astimezone(UTC)
    return {
        "facts": facts,
        "words": words,
        "language": "en",
        "code": shown_code(code),
        "moment": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "name": SimpleNamespace(lines=name.lines, step=name.step, drop=int(len(name.lines) > 1)),
        "what": _fitted(facts.instrument_title, "what", machine),
        "issuer": _fitted(facts.issuer, "issuer", machine),
        "agreement": _agreement(facts, words),
        "cells": cells,
        "rows": -(-len(cells) // 4),
        "signed": words.signed.format(day=_day(moment.date()), time=moment.strftime("%H:%M")),
        "qr": qr_code(url, words.qr),
        "url": url,
        "place": f"{base_url.removeprefix('https://')}/v",
        "strips": _strips(facts, words, development),
    }


def _cells(facts: Facts, words: SimpleNamespace, machine: Press) -> list[SimpleNamespace]:
    instrument = facts.instrument_ref
    if facts.instrument_note:
        instrument += f", {facts.instrument_note}"
    release = f"{facts.module_slug} {facts.release_version} ({facts.release_digest[:12]})"
    pairs = [
        (words.certified, facts.title),
        (words.issued, _day(facts.issued_on)),
        (words.expires, _day(facts.expires_on) if facts.expires_on else words.no_end),
        (words.level, facts.level),
        (words.instrument, instrument),
        (words.release, release),
        (words.language, _language(facts.language)),
        *((line.label, line.value) for line in facts.score[:SCORE_LINES]),
        (words.rights, facts.rights),
    ]
    return [
        SimpleNamespace(label=label, value=_fitted(value, "value", machine))
        for label, value in pairs
        if value
    ][:12]


def _agreement(facts: Facts, words: SimpleNamespace) -> SimpleNamespace | None:
    if facts.agreement is None:
        return None
    numbers = asdict(facts.agreement)
    return SimpleNamespace(
        sentence=words.agreement.format(**numbers),
        drawing=agreement_line(
            facts.agreement,
            title=words.drawing.format(**numbers),
            required=words.required.format(**numbers),
            whole=words.whole.format(**numbers),
        ),
    )


def _strips(facts: Facts, words: SimpleNamespace, development: bool) -> list[SimpleNamespace]:
    strips = []
    if facts.demonstration:
        strips.append(SimpleNamespace(kind="demonstration", text=words.demonstration))
    if development:
        strips.append(SimpleNamespace(kind="development", text=words.development))
    return strips


def _fitted(text: str, what: str, machine: Press) -> Fitted:
    rule = machine.design["fit"][what]
    sizes = [(float(points), int(lines)) for points, lines in rule["sizes"]]
    return fit(text, rule["face"], float(rule["width_mm"]), sizes)


def _day(day: date) -> str:
    return format_date(day, "d MMMM y", locale="en")


def _language(tag: str) -> str:
    try:
        return Locale.parse(tag, sep="-").get_display_name("en") or tag
    except (UnknownLocaleError, ValueError):
        return tag


@cache
def _fetcher(design: Path) -> Any:
    """Return a fetcher that serves files of the design and the carried fonts, and nothing else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class AssetFetcher(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            home = path.parent in (design.resolve(), FONTS.resolve())
            if parts.scheme != "file" or parts.netloc or not home or path.suffix not in SERVED:
                raise FatalURLFetchingError(f"a certificate may not fetch {url[:200]}")
            return URLFetcherResponse(url, path.read_bytes())

    return AssetFetcher(allowed_protocols=("file",), allow_redirects=False)
