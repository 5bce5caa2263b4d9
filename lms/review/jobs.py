"""Work that looking back leaves to the worker: questions of what if, and marking anew."""

from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from lms import jobs, mail
from lms.accounts import api as accounts
from lms.db import db, end_reading
from lms.errors import N_
from lms.modules.domain.changed_quiz import rules_from_data
from lms.packages import api as packages
from lms.review import services
from lms.review.models import WhatIf
from lms.web.addresses import whole_address

TOLD = N_("%(tries)s tries looked at; %(gained)s more would have passed, %(lost)s fewer.")
OUTCOMES = {
    "certified": N_("Passed, and certified."),
    "passed": N_("Passed."),
    "kept": N_("Not passed any more; the certificate stays."),
    "suspended": N_("Not passed any more; the certificate is suspended."),
    "not_passed": N_("Not passed any more."),
}


def reckon(payload: dict[str, Any], *, now: datetime) -> dict[str, Any] | None:
    """Work out a question outside any transaction; None if that was done before."""
    from lms.review.reckoning import reckon  # numpy is loaded where figures are made

    row = db.session.get_one(WhatIf, payload["what_if_id"])
    slug, rules, known = row.package_slug, rules_from_data(row.rules), row.result
    end_reading()
    if known is not None:
        return None
    return reckon(slug, rules, today=now.date(), said=jobs.note_parts).as_data()


@jobs.handler(services.RECKON, before=reckon)
def keep_result(
    payload: dict[str, Any], *, now: datetime, prepared: dict[str, Any] | None
) -> dict[str, Any] | None:
    if prepared is None:
        return None
    services.keep_result(payload["what_if_id"], prepared, now=now)
    tries = prepared["tries"]
    return jobs.said(TOLD, tries=tries["of"], gained=tries["gained"], lost=tries["lost"])


def count_doubts(payload: dict[str, Any], *, now: datetime) -> int | None:
    """Count the references of a release that may be wrong; None if it is not the current one."""
    from lms.review.results import results_of  # numpy is loaded where figures are made

    current = packages.find_current_release(payload["slug"])
    if current is None or current.id != payload["release_id"]:
        return None
    found = len(results_of(current.id, current.digest, every_try=False).suspects)
    end_reading()
    return found


@jobs.handler(services.LOOK, before=count_doubts)
def keep_doubts(
    payload: dict[str, Any], *, now: datetime, prepared: int | None
) -> dict[str, Any] | None:
    if prepared is None:
        return None
    services.keep_doubts(payload["slug"], payload["release_id"], prepared, now=now)
    return jobs.said(N_("%(count)s references may be wrong."), count=prepared)


@jobs.handler(services.REGRADE)
def regrade_round(payload: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Mark a person's tries anew and write to them, in one transaction."""
    done = services.regrade_round(payload, now=now)
    if done is None:
        return jobs.said(N_("Nothing has changed."))
    tell(done, now=now)
    return jobs.said(OUTCOMES[done.outcome])


def tell(done: services.Regraded, *, now: datetime) -> None:
    """Write to somebody what marking anew did to their certification."""
    person = accounts.person(done.person_id)
    if person.closed:
        return
    title = packages.current_release(done.slug).title
    template = current_app.jinja_env.get_template("review/_mail_regraded.txt")  # no page around it
    text = template.render(
        done=done,
        title=title,
        learning=whole_address("modules.show_home"),
        certificates=whole_address("certificates.list_certificates"),
    )
    subject = _("Your certification in %(module)s was marked anew", module=title)
    mail.queue(person.email, " ".join(subject.split()), text, now=now)
