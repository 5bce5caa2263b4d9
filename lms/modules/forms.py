"""The shape of what an attempt's pages send."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from lms.instruments.domain import Instrument
from lms.instruments.domain.sheet import answers_from_form
from lms.packages.domain import Question

FIELD = "answer"
EMPTY = {"value": None, "na": False, "reason": None, "side": None}


def question_values(question: Question, sent: MultiDict[str, str]) -> dict[str, Any]:
    """Return the answer to one question as it was given: a key, a list of keys, or text.

    A field that was sent empty counts as taken back.
    """
    given = [value for value in sent.getlist(FIELD) if value]
    if question.kind == "several":
        return {question.key: given}
    return {question.key: given[0].strip() if given else ""}


def rating_values(
    instrument: Instrument, sent: MultiDict[str, str], *, before: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the ratings that changed, item key to their JSON form; what cannot be read as typed.

    Args:
        sent: the whole form of a case.
        before: what is saved already.
    """
    ratings, _refused = answers_from_form(instrument, sent)
    values = {key: raw for key, raw in ratings.items() if before.get(key) != raw}
    taken_back = [key for key, raw in before.items() if key not in ratings and raw != EMPTY]
    return values | dict.fromkeys(taken_back, EMPTY)
