"""What an administrator makes of a certificate: suspended, lifted, succeeded, erased."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import jobs
from lms.accounts.domain import Role
from lms.certificates import pages, queries, services
from lms.certificates.domain import (
    BadFacts,
    IssuedCertificate,
    SuccessionKind,
    SuspensionReason,
    shown_code,
)
from lms.certificates.forms import ErasureForm, LiftingForm, SuccessorForm, SuspensionForm
from lms.certificates.routes import bp
from lms.certificates.services import Pause, Replacement
from lms.clock import utc_now
from lms.db import transaction
from lms.errors import Conflict
from lms.web.access import allow


@bp.get("/certificates/<int:certificate_id>/suspension")
@allow(Role.ADMIN)
def edit_suspension(certificate_id: int) -> ResponseReturnValue:
    return suspension_page(queries.certificate(certificate_id))


@bp.post("/certificates/<int:certificate_id>/suspension")
@allow(Role.ADMIN)
def suspend_certificate(certificate_id: int) -> ResponseReturnValue:
    issued = queries.certificate(certificate_id)
    form = SuspensionForm()
    if not form.validate():
        return suspension_page(issued, form), 422

    def suspend() -> None:
        pause = Pause(SuspensionReason(form.reason_class.data), form.reason.data)
        services.suspend_certificate(
            certificate_id, pause, suspended_by=current_user.id, now=utc_now()
        )

    return done(certificate_id, suspend, _("Suspended. The check page says so from now on."))


@bp.post("/certificates/<int:certificate_id>/suspension/lifting")
@allow(Role.ADMIN)
def lift_suspension(certificate_id: int) -> ResponseReturnValue:
    issued = queries.certificate(certificate_id)
    form = LiftingForm()
    if not form.validate():
        return suspension_page(issued, form), 422

    def lift() -> None:
        services.lift_suspension(
            certificate_id, reason=form.reason.data, lifted_by=current_user.id, now=utc_now()
        )

    return done(certificate_id, lift, _("Lifted. It holds again from today on."))


@bp.get("/certificates/<int:certificate_id>/successor")
@allow(Role.ADMIN)
def new_successor(certificate_id: int) -> ResponseReturnValue:
    issued = queries.certificate(certificate_id)
    return successor_page(issued, proposed(issued))


@bp.post("/certificates/<int:certificate_id>/successor")
@allow(Role.ADMIN)
def succeed_certificate(certificate_id: int) -> ResponseReturnValue:
    issued = queries.certificate(certificate_id)
    form = SuccessorForm()
    if not (form.validate() and name_is_new(form, issued)):
        return successor_page(issued, form), 422
    kind = SuccessionKind(form.kind.data)
    wanted = Replacement(
        kind,
        reason=form.reason.data,
        name=form.name.data if kind is SuccessionKind.CORRECTION else None,
        expires_on=form.expires_on.data,
    )
    try:
        with transaction():
            made = services.succeed(certificate_id, wanted, by=current_user.id, now=utc_now())
    except BadFacts as error:
        field = form.name if kind is SuccessionKind.CORRECTION else form.expires_on
        field.errors = [_(error.message, **error.values)]
        return successor_page(issued, form), 422
    except Conflict as error:
        flash(_(error.message), "care")
        return back(certificate_id)
    jobs.kick()
    flash(_("Issued. It stands in the place of the one before, which says so."), "ok")
    return back(made.id)


@bp.get("/certificates/<int:certificate_id>/erasure")
@allow(Role.ADMIN)
def new_erasure(certificate_id: int) -> ResponseReturnValue:
    return erasure_page(queries.certificate(certificate_id))


@bp.post("/certificates/<int:certificate_id>/erasure")
@allow(Role.ADMIN)
def erase_certificate(certificate_id: int) -> ResponseReturnValue:
    issued = queries.certificate(certificate_id)
    form = ErasureForm()
    if not form.validate():
        return erasure_page(issued, form), 422

    def erase() -> None:
        services.erase_line(
            certificate_id, reason=form.reason.data, erased_by=current_user.id, now=utc_now()
        )

    answer = done(certificate_id, erase, _("Erased. The code goes on to answer without a name."))
    jobs.kick()
    return answer


def done(certificate_id: int, work: Callable[[], None], said: str) -> ResponseReturnValue:
    """Do the work in a transaction and lead back; what came too late is said there."""
    try:
        with transaction():
            work()
    except Conflict as error:
        flash(_(error.message), "care")
    else:
        flash(said, "ok")
    return back(certificate_id)


def back(certificate_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show_certificate", certificate_id=certificate_id), 303)


def proposed(issued: IssuedCertificate) -> SuccessorForm:
    """Return the form as it should mostly stand: the same name, the last day by the rule."""
    return SuccessorForm(
        data={
            "kind": request.args.get("kind", ""),
            "name": issued.facts.name,
            "expires_on": pages.renewed_until(issued, utc_now().date()),
        }
    )


def name_is_new(form: SuccessorForm, issued: IssuedCertificate) -> bool:
    if form.kind.data != SuccessionKind.CORRECTION:
        return True
    name = " ".join((form.name.data or "").split())
    if not name:
        form.name.errors = [_("Type the name as it should be printed.")]
    elif name == issued.facts.name:
        form.name.errors = [_("This is the name that the certificate bears already.")]
    return not form.name.errors


def suspension_page(
    issued: IssuedCertificate, form: SuspensionForm | LiftingForm | None = None
) -> str:
    empty = LiftingForm() if issued.suspended_now else SuspensionForm()
    return change_page("certificates/edit_suspension.html", issued, form or empty)


def successor_page(issued: IssuedCertificate, form: SuccessorForm) -> str:
    return change_page("certificates/new_successor.html", issued, form)


def erasure_page(issued: IssuedCertificate, form: ErasureForm | None = None) -> str:
    line = queries.line_of(issued)
    return change_page(
        "certificates/new_erasure.html", issued, form or ErasureForm(), several=len(line)
    )


def change_page(
    template: str,
    issued: IssuedCertificate,
    form: SuspensionForm | LiftingForm | SuccessorForm | ErasureForm,
    **more: object,
) -> str:
    today = utc_now().date()
    return render_template(
        template,
        issued=issued,
        form=form,
        code=shown_code(issued.code),
        may=pages.may_become(issued, today),
        today=today,
        **more,
    )
