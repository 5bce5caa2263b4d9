"""YAML 1.2 as plain data, with the line and column of every key and value."""

import pickle
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, TypeAlias, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from lms.errors import N_
from lms.packages.reader.findings import Findings, Place

LONGEST = 512 * 1024
DEEPEST = 40
DEEPEST_BRACKETS = 200  # the parser's time grows with the square of their depth
REMEMBERED = 512  # files, some 15 KB each; a creator who mends one file has the others read at once
Path: TypeAlias = tuple[str | int, ...]

_CORE = "tag:yaml.org,2002:"
_KNOWN = {
    _CORE + name for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
}
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass
class Document:
    """What a file says: plain data (figures with a point as Decimal), and where it says it.

    `keys` holds where a mapping's key stands, `values` where a value begins.
    """

    file: str
    data: Any = None
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def place(self, *path: str | int, key: bool = False) -> Place:
        """Return where a value (or its key) stands; the nearest thing around it if it is absent."""
        for length in range(len(path), -1, -1):
            here = path[:length]
            tables = (self.keys, self.values) if key else (self.values, self.keys)
            for table in tables:
                if here in table:
                    line, column = table[here]
                    return Place(self.file, line, column)
            key = True
        return Place(self.file)


def read_yaml(file: str, data: bytes, findings: Findings) -> Document | None:
    """Read one document; None, with findings, where it is not YAML that a package may hold."""
    text = decode(file, data, findings, longest=LONGEST)
    if text is None:
        return None
    remembered = _place_for(text)
    if remembered:
        return Document(file, *pickle.loads(remembered[0]))  # noqa: S301 - pickled below
    before = len(findings.entries)
    node = _compose(file, text, findings)
    if node is None:
        if len(findings.entries) == before:
            findings.error(Place(file), N_("The file is empty."))
        return None
    document = Document(file)
    document.data = _Builder(document, findings).value(node, ())
    if len(findings.entries) == before:
        said = (document.data, document.keys, document.values)
        remembered.append(pickle.dumps(said, pickle.HIGHEST_PROTOCOL))
    return document if not _errors_since(findings, before) else None


@lru_cache(maxsize=REMEMBERED)
def _place_for(_text: str) -> list[bytes]:
    """Return where to remember what a file with this text says, if nothing is wrong with it.

    It is kept as bytes, so that everybody who asks gets data of their own.
    """
    return []


def decode(file: str, data: bytes, findings: Findings, *, longest: int) -> str | None:
    """Return the text of a UTF-8 file with plain line ends; None, with a finding, if it is not."""
    if len(data) > longest:
        findings.error(
            Place(file),
            N_("The file is longer than %(most)s KB."),
            N_("Split it."),
            most=longest // 1024,
        )
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _position(data[: error.start].decode("utf-8", "replace"))
        findings.error(
            Place(file, line, column),
            N_("The file is not UTF-8."),
            N_("Save it again as UTF-8."),
        )
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    bad = _UNPRINTABLE.search(text)
    if bad is not None:
        line, column = _position(text[: bad.start()])
        findings.error(
            Place(file, line, column),
            N_("There is a control character (U+%(code)s)."),
            N_("Delete it."),
            code=f"{ord(bad[0]):04X}",
        )
        return None
    return text


def _position(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _compose(file: str, text: str, findings: Findings) -> Node | None:
    if (directive := re.search(r"^%", text, re.MULTILINE)) is not None and _is_directive(text):
        line, column = _position(text[: directive.start()])
        findings.error(
            Place(file, line, column),
            N_("YAML directives are not used in packages."),
            N_("Delete the line with the percent sign; every file is YAML 1.2."),
        )
        return None
    if _bracket_depth(text) > DEEPEST_BRACKETS:
        findings.error(Place(file), N_("The file is nested too deeply."))
        return None
    try:
        return YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, ReaderError) as error:
        _syntax(file, error, findings)
    except RecursionError:
        findings.error(Place(file), N_("The file is nested too deeply."))
    except (ValueError, TypeError, IndexError, AttributeError, KeyError, AssertionError):
        # the parser trips over some malformed input instead of reporting it
        findings.error(
            Place(file), N_("This is not YAML."), N_("Check quotes, colons and indents.")
        )
    return None


