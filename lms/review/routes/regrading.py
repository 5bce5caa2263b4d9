"""Marking past tries anew, as a question showed."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import jobs
from lms.accounts import api as accounts
from lms.accounts.domain import TooManyTries, TryNotCounted, WrongPassword
from lms.clock import utc_now
from lms.db import transaction
from lms.errors import Conflict, Invalid
from lms.review import queries, services
from lms.review.forms import RegradeForm
from lms.review.routes.asking import what_if_page
from lms.review.routes.blueprint import CREATORS, bp, sees_everything
from lms.review.services import Decision
from lms.web.access import allow
from lms.web.limits import limiter


@bp.post("/studio/what-ifs/<int:what_if_id>/regrade")
@allow(*CREATORS)
@limiter.limit("20/minute")
def regrade(what_if_id: int) -> ResponseReturnValue:
    person_id, everything = current_user.id, sees_everything()
    queries.what_if_of(person_id, what_if_id, everything=everything)
    form = RegradeForm()
    if not form.validate():
        return what_if_page(what_if_id, form=form, status=422)
    decision = Decision(form.reason.data.strip(), bool(form.suspend.data))
    try:
        with transaction():
            accounts.count_password_try(person_id, now=utc_now())
        with transaction():
            services.start_regrade(
                queries.what_if_of(person_id, what_if_id, everything=everything),
                decision,
                person_id=person_id,
                password=form.password.data,
                now=utc_now(),
            )
    except (TooManyTries, WrongPassword, TryNotCounted) as error:
        form.password.errors = [_(error.message, **error.values)]
        return what_if_page(what_if_id, form=form, status=error.status)
    except (Conflict, Invalid) as error:
        form.reason.errors = [_(error.message, **error.values)]
        return what_if_page(what_if_id, form=form, status=error.status)
    jobs.kick()
    flash(_("It is signed. The tries are being marked anew."), "ok")
    return redirect(url_for(".show_what_if", what_if_id=what_if_id), 303)
