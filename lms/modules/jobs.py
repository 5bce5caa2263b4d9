"""Work that training leaves to the worker: telling of drift."""

from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from lms import jobs, mail
from lms.accounts import api as accounts
from lms.modules import calibrating
from lms.packages import api as packages
from lms.web.addresses import whole_address


@jobs.handler(calibrating.TELL)
def tell_drift(payload: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    alert = calibrating.alert_of(payload["alert_id"])
    person = accounts.person(alert.person_id)
    title = packages.release(alert.release_id).title
    with force_locale(accounts.language_of(alert.person_id) or "en"):
        template = current_app.jinja_env.get_template("modules/_mail_drift.txt")
        text = template.render(
            signal=alert.signal,
            direction=alert.direction,
            title=title,
            address=whole_address("modules.show_calibration", slug=alert.slug),
        )
        subject = _("Your calibration in %(title)s", title=title)
        mail.queue(person.email, " ".join(subject.split()), text, now=now)
    for listener in calibrating.listeners:
        listener(alert, title, now)
    return {"told": alert.signal}
