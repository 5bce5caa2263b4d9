"""One page laid out by WeasyPrint, and the pages of other certificates made from it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import md5
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from weasyprint import DEFAULT_OPTIONS
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document, LayoutContext
from weasyprint.formatting_structure import boxes
from weasyprint.formatting_structure.build import build_formatting_structure
from weasyprint.html import get_link, parse_url
from weasyprint.images import RasterImage, SVGImage, get_image_from_uri
from weasyprint.layout import layout_document
from weasyprint.layout.absolute import absolute_box_layout
from weasyprint.pdf import VARIANTS

from lms.certificates.layouts.fonts import Fonts
from lms.certificates.layouts.heads import Head
from lms.certificates.layouts.painting import Painting, RecordedPage, RepaintedPage
from lms.certificates.layouts.places import (
    Slot,
    Unit,
    alike,
    compare,
    leaves,
    placed,
    planned_texts,
)
from lms.certificates.layouts.shapes import Doubt, plainly, value_of, words

XMLNS: Final = "{http://www.w3.org/2000/xmlns/}"
SVG: Final = "{http://www.w3.org/2000/svg}svg"


class Kept:
    """A laid-out page that others of its shape are made from.

    Raises:
        Doubt: if they cannot be.
    """

    def __init__(self, parts: Sequence[str], html: Any, options: Mapping[str, Any]) -> None:
        self._parts, self._html = parts, html
        self._head = Head(parts, html)
        self._options = completed(options)
        fonts = self._options["font_config"]
        counters = CounterStyle()
        self._context: LayoutContext = Document._build_layout_context(
            html, fonts, counters, {}, self._options
        )
        self._planned = build_formatting_structure(
            html.etree_element,
            self._context.style_for,
            self._context.get_image_from_uri,
            html.base_url,
            self._context.target_collector,
            counters,
            self._context.footnotes,
        )
        pages = list(layout_document(html, self._planned, self._context))
        if len(pages) != 1:
            raise Doubt("it has more than one page")
        self._page = pages[0]
        self._page_made = RecordedPage(self._page)
        self.document = self._document(self._page_made, self._head.metadata({}), html.url_fetcher)

    def finish(self, fonts: Fonts) -> None:
        """Cut what was painted into marks, once the document was written.

        Raises:
            Doubt: if this page is not one that others can be made from.
        """
        self._painting = Painting(self._page_made.recorder, fonts)
        del self._page_made, self.document
        self._find_texts()
        self._find_links()

    # What is where

    def _find_texts(self) -> None:
        units = dict(self._units())
        seen: list[tuple[str, Slot | None]] = []
        for unit, number, box in planned_texts(self._planned, units):
            seen.append((box.text.strip(), Slot(unit, number) if unit else None))
        places = [
            at
            for at in range(0, len(self._parts), 2)
            if self._parts[at].strip() and not self._parts[at - 1].startswith("<title")
        ]
        if [text for text, _slot in seen] != [plainly(self._parts[at]) for at in places]:
            raise Doubt("its texts are not those of its boxes")
        self._slots = {
            at: slot for at, (_text, slot) in zip(places, seen, strict=True) if slot is not None
        }
        self._find_drawings(units.values())
        self._exact: set[int] = set()
        for unit in {id(slot.unit): slot.unit for slot in self._slots.values()}.values():
            again = self._laid_anew(unit, {})
            if alike(unit.laid, again):
                self._exact.add(id(unit))
            compare(unit.laid, again, still=True)

    def _units(self) -> Iterator[tuple[int, Unit]]:
        plans = {
            (box.element, box.element_tag): box
            for box in self._planned.descendants()
            if box.is_absolutely_positioned() and box.style["position"] == "absolute"
        }
        for place, holder in placed(self._page, self._page):
            plan = plans.get((place._box.element, place._box.element_tag))
            if plan is not None:
                yield id(plan), Unit(plan, place, place._box, holder)

    def _find_links(self) -> None:
        elements = list(self._html.etree_element.iter("a"))
        places = [
            at for at in range(1, len(self._parts), 2) if self._parts[at].startswith(("<a ", "<a>"))
        ]
        if len(elements) != len(places):
            raise Doubt("its links are not those of its tags")
        units = {id(slot.unit): slot.unit for slot in self._slots.values()}.values()
        inside = [
            (box.element, Slot(unit, number))
            for unit in units
            for number, box in enumerate(unit.plan.descendants())
            if box.link
        ]
        linked = [box.element for box in self._planned.descendants() if box.link]
        self._links: dict[int, list[Slot]] = {}
        for at, element in zip(places, elements, strict=True):
            slots = [slot for one, slot in inside if one is element]
            if slots and len(slots) == sum(one is element for one in linked):
                self._links[at] = slots

    def _find_drawings(self, units: Iterable[Unit]) -> None:
        places = [at for at, part in enumerate(self._parts) if at % 2 and part.startswith("<svg")]
        elements = list(self._html.etree_element.iter(SVG))
        if len(elements) != len(places):
            raise Doubt("its drawings are not those of its tags")
        by_element = {unit.laid.element: unit for unit in units if unit.laid.element_tag == SVG}
        self._drawings = {
            at: by_element[element]
            for at, element in zip(places, elements, strict=True)
            if element in by_element and same_tree(read_drawing(self._parts[at]), element)
        }

    # Another page from it

    def filled(self, parts: Sequence[str], url_fetcher: Any, drawn: Sequence[str]) -> Any:
        """Return a document of this layout that says what another page says.

        Args:
            parts: a page of the same shape.
            drawn: names of the pictures that are made for each page.

        Raises:
            Doubt: if that is not certain.
        """
        texts: dict[int, tuple[Unit, dict[int, str], dict[int, Any]]] = {}
        heads: dict[int, str] = {}
        anew: list[tuple[Unit, Any]] = []
        for at, (part, old) in enumerate(zip(parts, self._parts, strict=True)):
            if part == old:
                continue
            if at in self._slots:
                slot = self._slots[at]
                _unit, said, _links = texts.setdefault(id(slot.unit), (slot.unit, {}, {}))
                said[slot.number] = words(part)
            elif at in self._links:
                target = self._target(part)
                for slot in self._links[at]:
                    _unit, _said, links = texts.setdefault(id(slot.unit), (slot.unit, {}, {}))
                    links[slot.number] = target
            elif at in self._head.places:
                heads[at] = part
            elif at in self._drawings:
                anew.append(self._redrawn(self._drawings[at], part, url_fetcher))
            else:
                raise Doubt("something differs that is not known")
        for unit, said, links in texts.values():
            new = self._laid_anew(unit, said, links)
            compare(unit.laid, new, still=id(unit) not in self._exact)
            anew.append((unit, new))
        return self._made(anew, self._head.metadata(heads), url_fetcher, drawn)

    def _made(
        self,
        anew: Sequence[tuple[Unit, Any]],
        metadata: Any,
        url_fetcher: Any,
        drawn: Sequence[str],
    ) -> Any:
        instead = {
            id(old): new
            for unit, made in anew
            for old, new in zip(leaves(unit.laid), leaves(made), strict=True)
        }
        return Filled(
            self, anew, instead, self._pictures(url_fetcher, drawn), metadata, url_fetcher
        )

    def _laid_anew(
        self, unit: Unit, said: Mapping[int, str], links: Mapping[int, Any] | None = None
    ) -> Any:
        plan = unit.plan.deepcopy()
        for number, box in enumerate(plan.descendants()):
            if number in said:
                box.text = said[number]
            if links and number in links:
                box.link = links[number]
        self._context.create_block_formatting_context()
        try:
            made, rest = absolute_box_layout(self._context, plan, unit.holder, [], 0, None)
        finally:
            self._context.finish_block_formatting_context()
        if rest or made.position_y + made.margin_height() > self._context.page_bottom:
            raise Doubt("it does not fit on the page")
        return made

    def _target(self, tag: str) -> Any:
        base = self._html.base_url
        address = parse_url(value_of(tag, "href"), base, allow_relative=True)
        target = get_link(address, base) if address else None
        if target is None:
            raise Doubt("a link leads nowhere")
        return target

    def _redrawn(self, unit: Unit, markup: str, url_fetcher: Any) -> tuple[Unit, Any]:
        element = read_drawing(markup)
        box = unit.laid.copy()
        box.element, box.markup = element, markup
        box.replacement = SVGImage(element, self._html.base_url, url_fetcher, self._context)
        return unit, box

    def _pictures(self, url_fetcher: Any, drawn: Sequence[str]) -> dict[int, Any]:
        made = {}
        addresses = [parse_url(name, self._html.base_url) for name in drawn]
        names = {
            md5(address.encode(), usedforsecurity=False).hexdigest(): address
            for address in addresses
        }
        for _after, image, _interpolate, _ratio in self._painting.pictures:
            if image.id in names and id(image) not in made:
                made[id(image)] = self._picture(image, names[image.id], url_fetcher)
        return made

    def _picture(self, old: Any, address: str, url_fetcher: Any) -> Any:
        styles = [
            mark.box.style
            for mark in self._painting.marks
            if isinstance(mark.box, boxes.ReplacedBox) and mark.box.replacement is old
        ]
        if not styles:
            raise Doubt("a picture is in no box")
        image = get_image_from_uri(
            {}, url_fetcher, self._options, address, orientation=styles[0]["image_orientation"]
        )
        if not isinstance(image, RasterImage):
            raise Doubt("a picture is not one of dots")
        if (image.width, image.height) != (old.width, old.height):
            raise Doubt("a picture has another size")
        return image

    def _document(self, page: Any, metadata: Any, url_fetcher: Any) -> Any:
        fonts, intent = self._options["font_config"], self._options["output_intent"]
        return Document([page], metadata, url_fetcher, fonts, {}, intent)


class Filled:
    """A kept page with other words, to be written while they stand in it."""

    def __init__(
        self,
        kept: Kept,
        anew: Sequence[tuple[Unit, Any]],
        instead: Mapping[int, Any],
        pictures: Mapping[int, Any],
        metadata: Any,
        url_fetcher: Any,
    ) -> None:
        self._kept, self._anew, self._instead = kept, anew, instead
        self._pictures, self._metadata, self._fetcher = pictures, metadata, url_fetcher

    def write_pdf(self, **options: Any) -> bytes:
        kept = self._kept
        for unit, box in self._anew:
            unit.place.set_laid_out_box(box)
        try:
            page = RepaintedPage(kept._page, kept._painting, self._instead, self._pictures)
            document = kept._document(page, self._metadata, self._fetcher)
            data: bytes = document.write_pdf(**options)
        finally:
            for unit, _box in self._anew:
                unit.place.set_laid_out_box(unit.laid)
        return data


def read_drawing(markup: str) -> Any:
    """Read a drawing as XML.

    Raises:
        Doubt: if it is none.
    """
    try:
        return fromstring(markup)
    except (ParseError, DefusedXmlException) as error:
        raise Doubt("a drawing is not XML") from error


def same_tree(one: Any, other: Any) -> bool:
    """Say whether a drawing read as XML is what was read as HTML."""
    given = {name: value for name, value in other.attrib.items() if not name.startswith(XMLNS)}
    return (
        one.tag == other.tag
        and one.attrib == given
        and (one.text or "") == (other.text or "")
        and len(one) == len(other)
        and all(
            same_tree(ours, theirs) and (ours.tail or "") == (theirs.tail or "")
            for ours, theirs in zip(one, other, strict=True)
        )
    )


def completed(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return all of WeasyPrint's options, with what the PDF variant sets."""
    found = {**DEFAULT_OPTIONS, **options}
    if variant := found["pdf_variant"]:
        _write, properties = VARIANTS[variant]
        found |= {key: value for key, value in properties.items() if found.get(key, 0) is None}
    return found
