"""Facts to PDF bytes: the design's template, laid out by WeasyPrint with the carried fonts only."""

import atexit
import logging
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlsplit

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from lms import native
from lms.certificates.conformance import (
    Associated,
    describe_files,
    make_accessible,
    pack_once,
    say_what_colours_are,
)
from lms.certificates.design import STANDARD, BadDesign, Design, read_design
from lms.certificates.domain import RECORD_NAME, Facts, record_bytes, shown_code
from lms.certificates.drawings import agreement_line, qr_code
from lms.certificates.layouts.shapes import Doubt
from lms.certificates.typesetting import FONTS, Fitted, fit

SERVED = {".css", ".svg", ".ttf", ".png"}
SCORE_LINES = 4  # with the seven others and the rights line they fill the twelve places
log = logging.getLogger(__name__)


class RendererMissing(RuntimeError):
    """WeasyPrint's native libraries are not on this machine; the message says the remedy."""


@dataclass(frozen=True)
class Shop:
    """What is made once per process for one style sheet: WeasyPrint, its styles, its fonts."""

    html: Callable[..., Any]
    styles: tuple[Any, ...]
    fonts: Any


@dataclass(frozen=True)
class Press:
    """What is made once per process for one design: a shop, template, words, ground.

    Args:
        ground: the drawing that is the same on every certificate, as one compressed stream.
        layouts: what was laid out for earlier certificates and serves again.
    """

    shop: Shop
    template: Any
    design: Design
    ground: bytes
    layouts: Any


def render(  # noqa: PLR0913 - what a certificate is made of, each by its name
    facts: Facts,
    code: str,
    *,
    base_url: str,
    sealed_at: datetime,
    development: bool,
    design: Path = STANDARD,
    attachments: Sequence[Associated] = (),
    finisher: Callable[[Any, Any], None] | None = None,
) -> bytes:
    """Draw the certificate as PDF/A-3a and PDF/UA-1. The same arguments give the same bytes.

    Args:
        code: 17 symbols without dashes.
        base_url: where the check page is, without a slash at the end.
        sealed_at: the moment that is printed and in the metadata; signing names the same.
        development: print the strip that says so.
        attachments: what travels inside it beside the record of its facts.
        finisher: WeasyPrint's hook before the file is written; signing adds its field there.

    Raises:
        RendererMissing: if WeasyPrint cannot load its native libraries.
        BadDesign: if the design cannot be used.
    """
    machine = press(design)
    values = _values(facts, code, base_url, sealed_at, development, machine)
    try:
        page = machine.template.render(values)
    except TemplateError as error:
        raise BadDesign(f"{design / 'template.html'}: {error}") from error
    drawn = {"qr.png": qr_code(address_of(code, base_url))}
    sheet = machine.layouts.sheet(
        page, base_url=f"{design.as_uri()}/", url_fetcher=fetcher(design, drawn), drawn=tuple(drawn)
    )

    def finish(made: Any, file: Any) -> None:
        _lay_ground(file, machine.ground)
        if finisher is not None:
            finisher(made, file)

    def written(document: Any) -> bytes:
        return write_archivable(
            document,
            machine.shop,
            about=facts.canonical() + code.encode(),
            files=(_record(facts, code), *attachments),
            attached_at=sealed_at,
            finisher=finish,
        )

    try:
        return written(sheet)
    except Doubt:
        return written(sheet.whole())


def write_archivable(
    document: Any,
    shop: Shop,
    *,
    about: bytes,
    files: Sequence[Associated],
    attached_at: datetime,
    finisher: Callable[[Any, Any], None],
) -> bytes:
    """Write one of WeasyPrint's documents as PDF/A-3a and PDF/UA-1 at once.

    Args:
        about: what it says; its identifier is made from it.
        files: what travels inside it.
        finisher: WeasyPrint's hook before the file is written.
    """

    def finish(made: Any, file: Any) -> None:
        say_what_colours_are(file)
        make_accessible(file)
        describe_files(file, tuple(files))
        finisher(made, file)
        pack_once(file)

    data: bytes = document.write_pdf(
        stylesheets=shop.styles,
        font_config=shop.fonts,
        pdf_variant="pdf/a-3a",
        output_intent="our own",
        pdf_tags=True,
        pdf_identifier=sha256(about).digest()[:16],
        attachments=[_attached(file, attached_at) for file in files],
        finisher=finish,
    )
    return data


@cache
def press(design: Path = STANDARD) -> Press:
    """Load WeasyPrint, parse the design's style and set up the fonts, once per process.

    Raises:
        RendererMissing: if WeasyPrint cannot load its native libraries.
        BadDesign: if the design cannot be used, with what is wrong in it.
    """
    shop = print_shop(design / "style.css")
    described = read_design(design)
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(design), autoescape=True, undefined=StrictUndefined
    )
    try:
        template = environment.get_template("template.html")
    except TemplateError as error:
        raise BadDesign(f"{design / 'template.html'}: {error}") from error
    ground = _draw_ground(shop, design)
    from lms.certificates.layouts.reusing import Layouts  # it needs the renderer's libraries

    return Press(shop, template, described, ground, Layouts(shop.html))


