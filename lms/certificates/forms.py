"""The forms of checking and of what may become of a certificate."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from lms.certificates.domain import (
    RevocationReason,
    ShownAs,
    SuccessionKind,
    SuspensionReason,
)
from lms.web.forms import Form

REASONS = {
    RevocationReason.ISSUED_IN_ERROR: _("Issued in error"),
    RevocationReason.SUPERSEDED: _("Replaced by another certificate"),
    RevocationReason.MISCONDUCT: _("Misconduct"),
    RevocationReason.HOLDERS_REQUEST: _("At the holder's request"),
    RevocationReason.INSTRUMENT_WITHDRAWN: _("Instrument withdrawn"),
}


PAUSES = {
    SuspensionReason.UNDER_REVIEW: _("Under review"),
    SuspensionReason.TRAINING_DUE: _("Training is due"),
    SuspensionReason.INSTRUMENT_UNDER_REVIEW: _("Instrument under review"),
    SuspensionReason.HOLDERS_REQUEST: _("At the holder's request"),
}
SUCCESSIONS = {
    SuccessionKind.RENEWAL: _("Renewed"),
    SuccessionKind.CORRECTION: _("Name corrected"),
    SuccessionKind.REISSUE: _("Issued anew"),
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
        _("Or the file itself"),
        [FileRequired(_("Choose the file first."))],
        description=_(
            "The PDF, or the badge; up to 5 MB. This also tells you whether the file was changed."
        ),
    )


class ManyForm(Form):
    """Many codes and files at once."""

    codes = TextAreaField(
        _("Codes"),
        [Optional()],
        description=_("One a line, or separated by commas; 500 at most."),
    )
    files = MultipleFileField(
        _("Files"), description=_("PDFs or badges; 50 at most, each up to 5 MB.")
    )
    on = DateField(
        _("On which day"),
        [Optional()],
        description=_("Today, if you leave it empty. A visit in the past, for instance."),
    )


def explanation(label: object, problem: object) -> TextAreaField:
    """Return the field for what only the holder and the record are told."""
    return TextAreaField(
        label,
        [InputRequired(problem), Length(max=2000, message=_("Use at most 2000 characters."))],
        description=_("For the record and the holder, not shown in public."),
    )


class ChoiceForm(Form):
    """Which certificates something is to be done with: by code, or all of a module that hold."""

    codes = TextAreaField(
        _("Codes"),
        [Optional()],
        description=_("One a line, or separated by commas."),
    )
    file = FileField(
        _("Or a file with codes"),
        description=_(
            "CSV or plain text. Of a table, the columns whose headings end in “code” are read, as "
            "in the files of the completion report and of a trial."
        ),
    )
    module = SelectField(
        _("Or all of a module that hold today"), [Optional()], validate_choice=False
    )


class ChosenForm(Form):
    """The certificates that were chosen, on their way to a job."""

    codes = HiddenField(validators=[InputRequired(_("Choose the certificates first."))])


class ReissueForm(ChosenForm):
    """Why many certificates are issued anew."""

    reason = explanation(_("Why"), _("Say why. It is kept for the record."))


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


class SuspensionForm(Form):
    """Why a certificate does not hold for a time."""

    reason_class = SelectField(
        _("Reason, shown in public"),
        [InputRequired(_("Choose a reason."))],
        choices=[
            SelectChoice("", _("Choose a reason")),
            *(SelectChoice(str(key), words) for key, words in PAUSES.items()),
        ],
    )
    reason = explanation(_("Explanation"), _("Say what happened. It is kept for the record."))


class LiftingForm(Form):
    """Why a certificate holds again."""

    reason = explanation(
        _("Why it holds again"), _("Say why it holds again. It is kept for the record.")
    )


class SuccessorForm(Form):
    """What is different in the certificate that comes after."""

    kind = RadioField(
        _("What for"),
        [InputRequired(_("Choose what it is for."))],
        choices=[
            SelectChoice(str(SuccessionKind.RENEWAL), _("Renew it: a new last day")),
            SelectChoice(str(SuccessionKind.CORRECTION), _("Correct the name")),
            SelectChoice(
                str(SuccessionKind.REISSUE), _("Issue it anew: the same facts, a new code")
            ),
        ],
    )
    name = StringField(
        _("Name"),
        [Length(max=200, message=_("Use at most 200 characters."))],
        description=_("Counts only for a correction: the name as it should be printed."),
    )
    expires_on = DateField(
        _("Last day"),
        [Optional()],
        description=_("Counts only for a renewal. Left empty, it does not end."),
    )
    reason = explanation(_("Why"), _("Say why. It is kept for the record."))


class ErasureForm(Form):
    """On which request the holder's data are erased."""

    reason = TextAreaField(
        _("Which request"),
        [
            InputRequired(_("Say which request this rests on. It is kept for the record.")),
            Length(max=2000, message=_("Use at most 2000 characters.")),
        ],
        description=_(
            "Its day and where it is filed, without the name: this sentence is not erased."
        ),
    )
    sure = BooleanField(
        _("I know that this cannot be undone."),
        [InputRequired(_("Confirm that you know this cannot be undone."))],
    )


class ShownNameForm(Form):
    """How the holder's name stands on the public page."""

    shows = RadioField(
        _("Name on the public page"),
        [InputRequired(_("Choose one of the two."))],
        choices=[
            SelectChoice(str(ShownAs.FULL_NAME), _("The full name")),
            SelectChoice(
                str(ShownAs.INITIALS), _("Initials; whoever knows the family name can confirm it")
            ),
        ],
    )


class FamilyNameForm(Form):
    """The family name that a verifier knows."""

    family_name = StringField(
        _("Family name"),
        [
            InputRequired(_("Type the family name first.")),
            Length(max=200, message=_("Use at most 200 characters.")),
        ],
        description=_("As it stands on the paper or the PDF. Capitals and accents do not matter."),
    )
