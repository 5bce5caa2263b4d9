"""A language that exists in tests only: English with every translated sentence inside ⟦ and ⟧.

The web tests run in it. Their client looks at every page that any of them fetches: a word that a
person reads and that stands outside the brackets never went through the catalogue. Then it takes
the brackets out, so that a test reads plain English.

What is not ours to translate stands in an element that says so, as HTML has it: `translate="no"`
for names, addresses, codes and files; `lang="…"` for what is written in a package's or an
instrument's own language. The filter `as_is` writes such an element. Inside one,
`lang="{{ page_language() }}"` is ours again. An attribute may repeat what one of them holds.
"""

import re
from dataclasses import dataclass
from gettext import c2py
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from weakref import WeakSet
from zlib import crc32

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask_mailman.backends.locmem import EmailBackend
from werkzeug.test import TestResponse

from lms.web import words

OPEN, CLOSE = "⟦", "⟧"
LANGUAGE = "en_150"
"""English with another name, so that dates and figures read as in English."""
MIRRORED = "ar"
"""The same words, on pages that run from right to left."""

IN_BRACKETS = re.compile(r'<html lang="en-150"')
MARKS = re.compile(r"[⟦⟧]|\\u27e[67]")
READ_ATTRIBUTES = ("aria-label", "aria-description", "aria-roledescription", "alt", "title")
READ_ATTRIBUTES += ("placeholder", "label", "data-label", "content")
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NOT_READ = {"script", "style"}

NOT_WORDS = re.compile(
    r"\b\d{1,2} [A-Z][a-z]{2,8} \d{4}\b"  # a date, which Babel writes
    r"|\bEnglish\b|العربية"  # the name of a language, which Babel writes too
)
LETTER = re.compile(r"[^\W\d_]")


# --- the language -------------------------------------------------------------------------------


def marked(sentence: str) -> str:
    return f"{OPEN}{sentence}{CLOSE}"


def write_languages(folder: Path, ids: set[tuple[str, ...]]) -> dict[str, str]:
    """Compile the pseudo-languages into a folder, as translations are compiled, and name them."""
    for language in (LANGUAGE, MIRRORED):
        made = Catalog(locale=language, fuzzy=False)
        for one in sorted(ids):
            form_of = c2py(made.plural_expr)
            forms = [one[-1]] * made.num_plurals
            forms[form_of(1)] = one[0]
            if len(one) == 1:
                made.add(one[0], marked(one[0]))
            else:
                made.add(one, tuple(marked(form) for form in forms))
        target = folder / language / "LC_MESSAGES" / "messages.mo"
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            write_mo(file, made)
    return {"en": "English", LANGUAGE: "English 150", MIRRORED: "العربية"}


def sentences(config: pytest.Config) -> set[tuple[str, ...]]:
    """Return every sentence of the product; only files that changed are read again."""
    kind = f"concord/sentences-{crc32(repr(words.KEYWORDS).encode())}"
    known: dict[str, Any] = config.cache.get(kind, {}) if config.cache else {}
    kept: dict[str, Any] = {}
    for file, method, options in words.marked_files():
        name, state = str(file), [file.stat().st_mtime_ns, file.stat().st_size]
        if name in known and known[name][0] == state:
            kept[name] = known[name]
        else:
            kept[name] = [state, [one.ids for one in words.sentences_of(file, method, options)]]
    if config.cache:
        config.cache.set(kind, kept)
    return {tuple(ids) for _state, found in kept.values() for ids in found}


# --- the look at a page -------------------------------------------------------------------------


@dataclass
class Element:
    tag: str
    ours: bool


