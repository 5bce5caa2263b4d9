"""Telling experts with an account that a panel asks them."""

from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from lms import jobs, mail
from lms.db import db
from lms.errors import N_
from lms.panels import queries, services
from lms.panels.models import Expert, Panel
from lms.web.addresses import whole_address


@jobs.handler(services.TELL)
def tell_expert(payload: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    expert = db.session.get_one(Expert, payload["expert_id"])
    if queries.is_withdrawn(expert.id):
        return jobs.said(N_("The expert was withdrawn before they were told."))
    panel = db.session.get_one(Panel, expert.panel_id)
    template = current_app.jinja_env.get_template("panels/_mail_expert.txt")  # no page around it
    text = template.render(
        panel=panel,
        cases=len(panel.cases),
        again=payload["round"] > 1,
        address=whole_address("panels.list_tasks"),
    )
    subject = _("You are asked onto a panel: %(panel)s", panel=panel.title)
    mail.queue(expert.email, " ".join(subject.split()), text, now=now)
    return {"told": expert.email}
