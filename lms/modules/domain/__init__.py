"""The rules of training: evidence, drawing, attempts, marking, the path."""

from lms.modules.domain.attempts import GRACE, NextTry, Try, due, next_try, time_is_up
from lms.modules.domain.drawing import Drawn, draw_case, draw_form, draw_quiz
from lms.modules.domain.errors import (
    AttemptClosed,
    BadEvidence,
    Incomplete,
    NoFurtherTry,
    StepClosed,
)
from lms.modules.domain.evidence import (
    credible_ranges,
    merge_ranges,
    unseen_ranges,
    watched_share,
)
from lms.modules.domain.marking import (
    CaseMark,
    ItemMark,
    QuestionMark,
    QuizResult,
    RatingResult,
    TotalMark,
    is_right,
    mark_case,
    mark_quiz,
    mark_rating,
    read_number,
    tolerance_of,
)
from lms.modules.domain.path import Facts, LessonEvidence, Path, StepState, StepView, path_of

__all__ = [
    "GRACE",
    "AttemptClosed",
    "BadEvidence",
    "CaseMark",
    "Drawn",
    "Facts",
    "Incomplete",
    "ItemMark",
    "LessonEvidence",
    "NextTry",
    "NoFurtherTry",
    "Path",
    "QuestionMark",
    "QuizResult",
    "RatingResult",
    "StepClosed",
    "StepState",
    "StepView",
    "TotalMark",
    "Try",
    "credible_ranges",
    "draw_case",
    "draw_form",
    "draw_quiz",
    "due",
    "is_right",
    "mark_case",
    "mark_quiz",
    "mark_rating",
    "merge_ranges",
    "next_try",
    "path_of",
    "read_number",
    "time_is_up",
    "tolerance_of",
    "unseen_ranges",
    "watched_share",
]
