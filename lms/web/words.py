"""Finds every sentence of the product and keeps the list that translations begin from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po
from babel.util import pathmatch
from jinja2 import TemplateSyntaxError

from lms import __version__

ROOT: Final = Path(__file__).resolve().parent.parent.parent
TEMPLATE: Final = ROOT / "lms" / "translations" / "messages.pot"

KEYWORDS: Final = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "lazy_gettext": None,
    "PN_": (1, 2),
    "record": (1,),
}
"""What marks a sentence: _(), N_() in rules that know no language, ngettext() for plural forms, and
the action that is recorded in the audit trail."""

NOTE: Final = "Translators:"
"""A comment that begins so is carried over to the translators."""


@dataclass(frozen=True)
class Found:
    """One marked sentence. `ids` holds one form, or the singular and the plural."""

    file: str
    line: int
    ids: tuple[str, ...]
    notes: tuple[str, ...]


class Unreadable(Exception):  # a fault of the source, said on the terminal only
    """A file cannot be read for its sentences."""


def marked_files(root: Path = ROOT) -> Iterator[tuple[Path, str, dict[str, str]]]:
    """Give (file, method, options) for every file that babel.cfg names, in order."""
    with (root / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)  # type: ignore[no-untyped-call]
    for file in sorted((root / "lms").rglob("*")):
        path = file.relative_to(root).as_posix()
        for pattern, method in methods:
            if file.is_file() and pathmatch(pattern, path):
                yield file, method, options.get(pattern, {})
                break


def sentences_of(file: Path, method: str, options: dict[str, str]) -> list[Found]:
    """Return the sentences of one file, in order.

    Raises:
        Unreadable: if the file cannot be parsed.
    """
    name = file.relative_to(ROOT).as_posix()
    try:
        raw = extract_from_file(
            method, file, keywords=KEYWORDS, comment_tags=(NOTE,), options=options
        )
    except (SyntaxError, ValueError, TemplateSyntaxError) as error:
        raise Unreadable(f"{name} cannot be read: {error}") from error
    return [
        Found(name, line, (ids,) if isinstance(ids, str) else tuple(ids), tuple(notes))
        for line, ids, notes, _context in raw
    ]


def sentences() -> list[Found]:
    """Return every sentence of the product."""
    return [found for entry in marked_files() for found in sentences_of(*entry)]


def catalogue(found: Iterable[Found]) -> Catalog:
    """Gather sentences into a catalogue, each once; it names files but no lines and no date, so
    that it changes only when a sentence does."""
    made = Catalog(
        project="Concord", version=__version__, charset="utf-8", header_comment=HEADER, fuzzy=False
    )
    for one in found:
        made.add(
            one.ids if len(one.ids) > 1 else one.ids[0],
            locations=[(one.file, 0)],
            auto_comments=list(one.notes),
        )
    return made


def written(made: Catalog) -> bytes:
    """Return a catalogue as the text of a .pot file."""
    buffer = BytesIO()
    write_po(buffer, made, width=100, omit_header=True, sort_output=True, include_lineno=False)
    return HEADER.encode() + FIRST_ENTRY.encode() + buffer.getvalue()


def committed() -> Catalog:
    """Return the list as it is kept in the repository; empty if there is none yet."""
    if not TEMPLATE.is_file():
        return Catalog()
    with TEMPLATE.open("rb") as file:
        return read_po(file)


def differences(now: Catalog, before: Catalog) -> tuple[list[str], list[str]]:
    """Return (sentences that `before` lacks, sentences that are gone since)."""
    new, old = ids_of(now), ids_of(before)
    return sorted(new - old), sorted(old - new)


def ids_of(one: Catalog) -> set[str]:
    return {
        message.id if isinstance(message.id, str) else " | ".join(message.id)
        for message in one
        if message.id
    }


HEADER: Final = """\
# Every sentence of Concord, in English, from which a translation begins.
# Written by: ./concord lms words extract
#
"""

FIRST_ENTRY: Final = """\
msgid ""
msgstr ""
"Project-Id-Version: Concord\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
