"""Criteria in plain words: what a step asks for, and how a result stands beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from lms.instruments.domain import Instrument
from lms.modules.domain import Kind, Line, RatingResult, Sentence, Standing
from lms.modules.domain.panel import judge_panel
from lms.modules.material import Material
from lms.packages.domain import (
    Accept,
    CertificationStep,
    ChangeCriterion,
    Criteria,
    ItemCriterion,
    PanelLimit,
    TotalCriterion,
)
from lms.web.drawing import AgreementLine, agreement_line, criterion_line
from lms.web.filters import as_is, figure

Words = tuple[str, str]

# --- what is asked for ----------------------------------------------------------------------------


def asked_of(instrument: Instrument, step: CertificationStep) -> list[Words]:
    """Return (label, words) of everything that a certification step asks for."""
    rows: list[Words] = []
    for level in step.levels:
        rows += [
            (_("%(level)s: %(what)s", level=level.title, what=label), words)
            for label, words in _asked(instrument, step, level.criteria)
        ]
    return [*(rows or _asked(instrument, step, step.criteria)), *_forms(step)]


def _asked(instrument: Instrument, step: CertificationStep, criteria: Criteria) -> list[Words]:
    rows = [*_asked_of_a_case(instrument, criteria)]
    if criteria.panel_limit is not None:
        rows.append((_("Where the panel disagrees"), _limit_words(criteria.panel_limit)))
    if criteria.of_a_case:
        count = min(len(form.cases) for form in step.forms)
        rows.append((_("Cases"), _("%(needed)s of %(all)s", needed=criteria.cases, all=count)))
    return [*rows, *_asked_of_the_form(instrument, criteria)]


def _asked_of_a_case(instrument: Instrument, criteria: Criteria) -> Iterator[Words]:
    if (items := criteria.item_within) is not None:
        yield _("Each item"), _item_words(items)
        yield from _own_tolerances(instrument, items)
    if (total := criteria.total_within) is not None:
        yield _("Total"), _within_words(total)
    if (interval := criteria.expert_interval) is not None:
        yield _("Total and experts"), _interval_words(interval.method, interval.confidence)
    if criteria.critical:
        labels = ", ".join(instrument.item(key).label for key in criteria.critical)
        yield _("Exact in every case"), _ours(instrument, labels)
    if criteria.flags is not None:
        yield (
            _("Ratings that contradict one another"),
            _("at most %(n)s in a case", n=criteria.flags.at_most),
        )
    if (change := criteria.change_within) is not None:
        yield _("Change since the initial visit"), _change_words(instrument, change)


def _change_words(instrument: Instrument, change: ChangeCriterion) -> str:
    return Markup(_("%(total)s within %(tolerance)s of the panel's change")) % {  # noqa: S704  (our own sentence; what goes into it is escaped)
        "total": _ours(instrument, instrument.total(change.total).label),
        "tolerance": figure(Decimal(change.tolerance)),
    }


def _ours(instrument: Instrument, text: str) -> str:
    """Mark words of the instrument: they are in its language, whatever the reader's is."""
    return as_is(text, instrument.language) or ""


def _item_words(items: ItemCriterion) -> str:
    tolerance = figure(Decimal(items.tolerance))
    if items.percent is not None:
        return _(
            "within %(tolerance)s of the panel, on %(percent)s %% or more",
            tolerance=tolerance,
            percent=figure(Decimal(items.percent)),
        )
    return _(
        "within %(tolerance)s of the panel, on %(items)s or more",
        tolerance=tolerance,
        items=items.items,
    )


def _own_tolerances(instrument: Instrument, items: ItemCriterion) -> Iterator[Words]:
    for key, tolerance in items.per_item.items():
        label = _("Item “%(item)s”", item=instrument.item(key).label)
        yield (
            label,
            _("within %(tolerance)s of the panel", tolerance=figure(Decimal(tolerance))),
        )
    for key, accept in items.accept.items():
        label = _("Item “%(item)s”", item=instrument.item(key).label)
        yield label, _accept_words(accept)


def _accept_words(accept: Accept) -> str:
    parts = []
    if accept.below is not None:
        parts.append(
            _(
                "from %(below)s below to %(above)s above the panel",
                below=figure(Decimal(accept.below)),
                above=figure(Decimal(accept.above or 0)),
            )
        )
    for codes in accept.same:
        listed = ", ".join(map(str, codes))
        parts.append(_("%(codes)s count as one another", codes=listed))
    if accept.zero_or_na:
        parts.append(_("0 and NA count as one another"))
    return "; ".join(parts)


def _within_words(total: TotalCriterion) -> str:
    if total.percent is not None:
        percent = figure(Decimal(total.percent))
        return _("at most %(n)s %% of its range off the panel", n=percent)
    return _("within %(tolerance)s of the panel", tolerance=figure(Decimal(total.tolerance)))


def _interval_words(method: str, confidence: str) -> str:
    if method == "range":
        return _("from the lowest to the highest expert")
    percent = figure(Decimal(confidence) * 100)
    return _("inside the experts' %(n)s %% interval (t interval of their mean)", n=percent)


