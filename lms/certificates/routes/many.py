"""Many certificates at once, for administrators: choose, look at the choice, begin the job."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from lms import jobs
from lms.accounts.domain import Role
from lms.certificates import queries, services
from lms.certificates.domain import Held, State
from lms.certificates.domain.many import MOST, Mistake, NoneChosen, TooMany, codes_in
from lms.certificates.forms import ChoiceForm, ChosenForm, ReissueForm
from lms.certificates.routes import bp
from lms.clock import utc_now
from lms.db import transaction
from lms.errors import N_, Invalid
from lms.web.access import allow

SHOWN = 20
LARGEST_LIST = 8 * 1024 * 1024


@dataclass(frozen=True)
class Choice:
    """The certificates that were chosen, and what cannot be done with some of them.

    Args:
        unknown: codes that nobody issued.
    """

    held: list[Held]
    unknown: list[str]
    mistakes: tuple[Mistake, ...] = ()

    @property
    def replaceable(self) -> list[Held]:
        return [one for one in self.held if replaceable(one)]

    @property
    def others(self) -> list[Held]:
        return [one for one in self.held if not replaceable(one)]

    @property
    def codes(self) -> str:
        return ",".join(one.code for one in self.held)


@bp.get("/certificates/many")
@allow(Role.ADMIN)
def show_many() -> ResponseReturnValue:
    return choosing_page(choice_form())


@bp.post("/certificates/many")
@allow(Role.ADMIN)
def choose_many() -> ResponseReturnValue:
    form = choice_form()
    try:
        choice = chosen_by(form)
    except Invalid as error:
        form.codes.errors = [_(error.message, **error.values)]
        return choosing_page(form), 422
    return chosen_page(choice, ReissueForm(formdata=None, data={"codes": choice.codes}))


@bp.post("/certificates/reissues")
@allow(Role.ADMIN)
def reissue_many() -> ResponseReturnValue:
    form = ReissueForm()
    choice = chosen_among(form.codes.data or "")
    if not form.validate():
        return chosen_page(choice, form), 422
    with transaction():
        job_id = services.reissue_many(
            choice.replaceable, reason=form.reason.data, by=current_user.id, now=utc_now()
        )
    return begun(job_id)


@bp.post("/certificates/downloads")
@allow(Role.ADMIN)
def pack_many() -> ResponseReturnValue:
    choice = chosen_among(ChosenForm().codes.data or "")
    with transaction():
        job_id = services.ask_for_files(
            [one.code for one in choice.held], asked_by=current_user.id, now=utc_now()
        )
    return begun(job_id)


@bp.post("/certificates/signings")
@allow(Role.ADMIN)
def seal_many() -> ResponseReturnValue:
    """Let every certificate that waits for its file be tried at once."""
    with transaction():
        count, job_id = services.seal_waiting(now=utc_now(), asked_by=current_user.id)
    if job_id is not None:
        return begun(job_id)
    jobs.kick()
    flash(
        ngettext(
            "%(num)s certificate waits for its file and is tried now.",
            "%(num)s certificates wait for their files and are tried now.",
            count,
        )
        if count
        else _("No certificate waits for its file."),
        "ok",
    )
    return redirect(url_for(".show_many"), 303)


def begun(job_id: int) -> ResponseReturnValue:
    jobs.kick()
    return redirect(url_for("reports.show_job", job_id=job_id), 303)


def choice_form() -> ChoiceForm:
    form = ChoiceForm()
    form.module.choices = [
        SelectChoice("", _("Choose a module")),
        *(SelectChoice(slug, slug) for slug in queries.modules_with_certificates()),
    ]
    return form


def chosen_by(form: ChoiceForm) -> Choice:
    """Return what the form names.

    Raises:
        NoneChosen: if it names nothing.
        TooMany: if it names more than go into one job.
        Invalid: if its file is no text.
    """
    listed = codes_in("\n".join(filter(None, (form.codes.data, text_of(form)))))
    if form.module.data:
        today = utc_now().date()
        held = queries.holding_in_module(form.module.data, on=today, limit=MOST + 1)
    else:
        held = []
    choice = among(listed.codes, held, listed.mistakes)
    if not (choice.held or choice.unknown or choice.mistakes):
        raise NoneChosen
    if len(choice.held) > MOST:
        raise TooMany
    return choice


def text_of(form: ChoiceForm) -> str:
    """Return the text of the file that was handed in, "" without one.

    Raises:
        Invalid: if it is none.
    """
    if not form.file.data:
        return ""
    try:
        return str(form.file.data.read(LARGEST_LIST).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Invalid(
            N_("The file is not text in UTF-8. Save the table as “CSV UTF-8” and choose it again.")
        ) from error


def chosen_among(codes: str) -> Choice:
    return among(codes_in(codes).codes, [])


def among(codes: Iterable[str], held: list[Held], mistakes: tuple[Mistake, ...] = ()) -> Choice:
    named = list(codes)
    found = queries.held_with(named, on=utc_now().date())
    both = {one.code: one for one in (*(found[code] for code in named if code in found), *held)}
    return Choice(list(both.values()), [code for code in named if code not in found], mistakes)


def replaceable(one: Held) -> bool:
    return one.state is State.VALID and one.later.succession is None


def choosing_page(form: ChoiceForm) -> str:
    return render_template(
        "certificates/show_many.html", form=form, waiting=queries.count_unsealed()
    )


def chosen_page(choice: Choice, form: ReissueForm) -> str:
    return render_template("certificates/choose_many.html", choice=choice, form=form, shown=SHOWN)
