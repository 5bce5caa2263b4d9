"""The forms of panels."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    Email,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from lms.panels.domain import PanelMethod
from lms.web.filters import today
from lms.web.forms import ChecksField, Form, SomeChosen

METHOD_WORDS = {
    PanelMethod.MEDIAN: _("Median: the middle rating"),
    PanelMethod.MODE: _("Most frequent rating"),
    PanelMethod.MEAN: _("Mean, for items with figures; the median for the others"),
    PanelMethod.ADJUDICATED: _("Median, and one person decides the disputed items"),
}
LATEST = date(2100, 1, 1)


def still_to_come(_form: Any, field: Any) -> None:
    """Refuse a day that is over, or that can only be a slip."""
    if field.data and not today() <= field.data <= LATEST:
        raise ValidationError(str(_("Choose a day that is still to come.")))


def closing_day() -> DateField:
    return DateField(
        _("Last day"),
        [Optional(), still_to_come],
        description=_("Ratings are taken until midnight UTC. Without a day, until you close it."),
    )


class ExpertsForm(Form):
    """Whom to ask."""

    experts = TextAreaField(
        _("Experts"),
        [InputRequired(_("Name the experts, one a line."))],
        description=_(
            "One a line: name and address, or the address alone. Who has no account is invited."
        ),
        render_kw={"rows": 6, "autocomplete": "off", "spellcheck": "false"},
    )


class PanelForm(ExpertsForm):
    """A new panel."""

    title = StringField(
        _("Name of the panel"),
        [InputRequired(_("Enter a name.")), Length(max=200, message=_("The name is too long."))],
        description=_("The experts see it."),
    )
    cases = ChecksField(_("Cases"), [SomeChosen(_("Choose at least one of the cases."))])
    method = RadioField(
        _("How the reference comes from the ratings"),
        [InputRequired(_("Choose a method."))],
        choices=[SelectChoice(method.value, words) for method, words in METHOD_WORDS.items()],
        default=PanelMethod.MEDIAN.value,
    )
    limit = IntegerField(
        _("Limit of disagreement, in per cent"),
        [
            InputRequired(_("Enter a number from 0 to 100.")),
            NumberRange(0, 100, _("Enter a number from 0 to 100.")),
        ],
        default=30,
        description=_(
            "Of an item's range, or of the raters where values have no order. An item beyond it "
            "cannot fail anybody."
        ),
    )
    adjudicator = EmailField(
        _("Who decides disputed items"),
        [Optional(), Email(_("This does not look like an email address."))],
        description=_("The address of somebody with an account, who is not one of the experts."),
    )
    closes_on = closing_day()

    def __init__(self, cases: Sequence[tuple[str, str | None]], **values: Any) -> None:
        super().__init__(**values)
        self.cases.choices = [SelectChoice(*pair) for pair in cases]


class WithdrawForm(Form):
    """Who is taken off the panel, and why."""

    expert = RadioField(_("Expert"), [InputRequired(_("Choose who is withdrawn."))], coerce=int)
    because = StringField(
        _("Reason"),
        [InputRequired(_("Say why; it is kept with the panel.")), Length(max=500)],
        description=_("Kept with the panel. The expert is not told it."),
    )

    def __init__(self, experts: Sequence[tuple[int, str]], **values: Any) -> None:
        super().__init__(**values)
        self.expert.choices = [SelectChoice(*pair) for pair in experts]


class RoundForm(Form):
    """Who scores what once more."""

    again_experts = ChecksField(
        _("Experts"), [SomeChosen(_("Choose at least one expert."))], coerce=int
    )
    again_cases = ChecksField(_("Cases"), [SomeChosen(_("Choose at least one of the cases."))])
    why = StringField(
        _("Reason"),
        [InputRequired(_("Say why the experts are asked again.")), Length(max=500)],
        description=_("The experts read it. Do not name scores or people."),
    )
    closes_on = closing_day()

    def __init__(
        self,
        experts: Sequence[tuple[int, str]],
        cases: Sequence[tuple[str, str | None]],
        **values: Any,
    ) -> None:
        super().__init__(**values)
        self.again_experts.choices = [SelectChoice(*pair) for pair in experts]
        self.again_cases.choices = [SelectChoice(*pair) for pair in cases]


class SignForm(Form):
    """An approval with the password."""

    reason = StringField(
        _("Reason"),
        [Optional(), Length(max=500)],
        description=_("For a later version: why it differs."),
    )
    seen = HiddenField()
    password = PasswordField(_("Your password"), [InputRequired(_("Enter your password."))])


class TakeForm(Form):
    """The version of the next release."""

    version = StringField(
        _("Version of the next release"),
        [InputRequired(_("Enter a version such as 1.1.")), Length(max=20)],
    )


class DecisionForm(Form):
    """Why a disputed item gets its value; the value stands on the instrument's own form."""

    reason = StringField(
        _("Reason"), [InputRequired(_("Say why; it is kept with the reference.")), Length(max=500)]
    )