def _limit_words(limit: PanelLimit) -> str:
    parts = []
    if limit.share is not None:
        parts.append(_("more than %(n)s %% of the range", n=figure(Decimal(limit.share) * 100)))
    if limit.points is not None:
        parts.append(_("more than %(n)s points", n=figure(Decimal(limit.points))))
    if limit.dissent is not None:
        percent = figure(Decimal(limit.dissent) * 100)
        parts.append(_("more than %(n)s %% of the experts", n=percent))
    return _("by %(how)s, an item of a case fails nobody", how=_(", or by ").join(parts))


def _asked_of_the_form(instrument: Instrument, criteria: Criteria) -> Iterator[Words]:
    if (bias := criteria.bias) is not None:
        most = figure(Decimal(bias.at_most))
        yield _("Mean difference"), _("at most %(n)s in either direction", n=most)
        if bias.limits is not None:
            limits = figure(Decimal(bias.limits))
            yield _("95 % limits of agreement"), _("within %(n)s of 0", n=limits)
    if (icc := criteria.icc) is not None:
        yield (
            _("%(form)s with the panel", form=icc.form),
            _(
                "at least %(least)s; it decides from %(n)s cases on, below that it informs",
                least=figure(Decimal(icc.at_least)),
                n=icc.decides_from,
            ),
        )
    if (kappa := criteria.weighted_kappa) is not None:
        yield (
            weights_words(kappa.weights),
            _(
                "at least %(least)s; it decides from %(n)s ratings on, below that it informs",
                least=figure(Decimal(kappa.at_least)),
                n=kappa.decides_from,
            ),
        )
    if criteria.minimum_cases is not None:
        count = criteria.minimum_cases
        yield _("A form holds"), ngettext("%(num)s case or more", "%(num)s cases or more", count)
    if criteria.severities:
        yield _("A form covers"), ", ".join(severity_words(one) for one in criteria.severities)


def _forms(step: CertificationStep) -> list[Words]:
    rows = []
    if any(case.accept for form in step.forms for case in form.cases):
        words = _("in some cases an item has more than one right answer")
        rows.append((_("Right answers"), words))
    if (count := len(step.forms)) > 1:
        words = ngettext("%(num)s form", "%(num)s forms, no two with a case in common", count)
        rows.append((_("Forms"), words))
    return rows


def weights_words(weights: str) -> str:
    if weights == "linear":
        return _("Kappa with linear weights")
    return _("Kappa with quadratic weights")


def severity_words(severity: str) -> str:
    return {"mild": _("mild"), "moderate": _("moderate"), "severe": _("severe")}[severity]


# --- how a result stands --------------------------------------------------------------------------


@dataclass(frozen=True)
class CriterionRow:
    """One criterion of a result: what was reached, what is required, whether it is met.

    Args:
        informs: it decides on nobody; `reason` says why.
        words: all of it in one sentence.
        interval: where the figure lies and by which method, "" where there is none.
    """

    label: str
    own: str
    required: str
    line: AgreementLine | None
    met: bool
    informs: bool
    words: str
    interval: str
    reason: str


def criterion_rows(material: Material, result: RatingResult) -> list[CriterionRow]:
    """Return the criteria of a certification result, the deciding one first."""
    criteria = criteria_of(material, result)
    return [_row(line, criteria, result) for line in result.verdict.lines]


def criteria_of(material: Material, result: RatingResult) -> Criteria:
    """Return the criteria by which a result was judged: those of its level, where it has one."""
    for step in material.content.steps:
        if isinstance(step, CertificationStep):
            for level in step.levels:
                if level.key == result.level:
                    return level.criteria
    return material.criteria


def _row(line: Line, criteria: Criteria, result: RatingResult) -> CriterionRow:
    return CriterionRow(
        label=_label(line, criteria),
        own=_own(line, result),
        required=_required(line, criteria),
        line=_drawn(line),
        met=line.standing is Standing.MET,
        informs=line.standing is Standing.INFORMS,
        words=sentence_words(line.sentence),
        interval=_bounds_words(line),
        reason="" if line.reason is None else sentence_words(line.reason),
    )


def sentence_words(sentence: Sentence) -> str:
    """Say a verdict's sentence in the reader's language."""
    values = sentence.values
    return str(_(sentence.key, **values) if values else _(sentence.key))


def _label(line: Line, criteria: Criteria) -> str:
    items, total = criteria.item_within, criteria.total_within
    if line.kind is Kind.ITEMS and items is not None:
        return _("Items within %(n)s of the panel", n=figure(Decimal(items.tolerance)))
    if line.kind is Kind.TOTAL and total is not None:
        if total.percent is not None:
            percent = figure(Decimal(total.percent))
            return _("Total within %(n)s %% of its range", n=percent)
        return _("Total within %(n)s of the panel", n=figure(Decimal(total.tolerance)))
    if line.kind is Kind.CHANGE and (change := criteria.change_within) is not None:
        return _("Change within %(n)s of the panel's", n=figure(Decimal(change.tolerance)))
    if line.kind is Kind.KAPPA:
        return weights_words(line.about)
    if line.kind is Kind.ICC:
        return _("%(form)s with the panel", form=line.about)
    return {
        Kind.CASES: _("Cases in agreement"),
        Kind.INTERVAL: _("Total inside the experts' interval"),
        Kind.CRITICAL: _("Critical items exact"),
        Kind.FLAGS: _("Ratings that go together"),
        Kind.BIAS: _("Mean difference"),
        Kind.LIMITS: _("95 % limits of agreement"),
        Kind.SIZE: _("Cases of the form"),
        Kind.SEVERITIES: _("Severities of the form"),
    }[line.kind]