def _bracket_depth(text: str) -> int:
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", text):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _is_directive(text: str) -> bool:
    for line in text.split("\n"):
        if line.startswith("%"):
            return True
        if line.strip() and not line.lstrip().startswith("#"):
            return False
    return False


def _syntax(file: str, error: Exception, findings: Findings) -> None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(file, mark.line + 1, mark.column + 1) if mark is not None else Place(file)
    why = getattr(error, "problem", None) if isinstance(error, MarkedYAMLError) else None
    findings.error(
        place,
        N_("This is not YAML: %(why)s."),
        N_("Check quotes, colons and indents; text with a colon or # in it needs quotes."),
        why=str(why or "it cannot be read"),
    )


def _errors_since(findings: Findings, before: int) -> bool:
    return any(entry.severity == "error" for entry in findings.entries[before:])


class _Builder:
    """Turns the parser's nodes into plain data; refuses what packages do not use."""

    def __init__(self, document: Document, findings: Findings) -> None:
        self.document = document
        self.findings = findings
        self.seen: set[int] = set()

    def value(self, node: Node, path: Path) -> Any:
        self.document.values[path] = _mark(node)
        if not self._allowed(node, path):
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.value(entry, (*path, i)) for i, entry in enumerate(node.value)]
        return self._scalar(cast(ScalarNode, node))

    def _allowed(self, node: Node, path: Path) -> bool:
        if id(node) in self.seen or node.anchor is not None:
            if id(node) not in self.seen:
                self._refuse(
                    node,
                    N_("Anchors and aliases (& and *) are not used in packages."),
                    N_("Write the value out."),
                )
            self.seen.add(id(node))
            return False
        self.seen.add(id(node))
        if len(path) > DEEPEST:
            self._refuse(node, N_("The file is nested too deeply."))
            return False
        if str(node.tag) not in _KNOWN:
            self._refuse(
                node,
                N_("The tag “%(tag)s” is not used in packages."),
                N_("Delete it, or put the text in quotes."),
                tag=str(node.tag).removeprefix(_CORE),
            )
            return False
        return True

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not _plain_key(key_node):
                self._refuse(key_node, N_("A key must be a word or a figure."))
                continue
            key = str(key_node.value)
            if key in result:
                self._refuse(
                    key_node,
                    N_("The key “%(key)s” is there twice."),
                    N_("Delete one of them."),
                    key=key,
                )
                continue
            self.document.keys[(*path, key)] = _mark(key_node)
            result[key] = self.value(value_node, (*path, key))
        return result

    def _scalar(self, node: ScalarNode) -> Any:
        tag, text = str(node.tag).removeprefix(_CORE), str(node.value)
        if tag == "bool":
            return text.lower() == "true"
        if tag == "null":
            return None
        if tag == "int":
            return self._whole(node, text)
        if tag == "float":
            return self._figure(node, text)
        return text

    def _whole(self, node: Node, text: str) -> int | str:
        if _INT.fullmatch(text):
            return int(text)
        if re.fullmatch(r"[-+]?[0-9_]+|0[xob][0-9a-fA-F_]+", text):
            self._refuse(
                node,
                N_("“%(text)s” is not a plain whole number."),
                N_("Write digits only, or put text in quotes."),
                text=text,
            )
        return text

    def _figure(self, node: Node, text: str) -> Decimal | str:
        try:
            figure = Decimal(text)
        except InvalidOperation:
            figure = Decimal("NaN")
        if not figure.is_finite() or not -20 <= figure.adjusted() <= 20 or len(text) > 30:
            self._refuse(
                node,
                N_("“%(text)s” is not a plain figure."),
                N_("Write digits with a point, or put text in quotes."),
                text=text,
            )
            return text
        return figure

    def _refuse(self, node: Node, message: str, remedy: str = "", **values: object) -> None:
        line, column = _mark(node)
        self.findings.error(Place(self.document.file, line, column), message, remedy, **values)


def _plain_key(node: Node) -> bool:
    merge = str(node.tag) == _CORE + "merge"
    return isinstance(node, ScalarNode) and node.anchor is None and not merge


def _mark(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
