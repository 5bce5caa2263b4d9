"""REDCap's formulas and conditions as a tree: a small parser that knows where it stopped."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from lms.errors import N_

DEEPEST = 40
LONGEST = 20_000
MOST_SIGNS = 500  # so that no tree is deeper than a walk over it can go


class NotUnderstood(Exception):
    """Where a formula stops to be one, and why.

    Args:
        at: the character, from 1.
    """

    def __init__(self, at: int, message: str, **values: str) -> None:
        super().__init__(message % values if values else message)
        self.at = at
        self.message = message
        self.values = values


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that stands in the formula."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Words:
    """Text in quotation marks."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """[event][field(code)]: event and code are "" where there is none."""

    name: str
    code: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign between two parts: + - * / ^ = <> > >= < <= and or."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Minus:
    """The negative of a part."""

    of: "Node"


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    of: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple["Node", ...]


Node: TypeAlias = Figure | Words | Field | Sign | Minus | Not | Call

_TOKEN = re.compile(
    r"(?P<field>\[\s*[A-Za-z0-9_-]+\s*(?:\(\s*-?[A-Za-z0-9_.-]+\s*\))?\s*\])"
    r"|(?P<figure>(?:\d+(?:\.\d*)?|\.\d+)(?![A-Za-z_]))"
    r"|(?P<words>\"[^\"]*\"|'[^']*'|[“”„][^“”]*[“”]|[‘’‚][^‘’]*[‘’])"
    r"|(?P<sign><>|!=|<=|>=|[-+*/^=<>(),])"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
)
_FIELD = re.compile(r"\[\s*([A-Za-z0-9_-]+)\s*(?:\(\s*(-?[A-Za-z0-9_.-]+)\s*\))?\s*\]")
_BLANK = re.compile(r"\s+")

_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset({"=", "<>", "!=", "<", "<=", ">", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "/"}),
)
"""What binds least comes first; each level is read from left to right."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def parse(text: str) -> Node:
    """The formula as a tree.

    Raises:
        NotUnderstood: at the first character that does not fit.
    """
    if len(text) > LONGEST:
        raise NotUnderstood(LONGEST, N_("This is longer than any formula."))
    reader = _Reader(_tokens(text), len(text) + 1)
    tree = reader.level(0)
    if reader.now.kind:
        raise NotUnderstood(
            reader.now.at, N_("%(text)s does not continue the formula."), text=reader.now.text
        )
    return tree


def _tokens(text: str) -> list[_Token]:
    found, place = [], 0
    while place < len(text):
        blank = _BLANK.match(text, place)
        if blank:
            place = blank.end()
            continue
        token = _TOKEN.match(text, place)
        if token is None:
            raise NotUnderstood(
                place + 1, N_("%(text)s has no meaning in a formula."), text=text[place]
            )
        kind = token.lastgroup or ""
        body = token[0].lower() if kind in ("sign", "word") else token[0]
        if kind == "word" and body in ("and", "or", "not"):
            kind = "sign"
        found.append(_Token(kind, body, place + 1))
        place = token.end()
    return found


class _Reader:
    def __init__(self, tokens: list[_Token], end: int) -> None:
        self._tokens = [*tokens, _Token("", "", end)]
        self._place = 0
        self._depth = 0
        self._signs = 0

    @property
    def now(self) -> _Token:
        return self._tokens[self._place]

    def level(self, level: int) -> Node:
        """Read parts that are joined by the signs of a level."""
        if level == len(_LEVELS):
            return self._power()
        tree = self.level(level + 1)
        while self.now.kind == "sign" and self.now.text in _LEVELS[level]:
            self._signs += 1
            if self._signs > MOST_SIGNS:
                raise NotUnderstood(self.now.at, N_("The formula has too many signs."))
            sign = self._take().text
            tree = Sign("<>" if sign == "!=" else sign, tree, self.level(level + 1))
        return tree

    def _power(self) -> Node:
        base = self._part()
        if self.now.text == "^":
            self._take()
            return Sign("^", base, self._deeper(self._power))
        return base

    def _part(self) -> Node:
        token = self._take()
        if token.kind == "figure":
            return Figure(Decimal(token.text))
        if token.kind == "words":
            return Words(token.text[1:-1])
        if token.kind == "field":
            return self._field(token)
        if token.kind == "word":
            return self._call(token)
        if token.text == "(":
            inside = self._deeper(lambda: self.level(0))
            self._expect(")")
            return inside
        if token.text in ("-", "+"):
            of = self._deeper(self._power)
            return Minus(of) if token.text == "-" else of
        if token.text == "not":
            return Not(self._deeper(lambda: self.level(2)))
        if not token.kind:
            raise NotUnderstood(token.at, N_("The formula ends too early."))
        raise NotUnderstood(token.at, N_("%(text)s cannot stand here."), text=token.text)

    def _field(self, token: _Token) -> Node:
        event = ""
        if self.now.kind == "field" and self.now.at == token.at + len(token.text):
            event, token = _name_and_code(token)[0], self._take()
        name, code = _name_and_code(token)
        return Field(name, code, event)

    def _call(self, token: _Token) -> Node:
        if self.now.text != "(":
            raise NotUnderstood(
                token.at, N_("%(text)s is neither a field nor a function."), text=token.text
            )
        self._take()
        arguments: list[Node] = []
        while self.now.text != ")":
            arguments.append(self._deeper(lambda: self.level(0)))
            if self.now.text != ")":
                self._expect(",")
        self._take()
        return Call(token.text, tuple(arguments))

    def _deeper(self, read: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise NotUnderstood(self.now.at, N_("The formula is nested too deeply."))
        tree = read()
        self._depth -= 1
        return tree

    def _expect(self, text: str) -> None:
        if self.now.text != text or self.now.kind != "sign":
            raise NotUnderstood(self.now.at, N_("Here %(text)s is missing."), text=text)
        self._take()

    def _take(self) -> _Token:
        token = self.now
        self._place = min(self._place + 1, len(self._tokens) - 1)
        return token


def _name_and_code(token: _Token) -> tuple[str, str]:
    found = _FIELD.fullmatch(token.text)
    assert found is not None  # the token was cut by the same pattern
    return found[1], found[2] or ""
