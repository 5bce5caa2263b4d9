"""Figures as people type them and as files hold them, made exact."""

import re
from decimal import Decimal

_WRITTEN = re.compile(r"[+-]?\d{1,12}([.,]\d{1,12})?")


def exact(raw: object) -> Decimal | None:
    """The figure that was meant, without any rounding.

    Args:
        raw: an int, a float from YAML or JSON (read by its shortest decimal form), a Decimal,
            or text with a point or one comma as the decimal sign.

    Returns:
        None where it is not a finite figure of at most 12 digits on each side.
    """
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal, str)):
        return None
    text = raw.strip() if isinstance(raw, str) else format(Decimal(str(raw)), "f")
    if not _WRITTEN.fullmatch(text):
        return None
    return Decimal(text.replace(",", "."))


def plain(figure: Decimal) -> str:
    """The figure without an exponent or trailing zeros: 10, 0.5."""
    text = format(figure, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def as_json(figure: Decimal) -> int | float:
    """A JSON number: an int where it is whole, else the float with the same decimal form."""
    return int(figure) if figure == figure.to_integral_value() else float(figure)
