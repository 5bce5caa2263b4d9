"""A person's own certificates: list, page, file, mail; and the administrator's revocation."""

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import jobs, storage
from lms.accounts.domain import Role
from lms.certificates import pages, queries, services
from lms.certificates.domain import (
    AlreadyRevoked,
    CertificateNotFound,
    FileErased,
    IssuedCertificate,
    NotSealedYet,
    RevocationReason,
    ShownAs,
    shown_code,
)
from lms.certificates.evidence import gathering
from lms.certificates.forms import PAUSES, SUCCESSIONS, RevocationForm, ShownNameForm
from lms.certificates.keys import KeysUnusable
from lms.certificates.letters import letter_for
from lms.certificates.picture import picture_of
from lms.certificates.routes import bp
from lms.clock import utc_now
from lms.db import transaction
from lms.errors import N_, LmsError
from lms.web.access import SIGNED_IN, allow
from lms.web.limits import limiter


class NoEvidenceNow(LmsError):
    """There is no key to sign it with; the health page says what to do."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            N_("No evidence pack can be made now. The administrators can see why; come back.")
        )


@bp.get("/certificates")
@allow(SIGNED_IN)
def list_certificates() -> ResponseReturnValue:
    held = queries.held_by([current_user.id], on=utc_now().date())
    many = current_user.has_role(Role.ADMIN)
    return render_template("certificates/list_certificates.html", held=held, pages=pages, many=many)


@bp.get("/certificates/<int:certificate_id>")
@allow(SIGNED_IN)
def show_certificate(certificate_id: int) -> ResponseReturnValue:
    return page(visible(certificate_id))


@bp.get("/certificates/<int:certificate_id>/file")
@allow(SIGNED_IN)
def download_file(certificate_id: int) -> ResponseReturnValue:
    issued = visible(certificate_id)
    if issued.erased:
        raise FileErased
    if issued.file is None:
        raise NotSealedYet
    answer = Response(storage.get(issued.file.digest), content_type=services.PDF)
    name = services.file_name(issued)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/certificates/<int:certificate_id>/picture")
@allow(SIGNED_IN)
def show_picture(certificate_id: int) -> ResponseReturnValue:
    issued = visible(certificate_id)
    if issued.erased:
        raise FileErased
    if issued.file is None:
        raise NotSealedYet
    folder = current_app.config["SETTINGS"].data / "cache" / "certificates"
    picture = picture_of(issued.file.digest, folder)
    if picture is None:
        raise CertificateNotFound
    answer = Response(picture, content_type="image/webp")
    answer.headers["Cache-Control"] = "private, max-age=600"
    return answer


@bp.get("/certificates/<int:certificate_id>/evidence.zip")
@allow(SIGNED_IN)
@limiter.limit("60/hour")
def download_evidence(certificate_id: int) -> ResponseReturnValue:
    issued = visible(certificate_id)
    own = issued.holder_id == current_user.id  # an administrator's own is told like anybody's
    try:
        data = gathering.pack_of(issued, whole=not own, now=utc_now())
    except KeysUnusable as error:
        raise NoEvidenceNow from error
    answer = Response(data, content_type="application/zip")
    name = gathering.file_name(issued)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/certificates/<int:certificate_id>/mail")
@allow(SIGNED_IN)
@limiter.limit("10/hour")
def mail_certificate(certificate_id: int) -> ResponseReturnValue:
    issued = queries.certificate_of(current_user.id, certificate_id)
    letter = letter_for(issued)
    with transaction():
        services.mail_file(issued, letter=letter, now=utc_now())
    jobs.kick()
    flash(_("On its way to %(address)s.", address=current_user.email), "ok")
    return back(certificate_id)


@bp.post("/certificates/<int:certificate_id>/public-name")
@allow(SIGNED_IN)
def choose_public_name(certificate_id: int) -> ResponseReturnValue:
    issued = queries.certificate_of(current_user.id, certificate_id)
    form = ShownNameForm()
    if not form.validate():
        return page(issued, name_form=form), 422
    with transaction():
        services.choose_name(
            current_user.id, certificate_id, ShownAs(form.shows.data), now=utc_now()
        )
    flash(_("Kept. The public page shows your name like that from now on."), "ok")
    return back(certificate_id)


@bp.post("/certificates/<int:certificate_id>/revocation")
@allow(Role.ADMIN)
def revoke_certificate(certificate_id: int) -> ResponseReturnValue:
    issued = queries.certificate(certificate_id)
    form = RevocationForm()
    if not form.validate():
        return page(issued, form), 422
    try:
        with transaction():
            services.revoke_certificate(
                certificate_id,
                reason_class=RevocationReason(form.reason_class.data),
                reason=form.reason.data,
                revoked_by=current_user.id,
                now=utc_now(),
            )
    except AlreadyRevoked as error:
        flash(_(error.message), "care")
        return back(certificate_id)
    flash(_("Revoked. The check page says so from now on."), "ok")
    return back(certificate_id)


def visible(certificate_id: int) -> IssuedCertificate:
    """Return the certificate if it is the person's own, or the person is an administrator."""
    if current_user.has_role(Role.ADMIN):
        return queries.certificate(certificate_id)
    return queries.certificate_of(current_user.id, certificate_id)


def back(certificate_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show_certificate", certificate_id=certificate_id), 303)


def page(
    issued: IssuedCertificate,
    form: RevocationForm | None = None,
    name_form: ShownNameForm | None = None,
) -> str:
    today = utc_now().date()
    admin = current_user.has_role(Role.ADMIN)
    own = issued.holder_id == current_user.id
    return render_template(
        "certificates/show_certificate.html",
        issued=issued,
        now=pages.standing(issued, today),
        admin=admin,
        may=pages.may_become(issued, today) if admin else None,
        succession=SUCCESSIONS,
        pauses=queries.suspension_words(issued.id) if issued.later.suspensions else [],
        pause_words=PAUSES,
        name_form=(name_form or ShownNameForm(data={"shows": issued.shown}))
        if own and not issued.erased
        else None,
        code=shown_code(issued.code),
        lines_of_facts=pages.lines_of(issued),
        line=pages.term_line_of(issued, today),
        file_name=services.file_name(issued),
        own=own,
        explanation=queries.withdrawal_words(issued.id) if issued.revocation else "",
        form=(form or RevocationForm()) if admin and not issued.revocation else None,
    )
