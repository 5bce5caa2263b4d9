"""The page of who decides disputed items: the ratings without names, one value, and why."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.clock import utc_now
from lms.db import transaction
from lms.errors import Invalid
from lms.instruments.domain.sheet import answers_from_form
from lms.panels import pages, queries, services
from lms.panels.forms import DecisionForm
from lms.panels.routes.blueprint import bp, utc_day
from lms.web.access import SIGNED_IN, allow


@bp.get("/panels/<int:panel_id>/decisions")
@allow(SIGNED_IN)
def show_decisions(panel_id: int) -> ResponseReturnValue:
    return page(panel_id)


@bp.post("/panels/<int:panel_id>/decisions")
@allow(SIGNED_IN)
def decide(panel_id: int) -> ResponseReturnValue:
    panel = queries.to_decide(current_user.id, panel_id, today=utc_day())
    case, item = request.args.get("case", ""), request.args.get("item", "")
    disputed = {(one.case.key, one.item.key): one for one in pages.disputed(panel)}
    if (case, item) not in disputed:
        return page(panel_id, status=404)
    one = disputed[case, item]
    form = DecisionForm(prefix=one.prefix)
    ratings, refused = answers_from_form(one.instrument, request.form, one.prefix)
    raw: Any = ratings.get(item)
    problem = _(refused[item].message, **refused[item].values) if item in refused else ""
    if raw is None:
        problem = _("Give a value.")
    if not form.validate() or problem:
        return page(panel_id, wrong=(one.prefix, form, raw, problem), status=422)
    try:
        with transaction():
            services.decide(
                current_user.id, panel_id, case, item, raw, reason=form.reason.data, now=utc_now()
            )
    except Invalid as error:
        sentence = _(error.message, **error.values)
        return page(panel_id, wrong=(one.prefix, form, raw, sentence), status=422)
    flash(_("Your decision is kept."), "ok")
    return redirect(url_for(".show_decisions", panel_id=panel_id), 303)


def page(
    panel_id: int,
    *,
    wrong: tuple[str, DecisionForm, Any, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Show the disputed items; the form that was wrong keeps what was typed."""
    panel = queries.to_decide(current_user.id, panel_id, today=utc_day())
    rows = []
    for one in pages.disputed(panel):
        form, raw, problem = DecisionForm(prefix=one.prefix, formdata=None), None, ""
        if wrong is not None and wrong[0] == one.prefix:
            _prefix, form, raw, problem = wrong
        rows.append((one, form, raw, problem))
    return render_template(
        "panels/show_decisions.html", panel=panel, content=panel.content, rows=rows
    ), status