class Reader(HTMLParser):
    """Reads a page as a person would, and notes what stands outside the brackets."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.depth = 0
        self.stack: list[Element] = [Element("", True)]
        self.language = ""
        self.h1 = ""
        self.content: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.title = ""
        self.feed(html)
        self.close()
        title = MARKS.sub("", self.title).strip().removesuffix("· Concord").strip()
        if " ".join(title.split()) != " ".join(MARKS.sub("", self.h1).split()):
            self.look(self.title, "title")
        for where, value in self.attributes:
            if value not in self.content:
                self.look(value, where)
        if self.depth:
            self.found.append(f"{self.depth} sentences are cut off before their end")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang", "")
        ours = self.stack[-1].ours
        if "lang" in given:
            ours = given["lang"] == self.language
        if given.get("translate"):
            ours = given["translate"] == "yes"
        if ours:
            self.look_at_attributes(tag, given)
        if tag not in VOID:
            self.stack.append(Element(tag, ours))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or tag not in [element.tag for element in self.stack]:
            return
        while self.stack.pop().tag != tag:
            pass

    def look_at_attributes(self, tag: str, given: dict[str, str]) -> None:
        for name in READ_ATTRIBUTES:
            if name == "content" and given.get("name") != "description":
                continue
            if name in given:
                self.attributes.append((f"{tag} {name}", given[name]))
        if tag == "input" and given.get("type") in ("submit", "button", "reset"):
            self.look(given.get("value", ""), "input value")

    def look(self, value: str, where: str) -> None:
        if has_words(without_sentences(value)):
            self.found.append(f"{where}: {short(value)!r}")

    def handle_data(self, data: str) -> None:
        tags = [element.tag for element in self.stack]
        if tags[-1] in NOT_READ:
            return
        if tags[-1] == "title" and "svg" not in tags:
            self.title += data
            return
        if "h1" in tags:
            self.h1 += data
        outside = self.outside(data)
        if not self.stack[-1].ours:
            self.content.add(data.strip())
        elif tags[-1] != "textarea" and has_words(outside):
            self.found.append(f"{tags[-1]}: {short(data)!r}")

    def outside(self, data: str) -> str:
        """Return what stands outside the brackets; a sentence may go on in the next element."""
        left = ""
        for sign in data:
            self.depth += (sign == OPEN) - (sign == CLOSE)
            left += "" if self.depth or sign == CLOSE else sign
        return left


def has_words(text: str) -> bool:
    return LETTER.search(NOT_WORDS.sub("", text)) is not None


def short(text: str) -> str:
    return " ".join(text.split())[:100]


def without_sentences(value: str) -> str:
    """Return what of a text stands outside the brackets, which may stand in each other."""
    before = None
    while before != value:
        before, value = value, re.sub(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", "", value)
    return value


def outside_sentences(html: str) -> list[str]:
    """Return each word on a page that did not come out of the catalogue and is not content."""
    return list(dict.fromkeys(Reader(html).found))


_settled: WeakSet[TestResponse] = WeakSet()


def settle(response: TestResponse) -> None:
    """Look at a page in the pseudo-language, then take its brackets out.

    Raises:
        AssertionError: if something on it did not come out of the catalogue.
    """
    kind = response.mimetype or ""  # an answer without a body has none
    if response in _settled:  # what a redirect led to comes by twice
        return
    _settled.add(response)
    if not (kind.startswith("text/") or kind.endswith("json")) or response.status_code == 304:
        return
    text = response.get_data(as_text=True)
    if OPEN not in text and "\\u27e6" not in text and kind != "text/html":
        return
    if kind == "text/html" and IN_BRACKETS.search(text):
        left = outside_sentences(text)
        where = f"{response.request.method} {response.request.path}"
        assert not left, f"{where}: not translated: {'; '.join(left)}. See tests/pseudo.py."
    response.set_data(MARKS.sub("", text))


class Outbox(EmailBackend):
    """Keeps mails in memory as they would be in English, and beside it as they came."""

    def send_messages(self, messages: list[Any]) -> int:
        for message in messages:
            message.marked = (message.subject, message.body)
            message.subject = MARKS.sub("", message.subject)
            message.body = MARKS.sub("", message.body)
        return int(super().send_messages(messages))
