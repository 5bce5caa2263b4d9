"""Cases for certified raters: that they fit together, and how far a typical rater is off."""

import math
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, Final

from lms.errors import N_
from lms.instruments.domain import Instrument
from lms.packages.domain.content import CalibrationStep, Case, ChartSpec
from lms.packages.domain.experts import panel_totals, reference_total
from lms.packages.reader.cases import CaseReader
from lms.packages.reader.findings import Findings
from lms.packages.reader.names import known_total
from lms.packages.reader.yaml import Document

Data = dict[str, Any]
KEY: Final = "calibration"


def read_calibration(
    data: Data,
    document: Document,
    instrument: Instrument,
    reader: CaseReader,
    findings: Findings,
    steps: Collection[str],
) -> CalibrationStep | None:
    """Return the step beside the path, None with findings where something is wrong with it.

    Args:
        steps: keys of the steps of the path.
    """
    cases, files = reader.read_folder(data["cases"], document.place(KEY, "cases"))
    if files and data["count"] > files:
        findings.error(
            document.place(KEY, "count"),
            N_("%(count)s cases are asked for each time, and there are %(files)s."),
            N_("Ask for fewer, or write more."),
            count=data["count"],
            files=files,
        )
    _refuse_visits(cases, reader, findings)
    _check_names(data, document, instrument, findings, steps)
    totals = {total.key for total in instrument.totals}
    if len(cases) < files or not files or data["total"] not in totals:
        return None
    spread = data["spread"] or panel_spread(instrument, cases, data["total"])
    if not spread:
        findings.error(
            document.place(KEY, key=True),
            N_("The panels of these cases agree in everything, so their spread is no measure."),
            N_("Write under spread how far a typical rater is off, in points of the total."),
        )
        return None
    chart = {name: _plain(value) for name, value in (data["chart"] or {"kind": "ewma"}).items()}
    return CalibrationStep(
        key=KEY,
        title=data["title"],
        minutes=data["minutes"],
        cases=cases,
        required=data["count"],
        every_weeks=data["every_weeks"],
        grace_weeks=data["grace_weeks"],
        total=data["total"],
        spread=format(spread, "f"),
        chart=ChartSpec(**chart),
        redo={section: tuple(keys) for section, keys in data["redo"].items()},
    )


def _refuse_visits(cases: Sequence[Case], reader: CaseReader, findings: Findings) -> None:
    """Points of the chart stand alone: of two visits the second would rest on the first."""
    for case in cases:
        if case.follows is not None:
            findings.error(
                reader.documents[case.key].place("follows"),
                N_("A calibration case is no follow-up visit: each is scored by itself."),
                N_("Leave follows out, or keep the pair for practice and certification."),
            )


def panel_spread(instrument: Instrument, cases: Sequence[Case], total: str) -> Decimal | None:
    """Return the root mean square of the panel raters' distances from the reference, in points.

    Rounded to three places; None where no case has both figures, or all of them are 0.
    """
    squares = []
    for case in cases:
        reference = reference_total(instrument, case, total)
        if reference is not None:
            own = panel_totals(instrument, case, total)
            squares += [(one - reference) ** 2 for one in own]
    if not squares or not any(squares):
        return None
    return round(Decimal(math.sqrt(sum(squares) / len(squares))), 3)


def _check_names(
    data: Data,
    document: Document,
    instrument: Instrument,
    findings: Findings,
    steps: Collection[str],
) -> None:
    known_total(instrument, data["total"], document.place(KEY, "total"), findings)
    if KEY in steps:
        findings.error(
            document.place(KEY, key=True),
            N_("A step of the path has the key “calibration”, which stands for these cases."),
            N_("Give the step another key."),
        )
    sections = [section.key for section in instrument.sections]
    for section, keys in data["redo"].items():
        if section not in sections:
            findings.error(
                document.place(KEY, "redo", section, key=True),
                N_("The instrument has no section “%(section)s”."),
                N_("Its sections are: %(known)s."),
                section=section,
                known=", ".join(sections) or "-",
            )
        for number, key in enumerate(keys):
            if key not in steps:
                findings.error(
                    document.place(KEY, "redo", section, number),
                    N_("“%(key)s” is no step of the path."),
                    N_("The steps are: %(known)s."),
                    key=key,
                    known=", ".join(steps),
                )


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value
