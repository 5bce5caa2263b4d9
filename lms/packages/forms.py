"""The forms of the studio."""

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, PasswordField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from lms.packages.domain.changes import Change, ChangeClass, Policy
from lms.web.forms import Form

CLASSES: Final = {
    ChangeClass.WORDING: _l("Wording: texts, pictures, films"),
    ChangeClass.SCORING: _l("Scoring: what is asked, counted or needed to pass"),
    ChangeClass.REFERENCE: _l("Reference: what counts as right"),
    ChangeClass.SAFETY: _l("Safety: who was certified may rate wrongly in a way that matters"),
}
POLICIES: Final = {
    Policy.FINISH_ON_OLD: _l(
        "Finish on the old release: nobody is moved, and holders keep what they hold"
    ),
    Policy.TOP_UP: _l(
        "Top up: everybody gets a further round, and does only the steps that are not the same"
    ),
    Policy.REDO: _l("Redo: everybody gets a further round and does all of it anew"),
}


class UploadForm(Form):
    package = FileField(
        _l("Package"),
        description=_l("A zip of the folder with your package.yaml."),
        validators=[FileRequired(_l("Choose a zip."))],
    )


class PublishForm(Form):
    """What a further release changes; who publishes it signs that."""

    kind = RadioField(
        _l("Class of the change"),
        choices=[SelectChoice(one.value, words) for one, words in CLASSES.items()],
        validators=[InputRequired(_l("Choose the class of the change."))],
    )
    milder = BooleanField(_l("The comparison finds more than that; I chose the milder class"))
    policy = RadioField(
        _l("People under way and holders"),
        choices=[SelectChoice(one.value, words) for one, words in POLICIES.items()],
        validators=[InputRequired(_l("Choose what becomes of people."))],
    )
    reason = TextAreaField(
        _l("What changes, and why"),
        description=_l("One or two sentences. Trainees and holders read them."),
        validators=[
            InputRequired(_l("Say what changes and why.")),
            Length(max=1000, message=_l("Use at most 1000 characters.")),
        ],
    )
    password = PasswordField(
        _l("Your password"),
        description=_l("You sign this release as approved, with your name and this moment."),
        validators=[InputRequired(_l("Give your password to sign."))],
    )

    @property
    def change(self) -> Change:
        """What was chosen; to be asked after the form was found to be well formed."""
        return Change(
            ChangeClass(self.kind.data), Policy(self.policy.data), self.reason.data.strip()
        )
