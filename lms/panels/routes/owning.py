"""A creator's pages: open a panel, see who has handed in, close it, ask again."""

from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from lms import jobs
from lms.accounts import api as accounts
from lms.clock import utc_now
from lms.db import transaction
from lms.errors import Invalid
from lms.packages import api as packages
from lms.packages.domain.reference import PANEL_LEAST
from lms.panels import pages, queries, services, telling
from lms.panels.domain import NewPanel, PanelMethod, read_experts
from lms.panels.forms import (
    METHOD_WORDS,
    ExpertsForm,
    PanelForm,
    RoundForm,
    SignForm,
    TakeForm,
    WithdrawForm,
)
from lms.panels.routes.blueprint import CREATORS, bp, utc_day, viewer
from lms.panels.services import Again
from lms.web.access import allow
from lms.web.filters import as_is


@bp.get("/studio/panels")
@allow(*CREATORS)
def list_panels() -> ResponseReturnValue:
    return render_template(
        "panels/list_panels.html", panels=queries.panels_of(viewer(), today=utc_day())
    )


@bp.get("/studio/panels/new")
@allow(*CREATORS)
def new_panel() -> ResponseReturnValue:
    piece, form = asked_for()
    return render_template("panels/new_panel.html", piece=piece, form=form)


@bp.post("/studio/panels")
@allow(*CREATORS)
def open_panel() -> ResponseReturnValue:
    piece, form = asked_for()
    if not form.validate():
        return render_template("panels/new_panel.html", piece=piece, form=form), 422
    try:
        wanted = panel_in(form)
    except Invalid as error:
        return refused(piece, form, error)
    try:
        with transaction():
            panel_id = services.open_panel(viewer(), wanted, now=utc_now())
    except Invalid as error:
        return refused(piece, form, error)
    jobs.kick()
    flash(_("The panel is open. Its experts are told by mail."), "ok")
    return redirect(url_for(".show_panel", panel_id=panel_id), 303)


def asked_for() -> tuple[packages.Workpiece, PanelForm]:
    """Return what the panel is to be over, by the address, and the form with its cases."""
    piece = services.workpiece_for(viewer(), **target())
    cases = packages.content_of(piece.digest).cases
    return piece, PanelForm([(case.key, as_is(f"{case.title} ({case.key})")) for case in cases])


def target() -> dict[str, Any]:
    return {
        "draft_id": request.args.get("draft", type=int),
        "slug": request.args.get("package", ""),
    }


def refused(piece: packages.Workpiece, form: PanelForm, error: Invalid) -> ResponseReturnValue:
    form.experts.errors = [_(error.message, **error.values)]
    return render_template("panels/new_panel.html", piece=piece, form=form), error.status


def panel_in(form: PanelForm) -> NewPanel:
    method = PanelMethod(form.method.data)
    adjudicator = None
    if method is PanelMethod.ADJUDICATED:
        adjudicator = accounts.find_by_email(form.adjudicator.data or "")
        if adjudicator is None or adjudicator.closed:
            form.adjudicator.errors = [_("Nobody with an account has this address.")]
            raise Invalid(str(_("Name who decides disputed items.")))
    return NewPanel(
        **target(),
        title=" ".join(form.title.data.split()),
        method=method,
        limit=Decimal(form.limit.data) / 100,
        closes_on=form.closes_on.data,
        adjudicator_id=adjudicator.id if adjudicator else None,
        experts=read_experts(form.experts.data),
        cases=tuple(form.cases.data),
    )


@bp.get("/studio/panels/<int:panel_id>")
@allow(*CREATORS)
def show_panel(panel_id: int) -> ResponseReturnValue:
    return panel_page(panel_id)


@bp.post("/studio/panels/<int:panel_id>/experts")
@allow(*CREATORS)
def add_experts(panel_id: int) -> ResponseReturnValue:
    queries.panel_of(viewer(), panel_id, today=utc_day())
    form = ExpertsForm()
    if not form.validate():
        return panel_page(panel_id, experts=form, status=422)
    try:
        named = read_experts(form.experts.data)
        with transaction():
            services.add_experts(viewer(), panel_id, named, now=utc_now())
    except Invalid as error:
        form.experts.errors = [_(error.message, **error.values)]
        return panel_page(panel_id, experts=form, status=error.status)
    jobs.kick()
    flash(_("They are asked, and told by mail."), "ok")
    return redirect(url_for(".show_panel", panel_id=panel_id), 303)


