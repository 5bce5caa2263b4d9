"""How this installation is: in words for administrators, in one word for machines."""

from datetime import date

from flask import Response, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from lms.accounts.domain import Role
from lms.clock import utc_now
from lms.reports import checks
from lms.reports.domain import Check, worst
from lms.reports.routes.blueprint import bp
from lms.web.access import ANYONE, allow
from lms.web.filters import day


@bp.get("/health")
@allow(Role.ADMIN)
def show_health() -> ResponseReturnValue:
    found = checks.all_checks(now=utc_now())
    return render_template(
        "reports/show_health.html", checks=found, worst=worst(found), say=say, looked_at=utc_now()
    )


@bp.get("/health/live")
@allow(ANYONE)
def show_live() -> ResponseReturnValue:
    """Say that this process answers; asks nothing else."""
    return one_word("live", 200)


@bp.get("/health/ready")
@allow(ANYONE)
def show_ready() -> ResponseReturnValue:
    """Say whether requests can be answered, for a load balancer; no reasons given away."""
    ready = checks.is_ready()
    return one_word("ready" if ready else "not ready", 200 if ready else 503)


def one_word(status: str, code: int) -> Response:
    response = jsonify(status=status)
    response.status_code = code
    response.headers["Cache-Control"] = "no-store"
    return response


def say(check: Check, text: str) -> str:
    """Translate a sentence or a remedy of a check."""
    values = {
        name: day(value) if isinstance(value, date) else value
        for name, value in check.values.items()
    }
    return str(gettext(text, **values)) if values else str(gettext(text))
