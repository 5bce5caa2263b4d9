"""SVG from strangers: an allow-list of elements and attributes; scripts are refused outright."""

import math
import re
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from lms.errors import N_

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
DEEPEST = 60
MOST_ELEMENTS = 20_000
MOST_BYTES = 2_000_000

_ELEMENTS = frozenset(
    "svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan "
    "textPath marker linearGradient radialGradient stop clipPath mask pattern style switch filter "
    "feBlend feColorMatrix feComponentTransfer feComposite feFlood feFuncA feFuncB feFuncG feFuncR "
    "feGaussianBlur feMerge feMergeNode feMorphology feOffset feDropShadow".split()
)
_FORBIDDEN = frozenset(
    "script foreignObject iframe object embed image feImage handler listener set animate "
    "animateTransform animateMotion animateColor discard a audio video canvas link".split()
)
_URL = re.compile(r"url\(\s*['\"]?\s*(?!#)", re.IGNORECASE)
_BAD_STYLE = re.compile(r"@import|expression\s*\(|javascript:|\\|-moz-binding", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(px|pt|mm|cm|in)?\s*\Z")
_UNITS = {None: 1.0, "px": 1.0, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


@dataclass(frozen=True)
class Drawing:
    """A drawing as it may be shown; `dropped` = line and name of what was left out."""

    data: bytes
    width: int
    height: int
    dropped: tuple[tuple[int, str], ...]


class BadDrawing(Exception):
    """A drawing that cannot be shown."""

    def __init__(
        self,
        message: str,
        remedy: str,
        *,
        line: int | None = None,
        column: int | None = None,
        **values: str,
    ) -> None:
        super().__init__(message)
        self.message, self.remedy, self.values = message, remedy, values
        self.line, self.column = line, column


class _Parser(DefusedXMLParser):  # type: ignore[misc]
    """Notes on which line each element begins."""

    def __init__(self) -> None:
        super().__init__(forbid_dtd=False, forbid_entities=True, forbid_external=True)
        self.lines: dict[int, int] = {}
        self.kept: list[Any] = []

    def _start(self, tag: str, attr_list: list[str]) -> Any:
        element = super()._start(tag, attr_list)
        self.lines[id(element)] = self.parser.CurrentLineNumber
        self.kept.append(element)  # ids are only unique while the elements live
        if len(self.kept) > MOST_ELEMENTS:
            raise BadDrawing(
                N_("The drawing has more than %(most)s elements."),
                N_("Simplify it, or save it as PNG."),
                most=str(MOST_ELEMENTS),
            )
        return element


def clean_drawing(data: bytes) -> Drawing:
    """Return the drawing without anything that could act or load.

    Raises:
        BadDrawing: if it is not SVG, holds something that acts or loads, or has no size.
    """
    if len(data) > MOST_BYTES:
        raise BadDrawing(
            N_("The drawing is larger than %(most)s MB."),
            N_("Simplify it, or save it as PNG."),
            most=str(MOST_BYTES // 1_000_000),
        )
    parser = _Parser()
    root = _parse(parser, data)
    if root.tag != f"{{{SVG}}}svg":
        raise BadDrawing(N_("This is not an SVG drawing."), N_("Save it again as plain SVG."))
    dropped: list[tuple[int, str]] = []
    _clean(root, parser.lines, dropped, depth=0)
    width, height = _size(root)
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    text = ElementTree.tostring(root, encoding="utf-8")
    return Drawing(text, width, height, tuple(dropped))


def _parse(parser: _Parser, data: bytes) -> ElementTree.Element:
    try:
        parser.feed(data)
        root: ElementTree.Element = parser.close()
        return root
    except ElementTree.ParseError as error:
        line, column = error.position
        raise BadDrawing(
            N_("The drawing is not well-formed XML."),
            N_("Save it again as plain SVG."),
            line=line,
            column=column + 1,
        ) from error
    except DefusedXmlException as error:
        raise BadDrawing(
            N_("The drawing defines entities or refers to other files."),
            N_("Save it again as plain SVG, without a document type."),
        ) from error
    except (ValueError, LookupError) as error:
        raise BadDrawing(
            N_("The drawing is in an encoding that is not known."), N_("Save it as UTF-8.")
        ) from error


def _clean(
    element: ElementTree.Element,
    lines: dict[int, int],
    dropped: list[tuple[int, str]],
    *,
    depth: int,
) -> None:
    line = lines.get(id(element))
    if depth > DEEPEST:
        raise BadDrawing(
            N_("The drawing is nested too deeply."),
            N_("Simplify it, or save it as PNG."),
            line=line,
        )
    _clean_attributes(element, line)
    if element.tag == f"{{{SVG}}}style":
        _check_style(element.text or "", line)
    for child in list(element):
        namespace, name = _split(child.tag)
        child_line = lines.get(id(child), 0)
        if name in _FORBIDDEN and namespace in (SVG, "", "http://www.w3.org/1999/xhtml"):
            raise BadDrawing(
                N_("The drawing holds <%(name)s>, which may act or load something."),
                N_("Take it out; a drawing is shapes and text only."),
                line=child_line,
                name=name,
            )
        if namespace != SVG or name not in _ELEMENTS:
            element.remove(child)
            if namespace == SVG and name != "metadata":
                dropped.append((child_line, name))
            continue
        _clean(child, lines, dropped, depth=depth + 1)


def _clean_attributes(element: ElementTree.Element, line: int | None) -> None:
    for full, value in list(element.attrib.items()):
        namespace, name = _split(full)
        if name.lower().startswith("on"):
            raise BadDrawing(
                N_("The drawing holds the handler %(name)s."),
                N_("Take it out."),
                line=line,
                name=name,
            )
        if name == "href" and not value.strip().startswith("#"):
            raise BadDrawing(
                N_("The drawing refers to “%(where)s”, which is outside it."),
                N_("Take the reference out, or draw what it shows."),
                line=line,
                where=value[:80],
            )
        if namespace not in ("", XLINK) and full != "{http://www.w3.org/XML/1998/namespace}space":
            del element.attrib[full]
            continue
        _check_style(value, line)


def _check_style(text: str, line: int | None) -> None:
    if _BAD_STYLE.search(text) or _URL.search(text):
        raise BadDrawing(
            N_("The drawing's style loads something from outside it."),
            N_("Take @import, url() to other files and escapes out."),
            line=line,
        )


def _size(root: ElementTree.Element) -> tuple[int, int]:
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    try:
        if len(box) == 4:
            width, height = float(box[2]), float(box[3])
        else:
            width, height = _length(root.get("width")), _length(root.get("height"))
    except ValueError:
        width = height = 0.0
    if not (
        math.isfinite(width) and math.isfinite(height) and 0 < width < 1e5 and 0 < height < 1e5
    ):
        raise BadDrawing(
            N_("The drawing has no size."),
            N_('Give it one: viewBox="0 0 640 360" on the svg element.'),
            line=1,
        )
    return max(1, round(width)), max(1, round(height))


def _length(text: str | None) -> float:
    match = _LENGTH.match(text or "")
    if match is None:
        raise ValueError(text)
    return float(match[1]) * _UNITS[match[2]]


def _split(tag: Any) -> tuple[str, str]:
    if not isinstance(tag, str):
        return "?", str(tag)
    if tag.startswith("{"):
        namespace, _, name = tag[1:].partition("}")
        return namespace, name
    return "", tag
