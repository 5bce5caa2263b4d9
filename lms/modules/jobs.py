"""Work that training leaves to the worker: telling of drift, people who follow a changed module."""

from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from lms import jobs, mail
from lms.accounts import api as accounts
from lms.modules import calibrating, following, pages
from lms.modules.queries import EnrolmentFacts
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


@jobs.handler(following.FOLLOW)
def follow_release(payload: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Begin a person's further round and write to them, in one transaction."""
    begun, sentence = following.follow(payload, now=now)
    if begun is None:
        return jobs.said(sentence)
    with force_locale(accounts.language_of(begun.person_id) or "en"):
        tell_round(begun, now=now)
    steps = len(begun.material.content.steps)
    return jobs.said(sentence, carried=len(begun.carried), steps=steps)


def tell_round(enrolment: EnrolmentFacts, *, now: datetime) -> None:
    """Write to somebody that a changed module asks something of them."""
    content = enrolment.material.content
    template = current_app.jinja_env.get_template("modules/_mail_round.txt")  # no page around it
    text = template.render(
        enrolment=enrolment,
        content=content,
        why=pages.round_words(enrolment.kind),
        left=[step.title for step in content.steps if step.key not in enrolment.carried],
        address=whole_address("modules.show_home"),
    )
    subject = _("%(module)s has changed", module=content.title)
    to = accounts.person(enrolment.person_id).email
    mail.queue(to, " ".join(subject.split()), text, now=now)
