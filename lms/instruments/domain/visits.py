"""Two visits of one patient: how the totals changed, and what does not go together."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from lms.instruments.domain.answers import Answer, points_of
from lms.instruments.domain.definition import Direction, Instrument
from lms.instruments.domain.scales import ZERO
from lms.instruments.domain.scoring import score
from lms.instruments.domain.terms import Agreeing, Check


@dataclass(frozen=True, slots=True)
class Flag:
    """A rating that does not go together with another. To be looked at again: no verdict.

    Args:
        says: the definition's sentence about it, in the instrument's language.
    """

    check: Check
    item: str
    says: str


@dataclass(frozen=True, slots=True)
class TotalChange:
    """How a total changed from the initial visit to the follow-up.

    Args:
        difference: follow-up less initial; None where either has no value.
        better: None where there is no difference, or it is 0.
    """

    initial: Decimal | None
    follow_up: Decimal | None
    difference: Decimal | None
    better: bool | None


def visit_flags(
    instrument: Instrument,
    answers: Mapping[str, Answer],
    before: Mapping[str, Answer] | None = None,
) -> tuple[Flag, ...]:
    """What in a visit contradicts itself or the visit before.

    What is NA or not answered contradicts nothing.

    Args:
        before: the initial visit; None = this is the only one, and only the visit itself is
            looked at.

    Returns:
        Flags in the order of the definition's rules and of their items.
    """
    return tuple(
        flag
        for rule in instrument.consistency
        for flag in _flags(instrument, rule, answers, before or {})
    )


def total_changes(
    instrument: Instrument, initial: Mapping[str, Answer], follow_up: Mapping[str, Answer]
) -> dict[str, TotalChange]:
    """How each total changed, by its key."""
    first, second = score(instrument, initial).totals, score(instrument, follow_up).totals
    return {
        total.key: _change(total.direction, first[total.key].value, second[total.key].value)
        for total in instrument.totals
    }


def _change(direction: Direction, first: Decimal | None, second: Decimal | None) -> TotalChange:
    if first is None or second is None:
        return TotalChange(first, second, None, None)
    difference = second - first
    up_is_good = direction is Direction.HIGHER_BETTER
    better = None if difference == 0 else (difference > 0) == up_is_good
    return TotalChange(first, second, difference, better)


def _flags(
    instrument: Instrument,
    rule: Agreeing,
    answers: Mapping[str, Answer],
    before: Mapping[str, Answer],
) -> list[Flag]:
    if rule.check is Check.EXPLAINED:
        return [] if _explained(instrument, rule, answers) else [_flag(rule, rule.line)]
    broken = _has_fallen if rule.check is Check.NEVER_FALLS else _breaks_course
    return [
        _flag(rule, key)
        for key in rule.items
        if _assessed(answers, key)
        and _assessed(before, key)
        and broken(instrument, rule, key, before[key], answers[key])
    ]


def _flag(rule: Agreeing, item: str) -> Flag:
    return Flag(rule.check, item, rule.says)


def _assessed(answers: Mapping[str, Answer], key: str) -> bool:
    return key in answers and not answers[key].na


def _has_fallen(
    instrument: Instrument, rule: Agreeing, key: str, before: Answer, now: Answer
) -> bool:
    first, second = (points_of(instrument.item(key), answer) for answer in (before, now))
    return first is not None and second is not None and second < first


def _breaks_course(
    instrument: Instrument, rule: Agreeing, key: str, before: Answer, now: Answer
) -> bool:
    """New must have been absent; what goes on must have been there."""
    was_absent = before.value == rule.absent
    if now.value == rule.new:
        return not was_absent
    return now.value != rule.absent and was_absent


def _explained(instrument: Instrument, rule: Agreeing, answers: Mapping[str, Answer]) -> bool:
    """Whether the line is 0, or some item may explain that it is not."""
    line = answers.get(rule.line)
    worth = None if line is None else points_of(instrument.item(rule.line), line)
    if worth is None or worth == ZERO:
        return True
    return any(
        not _assessed(answers, key) or answers[key].value != rule.absent for key in rule.items
    )
