"""A page of HTML as tags and texts, and what two pages must share to share a layout."""

import re
from collections.abc import Sequence
from html import unescape
from typing import Final

_TAG: Final = re.compile(r"(<svg\b.*?</svg>|<[^>]*>)", re.DOTALL)
_LINK: Final = re.compile(r'(?<=\shref=")([^"]*/)[^"/]*(?=")')
_CONTENT: Final = re.compile(r'(?<=\scontent=")[^"]*(?=")')
_ENTITY: Final = re.compile(r"&(?!(?:amp|lt|gt|#34|#39);)")
_ANCHOR: Final = re.compile(r'\stext-anchor="[^"]*"')
_BLANKS: Final = re.compile(r"[ \t\n\r\f]+")


class Doubt(Exception):
    """This page cannot be drawn from a kept layout with certainty; the message says why."""


def pieces(page: str) -> list[str]:
    """Cut a page into texts (at even places) and tags (at odd ones); a drawing is one tag."""
    return _TAG.split(page)


def shape(parts: Sequence[str]) -> str:
    """Return what pages must have in common for one layout: all but words, links and metadata."""
    return "\0".join(
        _outline(part) if at % 2 else part if part.isspace() or not part else "words"
        for at, part in enumerate(parts)
    )


def _outline(tag: str) -> str:
    if tag.startswith("<svg"):
        return tag[: tag.index(">")] + "".join(_ANCHOR.findall(tag))
    if tag.startswith("<meta"):
        return _CONTENT.sub("", tag)
    if tag.startswith("<a "):
        return _LINK.sub(r"\1", tag)
    return tag


def words(part: str) -> str:
    """Return what a text of the page says, blanks collapsed as HTML does.

    Raises:
        Doubt: if a reader of HTML might see something else in it.
    """
    said = said_by(part)
    collapsed = _BLANKS.sub(" ", said).strip(" ")
    if not collapsed.isprintable() or not collapsed or part != part.strip():
        raise Doubt("a text has letters that are not printed")
    return collapsed


def plainly(part: str) -> str:
    """Return what a text says, blanks collapsed, whatever its letters."""
    return _BLANKS.sub(" ", unescape(part)).strip()


def value_of(tag: str, attribute: str) -> str:
    """Return the value of an attribute.

    Raises:
        Doubt: if it is not there once, in double quotes.
    """
    found = re.findall(rf'\s{attribute}="([^"]*)"', tag)
    if len(found) != 1:
        raise Doubt(f"{attribute} is not there once")
    said = said_by(found[0])
    if not said.isprintable():
        raise Doubt(f"{attribute} has letters that are not printed")
    return said


def said_by(escaped: str) -> str:
    """Return what is left of a text when the five marks that escaping makes are read.

    Raises:
        Doubt: if it has others.
    """
    if _ENTITY.search(escaped):
        raise Doubt("a text has other marks than those of escaping")
    return unescape(escaped)
