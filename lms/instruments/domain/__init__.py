"""The rules of an instrument's form, one file per noun; everything public is named here."""

from lms.instruments.domain.answers import (
    Answer,
    answer_from_json,
    answer_to_json,
    code_of,
    distance,
    points_of,
    read_answer,
    shown,
    unfinished,
)
from lms.instruments.domain.building import build
from lms.instruments.domain.definition import (
    Assessment,
    DefinitionError,
    Direction,
    Instrument,
    Item,
    LeftOut,
    Line,
    NaPolicy,
    NaReason,
    Problem,
    Rights,
    RightsStatus,
    Section,
    Side,
    Total,
)
from lms.instruments.domain.scales import RatingRefused
from lms.instruments.domain.scoring import Gap, Scores, TotalScore, score
from lms.instruments.domain.terms import Combine, Derived, Rule, Setting
from lms.instruments.domain.writing import FORMAT, to_data

__all__ = [
    "FORMAT",
    "Answer",
    "Assessment",
    "Combine",
    "DefinitionError",
    "Derived",
    "Direction",
    "Gap",
    "Instrument",
    "Item",
    "LeftOut",
    "Line",
    "NaPolicy",
    "NaReason",
    "Problem",
    "RatingRefused",
    "Rights",
    "RightsStatus",
    "Rule",
    "Scores",
    "Section",
    "Setting",
    "Side",
    "Total",
    "TotalScore",
    "answer_from_json",
    "answer_to_json",
    "build",
    "code_of",
    "distance",
    "points_of",
    "read_answer",
    "score",
    "shown",
    "to_data",
    "unfinished",
]