@cache
def print_shop(style: Path) -> Shop:
    """Load WeasyPrint, parse a style sheet and set up the carried fonts, once per process.

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
    styles = tuple(
        CSS(filename=file, font_config=fonts, url_fetcher=fetcher(file.parent))
        for file in (FONTS / "faces.css", style)
    )
    return Shop(HTML, styles, fonts)


def _draw_ground(shop: Shop, design: Path) -> bytes:
    """Draw frame, mark and seal once; redrawing them took a third of the time of a certificate.

    Raises:
        BadDesign: if the design's ground needs more than lines and areas of one colour, which
            cannot be laid under another page as it is.
    """
    kept: list[bytes] = []

    def keep(_document: Any, file: Any) -> None:
        page = _object(file, file.page_references[0])
        data = _object(file, page["Contents"]).data
        kept.append(data.split(b"stream\n", 1)[1].rsplit(b"\nendstream", 1)[0])

    source = shop.html(filename=design / "ground.html", url_fetcher=fetcher(design))
    source.write_pdf(
        stylesheets=shop.styles, font_config=shop.fonts, finisher=keep, uncompressed_pdf=True
    )
    drawn = re.sub(rb"^/[aA]1(?:\.0)? gs\n", b"", kept[0], flags=re.MULTILINE)  # fully opaque
    if re.search(rb"^(?:.*\s)?(?:Do|gs|sh|Tf|scn|SCN)$", drawn, re.MULTILINE):
        raise BadDesign(f"{design / 'ground.html'} may hold lines and areas of one colour only.")
    return zlib.compress(b"/Artifact BMC\nq\n" + drawn + b"\nQ\nEMC", 9)


def _lay_ground(file: Any, ground: bytes) -> None:
    import pydyf

    stream = pydyf.Stream([ground], {"Filter": "/FlateDecode"}, compress=False)
    file.add_object(stream)
    page = _object(file, file.page_references[0])
    page["Contents"] = pydyf.Array([stream.reference, page["Contents"]])


def _object(file: Any, reference: str | bytes) -> Any:
    return file.objects[int(reference.split()[0])]


# WeasyPrint's font set-up must go before the interpreter takes its own parts away.
atexit.register(press.cache_clear)
atexit.register(print_shop.cache_clear)


def missing_sentence() -> str:
    return f"The libraries that draw certificates are missing. Type: {native.remedy()}"


def _record(facts: Facts, code: str) -> Associated:
    return Associated(
        name=RECORD_NAME,
        data=record_bytes(facts, code),
        media_type="application/json",
        relationship="Data",
        description="The facts of this certificate as data",
    )


def _attached(file: Associated, sealed_at: datetime) -> Any:
    from weasyprint import Attachment

    return Attachment(
        string=file.data,
        url_fetcher=_shared_fetcher(),  # it would make one of its own, with all of its handlers
        name=file.name,
        description=file.description,
        relationship=file.relationship,
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
    words = SimpleNamespace(**machine.design.words["en"])
    cells = _cells(facts, words, machine)
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
        "url": address_of(code, base_url),
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
    rule = machine.design.fit[what]
    return fit(text, rule.face, rule.width_mm, rule.sizes)


def _day(day: date) -> str:
    return format_date(day, "d MMMM y", locale="en")


def _language(tag: str) -> str:
    try:
        return Locale.parse(tag, sep="-").get_display_name("en") or tag
    except (UnknownLocaleError, ValueError):
        return tag


def address_of(code: str, base_url: str) -> str:
    """Return where a code is checked; the QR code holds this and nothing more."""
    return f"{base_url}/v/{code}"


def fetcher(design: Path, drawn: Mapping[str, bytes] = MappingProxyType({})) -> Any:
    """Return what WeasyPrint fetches with: files of the design, the carried fonts, nothing else.

    Args:
        drawn: pictures made for this certificate, by the name that stands for them in the design.
    """
    return _fetcher_class()(design.resolve(), drawn)


@cache
def _shared_fetcher() -> Any:
    return fetcher(FONTS)


@cache
def _fetcher_class() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class AssetFetcher(URLFetcher):  # type: ignore[misc]
        def __init__(self, design: Path, drawn: Mapping[str, bytes]) -> None:
            super().__init__(allowed_protocols=("file",), allow_redirects=False)
            self._design, self._drawn = design, drawn

        def fetch(self, url: str, headers: Any = None) -> Any:
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            home = path.parent in (self._design, FONTS.resolve())
            if parts.scheme != "file" or parts.netloc or not home or path.suffix not in SERVED:
                raise FatalURLFetchingError(f"a certificate may not fetch {url[:200]}")
            if path.name in self._drawn:
                return URLFetcherResponse(url, self._drawn[path.name])
            return URLFetcherResponse(url, path.read_bytes())

    return AssetFetcher
