"""The completion report as a spreadsheet, made by the worker: minutes of work at 200,000 rows."""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import force_locale

from lms import jobs, storage
from lms.jobs import MadeFile
from lms.reports import exports, services
from lms.reports.domain import Sought
from lms.reports.queries import completion as queries

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
