"""The parent of every HTML form: CSRF on, messages in the page's language."""

from typing import Any, Final

from flask_babel import get_translations
from flask_wtf import FlaskForm
from flask_wtf.i18n import translations
from wtforms import Form as PlainForm
from wtforms import SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms.errors import N_


def PN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802  (beside gettext's N_)
    """Mark both forms of a sentence for translation, as N_ marks one."""
    return one, many


SAID_BY_WTFORMS: Final = (
    N_("Not a valid choice."),
    N_("Invalid Choice: could not coerce."),
    N_("Invalid choice(s): one or more data inputs could not be coerced."),
    PN_(
        "'%(value)s' is not a valid choice for this field.",
        "'%(value)s' are not valid choices for this field.",
    ),
    N_("Not a valid date value."),
    N_("Not a valid integer value."),
    N_("Not a valid decimal value."),
    N_("Not a valid float value."),
    PN_(
        "Field must be at least %(min)d character long.",
        "Field must be at least %(min)d characters long.",
    ),
    PN_(
        "Field cannot be longer than %(max)d character.",
        "Field cannot be longer than %(max)d characters.",
    ),
    N_("Field must be between %(min)d and %(max)d characters long."),
    N_("Number must be at least %(min)s."),
    N_("Number must be at most %(max)s."),
    N_("Number must be between %(min)s and %(max)s."),
    N_("This field is required."),
    N_("Invalid input."),
    N_("Invalid email address."),
)
"""What the library says by itself, where a form names no sentence of its own."""


class Sentences:
    """Says the library's sentences out of our catalogue, else out of the library's own."""

    def __init__(self, theirs: Any) -> None:
        self.theirs = theirs

    def gettext(self, sentence: str) -> str:
        ours = str(get_translations().ugettext(sentence))
        return ours if ours != sentence else str(self.theirs.gettext(sentence))

    def ngettext(self, one: str, many: str, count: int) -> str:
        ours = str(get_translations().ungettext(one, many, count))
        return ours if ours not in (one, many) else str(self.theirs.ngettext(one, many, count))


class ChecksField(SelectMultipleField):  # type: ignore[misc]
    """Several of a few choices, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SomeChosen:
    """At least one is chosen. InputRequired would have the browser ask for every single one."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        if not field.data:
            raise ValidationError(str(self.message))


class Form(FlaskForm):  # type: ignore[misc]
    """A form as shown on a page. Subclasses say shape only; rules live in the domain."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, form: Any) -> Any:
            return Sentences(translations)


class Part(PlainForm):  # type: ignore[misc]
    """Fields that belong together inside a form, which carries the token for them."""

    class Meta:
        def get_translations(self, form: Any) -> Any:
            return Sentences(translations)
