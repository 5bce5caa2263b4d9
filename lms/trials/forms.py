"""The forms of trials, sites, rosters, requirements and coordinators."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from lms.trials.domain import Asked, SiteFacts
from lms.web.forms import Form

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)


def short(value: str | None) -> str | None:
    """Leave single blanks and none at the ends."""
    return " ".join(value.split()) if value else value


def in_reach(form: Any, field: Any) -> None:
    """Refuse a day that can only be a slip."""
    if field.data and not EARLIEST <= field.data <= LATEST:
        raise ValidationError(str(_("Choose a day between 1990 and 2100.")))


day_rules = [InputRequired(_("Choose a day.")), in_reach]
reason_rules = [
    InputRequired(_("Say why; it is kept with the change.")),
    Length(max=1000, message=_("Use at most 1000 characters.")),
]


class TrialForm(Form):
    """What a trial is called."""

    name = StringField(
        _("Name of the trial"),
        [InputRequired(_("Enter the name.")), Length(max=200, message=_("The name is too long."))],
        filters=[short],
        description=_("As people who work in it call it."),
    )
    protocol_code = StringField(
        _("Protocol code"),
        [
            InputRequired(_("Enter the protocol code.")),
            Length(max=80, message=_("The code is too long.")),
        ],
        filters=[short],
    )
    sponsor = StringField(
        _("Sponsor"),
        [Optional(), Length(max=200, message=_("The name is too long."))],
        filters=[short],
    )


class ReasonForm(Form):
    """Why something is done that others will ask about."""

    reason = TextAreaField(_("Reason"), reason_rules, render_kw={"rows": 3})


class SiteFactsForm(Form):
    """What may be corrected of a site."""

    name = StringField(
        _("Name"),
        [Optional(), Length(max=200, message=_("The name is too long."))],
        filters=[short],
    )
    country = StringField(
        _("Country"),
        [Optional(), Length(max=80, message=_("The name is too long."))],
        filters=[short],
    )


class SiteForm(SiteFactsForm):
    """A site to be added."""

    number = StringField(
        _("Site number"),
        [
            InputRequired(_("Enter the number of the site.")),
            Length(max=20, message=_("The number is too long.")),
        ],
        filters=[short],
        description=_("As in the trial's papers, such as 01."),
    )


class RaterForm(Form):
    """Somebody to be put on the roster, moved or changed."""

    email = EmailField(
        _("Email address"),
        [
            InputRequired(_("Enter the address.")),
            Length(max=254, message=_("This address is too long.")),
        ],
        filters=[short],
        description=_("Who has no account yet is invited by mail."),
    )
    name = StringField(
        _("Name"),
        [InputRequired(_("Enter the name.")), Length(max=200, message=_("The name is too long."))],
        filters=[short],
    )
    site = SelectField(_("Site"), [InputRequired(_("Choose the site."))])
    role = StringField(
        _("Role"),
        [Optional(), Length(max=80, message=_("Use at most 80 characters."))],
        filters=[short],
        description=_("Such as sub-investigator or physiotherapist."),
    )
    language = StringField(
        _("Language"),
        [Optional(), Length(max=35, message=_("Use at most 35 characters."))],
        filters=[short],
    )
    from_on = DateField(_("First day"), day_rules)

    def offer(self, sites: Iterable[SiteFacts]) -> "RaterForm":
        """Let the site be one of these."""
        self.site.choices = [(site.number, site_words(site)) for site in sites]
        return self


class LastDayForm(Form):
    """The last day of something, and why."""

    to_on = DateField(_("Last day"), day_rules)
    reason = TextAreaField(_("Reason"), reason_rules, render_kw={"rows": 3})


class RequirementEndForm(Form):
    """The last day on which a requirement counts."""

    until_on = DateField(_("Last day"), day_rules)


class RequirementForm(Form):
    """A certificate to be asked for."""

    module_slug = SelectField(_("Module"), [InputRequired(_("Choose the module."))])
    level = StringField(
        _("Level"),
        [Optional(), Length(max=80, message=_("Use at most 80 characters."))],
        filters=[short],
        description=_("Only if the certificate must name this level, word for word."),
    )
    instrument = StringField(
        _("Version of the instrument"),
        [Optional(), Length(max=120, message=_("Use at most 120 characters."))],
        filters=[short],
        description=_("Only if one version is asked for, such as mmt8_80@1.0."),
    )
    from_on = DateField(_("First day"), day_rules)
    until_on = DateField(
        _("Last day"), [Optional(), in_reach], description=_("Leave it empty for no end.")
    )

    def offer(self, titles: dict[str, str], taken: Iterable[Asked]) -> "RequirementForm":
        """Let the module be one of the published ones, those not yet asked for first."""
        slugs = {one.module_slug for one in taken if one.until_on is None}
        ordered = sorted(titles.items(), key=lambda pair: (pair[0] in slugs, pair[1].casefold()))
        self.module_slug.choices = ordered
        return self


class CoordinatorForm(Form):
    """Somebody to look after the trial."""

    email = EmailField(
        _("Email address"),
        [InputRequired(_("Enter the address.")), Length(max=254)],
        filters=[short],
        description=_("Of somebody who has an account with the role coordinator."),
    )


class RosterForm(Form):
    """A roster as a file."""

    file = FileField(
        _("CSV file"),
        [FileRequired(_("Choose a file."))],
        description=_("At most 5000 rows and 2 MB."),
        render_kw={"accept": ".csv,.txt,text/csv,text/plain"},
    )
    adds_sites = BooleanField(
        _("Add sites that the trial does not have yet"),
        description=_("Otherwise a row with an unknown site is an error."),
    )


def site_words(site: SiteFacts) -> str:
    """Return what a site is called in a list: number and name."""
    return " · ".join(part for part in (site.number, site.name, site.country) if part)
