"""Many certificates as one ZIP with lists of what it holds: the same bytes for the same content."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from hashlib import sha256
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from lms import storage
from lms.cells import harmless
from lms.certificates import queries, services
from lms.certificates.domain import IssuedCertificate, shown_code
from lms.errors import N_, LmsError, NotFound

FORMAT: Final = "concord-certificates/1"
AT_A_TIME: Final = 200
EARLIEST: Final = (1980, 1, 1, 0, 0, 0)


class FileDamaged(LmsError):
    """The store does not hold what was signed."""


@dataclass(frozen=True)
class Line:
    """One certificate in the lists.

    Args:
        name: "" where the holder's data were erased.
        state: on the day of the ZIP.
        file: its name in the ZIP, "" where it has none; then `remark` says why.
        sha256: of that file.
    """

    code: str
    name: str
    title: str
    module: str
    issued_on: str
    expires_on: str
    state: str
    development: bool
    file: str
    sha256: str
    size: int
    remark: str


def write_zip(
    file: IO[bytes], codes: list[str], *, at: datetime, said: Callable[[int], None]
) -> list[int]:
    """Write the certificates with these codes, and manifest.csv and manifest.json after them.

    Few of them are in memory at a time.

    Args:
        at: as of when states are told.
        said: told now and then how many are written.

    Returns:
        the ids of the certificates whose files are inside.

    Raises:
        FileDamaged: if a stored file is missing or is not the one that was signed.
    """
    lines: list[Line] = []
    inside: list[int] = []
    with ZipFile(file, "w") as archive:
        for one in _in_order(codes):
            data = _bytes_of(one)
            lines.append(_line(one, at.date()))
            if data is not None:
                archive.writestr(_entry(lines[-1].file, ZIP_STORED), data)
                inside.append(one.id)
            if len(lines) % 50 == 0:
                said(len(lines))
        archive.writestr(_entry("manifest.csv", ZIP_DEFLATED), _csv(lines))
        archive.writestr(_entry("manifest.json", ZIP_DEFLATED), _json(lines, at))
    return inside


def _in_order(codes: list[str]) -> Iterator[IssuedCertificate]:
    for start in range(0, len(codes), AT_A_TIME):
        some = codes[start:][:AT_A_TIME]
        found = queries.by_codes(some)
        yield from (found[code] for code in some if code in found)


def _bytes_of(one: IssuedCertificate) -> bytes | None:
    if one.file is None or one.erased:
        return None
    try:
        data = storage.get(one.file.digest)
    except NotFound:
        data = b""
    if sha256(data).hexdigest() != one.file.digest:
        raise FileDamaged(
            N_(
                "The store does not hold the file of certificate %(code)s as it was signed. "
                "Bring it back from a backup, then try again."
            ),
            code=shown_code(one.code),
        )
    return data


def _line(one: IssuedCertificate, on: date) -> Line:
    facts, file = one.facts, None if one.erased else one.file
    return Line(
        code=shown_code(one.code),
        name="" if one.erased else facts.name,
        title=facts.title,
        module=facts.module_slug,
        issued_on=facts.issued_on.isoformat(),
        expires_on=one.ends_on.isoformat() if one.ends_on else "",
        state=one.state_on(on),
        development=file is not None and file.development,
        file=f"certificates/{services.file_name(one)}" if file else "",
        sha256=file.digest if file else "",
        size=file.size if file else 0,
        remark="" if file else "erased at the holder's request" if one.erased else "not signed yet",
    )


def _entry(name: str, compression: int) -> ZipInfo:
    made = ZipInfo(name, EARLIEST)
    made.compress_type = compression
    made.external_attr = 0o644 << 16
    return made


def _csv(lines: Iterable[Line]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([field.name for field in fields(Line)])
    writer.writerows([_cell(value) for value in asdict(line).values()] for line in lines)
    return ("\ufeff" + out.getvalue()).encode()


def _cell(value: Any) -> str:
    return harmless(("yes" if value else "no") if isinstance(value, bool) else str(value))


def _json(lines: list[Line], at: datetime) -> bytes:
    whole = {
        "format": FORMAT,
        "as_of": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "certificates": [asdict(line) for line in lines],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"
