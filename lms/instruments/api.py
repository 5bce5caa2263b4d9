"""The door: instruments from the library or from a package's data, and how ratings are scored."""

from lms.instruments.domain import (
    Answer,
    DefinitionError,
    Instrument,
    Item,
    Problem,
    RatingRefused,
    Scores,
    TotalScore,
    answer_from_json,
    answer_to_json,
    code_of,
    distance,
    points_of,
    read_answer,
    score,
    shown,
    unfinished,
)
from lms.instruments.domain import to_data as instrument_to_data
from lms.instruments.domain.sheet import answers_from_form
from lms.instruments.json_schema import json_schema as definition_json_schema
from lms.instruments.library import (
    instrument_from_data,
    library_bytes,
    library_digest,
    library_ids,
    load_library,
)

__all__ = [
    "Answer",
    "DefinitionError",
    "Instrument",
    "Item",
    "Problem",
    "RatingRefused",
    "Scores",
    "TotalScore",
    "answer_from_json",
    "answer_to_json",
    "answers_from_form",
    "code_of",
    "definition_json_schema",
    "distance",
    "instrument_from_data",
    "instrument_to_data",
    "library_bytes",
    "library_digest",
    "library_ids",
    "load_library",
    "points_of",
    "read_answer",
    "score",
    "shown",
    "unfinished",
]
