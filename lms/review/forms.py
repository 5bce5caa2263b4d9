"""The forms of looking back."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DecimalField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.web.forms import ChecksField, Form

FIGURES, REFERENCE, WRITTEN = "figures", "reference", "written"
MARK, KEY = "mark", "key"
LONGEST: Final = 20_000


class OneOfThreeWays(Form):
    """A form of which only the fields of the chosen way are needed."""

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        for field in self:  # which of them is needed hangs on the way, so none is called optional
            field.flags.optional = False


class WhatIfForm(OneOfThreeWays):
    """What is to be otherwise, said in one of three ways."""

    way = RadioField(
        _l("What is to be otherwise?"),
        choices=[
            SelectChoice(FIGURES, _l("The usual figures of the criteria")),
            SelectChoice(REFERENCE, _l("The reference of one item of a case")),
            SelectChoice(
                WRITTEN, _l("Any criteria, levels or references, written as in a package")
            ),
        ],
        validators=[InputRequired(_l("Choose what is to be otherwise."))],
    )
    tolerance = DecimalField(
        _l("Tolerance of an item, in its points"),
        places=None,
        validators=[Optional(), NumberRange(min=0, message=_l("At least 0."))],
    )
    items = IntegerField(
        _l("Items of a case that must be within it"),
        validators=[Optional(), NumberRange(min=1, message=_l("At least 1."))],
    )
    total = DecimalField(
        _l("Tolerance of the total, in its points"),
        places=None,
        validators=[Optional(), NumberRange(min=0, message=_l("At least 0."))],
    )
    cases = IntegerField(
        _l("Cases of a form that must be met"),
        validators=[Optional(), NumberRange(min=1, message=_l("At least 1."))],
    )
    case = SelectField(_l("Case"), validators=[Optional()], validate_choice=False)
    item = SelectField(_l("Item"), validators=[Optional()], validate_choice=False)
    value = StringField(
        _l("Its reference would be"),
        description=_l("As in a case file: a level, a figure, or NA."),
        validators=[Optional(), Length(max=80)],
    )
    written = TextAreaField(
        _l("Rules"),
        description=_l("Under criteria, levels or references, as the content format says."),
        validators=[Optional(), Length(max=LONGEST)],
    )


class QuizWhatIfForm(OneOfThreeWays):
    """What is to be otherwise of a quiz, said in one of three ways."""

    way = RadioField(
        _l("What is to be otherwise?"),
        choices=[
            SelectChoice(MARK, _l("The required mark")),
            SelectChoice(KEY, _l("What is right of one question")),
            SelectChoice(WRITTEN, _l("The required mark and any right answers, written")),
        ],
        validators=[InputRequired(_l("Choose what is to be otherwise."))],
    )
    pass_mark = IntegerField(
        _l("Right answers needed"),
        validators=[Optional(), NumberRange(min=1, message=_l("At least 1."))],
    )
    question = HiddenField(validators=[Optional(), Length(max=80)])
    choice = RadioField(
        _l("The right choice"), choices=[], validators=[Optional()], validate_choice=False
    )
    choices = ChecksField(
        _l("The right choices"), choices=[], validators=[Optional()], validate_choice=False
    )
    value = StringField(_l("The right figure"), validators=[Optional(), Length(max=40)])
    tolerance = StringField(
        _l("How far off is still right"), validators=[Optional(), Length(max=40)]
    )
    written = TextAreaField(
        _l("Rules"),
        description=_l("Under pass_mark and answers: by question its right choices, or a figure."),
        validators=[Optional(), Length(max=LONGEST)],
    )


class RegradeForm(Form):
    """The decision to mark past tries anew, which is signed."""

    reason = TextAreaField(
        _l("Why past tries are marked anew"),
        description=_l("Everybody whose result changes reads it."),
        validators=[
            InputRequired(_l("Say why past tries are marked anew.")),
            Length(max=1000, message=_l("Use at most 1000 characters.")),
        ],
    )
    suspend = BooleanField(
        _l("Suspend the certificates that rest on tries not passed any more"),
        description=_l("Otherwise their holders keep them."),
    )
    password = PasswordField(
        _l("Your password"),
        description=_l("You sign this as responsible, with your name and this moment."),
        validators=[InputRequired(_l("Give your password to sign."))],
    )
