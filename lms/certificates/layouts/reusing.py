"""The layouts that are kept, and the choice between the short way and the whole one."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from lms.certificates.layouts.fonts import Fonts
from lms.certificates.layouts.keeping import Kept
from lms.certificates.layouts.shapes import Doubt, pieces, shape

MOST_KEPT: Final = 12
MOST_REFUSED: Final = 100
TRIES: Final = 3  # after so many pages of a shape that could not be kept,
AGAIN: Final = 25  # only each so manieth is tried
log = logging.getLogger(__name__)


class Layouts:
    """The kept layouts of one design, those used last."""

    def __init__(self, html: Callable[..., Any]) -> None:
        self._html = html
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._refused: OrderedDict[str, int] = OrderedDict()
        self._fonts = Fonts()
        self._lock = Lock()

    def sheet(self, page: str, *, base_url: str, url_fetcher: Any, drawn: Sequence[str]) -> "Sheet":
        """Return a page to be written.

        Args:
            page: HTML.
            drawn: names of the pictures that `url_fetcher` has for this page alone.
        """
        return Sheet(self, page, base_url, url_fetcher, drawn)

    def whole(self, sheet: "Sheet") -> Any:
        """Read a page as WeasyPrint does."""
        return self._html(string=sheet.page, base_url=sheet.base_url, url_fetcher=sheet.url_fetcher)

    def write(self, sheet: "Sheet", options: Mapping[str, Any]) -> bytes:
        """Write a page from a kept layout, or keep the layout of this one.

        Raises:
            Doubt: if there is none and cannot be one.
        """
        parts = pieces(sheet.page)
        key = shape(parts)
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return self._keep(key, parts, sheet, options)
            self._kept.move_to_end(key)
            try:
                filled = kept.filled(parts, sheet.url_fetcher, sheet.drawn)
                return filled.write_pdf(**written(options))
            except Doubt:
                raise
            except Exception:
                del self._kept[key]
                remember(self._refused, key, TRIES, MOST_REFUSED)
                raise

    def _keep(
        self, key: str, parts: Sequence[str], sheet: "Sheet", options: Mapping[str, Any]
    ) -> bytes:
        tries = self._refused.get(key, 0) + 1
        remember(self._refused, key, tries, MOST_REFUSED)
        if tries > TRIES and tries % AGAIN:
            raise Doubt("pages of this shape were not kept")
        kept = Kept(parts, self.whole(sheet), options)
        data: bytes = kept.document.write_pdf(**written(options))
        try:
            kept.finish(self._fonts)
        except Doubt as doubt:
            log.debug("This layout is not kept: %s.", doubt)
        except Exception:  # the file is made already
            log.warning("A layout could not be kept.", exc_info=True)
        else:
            remember(self._kept, key, kept, MOST_KEPT)
            del self._refused[key]
        return data


@dataclass(frozen=True)
class Sheet:
    """A page that is written as WeasyPrint writes its documents, sooner where it can be."""

    layouts: Layouts
    page: str
    base_url: str
    url_fetcher: Any
    drawn: Sequence[str]

    def write_pdf(self, **options: Any) -> bytes:
        """Write the page with the help of a kept layout.

        Raises:
            Doubt: if the page must go the whole way.
        """
        try:
            return self.layouts.write(self, options)
        except Doubt as doubt:
            log.debug("This page goes the whole way: %s.", doubt)
            raise
        except Exception as error:  # whatever it is: the whole way says it, or does without
            log.warning("A kept layout could not be used.", exc_info=True)
            raise Doubt("a kept layout could not be used") from error

    def whole(self) -> Any:
        """Return the page as WeasyPrint's own document."""
        return self.layouts.whole(self)


def written(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return those options that matter when a laid-out document is written."""
    return {key: value for key, value in options.items() if key != "font_config"}


def remember(kept: OrderedDict[str, Any], key: str, value: Any, most: int) -> None:
    """Put a value last, and let go of the first if there are too many."""
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
