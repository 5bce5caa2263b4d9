"""What a formula or a condition says in an instrument's terms: weights of items, or words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from lms.errors import N_
from lms.instruments.redcap.logic import (
    Call,
    Field,
    Figure,
    Minus,
    Node,
    Not,
    NotUnderstood,
    Sign,
    Words,
    parse,
)

MOST_PARTS = 400
_WHOLE = 10**12

Ref = tuple[str, str]
"""A field and, of a checkbox, one of its codes."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """A sum of fields, each with its weight, and a figure beside them.

    Args:
        places: what the whole is rounded to; None where it is not.
        skips_blanks: whether REDCap leaves out what is blank.
    """

    weights: Mapping[Ref, Fraction]
    constant: Fraction = Fraction(0)
    places: int | None = None
    skips_blanks: bool = False


def weighted_from(text: str, known: Mapping[str, Weighted]) -> Weighted:
    """The weighted sum that a calculation is.

    Args:
        known: the calculations that stand before it, by field name.

    Raises:
        NotUnderstood: if it is more than additions and constant factors.
    """
    tree = parse(text)
    places = None
    if isinstance(tree, Call) and tree.name == "round" and len(tree.arguments) in (1, 2):
        places = _places(tree.arguments[1]) if len(tree.arguments) == 2 else 0
        tree = tree.arguments[0]
    found = _weigh(tree, known)
    return Weighted(found.weights, found.constant, places, found.skips_blanks)


def _places(node: Node) -> int:
    if isinstance(node, Figure) and node.value in {Decimal(count) for count in range(10)}:
        return int(node.value)
    raise NotUnderstood(1, N_("How far it is rounded is no figure of 0 to 9."))


def _weigh(node: Node, known: Mapping[str, Weighted]) -> Weighted:
    if isinstance(node, Figure):
        return Weighted({}, Fraction(node.value))
    if isinstance(node, Field):
        return _of_field(node, known)
    if isinstance(node, Minus):
        return _times(_weigh(node.of, known), Fraction(-1))
    if isinstance(node, Sign):
        return _of_sign(node, known)
    if isinstance(node, Call) and node.name in ("sum", "mean") and node.arguments:
        return _of_call(node, known)
    if isinstance(node, Call):
        raise NotUnderstood(
            1, N_("The function %(name)s is more than a weighted sum."), name=node.name
        )
    raise NotUnderstood(1, N_("This is a condition, where a figure is needed."))


def _of_field(node: Field, known: Mapping[str, Weighted]) -> Weighted:
    if node.event:
        raise NotUnderstood(1, N_("It looks at event %(event)s."), event=node.event)
    earlier = None if node.code else known.get(node.name)
    if earlier is None:
        return Weighted({(node.name, node.code): Fraction(1)})
    if earlier.places is not None:
        raise NotUnderstood(
            1, N_("It goes on with %(name)s, which is rounded already."), name=node.name
        )
    return earlier


def _of_sign(node: Sign, known: Mapping[str, Weighted]) -> Weighted:
    if node.sign not in ("+", "-", "*", "/"):
        raise NotUnderstood(1, N_("The sign %(sign)s makes no weighted sum."), sign=node.sign)
    left, right = _weigh(node.left, known), _weigh(node.right, known)
    if node.sign in "+-":
        return _plus(left, _times(right, Fraction(1 if node.sign == "+" else -1)))
    if node.sign == "*" and not left.weights:
        left, right = right, left
    if right.weights:
        raise NotUnderstood(1, N_("Two fields are multiplied or divided."))
    if node.sign == "/" and not right.constant:
        raise NotUnderstood(1, N_("It divides by 0."))
    return _times(left, right.constant if node.sign == "*" else 1 / right.constant)


def _of_call(node: Call, known: Mapping[str, Weighted]) -> Weighted:
    whole = Weighted({})
    for argument in node.arguments:
        whole = _plus(whole, _weigh(argument, known))
    share = Fraction(1, len(node.arguments) if node.name == "mean" else 1)
    whole = _times(whole, share)
    return Weighted(whole.weights, whole.constant, None, True)


def _plus(left: Weighted, right: Weighted) -> Weighted:
    weights = dict(left.weights)
    for ref, weight in right.weights.items():
        weights[ref] = weights.get(ref, Fraction(0)) + weight
    if len(weights) > MOST_PARTS:
        raise NotUnderstood(1, N_("It adds up too many fields."))
    constant = _small(left.constant + right.constant)
    return Weighted(weights, constant, None, left.skips_blanks or right.skips_blanks)


def _times(whole: Weighted, factor: Fraction) -> Weighted:
    weights = {ref: _small(weight * factor) for ref, weight in whole.weights.items()}
    return Weighted(weights, _small(whole.constant * factor), None, whole.skips_blanks)


def _small(figure: Fraction) -> Fraction:
    if max(abs(figure.numerator), figure.denominator) > _WHOLE * _WHOLE:
        raise NotUnderstood(1, N_("Its figures are longer than any score."))
    return figure


def as_decimal(weight: Fraction) -> Decimal:
    """The weight as a figure that a definition can hold.

    Raises:
        NotUnderstood: if it has no exact decimal form of 12 digits on each side.
    """
    scaled = weight * _WHOLE
    if scaled.denominator != 1 or abs(weight) >= _WHOLE:
        raise NotUnderstood(
            1, N_("The weight %(weight)s has no exact decimal form."), weight=str(weight)
        )
    return (Decimal(scaled.numerator) / _WHOLE).normalize()


_SAID = {"=": "is", "<>": "is not", ">": "is above", "<": "is below"} | {
    ">=": "is at least",
    "<=": "is at most",
}
_TURNED = {"=": "=", "<>": "<>", ">": "<", "<": ">", ">=": "<=", "<=": ">="}

Naming = Callable[[Field, str], str]
"""From a field and the value that it is compared with to the value's words."""


