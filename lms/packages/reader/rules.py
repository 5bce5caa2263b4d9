"""Criteria, levels and references that somebody writes to ask "what if", read as a package's."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Final

from lms.errors import N_
from lms.instruments import api as instruments
from lms.instruments.domain import RatingRefused
from lms.packages.domain.content import AnswerData, CertificationStep, Content
from lms.packages.domain.criteria import Criteria, Level
from lms.packages.domain.findings import Report
from lms.packages.reader.bench import Bench
from lms.packages.reader.criteria import CriteriaReader
from lms.packages.reader.findings import Findings
from lms.packages.reader.shape import shaped
from lms.packages.reader.source import Source
from lms.packages.reader.yaml import Document, read_yaml
from lms.packages.schemas import RulesSchema

FILE: Final = "rules.yaml"


@dataclass(frozen=True)
class WrittenRules:
    """What was written; `criteria` None and no levels where nothing was said of them."""

    criteria: Criteria | None
    levels: tuple[Level, ...]
    references: tuple[tuple[str, str, AnswerData], ...]


def read_rules(
    text: str, content: Content, step: CertificationStep
) -> tuple[WrittenRules | None, Report]:
    """Read rules for a step; None, with what is wrong and where, if they do not stand."""
    findings = Findings()
    document = read_yaml(FILE, text.encode(), findings)
    data = shaped(document, RulesSchema, findings) if document is not None else None
    if document is None or data is None:
        return None, findings.report()
    instrument = instruments.instrument_from_data(content.instrument)
    reader = CriteriaReader(
        Bench(Source({}), findings),
        document,
        instrument,
        step.forms,
        [len(form.cases) for form in step.forms],
    )
    criteria, levels = None, ()  # type: Criteria | None, tuple[Level, ...]
    if data["criteria"] is not None or data["levels"]:
        criteria, levels = reader.read(data, ())
    references = _references(document, data["references"], instrument, step, findings)
    report = findings.report()
    if report.errors:
        return None, report
    return WrittenRules(criteria, levels, references), report


def _references(
    document: Document,
    data: Mapping[str, Mapping[str, Any]],
    instrument: instruments.Instrument,
    step: CertificationStep,
    findings: Findings,
) -> tuple[tuple[str, str, AnswerData], ...]:
    cases = {case.key: case for form in step.forms for case in form.cases}
    items = {item.key: item for item in instrument.items}
    found = []
    for case, own in data.items():
        for item, raw in own.items():
            place = document.place("references", case, item)
            if case not in cases or item not in cases[case].reference:
                findings.error(
                    place,
                    N_("The step has no case “%(case)s” with a reference for “%(item)s”."),
                    N_("Its cases are: %(known)s."),
                    case=case,
                    item=item,
                    known=", ".join(cases),
                )
                continue
            try:
                answer = instruments.read_answer(items[item], raw)
            except RatingRefused as error:
                findings.error(place, error.message, **error.values)
                continue
            found.append((case, item, dict(instruments.answer_to_json(answer))))
    return tuple(found)


def rules_as_text(step: CertificationStep) -> str:
    """Write a step's criteria or levels as a package would, to be changed and read again."""
    if not step.levels:
        return "\n".join(["criteria:", *_lines(step.criteria, "  ")]) + "\n"
    lines = ["levels:"]
    for level in step.levels:
        lines += [
            f"  - key: {_flow(level.key)}",
            f"    title: {_flow(level.title)}",
            "    criteria:",
        ]
        lines += _lines(level.criteria, "      ")
    return "\n".join(lines) + "\n"


def _lines(criteria: Criteria, indent: str) -> list[str]:
    return [f"{indent}{name}: {_flow(value)}" for name, value in _said(criteria).items()]


def _said(value: Any) -> dict[str, Any]:
    """The fields of a criterion that say something, as a package writes them."""
    told: dict[str, Any] = {}
    for one in fields(value):
        own = getattr(value, one.name)
        if own is None or own == () or own == {} or own is False:
            continue
        told[one.name] = own
    if isinstance(value, Criteria) and not value.cases:
        told.pop("cases", None)
    if told.get("percent") is not None:  # said in percent, so not in numbers
        told.pop("items" if "items" in told else "tolerance", None)
    return told


def _flow(value: Any) -> str:
    if hasattr(value, "__dataclass_fields__"):
        return _flow(_said(value))
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and not _is_number(value):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except ArithmeticError:
        return False
