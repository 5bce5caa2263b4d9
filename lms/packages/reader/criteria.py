"""Criteria of a certification step: checked against the instrument and the cases, compiled."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from lms.errors import N_
from lms.instruments import api as instruments
from lms.instruments.domain import (
    Check,
    Instrument,
    Item,
    RatingRefused,
    Total,
    visit_flags,
)
from lms.packages.domain.content import Case, CaseForm
from lms.packages.domain.criteria import (
    BIAS_LEAST_CASES,
    Accept,
    BiasCriterion,
    ChangeCriterion,
    Criteria,
    FlagCriterion,
    IccCriterion,
    IntervalCriterion,
    ItemCriterion,
    KappaCriterion,
    Level,
    PanelLimit,
    TotalCriterion,
)
from lms.packages.domain.experts import expert_interval, ratings_of, reference_total
from lms.packages.domain.findings import Cause
from lms.packages.reader.bench import Bench
from lms.packages.reader.names import known_item, known_total
from lms.packages.reader.yaml import Document, Path

Data = dict[str, Any]
_ORDERED = ("levels", "parts")


class CriteriaReader:
    """Reads the criteria of one step.

    Args:
        forms: with the cases that could be read.
        files: how many files each form has, sound or not.
    """

    def __init__(
        self,
        bench: Bench,
        document: Document,
        instrument: Instrument | None,
        forms: Sequence[CaseForm],
        files: Sequence[int],
    ) -> None:
        self.bench = bench
        self.document = document
        self.instrument = instrument
        self.forms = forms
        self.files = files

    def read(self, data: Data, path: Path) -> tuple[Criteria, tuple[Level, ...]]:
        """Return the criteria that decide (with levels: the mildest's), and the levels."""
        here = (*path, "levels")
        if (data["criteria"] is None) == (not data["levels"]):
            self._error(
                (*path, "key"),
                N_("A certification step has either criteria or levels."),
                N_("Write criteria, or levels from the strictest to the mildest."),
            )
        levels: list[Level] = []
        for number, level in enumerate(data["levels"]):
            if any(level["key"] == other.key for other in levels):
                self._error(
                    (*here, number, "key"),
                    N_("Two levels have the key “%(key)s”."),
                    N_("Give one of them another key."),
                    key=level["key"],
                )
            criteria = self._criteria(level["criteria"], (*here, number, "criteria"))
            levels.append(Level(level["key"], level["title"], criteria))
        if data["criteria"] is not None:
            return self._criteria(data["criteria"], (*path, "criteria")), tuple(levels)
        return levels[-1].criteria if levels else Criteria(None, None, 0), tuple(levels)

    def _criteria(self, data: Data, path: Path) -> Criteria:
        criteria = Criteria(
            item_within=self._items(data["item_within"], (*path, "item_within")),
            total_within=self._total(data["total_within"], (*path, "total_within")),
            cases=data["cases"] or 0,
            expert_interval=self._interval(data["expert_interval"], (*path, "expert_interval")),
            critical=self._known_items(data["critical"], (*path, "critical")),
            flags=self._flags(data["flags"], (*path, "flags")),
            bias=self._bias(data["bias"], (*path, "bias")),
            icc=self._icc(data["icc"], (*path, "icc")),
            weighted_kappa=self._kappa(data["weighted_kappa"], (*path, "weighted_kappa")),
            panel_limit=self._limit(data["panel_limit"], (*path, "panel_limit")),
            minimum_cases=data["minimum_cases"],
            severities=tuple(data["severities"]),
            change_within=self._change(data["change_within"], (*path, "change_within")),
        )
        self._check_deciding(criteria, path)
        self._check_cases(criteria, path)
        return criteria

    def _check_deciding(self, criteria: Criteria, path: Path) -> None:
        if criteria.of_a_case or criteria.bias is not None:
            return
        if criteria.icc is not None or criteria.weighted_kappa is not None:
            self._error(
                path,
                N_("A correlation or a kappa never decides alone: it can be high far from the "
                   "panel, and is unsure with few cases."),
                N_("Add a criterion of distance: item_within, total_within or bias."),
                at_key=True,
            )  # fmt: skip
            return
        self._error(
            path,
            N_("There is no criterion: every try would pass."),
            N_("Write item_within, total_within or both."),
            at_key=True,
        )

    def _check_cases(self, criteria: Criteria, path: Path) -> None:
        if criteria.of_a_case and not criteria.cases:
            self._error(
                path,
                N_("The key “%(key)s” is missing here."),
                N_("Say in how many cases of a form the criteria must be met."),
                at_key=True,
                key="cases",
            )
        for form, files in zip(self.forms, self.files, strict=True):
            if files and criteria.cases > files:
                self._error(
                    (*path, "cases"),
                    N_("%(needed)s cases must be met, and form “%(form)s” has %(count)s."),
                    N_("Ask for fewer, or write more cases."),
                    needed=criteria.cases,
                    form=form.key,
                    count=files,
                )
            if files and criteria.minimum_cases and criteria.minimum_cases > files:
                self._error(
                    (*path, "minimum_cases"),
                    N_("A form must hold %(needed)s cases, and form “%(form)s” has %(count)s."),
                    N_("Ask for fewer, or write more cases."),
                    needed=criteria.minimum_cases,
                    form=form.key,
                    count=files,
                )
            if files and criteria.bias is not None and files < BIAS_LEAST_CASES:
                self._error(
                    (*path, "bias"),
                    N_("A mean difference needs %(needed)s cases, and form “%(form)s” has "
                       "%(count)s: of fewer it would tell the reference."),
                    N_("Write more cases, or leave bias out."),
                    at_key=True,
                    needed=BIAS_LEAST_CASES,
                    form=form.key,
                    count=files,
                )  # fmt: skip
            self._check_severities(criteria, form, (*path, "severities"))

    def _check_severities(self, criteria: Criteria, form: CaseForm, path: Path) -> None:
        held = {case.severity for case in form.cases}
        for severity in criteria.severities:
            if form.cases and severity not in held:
                self._error(
                    path,
                    N_("Form “%(form)s” has no case of severity “%(severity)s”."),
                    N_("Write one, or ask for less."),
                    form=form.key,
                    severity=severity,
                )

    def _items(self, data: Data | None, path: Path) -> ItemCriterion | None:
        if data is None:
            return None
        if (data["items"] is None) == (data["percent"] is None):
            self._error(
                path,
                N_("How many items must be within is said once: as items or as percent."),
                N_("Write one of the two."),
                at_key=True,
            )
        if self.instrument is not None:
            self._check_items(self.instrument, data, path)
        return ItemCriterion(
            tolerance=_plain(data["tolerance"]),
            items=data["items"] or 0,
            per_item={key: _plain(one) for key, one in data["per_item"].items()},
            percent=None if data["percent"] is None else _plain(data["percent"]),
            accept={
                key: accept
                for key, one in data["accept"].items()
                if (accept := self._accept(key, one, (*path, "accept", key))) is not None
            },
        )

    def _check_items(self, instrument: Instrument, data: Data, path: Path) -> None:
        items = instrument.items
        if data["items"] is not None and data["items"] > len(items):
            self._error(
                (*path, "items"),
                N_("%(needed)s items must be within, and the instrument has %(count)s."),
                N_("Ask for fewer."),
                needed=data["items"],
                count=len(items),
            )
        for key in data["per_item"]:
            self._item(key, (*path, "per_item", key), at_key=True)
        ranges = [item.reach for item in items if item.reach is not None]
        widest = max((high - low for low, high in ranges), default=None)
        if widest is not None and data["tolerance"] >= widest:
            self.bench.findings.warn(
                self.document.place(*path, "tolerance"),
                N_("A tolerance of %(tolerance)s lets every rating pass."),
                N_("No item is wider than %(widest)s; choose a smaller tolerance."),
                tolerance=data["tolerance"],
                widest=widest,
            )

    def _accept(self, key: str, data: Data, path: Path) -> Accept | None:
        item = self._item(key, path, at_key=True)
        if item is None:
            return None
        if data["zero_or_na"] and not item.na:
            self._error(
                (*path, "zero_or_na"),
                N_("The item “%(item)s” cannot be NA."),
                N_("Leave zero_or_na out."),
                item=key,
            )
        sided = data["below"] is not None or data["above"] is not None
        if sided and item.kind == "choice":
            self._error(
                path,
                N_("The item “%(item)s” has no order, so nothing is below or above."),
                N_("Name the values that count as one: same."),
                at_key=True,
                item=key,
            )
        same = tuple(
            tuple(self._value(item, value, (*path, "same", n)) for value in codes)
            for n, codes in enumerate(data["same"])
        )
        return Accept(
            below=_plain(data["below"] or Decimal(0)) if sided else None,
            above=_plain(data["above"] or Decimal(0)) if sided else None,
            same=same,
            zero_or_na=data["zero_or_na"],
        )

    def _value(self, item: Item, raw: object, path: Path) -> object:
        try:
            return accepted_value(item, raw)
        except RatingRefused as error:
            self._error(
                path,
                N_("The rating of “%(item)s” is refused: %(why)s"),
                N_("Correct the rating."),
                item=item.key,
                why=Cause(error.message, {name: str(v) for name, v in error.values.items()}),
            )
            return None

    def _total(self, data: Data | None, path: Path) -> TotalCriterion | None:
        if data is None:
            return None
        if (data["tolerance"] is None) == (data["percent"] is None):
            self._error(
                path,
                N_("How near the total must be is said once: as tolerance or as percent."),
                N_("Write one of the two."),
                at_key=True,
            )
        total = self._known_total(data["total"], path)
        if total is not None:
            self._check_width(total, data, path)
        percent = None if data["percent"] is None else _plain(data["percent"])
        return TotalCriterion(data["total"], _plain(data["tolerance"] or Decimal(0)), percent)

    def _check_width(self, total: Total, data: Data, path: Path) -> None:
        width = total.maximum - total.minimum
        given = "tolerance" if data["tolerance"] is not None else "percent"
        if (data["tolerance"] is not None and data["tolerance"] >= width) or data["percent"] == 100:
            self.bench.findings.warn(
                self.document.place(*path, given),
                N_("A tolerance of %(tolerance)s lets every rating pass."),
                N_("The total is only %(widest)s wide; choose a smaller tolerance."),
                tolerance=width if data["tolerance"] is None else data["tolerance"],
                widest=width,
            )

    def _interval(self, data: Data | None, path: Path) -> IntervalCriterion | None:
        if data is None:
            return None
        total = self._known_total(data["total"], path)
        criterion = IntervalCriterion(data["total"], data["method"], _plain(data["confidence"]))
        if total is not None and self.instrument is not None:
            for case in self._cases():
                self._check_interval(self.instrument, case, criterion, path)
        return criterion

    def _check_interval(
        self, instrument: Instrument, case: Case, criterion: IntervalCriterion, path: Path
    ) -> None:
        interval = expert_interval(instrument, case, criterion)
        reference = reference_total(instrument, case, criterion.total)
        if reference is None and interval is None:
            return
        if reference is None or interval is None or not interval.holds(reference):
            self._error(
                path,
                N_("In case “%(case)s” the reference's own total is not inside the interval of "
                   "the experts."),
                N_("Who agrees with the reference must be able to pass: look at the panel of the "
                   "case, or use method: range."),
                at_key=True,
                case=case.key,
            )  # fmt: skip

    def _flags(self, data: Data | None, path: Path) -> FlagCriterion | None:
        if data is None:
            return None
        instrument = self.instrument
        if instrument is not None:
            visits = any(case.follows is not None for case in self._cases())
            rules = [
                one for one in instrument.consistency if visits or one.check is Check.EXPLAINED
            ]
            if not rules:
                self._error(
                    path,
                    N_("The instrument has no rule of consistency for a single visit.")
                    if not visits
                    else N_("The instrument has no rule of consistency."),
                    N_("Leave flags out, or give the instrument such a rule."),
                    at_key=True,
                )
            references = {case.key: ratings_of(case.reference) for case in self._cases()}
            for case in self._cases():
                before = references.get(case.follows) if case.follows else None
                raised = len(visit_flags(instrument, references[case.key], before))
                if raised > data["at_most"]:
                    self._error(
                        (*path, "at_most"),
                        N_("The reference of case “%(case)s” raises %(count)s flags itself."),
                        N_("Allow so many, or look at the reference again."),
                        case=case.key,
                        count=raised,
                    )
        return FlagCriterion(data["at_most"])

    def _change(self, data: Data | None, path: Path) -> ChangeCriterion | None:
        if data is None:
            return None
        self._known_total(data["total"], path)
        for form in self.forms:
            if form.cases and all(case.follows is None for case in form.cases):
                self._error(
                    path,
                    N_("Form “%(form)s” has no follow-up visit, so nothing changes in it."),
                    N_("Leave change_within out, or write follows in a case of the form."),
                    at_key=True,
                    form=form.key,
                )
        return ChangeCriterion(data["total"], _plain(data["tolerance"]))

    def _bias(self, data: Data | None, path: Path) -> BiasCriterion | None:
        if data is None:
            return None
        self._known_total(data["total"], path)
        limits = data["limits"]
        if limits is not None and limits < data["at_most"]:
            self._error(
                (*path, "limits"),
                N_("The limits of agreement lie farther out than the mean difference."),
                N_("Write %(least)s or more here."),
                least=data["at_most"],
            )
        return BiasCriterion(
            data["total"], _plain(data["at_most"]), None if limits is None else _plain(limits)
        )

    def _icc(self, data: Data | None, path: Path) -> IccCriterion | None:
        if data is None:
            return None
        if data["total"] is not None:
            self._known_total(data["total"], path)
        return IccCriterion(
            data["form"], _plain(data["at_least"]), data["total"], data["decides_from"]
        )

    def _kappa(self, data: Data | None, path: Path) -> KappaCriterion | None:
        if data is None:
            return None
        items: tuple[str, ...] = ()
        if self.instrument is not None:
            ordered = [item for item in self.instrument.items if item.kind in _ORDERED]
            named = data["items"] if data["items"] is not None else [one.key for one in ordered]
            items = self._known_items(named, (*path, "items"))
            self._check_pooled([self.instrument.item(key) for key in items], path)
        return KappaCriterion(
            data["weights"], _plain(data["at_least"]), items, data["decides_from"]
        )

    def _check_pooled(self, items: list[Item], path: Path) -> None:
        if not items or any(item.kind not in _ORDERED for item in items):
            self._error(
                path,
                N_("A weighted kappa needs items with ordered levels."),
                N_("Name such items, or leave weighted_kappa out."),
                at_key=True,
            )
        elif len({item.reach for item in items}) > 1:
            self._error(
                path,
                N_("The pooled items have different scales."),
                N_("Name items with one and the same scale: items: […]."),
                at_key=True,
            )

    def _limit(self, data: Data | None, path: Path) -> PanelLimit | None:
        if data is None:
            return None
        if all(value is None for value in data.values()):
            self._error(
                path,
                N_("The limit of the panel says nothing."),
                N_("Write share, points or dissent."),
                at_key=True,
            )
        return PanelLimit(**{k: None if v is None else _plain(v) for k, v in data.items()})

    def _cases(self) -> list[Case]:
        return [case for form in self.forms for case in form.cases]

    def _known_items(self, keys: Sequence[str], path: Path) -> tuple[str, ...]:
        for number, key in enumerate(keys):
            self._item(key, (*path, number))
        known = {item.key for item in self.instrument.items} if self.instrument else set(keys)
        return tuple(dict.fromkeys(key for key in keys if key in known))

    def _item(self, key: str, path: Path, *, at_key: bool = False) -> Item | None:
        if self.instrument is None:
            return None
        place = self.document.place(*path, key=at_key)
        return known_item(self.instrument, key, place, self.bench.findings)

    def _known_total(self, key: str, path: Path) -> Total | None:
        if self.instrument is None:
            return None
        place = self.document.place(*path, "total")
        return known_total(self.instrument, key, place, self.bench.findings)

    def _error(
        self, path: Path, message: str, remedy: str = "", *, at_key: bool = False, **values: Any
    ) -> None:
        self.bench.findings.error(self.document.place(*path, key=at_key), message, remedy, **values)


def accepted_value(item: Item, raw: object) -> object:
    """Return a value of an accept set in the JSON form in which answers are kept.

    Raises:
        RatingRefused: if the item does not take it.
    """
    answer = instruments.read_answer(item, raw)
    return "NA" if answer.na else instruments.answer_to_json(answer)["value"]


def _plain(figure: Decimal) -> str:
    return format(figure, "f")
