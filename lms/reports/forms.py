"""Shape of what administrators send from the pages of this room."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from lms.web.forms import Form


class FurtherTryForm(Form):
    """One more try at a step, with the reason; the steps are chosen by the page."""

    step = SelectField(_("Step"), validators=[InputRequired(_("Choose a step."))])
    reason = TextAreaField(
        _("Reason"),
        description=_("Kept in the audit trail with your name."),
        validators=[
            InputRequired(_("Say why one more try is allowed.")),
            Length(max=1000, message=_("Write at most 1000 letters.")),
        ],
    )
