"""The rules of training: evidence, drawing, attempts, marking, the path."""

from lms.modules.domain.attempts import GRACE, NextTry, Try, due, next_try, time_is_up
from lms.modules.domain.drawing import Drawn, draw_case, draw_form, draw_quiz, shown_case
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
from lms.modules.domain.habits import (
    LEAST_LIMITS,
    LEAST_TREND,
    Pairs,
    TrendPoint,
    latest_of_cases,
    one_scale,
    pairs_of,
    trend_point,
)
from lms.modules.domain.judging import judge, quiz_line
from lms.modules.domain.marking import (
    QuestionMark,
    QuizResult,
    is_right,
    mark_quiz,
    read_number,
)
from lms.modules.domain.marks import CaseMark, ItemMark, TotalMark
from lms.modules.domain.observations import Observation, observe
from lms.modules.domain.path import Facts, LessonEvidence, Path, StepState, StepView, path_of
from lms.modules.domain.pattern_words import Leaning, PatternKind
from lms.modules.domain.patterns import Pattern, find_patterns
from lms.modules.domain.rating import (
    RatingResult,
    mark_case,
    mark_rating,
    mark_step,
    total_tolerance,
)
from lms.modules.domain.rounds import (
    RoundKind,
    carried_at_renewal,
    carried_between,
    may_renew,
    renewal_opens_on,
)
from lms.modules.domain.telling import Lean, Part, parts_told
from lms.modules.domain.verdict import (
    Bounds,
    Kind,
    LevelVerdict,
    Line,
    Sentence,
    Standing,
    Verdict,
    verdict_from_json,
    verdict_to_json,
)

__all__ = [
    "GRACE",
    "LEAST_LIMITS",
    "LEAST_TREND",
    "AttemptClosed",
    "BadEvidence",
    "Bounds",
    "CaseMark",
    "Drawn",
    "Facts",
    "Incomplete",
    "ItemMark",
    "Kind",
    "Lean",
    "Leaning",
    "LessonEvidence",
    "LevelVerdict",
    "Line",
    "NextTry",
    "NoFurtherTry",
    "Observation",
    "Pairs",
    "Part",
    "Path",
    "Pattern",
    "PatternKind",
    "QuestionMark",
    "QuizResult",
    "RatingResult",
    "RoundKind",
    "Sentence",
    "Standing",
    "StepClosed",
    "StepState",
    "StepView",
    "TotalMark",
    "TrendPoint",
    "Try",
    "Verdict",
    "carried_at_renewal",
    "carried_between",
    "credible_ranges",
    "draw_case",
    "draw_form",
    "draw_quiz",
    "due",
    "find_patterns",
    "is_right",
    "judge",
    "latest_of_cases",
    "mark_case",
    "mark_quiz",
    "mark_rating",
    "mark_step",
    "may_renew",
    "merge_ranges",
    "next_try",
    "observe",
    "one_scale",
    "pairs_of",
    "parts_told",
    "path_of",
    "quiz_line",
    "read_number",
    "renewal_opens_on",
    "shown_case",
    "time_is_up",
    "total_tolerance",
    "trend_point",
    "unseen_ranges",
    "verdict_from_json",
    "verdict_to_json",
    "watched_share",
]
