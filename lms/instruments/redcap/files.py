"""Drafts in a folder: a definition a form, and beside them what of the dictionary was kept."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from lms.errors import N_, Conflict, Invalid, NotFound
from lms.instruments.domain import Instrument
from lms.instruments.library import instrument_from_data, library_ids, load_library
from lms.instruments.redcap.dictionary import Naming, dictionary_rows
from lms.instruments.redcap.drafts import Dictionary
from lms.instruments.redcap.kept import KeptForm, kept_from_json, kept_to_json
from lms.instruments.redcap.rows import Cells
from lms.instruments.redcap.sections import key_from

KEPT_NAME = "redcap.json"


def as_yaml(data: dict[str, Any]) -> str:
    """A definition as the file that a creator would write."""
    out = io.StringIO()
    yaml = YAML()
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(data, out)
    return out.getvalue()


def write_drafts(dictionary: Dictionary, folder: Path) -> list[Path]:
    """Write a definition a form, and `redcap.json` with the rows of all.

    Raises:
        Conflict: if one of the files is there already; then none is written.
    """
    texts: dict[str, str] = {}
    forms = []
    for draft in dictionary.drafts:
        name = ""
        if draft.data is not None:
            name = _free_name(draft.form, texts)
            texts[name] = as_yaml(draft.data)
        forms.append(KeptForm(draft.kept, name))
    texts[KEPT_NAME] = json.dumps(kept_to_json(forms), ensure_ascii=False, indent=1) + "\n"
    for name in texts:
        if (folder / name).exists():
            raise Conflict(
                N_("%(file)s is there already. Name an empty folder."), file=str(folder / name)
            )
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def _free_name(form: str, taken: dict[str, str]) -> str:
    key, number = key_from(form, "form"), 1
    name = f"{key}.yaml"
    while name in taken:
        number += 1
        name = f"{key}_{number}.yaml"
    return name


def rows_of(ref: str, *, form: str = "", prefix: str = "") -> list[Cells]:
    """The rows of a dictionary: of a shipped instrument, a definition file, or a folder of drafts.

    Args:
        form: what the form is called; of a folder, the one form that is written.

    Raises:
        Invalid: if a file cannot be read as what it should be.
        NotFound: if there is nothing of that name.
    """
    path = Path(ref)
    if path.is_dir():
        return [cells for rows in _rows_of_folder(path, form) for cells in rows]
    kept = next(
        (
            found.kept
            for found in _kept_in(path.parent)
            if path.is_file() and found.draft == path.name
        ),
        None,
    )
    return dictionary_rows(instrument_of(ref), Naming(form, prefix), kept)


def _rows_of_folder(folder: Path, form: str) -> Iterator[list[Cells]]:
    forms = _kept_in(folder)
    chosen = [found for found in forms if form in ("", found.kept.form)]
    if not chosen:
        raise NotFound(
            N_("%(folder)s holds no dictionary with such a form. Its forms are: %(names)s."),
            folder=str(folder),
            names=", ".join(found.kept.form for found in forms) or "—",
        )
    for found in chosen:
        if found.draft and (folder / Path(found.draft).name).is_file():
            instrument = instrument_of(str(folder / Path(found.draft).name))
            yield dictionary_rows(instrument, kept=found.kept)
        else:
            yield [dict(row.cells) for row in found.kept.rows]


def _kept_in(folder: Path) -> list[KeptForm]:
    path = folder / KEPT_NAME
    return kept_from_json(path.read_bytes()) if path.is_file() else []


def instrument_of(ref: str) -> Instrument:
    """A shipped instrument by its id@version, or the one that a definition file describes.

    Raises:
        NotFound: if it is neither.
        Invalid: if the file is no definition.
    """
    path = Path(ref)
    if ref in library_ids():
        return load_library(ref)
    if not path.is_file():
        raise NotFound(
            N_("There is no instrument or file %(ref)s. There are: %(known)s."),
            ref=ref,
            known=", ".join(library_ids()),
        )
    try:
        return instrument_from_data(YAML(typ="safe", pure=True).load(path.read_bytes()))
    except (YAMLError, ValueError) as error:
        why = " ".join(str(error).split())[:200]
        raise Invalid(
            N_("%(file)s is no definition of an instrument: %(why)s"), file=ref, why=why
        ) from error
