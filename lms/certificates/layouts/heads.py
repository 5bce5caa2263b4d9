"""Title and metadata of a page, read as WeasyPrint reads them."""

from collections.abc import Mapping, Sequence
from html import escape
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

from weasyprint.html import get_html_metadata
from weasyprint.pdf.metadata import DocumentMetadata

from lms.certificates.layouts.shapes import Doubt, said_by, value_of, words


class Head:
    """The head of a kept page, and what another page's says.

    Args:
        parts: the pieces of the page; `html` is WeasyPrint's reading of them.

    Raises:
        Doubt: if the two are not the same.
    """

    def __init__(self, parts: Sequence[str], html: Any) -> None:
        self._html = html
        self._elements = [
            one for one in html.etree_element.iter() if one.tag in ("title", "meta", "link")
        ]
        tags = [
            at
            for at in range(1, len(parts), 2)
            if parts[at].startswith(("<title", "<meta", "<link"))
        ]
        if len(tags) != len(self._elements) or any(one.tag == "link" for one in self._elements):
            raise Doubt("its head is not that of its tags")
        # a title's words are the piece behind its tag
        self.places = {
            at + (element.tag == "title"): element
            for at, element in zip(tags, self._elements, strict=True)
        }
        for at, element in self.places.items():
            told = element.text if element.tag == "title" else element.get("content")
            if told is not None and escape(told) not in normal(parts[at]):
                raise Doubt("its metadata are others")

    def metadata(self, pieces: Mapping[int, str]) -> Any:
        """Return the metadata with other pieces in some places.

        Raises:
            Doubt: if one of them cannot be read with certainty.
        """
        told = [
            SimpleNamespace(etree_element=_with(element, pieces.get(at)))
            for at, element in self.places.items()
        ]
        html = SimpleNamespace(
            etree_element=self._html.etree_element,
            base_url=self._html.base_url,
            url_fetcher=self._html.url_fetcher,
            wrapper_element=SimpleNamespace(query_all=lambda *_names: told),
        )
        return DocumentMetadata(**get_html_metadata(html))


def normal(piece: str) -> str:
    """Return a piece with its marks of escaping written in one way."""
    return piece.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")


def _said(element: Any, piece: str) -> str:
    if element.tag == "title":
        words(piece)  # nothing that a reader of HTML sees otherwise
        return said_by(piece)
    return value_of(piece, "content")


def _with(element: Any, piece: str | None) -> Any:
    made = Element(element.tag, dict(element.attrib))
    made.text = element.text
    if piece is not None and element.tag == "title":
        made.text = _said(element, piece)
    elif piece is not None:
        made.set("content", _said(element, piece))
    return made
