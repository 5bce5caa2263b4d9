"""The definitions that ship with the product: one file for each version, never changed."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from lms.errors import N_, NotFound
from lms.instruments.domain import DefinitionError, Instrument, build
from lms.instruments.schemas import is_stray, shape_problems

_FOLDER = Path(__file__).parent / "library"


def instrument_from_data(data: Any) -> Instrument:
    """The instrument that a definition file's content describes.

    Args:
        data: the file as plain mappings, lists, text and figures (YAML 1.2 or JSON).

    Raises:
        DefinitionError: with every problem of shape and of sense, each at its path.
    """
    misshapen = shape_problems(data)
    if not isinstance(data, dict):
        raise DefinitionError(misshapen)
    broken = frozenset(problem.path for problem in misshapen if not is_stray(problem))
    try:
        instrument = build(data, broken)
    except DefinitionError as error:
        raise DefinitionError(misshapen + error.problems) from None
    if misshapen:
        raise DefinitionError(misshapen)
    return instrument


def library_ids() -> list[str]:
    """Every shipped version as id@version, in order."""
    return list(_shipped())


@cache
def _shipped() -> tuple[str, ...]:
    return tuple(sorted(path.name.removesuffix(".yaml") for path in _FOLDER.glob("*@*.yaml")))


@cache
def library_bytes(ref: str) -> bytes:
    """The definition file of a shipped version, byte for byte.

    Raises:
        NotFound: if no such version is shipped.
    """
    if ref not in _shipped():
        raise NotFound(
            N_("There is no instrument %(ref)s. There are: %(known)s."),
            ref=ref,
            known=", ".join(_shipped()),
        )
    return (_FOLDER / f"{ref}.yaml").read_bytes()


def library_digest(ref: str) -> str:
    """SHA-256 of the definition file, in hexadecimal."""
    return hashlib.sha256(library_bytes(ref)).hexdigest()


@cache
def load_library(ref: str) -> Instrument:
    """The shipped instrument of that id@version.

    Raises:
        NotFound: if no such version is shipped.
    """
    return instrument_from_data(YAML(typ="safe", pure=True).load(library_bytes(ref)))
