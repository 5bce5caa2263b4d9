"""The 18 columns of a data dictionary, by both spellings of their headers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

COLUMNS: dict[str, str] = {
    "field_name": "Variable / Field Name",
    "form_name": "Form Name",
    "section_header": "Section Header",
    "field_type": "Field Type",
    "field_label": "Field Label",
    "select_choices_or_calculations": "Choices, Calculations, OR Slider Labels",
    "field_note": "Field Note",
    "text_validation_type_or_show_slider_number": "Text Validation Type OR Show Slider Number",
    "text_validation_min": "Text Validation Min",
    "text_validation_max": "Text Validation Max",
    "identifier": "Identifier?",
    "branching_logic": "Branching Logic (Show field only if...)",
    "required_field": "Required Field?",
    "custom_alignment": "Custom Alignment",
    "question_number": "Question Number (surveys only)",
    "matrix_group_name": "Matrix Group Name",
    "matrix_ranking": "Matrix Ranking?",
    "field_annotation": "Field Annotation",
}
"""From the name that the API uses to the header of the web page's file, in the file's order."""

FIELD, FORM, SECTION, TYPE, LABEL, CHOICES, NOTE, VALIDATION = list(COLUMNS)[:8]
MINIMUM, MAXIMUM, IDENTIFIER, BRANCHING, REQUIRED = list(COLUMNS)[8:13]
ALIGNMENT, QUESTION, MATRIX, RANKING, ANNOTATION = list(COLUMNS)[13:]

NEEDED = (FIELD, FORM, TYPE)


def _bare(header: str) -> str:
    return re.sub(r"[^a-z0-9]", "", header.lower())


_KNOWN = {_bare(name): key for key, web in COLUMNS.items() for name in (key, web)}


@dataclass(frozen=True, slots=True)
class Header:
    """Which column of the file holds what.

    Args:
        places: from a column's key to its place in the file, from 0.
        names: every header as the file spells it, after `_joined`.
        strange: places of headers that are none of the 18.
        twice: places of headers that were there before.
        unnamed_first: whether the first column was taken as the field names without saying so.
    """

    places: dict[str, int]
    names: tuple[str, ...]
    strange: tuple[int, ...]
    twice: tuple[int, ...]
    unnamed_first: bool

    @property
    def missing(self) -> list[str]:
        return [key for key in NEEDED if key not in self.places]


def read_header(cells: Sequence[str]) -> Header:
    """What the first line of a file says about its columns; it may be no header at all."""
    names = _joined([cell.strip() for cell in cells])
    keys = [_KNOWN.get(_bare(name)) for name in names]
    places: dict[str, int] = {}
    twice = []
    for place, key in enumerate(keys):
        if key in places:
            twice.append(place)
        elif key:
            places[key] = place
    unnamed = bool(keys) and keys[0] is None and FIELD not in places and len(places) >= 3
    if unnamed:
        places[FIELD] = 0
    strange = [place for place, key in enumerate(keys) if key is None and names[place]]
    return Header(
        places,
        tuple(names),
        tuple(place for place in strange if not (unnamed and place == 0)),
        tuple(twice),
        unnamed,
    )


def _joined(names: list[str]) -> list[str]:
    """Some programs write the sixth header without quotes, so that its commas cut it in three."""
    web = COLUMNS[CHOICES].split(", ")
    for place in range(len(names) - 2):
        if [_bare(name) for name in names[place : place + 3]] == [_bare(part) for part in web]:
            return [*names[:place], COLUMNS[CHOICES], *names[place + 3 :]]
    return names
