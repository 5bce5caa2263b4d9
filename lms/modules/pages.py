"""What the pages of training show, worked out before a template sees it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.certificates.domain import Term, simulate
from lms.instruments import api as instruments
from lms.instruments.domain import Answer, Instrument, Item
from lms.modules.criteria_words import asked_of
from lms.modules.domain import CaseMark, ItemMark, StepState, StepView, TotalMark
from lms.modules.forms import DatesForm
from lms.modules.material import Material
from lms.modules.qualification import validity_of
from lms.packages.domain import (
    Case,
    CertificateSpec,
    CertificationStep,
    Content,
    PracticeStep,
    QuizStep,
    ReferenceSigned,
    Revisit,
    SlidesStep,
    Step,
    TextStep,
    ValiditySpec,
    VideoStep,
)
from lms.packages.domain.experts import panel_totals
from lms.web.drawing import (
    AgreementLine,
    ValidityLine,
    agreement_line,
    validity_line,
)
from lms.web.filters import as_is, day, minutes, position


class Addresses:
    """Where the links of a person's own pages lead; a preview has its own of the same shape."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self._attempt, self._base = 0, ""

    def module(self) -> str:
        return url_for("modules.show_module", slug=self.slug)

    def step(self, step_key: str, **query: Any) -> str:
        return url_for("modules.show_step", slug=self.slug, step_key=step_key, **query)

    def practice(self, step_key: str) -> str:
        return url_for("modules.show_practice", slug=self.slug, step_key=step_key)

    def result(self, attempt_id: int) -> str:
        return url_for("modules.show_result", attempt_id=attempt_id)

    def part(self, attempt_id: int, number: int) -> str:
        """Return the address of a question or case; a page links to all of them, so ask once."""
        if self._attempt != attempt_id:
            self._attempt, self._base = (
                attempt_id,
                url_for("modules.show_attempt", attempt_id=attempt_id),
            )
        return f"{self._base}?n={number}"


class PreviewAddresses(Addresses):
    """The links of a draft that its creator looks at."""

    def __init__(self, draft_id: int, step_key: str = "") -> None:
        super().__init__("")
        self.draft_id = draft_id
        self.step_key = step_key

    def module(self) -> str:
        return url_for("modules.preview_module", draft_id=self.draft_id)

    def step(self, step_key: str, **query: Any) -> str:
        return url_for("modules.preview_step", draft_id=self.draft_id, step_key=step_key, **query)

    def practice(self, step_key: str) -> str:
        return url_for("modules.preview_practice", draft_id=self.draft_id, step_key=step_key)

    def part(self, attempt_id: int, number: int) -> str:
        return self.step(self.step_key, n=number)


def step_kind(step: Step) -> str:
    """Name the kind of a step as a person would."""
    return {
        "text": _("Text"),
        "slides": _("Slides"),
        "video": _("Film"),
        "practice": _("Practice cases"),
        "quiz": _("Quiz"),
        "certification": _("Certification cases"),
    }[step.kind]


def step_size(step: Step) -> str:
    """Say in a few words what a step holds."""
    match step:
        case TextStep():
            return _("Text, %(time)s", time=minutes(step.minutes))
        case SlidesStep():
            count = len(step.slides)
            return ngettext("%(num)s slide", "%(num)s slides", count)
        case VideoStep():
            return _("Film, %(length)s", length=position(step.film.seconds))
        case PracticeStep():
            return ngettext("%(num)s practice case", "%(num)s practice cases", step.required)
        case QuizStep():
            return ngettext("%(num)s question", "%(num)s questions", step.drawn)
        case CertificationStep():
            count = len(step.forms[0].cases)
            return ngettext("%(num)s case", "%(num)s cases", count)


