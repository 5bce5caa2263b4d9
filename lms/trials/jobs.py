"""Work that a trial leaves to the worker: rows of a roster, and telling raters."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

from lms import jobs, mail
from lms.db import db
from lms.trials import services
from lms.trials.models import Rater, Trial


@jobs.handler(services.APPLY)
def apply_row(payload: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    return {"verdict": services.apply_row(payload, now=now)}


@jobs.handler(services.TELL)
def tell_rater(payload: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Write to somebody with an account that they are on a roster."""
    rater = db.session.get_one(Rater, payload["rater_id"])
    trial = db.session.get_one(Trial, rater.trial_id)
    template = current_app.jinja_env.get_template("trials/_mail_rater.txt")  # no page around it
    text = template.render(rater=rater, trial=trial, address=address_of("trials.show_mine"))
    subject = _("You are a rater in %(trial)s", trial=trial.name)
    mail.queue(rater.email, " ".join(subject.split()), text, now=now)
    return {"told": rater.email}


def address_of(endpoint: str) -> str:
    """Return the address of a page as a mail needs it: whole, and under the base URL."""
    base = urlsplit(current_app.config["SETTINGS"].base_url)
    adapter = current_app.url_map.bind(
        base.netloc, script_name=base.path or "/", url_scheme=base.scheme
    )
    return adapter.build(endpoint, force_external=True)
