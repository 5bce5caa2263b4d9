"""The forms of sign-in, registration, one's own account, and the administration of people."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import pytz
from flask_babel import lazy_gettext as _
from wtforms import (
    EmailField,
    FloatField,
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from lms.accounts.domain import EMAIL_LENGTH, LONGEST, MOST_EXTRA_TIME, NAME_LENGTH, Role
from lms.web.forms import ChecksField, Form, SomeChosen

ROLE_WORDS: Final = {
    Role.TRAINEE: _("Trainee: learns and is certified"),
    Role.COORDINATOR: _("Coordinator: runs trials, sites and rosters"),
    Role.CREATOR: _("Creator: writes and publishes training"),
    Role.ADMIN: _("Administrator: people, reports, certificates"),
}
ROLE_NAMES: Final = {
    Role.TRAINEE: _("Trainee"),
    Role.COORDINATOR: _("Coordinator"),
    Role.CREATOR: _("Creator"),
    Role.ADMIN: _("Administrator"),
}

email_rules = [
    InputRequired(_("Enter an email address.")),
    Length(max=EMAIL_LENGTH, message=_("This address is too long.")),
    Email(_("This does not look like an email address, such as robin@example.org.")),
]
name_rules = [
    InputRequired(_("Enter your name as it should stand on a certificate.")),
    Length(max=NAME_LENGTH, message=_("The name is too long.")),
]
password_rules = [
    InputRequired(_("Enter a password.")),
    Length(max=LONGEST, message=_("Use at most 200 characters.")),
]


def time_zones() -> list[SelectChoice]:
    """Return the zones of the world by region, for a select with groups."""
    zones = [SelectChoice("UTC", "UTC", optgroup="UTC")]
    for zone in pytz.common_timezones:
        region, _slash, place = zone.partition("/")
        if place and region not in ("US", "Canada"):  # the same again under America
            zones.append(SelectChoice(zone, place.replace("_", " "), optgroup=region))
    return zones


def role_choices() -> list[SelectChoice]:
    return [SelectChoice(role.value, words) for role, words in ROLE_WORDS.items()]


class SignInForm(Form):
    """Address and password."""

    email = EmailField(_("Email address"), [InputRequired(_("Enter your email address."))])
    password = PasswordField(_("Password"), [InputRequired(_("Enter your password."))])


class NewPasswordForm(Form):
    """A new password, after a mailed link."""

    password = PasswordField(_("New password"), password_rules)


class AddressForm(Form):
    """An address to send a link to."""

    email = EmailField(_("Email address"), email_rules)


class AcceptForm(Form):
    """What an invited person fills in; the address stands in the invitation."""

    name = StringField(_("Name"), name_rules)
    password = PasswordField(_("Password"), password_rules)
    time_zone = SelectField(_("Time zone"), choices=time_zones, default="UTC")


class RegisterForm(Form):
    """What a stranger fills in."""

    name = StringField(_("Name"), name_rules)
    email = EmailField(_("Email address"), email_rules)
    password = PasswordField(_("Password"), password_rules)
    time_zone = SelectField(_("Time zone"), choices=time_zones, default="UTC")


class ProfileForm(Form):
    """What a person changes about themselves."""

    name = StringField(_("Name"), name_rules)
    time_zone = SelectField(_("Time zone"), choices=time_zones)
    language = SelectField(_("Language"))

    def __init__(self, languages: Mapping[str, str], **values: Any) -> None:
        super().__init__(**values)
        self.language.choices = [
            SelectChoice("", _("As the browser asks for")),
            *(SelectChoice(code, name) for code, name in languages.items()),
        ]


class PasswordForm(Form):
    """A new password, by somebody who knows the present one."""

    present = PasswordField(_("Present password"), [InputRequired(_("Enter your password."))])
    password = PasswordField(_("New password"), password_rules)


class RolesForm(Form):
    """The roles of a person."""

    roles = ChecksField(_("Roles"), choices=role_choices)
    reason = StringField(
        _("Reason"), [Optional(), Length(max=500)], description=_("Kept in the audit trail.")
    )


class ExtraTimeForm(Form):
    """How much longer a person's time limits are."""

    factor = FloatField(
        _("Factor"),
        [
            InputRequired(_("Enter a number such as 1.5.")),
            NumberRange(1.0, MOST_EXTRA_TIME, _("Enter a number from 1 to 3.")),
        ],
        description=_("1 is no extra time. 1.5 makes 20 minutes 30."),
    )
    why = StringField(
        _("Reason"),
        [Optional(), Length(max=500)],
        description=_("Seen by administrators only. It does not go into the audit trail."),
    )


class ReasonForm(Form):
    """Why something grave is done."""

    grounds = StringField(
        _("Reason"),
        [InputRequired(_("Say why.")), Length(max=500)],
        description=_("Kept in the audit trail."),
    )


class InviteForm(Form):
    """Whom to invite, to what."""

    email = EmailField(_("Email address"), email_rules)
    name = StringField(
        _("Name"), [Optional(), Length(max=NAME_LENGTH, message=_("The name is too long."))]
    )
    roles = ChecksField(
        _("Roles"),
        [SomeChosen(_("Choose at least one role."))],
        choices=role_choices,
        default=[Role.TRAINEE],
    )
    reason = TextAreaField(
        _("A word to them"),
        [Optional(), Length(max=500)],
        description=_("Stands in the mail and in the audit trail."),
    )


def chosen_roles(values: Iterable[str]) -> frozenset[Role]:
    return frozenset(Role(value) for value in values)