def step_hint(view: StepView) -> str:
    """Say how far the person is with a step, in one line."""
    size = step_size(view.step)
    if view.state is StepState.DONE:
        return _("%(what)s, done %(date)s", what=size, date=day(view.done_at))
    if view.state is StepState.LATER:
        return _("%(what)s, opens after: %(step)s", what=size, step=view.missing[-1])
    if isinstance(view.step, SlidesStep) and view.count:
        return _("%(seen)s of %(all)s slides seen", seen=view.count, all=view.needed)
    if isinstance(view.step, VideoStep) and view.count:
        return _("%(seen)s of %(all)s seen", seen=position(view.count), all=position(view.needed))
    if isinstance(view.step, PracticeStep) and (view.count or view.open_try):
        return _("%(done)s of %(all)s cases compared", done=view.count, all=view.needed)
    if view.open_try is not None:
        return _("%(what)s, try %(n)s is under way", what=size, n=view.open_try.number)
    return size


def step_url(to: Addresses, view: StepView) -> str:
    """Return where the person goes to work on a step or look at it again; "" while it is closed."""
    return "" if view.state is StepState.LATER else to.step(view.step.key)


def button_words(view: StepView) -> str:
    """Name the one action of the next step."""
    if view.open_try is not None or view.count:
        return {
            "practice": _("Go on scoring"),
            "quiz": _("Go on with the quiz"),
            "certification": _("Go on scoring"),
        }.get(view.step.kind, _("Go on"))
    return {
        "text": _("Read it"),
        "slides": _("Look at the slides"),
        "video": _("Watch the film"),
        "practice": _("Score a practice case"),
        "quiz": _("To the quiz"),
        "certification": _("To the certification cases"),
    }[view.step.kind]


@dataclass(frozen=True)
class TriedTerm:
    """One certificate of a line that was tried out, and its drawing."""

    term: Term
    line: ValidityLine


def tried_terms(certificate: CertificateSpec, form: DatesForm) -> list[TriedTerm]:
    """Return what the rule makes of the days that were asked about."""
    terms = simulate(
        validity_of(certificate),
        form.issued_on.data,
        renewals=[entry.data for entry in form.renewals if entry.data],
        trial_closed_on=form.closed_on.data,
    )
    return [TriedTerm(term, _tried_line(term)) for term in terms]


def _tried_line(term: Term) -> ValidityLine:
    bears = term.printed_on or term.last_on
    cut = term.last_on is not None and term.last_on != bears
    stop = term.last_on + timedelta(days=1) if cut and term.last_on else None
    return validity_line(term.first_on, bears, term.first_on, revoked=stop)


def validity_words(rule: ValiditySpec) -> str:
    """Say in words by which rule a certificate ends."""
    months = ""
    if rule.months is not None and rule.end_of_month:
        months = ngettext(
            "%(num)s month, to its end", "%(num)s months, to the end of the last", rule.months
        )
    elif rule.months is not None:
        months = ngettext("%(num)s month", "%(num)s months", rule.months)
    if rule.while_trial_open and months:
        return str(_("%(months)s, at most while the trial is open", months=months))
    if rule.while_trial_open:
        return str(_("while the trial is open"))
    return str(months or _("no end"))


def round_words(kind: str) -> str:
    """Say why a person goes through a module once more."""
    return {
        "renewal": _("You are renewing your certificate."),
        "top_up": _("The module has changed, and you do what is new in it."),
        "redo": _("The module has changed, and it is to be done once more."),
        "drift": _("Your scores have moved away from the panel's, and this brings them back."),
    }.get(kind, "")


def requirements(material: Material) -> list[tuple[str, str]]:
    """Return (label, words) of what passing asks for, in the order of the path."""
    rows: list[tuple[str, str]] = []
    for step in material.content.steps:
        if isinstance(step, QuizStep):
            rows.append(
                (_("Quiz"), _("%(needed)s of %(all)s", needed=step.pass_mark, all=step.drawn))
            )
            rows += _limits(material.content, step)
        elif isinstance(step, CertificationStep):
            rows += asked_of(material.instrument, step) + _limits(material.content, step)
    return rows


