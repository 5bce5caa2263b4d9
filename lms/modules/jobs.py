"""Work that training leaves to the worker: telling of drift."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from lms import jobs, mail
from lms.accounts import api as accounts
from lms.modules import calibrating
from lms.packages import api as packages


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
            address=_address(alert.slug),
        )
        subject = _("Your calibration in %(title)s", title=title)
        mail.queue(person.email, " ".join(subject.split()), text, now=now)
    for listener in calibrating.listeners:
        listener(alert, title, now)
    return {"told": alert.signal}


def _address(slug: str) -> str:
    base = urlsplit(current_app.config["SETTINGS"].base_url)
    adapter = current_app.url_map.bind(
        base.netloc, script_name=base.path or "/", url_scheme=base.scheme
    )
    return adapter.build("modules.show_calibration", {"slug": slug}, force_external=True)
