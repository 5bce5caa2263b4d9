"""The door: instruments from the library or from a package's data, and how ratings are scored."""

from lms.instruments.domain import (
    Answer,
    DefinitionError,
    Flag,
    Instrument,
    Item,
    Problem,
    RatingRefused,
    Scores,
    TotalChange,
    TotalScore,
    answer_from_json,
    answer_to_json,
    code_of,
    distance,
    points_of,
    read_answer,
    score,
    shown,
    total_changes,
    unfinished,
    visit_flags,
)
from lms.instruments.domain import to_data as instrument_to_data
from lms.instruments.domain.sheet import answers_from_form, changed_ratings, read_ratings
from lms.instruments.json_schema import json_schema as definition_json_schema
from lms.instruments.library import (
    instrument_from_data,
    library_bytes,
    library_digest,
    library_ids,
    load_library,
)
from lms.instruments.redcap.dictionary import Naming as RedcapNaming
from lms.instruments.redcap.dictionary import check_names as check_redcap_names
from lms.instruments.redcap.records import Rating as RedcapRating
from lms.instruments.redcap.records import records_csv as redcap_records

__all__ = [
    "Answer",
    "DefinitionError",
    "Flag",
    "Instrument",
    "Item",
    "Problem",
    "RatingRefused",
    "RedcapNaming",
    "RedcapRating",
    "Scores",
    "TotalChange",
    "TotalScore",
    "answer_from_json",
    "answer_to_json",
    "answers_from_form",
    "changed_ratings",
    "check_redcap_names",
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
    "read_ratings",
    "redcap_records",
    "score",
    "shown",
    "total_changes",
    "unfinished",
    "visit_flags",
]