def _limits(content: Content, step: QuizStep | CertificationStep) -> list[tuple[str, str]]:
    quiz = isinstance(step, QuizStep)
    rows = []
    if step.attempts is not None or step.wait_hours:
        words = _("as many as you need")
        if step.attempts is not None:
            words = ngettext("%(num)s try", "%(num)s tries", step.attempts)
        if step.wait_hours:
            hours = ngettext("%(num)s hour", "%(num)s hours", step.wait_hours)
            words = _("%(tries)s, with %(hours)s between", tries=words, hours=hours)
        rows.append((_("Tries at the quiz") if quiz else _("Tries at the cases"), words))
    if step.after_fail.redo:
        titles = ", ".join(content.step(key).title for key in step.after_fail.redo)
        label = _("Before another try at the quiz") if quiz else _("Before another try at cases")
        rows.append((label, as_is(titles, content.language) or ""))
    return rows


def rights_words(status: str) -> str:
    """Say what a rights status means."""
    return {
        "open_reuse": _("open for reuse"),
        "permission_required": _("ask the holder before use in a trial"),
        "unresolved": _("not settled; ask before use in a trial"),
        "external_only": _("only from the holder"),
    }.get(status, status)


# --- feedback -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ItemFeedback:
    """One item beside the panel: a line to look at, and why."""

    key: str
    label: str
    own: str
    reference: str
    panel: str
    within: bool
    line: AgreementLine | None
    unit: str
    rationale: str
    revisit_url: str
    revisit_words: str
    cannot_fail: bool = False


@dataclass(frozen=True)
class TotalFeedback:
    """One total beside the panel."""

    label: str
    own: Decimal | None
    reference: Decimal | None
    within: bool
    measured: bool
    line: AgreementLine | None


@dataclass(frozen=True)
class CaseFeedback:
    """A practice case after it was compared."""

    title: str
    items: list[ItemFeedback]
    totals: list[TotalFeedback]
    within: int
    of: int
    met: bool
    pattern: str
    traps: list[str]


def case_feedback(material: Material, case: Case, mark: CaseMark, *, to: Addresses) -> CaseFeedback:
    """Set a person's scores of a case beside the panel's, item by item."""
    return CaseFeedback(
        title=case.title,
        items=[_item_feedback(material, case, item, to) for item in mark.items],
        totals=[_total_feedback(material.instrument, case, total) for total in mark.totals],
        within=mark.items_within,
        of=mark.items_of,
        met=mark.met,
        pattern=pattern_of(mark),
        traps=[trap.html for trap in case.traps],
    )


def pattern_of(mark: CaseMark) -> str:
    """Say in which direction the items outside lie, in one sentence; "" where none is outside."""
    outside = [item for item in mark.items if item.counted and not item.within]
    if not outside:
        return _("Every item is within the tolerance of the panel.")
    high = sum(1 for item in outside if item.difference is not None and item.difference > 0)
    low = sum(1 for item in outside if item.difference is not None and item.difference < 0)
    other = len(outside) - high - low
    parts = []
    if high:
        parts.append(
            ngettext("%(num)s item above the panel", "%(num)s items above the panel", high)
        )
    if low:
        parts.append(ngettext("%(num)s item below the panel", "%(num)s items below the panel", low))
    if other:
        parts.append(
            ngettext(
                "%(num)s item that only one of you could score",
                "%(num)s items that only one of you could score",
                other,
            )
        )
    return _("Outside the tolerance: %(parts)s.", parts=", ".join(parts))


def _item_feedback(material: Material, case: Case, mark: ItemMark, to: Addresses) -> ItemFeedback:
    item = material.instrument.item(mark.item)
    panel = [
        instruments.answer_from_json(rater.ratings[mark.item])
        for rater in case.panel
        if mark.item in rater.ratings
    ]
    url, words = revisit_link(to, material.content, case.revisit.get(mark.item))
    return ItemFeedback(
        key=mark.item,
        label=item.label,
        own=shown(item, mark.own),
        reference=shown(item, mark.reference),
        panel=", ".join(shown(item, answer) for answer in panel),
        within=mark.within,
        line=item_line(item, mark, panel),
        unit="",
        rationale=case.rationale.get(mark.item, ""),
        revisit_url=url,
        revisit_words=words,
        cannot_fail=not mark.counted,
    )