def condition_words(text: str, value_words: Naming) -> str:
    """A simple condition in words: comparisons of fields with values, joined by and, or, not.

    Raises:
        NotUnderstood: if it is more than that.
    """
    return _words(parse(text), value_words)


def _words(node: Node, value_words: Naming) -> str:
    if isinstance(node, Sign) and node.sign in ("and", "or"):
        left, right = (_bracketed(part, node.sign, value_words) for part in (node.left, node.right))
        return f"{left} {node.sign} {right}"
    if isinstance(node, Not):
        return f"not ({_words(node.of, value_words)})"
    if isinstance(node, Sign) and node.sign in _SAID:
        field, sign, value = node.left, node.sign, node.right
        if isinstance(value, Field):
            field, sign, value = value, _TURNED[sign], field
        if isinstance(field, Field) and isinstance(value, Figure | Words | Minus):
            return _comparison(field, sign, value, value_words)
    raise NotUnderstood(1, N_("It is more than comparisons of a field with a value."))


def _bracketed(node: Node, sign: str, value_words: Naming) -> str:
    words = _words(node, value_words)
    other = isinstance(node, Sign) and node.sign in ("and", "or") and node.sign != sign
    return f"({words})" if other else words


def _comparison(field: Field, sign: str, value: Node, value_words: Naming) -> str:
    if field.event:
        raise NotUnderstood(1, N_("It looks at event %(event)s."), event=field.event)
    if isinstance(value, Minus):
        if not isinstance(value.of, Figure):
            raise NotUnderstood(1, N_("It is more than comparisons of a field with a value."))
        text = f"-{value.of.value}"
    else:
        text = value.text if isinstance(value, Words) else str(getattr(value, "value", ""))
    name = f"{field.name} ({field.code})" if field.code else field.name
    return f"{name} {_SAID[sign]} {value_words(field, text) or 'empty'}"
