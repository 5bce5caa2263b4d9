"""Designs of certificates: shipped folders, and an institution's own in its data folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from lms.certificates.typesetting import FACES

SHIPPED = Path(__file__).parent / "designs"
STANDARD = SHIPPED / "standard"
OWN = "designs"  # in the data folder
FORMAT = "concord-certificate-design/1"
FILES = ("design.yaml", "template.html", "style.css", "ground.html")
WORDS = (
    *("heading", "says", "done", "and", "and_without_figure", "agreement", "required", "whole"),
    *("drawing", "issued", "expires", "no_end", "level", "language", "instrument", "release"),
    *("certified", "rights", "signed", "brand", "check", "qr", "demonstration", "development"),
)
FITTED = ("name", "what", "value", "issuer")


class BadDesign(RuntimeError):
    """A design cannot be used; the message says which, what is wrong, and where."""


@dataclass(frozen=True)
class Rule:
    """How a text is fitted: face, width, and the sizes to try, each (points, lines at most)."""

    face: str
    width_mm: float
    sizes: tuple[tuple[float, int], ...]


@dataclass(frozen=True)
class Design:
    """What design.yaml says.

    Args:
        words: by language; English is always there and whole.
    """

    folder: Path
    title: str
    fit: Mapping[str, Rule]
    words: Mapping[str, Mapping[str, str]]


def find_design(name: str, data: Path) -> Path:
    """Return the folder of a design; an institution's own comes before a shipped one.

    Raises:
        BadDesign: if there is none of this name.
    """
    for folder in (data / OWN / name, SHIPPED / name):
        if (folder / "design.yaml").is_file():
            return folder
    known = ", ".join(names_of_designs(data))
    raise BadDesign(f"There is no design {name} in {data / OWN}. These are there: {known}.")


def names_of_designs(data: Path) -> list[str]:
    """Return the names of all designs that can be chosen."""
    found = [*(data / OWN).glob("*/design.yaml"), *SHIPPED.glob("*/design.yaml")]
    return sorted({file.parent.name for file in found})


def read_design(folder: Path) -> Design:
    """Read design.yaml and see that the design is whole.

    Raises:
        BadDesign: with the file and what is wrong in it.
    """
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise BadDesign(f"The design {folder} lacks {', '.join(missing)}.")
    file = folder / "design.yaml"
    try:
        told = YAML(typ="safe").load(file.read_text("utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise BadDesign(f"{file} cannot be read: {error}") from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise BadDesign(f"{file} must begin with format: {FORMAT}")
    fit = {what: _rule(told, what, file) for what in FITTED}
    return Design(folder, str(told.get("title", folder.name)), fit, _words(told, file))


def _rule(told: dict[str, Any], what: str, file: Path) -> Rule:
    try:
        rule = told["fit"][what]
        sizes = tuple((float(points), int(lines)) for points, lines in rule["sizes"])
        made = Rule(str(rule["face"]), float(rule["width_mm"]), sizes)
    except (KeyError, TypeError, ValueError) as error:
        raise BadDesign(
            f"{file}: fit.{what} needs face, width_mm and sizes, each [points, lines at most]."
        ) from error
    if made.face not in FACES or not made.sizes or made.width_mm <= 0:
        faces = ", ".join(FACES)
        raise BadDesign(f"{file}: fit.{what} needs one of the faces {faces}, a width and a size.")
    return made


def _words(told: dict[str, Any], file: Path) -> dict[str, dict[str, str]]:
    words = told.get("words")
    if not isinstance(words, dict) or not all(isinstance(one, dict) for one in words.values()):
        raise BadDesign(f"{file}: words holds a list of words for each language, at least for en.")
    lacking = [key for key in WORDS if key not in words.get("en", {})]
    if lacking:
        raise BadDesign(f"{file}: words.en lacks {', '.join(lacking)}.")
    return {
        str(language): {str(key): str(word) for key, word in told_words.items()}
        for language, told_words in words.items()
    }
