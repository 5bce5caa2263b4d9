"""Fonts before anything is set in them, and what one line of text takes from them."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, Final

from weasyprint.pdf.fonts import Font
from weasyprint.text.ffi import ffi, harfbuzz
from weasyprint.text.fonts import get_pango_font_key

from lms.certificates.layouts.shapes import Doubt

LARGEST_FONT: Final = 1024 * 1024
MOST_FONTS: Final = 200


class Fonts:
    """Fonts as they are before anything is set in them, by font and size.

    WeasyPrint reads a font's file and measures it anew for each document. What it finds depends
    on the font and on the size at which a document first uses it.
    """

    def __init__(self) -> None:
        self._fonts: dict[tuple[int, float], Any] = {}

    def blank(self, pango_font: Any) -> tuple[int, Any]:
        """Return the key of a font and the font itself with nothing used.

        Raises:
            Doubt: if it is one of the system's large fonts, or one of pictures.
        """
        key, description, size = get_pango_font_key(pango_font)
        if (key, size) not in self._fonts:
            if len(self._fonts) >= MOST_FONTS:
                self._fonts.clear()
            self._fonts[key, size] = self._made(key, Font(pango_font, description, size))
        return key, unused(self._fonts[key, size])

    def _made(self, key: int, font: Any) -> Any:
        if len(font.file_content) > LARGEST_FONT:
            raise Doubt("a font is too large to be kept")
        if font.png or font.svg or font.colr or font.bitmap or "fvar" in font.tables:
            raise Doubt("a font is not a plain one")
        for (known, _size), other in self._fonts.items():
            if known == key and other.file_content == font.file_content:
                font.file_content = other.file_content
                break
        # Pango may let go of a font that no layout uses; what is kept must hold its own face.
        font.hb_face = ffi.gc(harfbuzz.hb_face_reference(font.hb_face), harfbuzz.hb_face_destroy)
        font.hb_font = None
        return font


def unused(font: Any) -> Any:
    """Return a copy of a font that remembers no letter."""
    made = copy(font)
    made.widths, made.to_unicode, made.missing = {}, {}, {}
    made.variations = dict(font.variations)
    return made


@dataclass(frozen=True)
class Used:
    """What a mark takes from a font.

    Args:
        alone: widths of its glyphs if no mark before has used them; `taken`: those that it had.
    """

    font: Any
    letters: Mapping[int, str]
    alone: Mapping[int, int]
    taken: Mapping[int, int]


def replayed(taken: Mapping[int, Used], fonts: dict[int, Any]) -> bool:
    """Take from the fonts what a mark takes; say no, and take nothing, if it would differ now.

    The gaps between letters are written against a glyph's width, which is rounded at the size at
    which the file first uses the glyph.
    """
    for key, used in taken.items():
        known = fonts[key].widths if key in fonts else {}
        if any(known.get(glyph, used.alone[glyph]) != width for glyph, width in used.taken.items()):
            return False
    for key, used in taken.items():
        font = fonts[key] = fonts[key] if key in fonts else unused(used.font)
        for glyph, letters in used.letters.items():
            font.to_unicode.setdefault(glyph, letters)
        for glyph, width in used.alone.items():
            font.widths.setdefault(glyph, width)
    return True