@bp.post("/studio/panels/<int:panel_id>/withdrawals")
@allow(*CREATORS)
def withdraw_expert(panel_id: int) -> ResponseReturnValue:
    panel = queries.panel_of(viewer(), panel_id, today=utc_day())
    form = withdraw_form(panel)
    if not form.validate():
        return panel_page(panel_id, withdraw=form, status=422)
    with transaction():
        left = services.withdraw_expert(
            viewer(), panel_id, form.expert.data, reason=form.because.data, now=utc_now()
        )
    flash(_("The expert is withdrawn. What they scored is kept and does not count."), "ok")
    if left < PANEL_LEAST:
        flash(pages.too_few(left), "warning")
    return redirect(url_for(".show_panel", panel_id=panel_id), 303)


@bp.post("/studio/panels/<int:panel_id>/closing")
@allow(*CREATORS)
def close_panel(panel_id: int) -> ResponseReturnValue:
    with transaction():
        services.close_panel(viewer(), panel_id, now=utc_now())
    flash(_("The panel is closed. Here is what it says."), "ok")
    return redirect(url_for(".show_panel", panel_id=panel_id), 303)


@bp.post("/studio/panels/<int:panel_id>/rounds")
@allow(*CREATORS)
def ask_again(panel_id: int) -> ResponseReturnValue:
    form = round_form(queries.panel_of(viewer(), panel_id, today=utc_day()))
    if not form.validate():
        return panel_page(panel_id, again=form, status=422)
    again = Again(
        expert_ids=tuple(form.again_experts.data),
        cases=tuple(form.again_cases.data),
        reason=form.why.data,
        closes_on=form.closes_on.data,
    )
    with transaction():
        services.ask_again(viewer(), panel_id, again, now=utc_now())
    jobs.kick()
    flash(_("A further round is open. The experts are told by mail."), "ok")
    return redirect(url_for(".show_panel", panel_id=panel_id), 303)


def withdraw_form(panel: queries.PanelFacts, **values: Any) -> WithdrawForm:
    return WithdrawForm(choices_of(panel), **values)


def choices_of(panel: queries.PanelFacts) -> list[tuple[int, str]]:
    """Return the experts of a panel that were not withdrawn, to be chosen from."""
    there = [one for one in queries.experts_of(panel.id) if one.withdrawn is None]
    return [(expert.id, expert_words(expert)) for expert in there]


def round_form(panel: queries.PanelFacts, **values: Any) -> RoundForm:
    return RoundForm(
        choices_of(panel),
        [(key, as_is(panel.case(key).title)) for key in panel.cases],
        **values,
    )


def expert_words(expert: queries.ExpertFacts) -> Markup:
    """Name an expert to the owner, marked as theirs and not ours to translate."""
    words = Markup("%s: %s")
    number = _("Panel %(n)s", n=expert.number)
    return words % (number, as_is(expert.name or expert.email))


def panel_page(
    panel_id: int,
    *,
    experts: ExpertsForm | None = None,
    withdraw: WithdrawForm | None = None,
    again: RoundForm | None = None,
    sign: SignForm | None = None,
    take: TakeForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Show a panel to its owner; a form that was wrong stands in for the fresh one."""
    panel = queries.panel_of(viewer(), panel_id, today=utc_day())
    page = render_template(
        "panels/show_panel.html",
        panel=panel,
        content=panel.content,
        progress=pages.progress(panel),
        case_titles=pages.case_titles(panel),
        results=pages.results(panel),
        references=pages.versions(panel),
        history=telling.history(panel),
        method_words=METHOD_WORDS,
        names=accounts.names_of([i for i in (panel.adjudicator_id, panel.opened_by) if i]),
        experts_form=experts or ExpertsForm(formdata=None),
        withdraw_form=withdraw or withdraw_form(panel, formdata=None),
        again_form=again or round_form(panel, formdata=None),
        sign_form=sign or SignForm(formdata=None),
        take_form=take or TakeForm(formdata=None),
        wrong=experts or withdraw or again or sign or take,
        me=current_user.name,
    )
    return page, status
