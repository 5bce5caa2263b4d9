"""Work that a trial leaves to the worker: rows of a roster, and telling raters."""

from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from lms import jobs, mail
from lms.accounts import api as accounts
from lms.db import db
from lms.modules import api as training
from lms.modules.api import Alert
from lms.trials import queries, services
from lms.trials.models import Rater, Trial
from lms.web.addresses import whole_address


@jobs.handler(services.APPLY)
def apply_row(payload: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    return {"verdict": services.apply_row(payload, now=now)}


@jobs.handler(services.TELL)
def tell_rater(payload: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Write to somebody with an account that they are on a roster."""
    rater = db.session.get_one(Rater, payload["rater_id"])
    trial = db.session.get_one(Trial, rater.trial_id)
    template = current_app.jinja_env.get_template("trials/_mail_rater.txt")  # no page around it
    text = template.render(rater=rater, trial=trial, address=whole_address("trials.show_mine"))
    subject = _("You are a rater in %(trial)s", trial=trial.name)
    mail.queue(rater.email, " ".join(subject.split()), text, now=now)
    return {"told": rater.email}


@training.tell_of_drift
def tell_coordinators(alert: Alert, title: str, now: datetime) -> None:
    """Write to those who coordinate open trials that ask the drifting rater for the module."""
    for told in queries.coordinators_to_tell(alert.person_id, alert.slug, now.date()):
        with force_locale(accounts.language_of(told.person_id) or "en"):
            template = current_app.jinja_env.get_template("trials/_mail_drift.txt")
            text = template.render(
                told=told,
                title=title,
                signal=alert.signal,
                address=whole_address(
                    "trials.show_rater", trial_id=told.trial_id, rater_id=told.rater_id
                ),
            )
            subject = _("A rater in %(trial)s is drifting", trial=told.trial)
            mail.queue(told.email, " ".join(subject.split()), text, now=now)
