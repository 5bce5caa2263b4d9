"""The forms of checking and of revoking."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from lms.certificates.domain import RevocationReason
from lms.web.forms import Form

REASONS = {
    RevocationReason.ISSUED_IN_ERROR: _("Issued in error"),
    RevocationReason.SUPERSEDED: _("Replaced by another certificate"),
    RevocationReason.MISCONDUCT: _("Misconduct"),
    RevocationReason.HOLDERS_REQUEST: _("At the holder's request"),
    RevocationReason.INSTRUMENT_WITHDRAWN: _("Instrument withdrawn"),
}


class CodeForm(Form):
    """A code as it is typed from paper."""

    class Meta(Form.Meta):
        csrf = False  # it only asks, and its answer has an address of its own

    code = StringField(
        _("Code"),
        [Length(max=200)],
        description=_(
            "17 letters and digits. Dashes and capitals do not matter; O counts as 0, I and L as 1."
        ),
    )


class FileForm(Form):
    """A certificate as a file."""

    file = FileField(
        _("Or the PDF itself"),
        [FileRequired(_("Choose the PDF first."))],
        description=_("Up to 5 MB. This also tells you whether the file was changed."),
    )


class ManyForm(Form):
    """Many codes and files at once."""

    codes = TextAreaField(
        _("Codes"),
        [Optional()],
        description=_("One a line, or separated by commas; 500 at most."),
    )
    files = MultipleFileField(_("PDF files"), description=_("50 at most, each up to 5 MB."))
    on = DateField(
        _("On which day"),
        [Optional()],
        description=_("Today, if you leave it empty. A visit in the past, for instance."),
    )


class RevocationForm(Form):
    """Why a certificate is withdrawn."""

    reason_class = SelectField(
        _("Reason, shown in public"),
        [InputRequired(_("Choose a reason."))],
        choices=[
            SelectChoice("", _("Choose a reason")),
            *(SelectChoice(str(key), words) for key, words in REASONS.items()),
        ],
    )
    reason = TextAreaField(
        _("Explanation"),
        [
            InputRequired(_("Say what happened. It is kept for the record.")),
            Length(max=2000, message=_("Use at most 2000 characters.")),
        ],
        description=_("For the record and the holder, not shown in public."),
    )