def signed_words(signed: ReferenceSigned) -> str:
    """Say in one line how a reference came about and who signed it."""
    return _(
        "Panel of %(raters)s, %(method)s, signed by %(name)s on %(day)s.",
        raters=signed.raters,
        method=method_words(signed.method),
        name=signed.by,
        day=day(datetime.fromisoformat(signed.at)),
    )


def method_words(method: str) -> str:
    """Name a panel's method as a person would."""
    return {
        "median": _("median"),
        "mode": _("most frequent rating"),
        "mean": _("mean"),
        "adjudicated": _("median, disputed items decided by one person"),
    }.get(method, method)


def item_line(item: Item, mark: ItemMark, panel: list[Answer]) -> AgreementLine | None:
    """Draw an item's points on its scale, None where the item or the reference has no points."""
    reach = item.reach
    reference = instruments.points_of(item, mark.reference)
    if reach is None or reference is None or reach[0] == reach[1]:
        return None
    own = None if mark.own is None else instruments.points_of(item, mark.own)
    dots = [p for answer in panel if (p := instruments.points_of(item, answer)) is not None]
    return agreement_line(
        float(reach[0]),
        float(reach[1]),
        own=None if own is None else float(own),
        panel=[float(dot) for dot in dots],
        band=None if mark.band is None else (float(mark.band[0]), float(mark.band[1])),
    )


def _total_feedback(instrument: Instrument, case: Case, mark: TotalMark) -> TotalFeedback:
    total = instrument.total(mark.total)
    line = None
    if mark.reference is not None and total.minimum != total.maximum:
        tolerance = mark.tolerance
        line = agreement_line(
            float(total.minimum),
            float(total.maximum),
            own=None if mark.own is None else float(mark.own),
            panel=[float(one) for one in panel_totals(instrument, case, mark.total)],
            band=None
            if tolerance is None
            else (float(mark.reference - tolerance), float(mark.reference + tolerance)),
        )
    return TotalFeedback(
        label=total.label,
        own=mark.own,
        reference=mark.reference,
        within=mark.within,
        measured=mark.tolerance is not None,
        line=line,
    )


def shown(item: Item, answer: Answer | None) -> str:
    """Write an answer as the form would: the value, NA, or a dash where there is none."""
    if answer is None:
        return "–"
    if answer.na:
        return _("NA")
    words = instruments.shown(answer)
    if (code := instruments.code_of(item, answer)) is not None:
        words = _("%(seconds)s s, code %(code)s", seconds=words, code=code)
    if answer.side is not None:
        left = answer.side.value == "left"
        words = (
            _("%(value)s, left side", value=words)
            if left
            else _("%(value)s, right side", value=words)
        )
    return words


def revisit_link(to: Addresses, content: Content, revisit: Revisit | None) -> tuple[str, str]:
    """Return address and words of the place in a lesson to look at again; ("", "") if none."""
    if revisit is None:
        return "", ""
    step = content.step(revisit.step)
    if revisit.slide is not None:
        url = to.step(step.key, slide=revisit.slide)
        return url, _("%(step)s, slide %(n)s", step=step.title, n=revisit.slide)
    url = to.step(step.key)
    if revisit.at is not None:
        return f"{url}#at-{int(revisit.at)}", _(
            "%(step)s, from %(time)s", step=step.title, time=position(revisit.at)
        )
    return url, step.title


def ranges_words(ranges: list[tuple[float, float]]) -> str:
    """Write parts of a film: "2:20 to 3:15, 4:00 to 4:10"."""
    return ", ".join(
        _("%(start)s to %(end)s", start=position(start), end=position(end)) for start, end in ranges
    )
