"""The shape of what an attempt's pages send."""

from typing import Any

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import DateField, FieldList
from wtforms.validators import InputRequired, Optional, ValidationError

from lms.packages.domain import Question
from lms.web.forms import Form

FIELD = "answer"
RENEWALS = 4
NEAR = range(1900, 2200)


def question_values(question: Question, sent: MultiDict[str, str]) -> dict[str, Any]:
    """Return the answer to one question as it was given: a key, a list of keys, or text.

    A field that was sent empty counts as taken back.
    """
    given = [value for value in sent.getlist(FIELD) if value]
    if question.kind == "several":
        return {question.key: given}
    return {question.key: given[0].strip() if given else ""}


def near_enough(_form: Form, field: DateField) -> None:
    if field.data and field.data.year not in NEAR:
        raise ValidationError(_("This day is too far away."))


class DatesForm(Form):
    """Days to try a rule of validity with."""

    class Meta(Form.Meta):
        csrf = False  # it only asks, and its answer has an address of its own

    issued_on = DateField(
        _("Issued on"), [InputRequired(_("Choose the day of issue.")), near_enough]
    )
    renewals = FieldList(
        DateField(_("Renewed on"), [Optional(), near_enough]),
        min_entries=RENEWALS,
        max_entries=RENEWALS,
    )
    closed_on = DateField(_("Trial closes on"), [Optional(), near_enough])