def _own(line: Line, result: RatingResult) -> str:
    if line.kind is Kind.ITEMS:
        return _("%(n)s of %(all)s", n=result.items_within, all=result.items_of)
    if line.kind in (Kind.CASES, Kind.SEVERITIES):
        return _("%(n)s of %(all)s", n=line.figure, all=line.of)
    if line.kind is Kind.SIZE:
        return str(line.figure)
    if line.kind in (Kind.BIAS, Kind.LIMITS, Kind.ICC, Kind.KAPPA):
        return _("no value") if line.figure is None else _told(line)
    return _("in %(n)s of %(all)s cases", n=line.figure, all=line.of)


def _told(line: Line) -> str:
    """Write the figure so finely that it is on the side of the limit where it lies."""
    limit = line.at_least if line.at_least is not None else line.at_most
    value = Decimal(str(line.figure))
    for places in range(2, 6):
        rounded = round(value, places)
        if limit is None or line.standing is not Standing.NOT_MET or abs(rounded) != limit:
            break
    return str(format(rounded.normalize(), "f")).replace("-", "−")


def _required(line: Line, criteria: Criteria) -> str:
    items = criteria.item_within
    if line.kind is Kind.ITEMS and items is not None:
        if items.percent is not None:
            percent = figure(Decimal(items.percent))
            return _("at least %(n)s %% in a case", n=percent)
        return _("at least %(n)s in a case", n=items.items)
    if line.kind is Kind.BIAS:
        return _("at most %(n)s in either direction", n=figure(_decimal(line.at_most)))
    if line.kind is Kind.LIMITS:
        return _("within %(n)s of 0", n=figure(_decimal(line.at_most)))
    if line.kind in (Kind.TOTAL, Kind.INTERVAL, Kind.CRITICAL, Kind.FLAGS, Kind.CHANGE):
        return _("in at least %(n)s cases", n=line.at_least)
    return _("at least %(n)s", n=figure(_decimal(line.at_least)))


def _decimal(number: object) -> Decimal | None:
    return None if number is None else Decimal(str(number))


def _drawn(line: Line) -> AgreementLine | None:
    """Draw the figure on its line: the band is what is required."""
    if line.figure is None:
        return None
    value = float(line.figure)
    if line.kind is Kind.BIAS and line.at_most is not None:
        most = float(line.at_most)
        end = max(2 * most, abs(value), 1.0)
        return agreement_line(-end, end, own=value, band=(-most, most))
    if line.kind is Kind.LIMITS and line.at_most is not None:
        most = float(line.at_most)
        return criterion_line(value, maximum=max(2 * most, value, 1.0), at_most=most)
    if line.at_least is None:
        return None
    least = float(line.at_least)
    if line.kind in (Kind.ICC, Kind.KAPPA):
        low = 0.0 if value >= 0 else -1.0
        return criterion_line(max(value, low), minimum=low, maximum=1.0, at_least=least)
    end = max(line.of or 0, value, least)
    return criterion_line(value, maximum=end, at_least=least) if end else None


def _bounds_words(line: Line) -> str:
    found = line.interval
    if found is None:
        return ""
    return _(
        "%(percent)s %% interval %(low)s to %(high)s. %(method)s",
        percent=figure(Decimal(str(found.confidence)) * 100),
        low=figure(found.low),
        high=figure(found.high),
        method=_(found.method),
    )


# --- the panel by its own rules -------------------------------------------------------------------


@dataclass(frozen=True)
class PanelRow:
    """How a form's experts would do with it, each by the reference of the others.

    Args:
        failed: who would not pass, with the criteria that are open.
    """

    form: str
    passed: int
    of: int
    failed: list[Words]

    @property
    def fewer_than_most(self) -> bool:
        """Whether fewer than three quarters would pass."""
        return 4 * self.passed < 3 * self.of


def panel_rows(material: Material) -> list[PanelRow]:
    """Judge the panel of every certification form, for those who write the module."""
    rows = []
    for step in material.content.steps:
        if not isinstance(step, CertificationStep):
            continue
        panel = judge_panel(material.instrument, step)
        for form in step.forms:
            judged = panel.of_form(form.key)
            failed = [
                (one.rater, ", ".join(_open_labels(material, one.result)))
                for one in judged.experts
                if not one.result.passed
            ]
            rows.append(PanelRow(form.key, judged.passed, judged.of, failed))
    return rows


def _open_labels(material: Material, result: RatingResult) -> list[str]:
    criteria = criteria_of(material, result)
    return [_label(line, criteria) for line in result.verdict.open]
