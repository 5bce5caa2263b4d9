"""Reports as files, made by the worker: a spreadsheet of 200,000 rows takes minutes."""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import force_locale

from lms import jobs, storage
from lms.jobs import MadeFile
from lms.reports import exports, services
from lms.reports.domain import Sought
from lms.reports.domain.reliability import Wanted
from lms.reports.queries import completion as queries

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def make_workbook(payload: dict[str, Any], *, now: datetime) -> MadeFile:
    """Write the rows into a file, and the file into the store."""
    sought, known = Sought.from_data(payload["sought"]), queries.releases()
    total = queries.count(sought, known, today=now.date())
    with tempfile.TemporaryDirectory() as folder, force_locale(payload["language"]):
        file = Path(folder) / "completion.xlsx"
        with file.open("wb") as opened:
            exports.write_xlsx(
                opened,
                queries.stream(sought, known, today=now.date()),
                known,
                said=lambda rows: jobs.note_parts(rows, total),
            )
        return MadeFile(
            digest=storage.put_file(file),
            name=f"completion-{now:%Y-%m-%d}.xlsx",
            media_type=XLSX,
            size=file.stat().st_size,
        )


@jobs.handler(services.WORKBOOK, before=make_workbook)
def keep_workbook(
    payload: dict[str, Any],
    *,
    now: datetime,
    prepared: MadeFile,
) -> dict[str, Any]:
    return prepared.as_result()


def make_reliability(payload: dict[str, Any], *, now: datetime) -> MadeFile:
    """Compute the report, draw it, and put it into the store."""
    from lms.reports import printing  # numpy is loaded where figures are made

    with force_locale(payload["language"]):
        data = printing.reliability_pdf(
            payload["slug"], Wanted.from_data(payload["wanted"]), names=payload["names"], now=now
        )
    name = f"reliability-{payload['slug']}-{now:%Y-%m-%d}.pdf"
    return MadeFile(storage.put(data), name, PDF, len(data))


@jobs.handler(services.RELIABILITY, before=make_reliability)
def keep_reliability(
    payload: dict[str, Any], *, now: datetime, prepared: MadeFile
) -> dict[str, Any]:
    return prepared.as_result()
