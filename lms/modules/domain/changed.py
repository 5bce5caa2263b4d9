"""Rules of a certification step as somebody would have them, laid over what a release says."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from lms.instruments.domain import Instrument
from lms.packages.domain import Case, CaseForm, CertificationStep, Content, Criteria, Level
from lms.packages.domain.content import AnswerData, criteria_from_json, level_from_json


@dataclass(frozen=True)
class ReferenceChange:
    """Another reference for one item of one case."""

    case: str
    item: str
    answer: AnswerData


@dataclass(frozen=True)
class ChangedRules:
    """What is asked: other criteria or levels, other references, or both.

    Args:
        criteria: None = those of each release.
        levels: with them, `criteria` are those of the mildest.
    """

    step: str
    criteria: Criteria | None = None
    levels: tuple[Level, ...] = ()
    references: tuple[ReferenceChange, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        return self.criteria is None and not self.references

    def over(self, step: CertificationStep) -> CertificationStep:
        """Return a release's step by these rules."""
        forms = step.forms
        if self.references:
            forms = tuple(replace(form, cases=tuple(map(self._case, form.cases))) for form in forms)
        if self.criteria is None:
            return replace(step, forms=forms)
        return replace(step, forms=forms, criteria=self.criteria, levels=self.levels)

    def _case(self, case: Case) -> Case:
        own = {one.item: one.answer for one in self.references if one.case == case.key}
        own = {item: answer for item, answer in own.items() if item in case.reference}
        return replace(case, reference={**case.reference, **own}) if own else case

    def fits(self, instrument: Instrument) -> bool:
        """Whether an instrument has every item and total that the criteria name."""
        items = {item.key for item in instrument.items}
        totals = {total.key for total in instrument.totals}
        every = [self.criteria, *(level.criteria for level in self.levels)]
        return all(
            set(_items_of(one)) <= items and set(_totals_of(one)) <= totals for one in every if one
        )

    def stand_in(self, content: Content) -> bool:
        """Whether a content says all of this: then the change is published."""
        found = next((one for one in content.steps if one.key == self.step), None)
        if not isinstance(found, CertificationStep) or self.changes_nothing:
            return False
        rules = self.criteria is None or (_said(found.criteria), *map(_said, found.levels)) == (
            _said(self.criteria),
            *map(_said, self.levels),
        )
        cases = {case.key: case for form in found.forms for case in form.cases}
        return rules and all(
            one.case in cases and cases[one.case].reference.get(one.item) == one.answer
            for one in self.references
        )

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def _said(rules: Criteria | Level) -> Any:
    """Rules with figures as figures: 5.0 says what 5 says."""
    return _figures(asdict(rules))


def _figures(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _figures(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return tuple(map(_figures, value))
    try:
        return Decimal(value) if isinstance(value, str) else value
    except InvalidOperation:
        return value


def changed_rules_from_data(data: Mapping[str, Any]) -> ChangedRules:
    """Read what `as_data` wrote and JSON kept."""
    criteria = data["criteria"]
    return ChangedRules(
        step=data["step"],
        criteria=None if criteria is None else criteria_from_json(criteria),
        levels=tuple(level_from_json(one) for one in data["levels"]),
        references=tuple(ReferenceChange(**one) for one in data["references"]),
    )


def form_of(step: CertificationStep, key: str) -> CaseForm | None:
    """Return a form of a step, None if it has no such form."""
    return next((form for form in step.forms if form.key == key), None)


def _items_of(criteria: Criteria) -> Iterable[str]:
    yield from criteria.critical
    if criteria.item_within is not None:
        yield from criteria.item_within.per_item
        yield from criteria.item_within.accept
    if criteria.weighted_kappa is not None:
        yield from criteria.weighted_kappa.items


def _totals_of(criteria: Criteria) -> Iterable[str]:
    asked = (criteria.total_within, criteria.expert_interval, criteria.bias)
    yield from (one.total for one in asked if one is not None)
    if criteria.icc is not None and criteria.icc.total is not None:
        yield criteria.icc.total
