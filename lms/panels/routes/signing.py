"""Signing a reference, and taking it into the package."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import jobs, storage
from lms.accounts import api as accounts
from lms.accounts.domain import TooManyTries, TryNotCounted, WrongPassword
from lms.clock import utc_now
from lms.db import end_reading, transaction
from lms.errors import Conflict, Invalid
from lms.packages import api as packages
from lms.panels import queries, services
from lms.panels.forms import SignForm, TakeForm
from lms.panels.routes.blueprint import CREATORS, bp, utc_day, viewer
from lms.panels.routes.owning import panel_page
from lms.web.access import allow
from lms.web.limits import limiter


@bp.post("/studio/panels/<int:panel_id>/references")
@allow(*CREATORS)
@limiter.limit("20/minute")
def sign_reference(panel_id: int) -> ResponseReturnValue:
    panel = queries.panel_of(viewer(), panel_id, today=utc_day())
    form = SignForm()
    if not form.validate():
        return panel_page(panel_id, sign=form, status=422)
    seen, reason = form.seen.data or "", form.reason.data or ""
    try:
        services.check_signable(panel, seen=seen, reason=reason)
        with transaction():
            accounts.count_password_try(current_user.id, now=utc_now())
        with transaction():
            services.sign_reference(
                viewer(),
                panel_id,
                seen=seen,
                password=form.password.data,
                reason=reason,
                now=utc_now(),
            )
    except (TooManyTries, WrongPassword, TryNotCounted) as error:
        form.password.errors = [_(error.message, **error.values)]
        return panel_page(panel_id, sign=form, status=error.status)
    except (Conflict, Invalid) as error:
        form.reason.errors = [_(error.message, **error.values)]
        return panel_page(panel_id, sign=form, status=error.status)
    flash(_("The reference is signed."), "ok")
    return redirect(url_for(".show_panel", panel_id=panel_id), 303)


@bp.post("/studio/panels/<int:panel_id>/drafts")
@allow(*CREATORS)
def take_into_package(panel_id: int) -> ResponseReturnValue:
    panel = queries.panel_of(viewer(), panel_id, today=utc_day())
    form = TakeForm()
    if not form.validate():
        return panel_page(panel_id, take=form, status=422)
    try:
        taking = services.plan_taking(viewer(), panel, version=form.version.data.strip())
        end_reading()
        packed = packages.amended(
            storage.get(taking.piece.source), version=taking.version, cases=taking.keys
        )
    except (Conflict, Invalid) as error:
        form.version.errors = [_(error.message, **error.values)]
        return panel_page(panel_id, take=form, status=error.status)
    source = storage.put(packed)
    with transaction():
        draft_id = services.take_into_package(
            viewer(), panel_id, taking, source=source, now=utc_now()
        )
    jobs.kick()
    flash(_("A draft with the reference in its files is being checked."), "ok")
    return redirect(url_for("packages.show_draft", draft_id=draft_id), 303)
