"""Questions that come as files: a list of codes as CSV, certificates in a ZIP archive."""

import csv
import zlib
from collections.abc import Iterator
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lms.api.domain import MOST_CODES, MOST_FILES, BadQuestion
from lms.errors import N_

END_OF_DIRECTORY = b"PK\x05\x06"
LARGE_ARCHIVE = b"PK\x06\x07"  # says another size than the end does
END_LENGTH, LONGEST_COMMENT = 22, 65_535
LARGEST_DIRECTORY = MOST_FILES * 1024
LONGEST_NAME = 200


def codes_of(data: bytes) -> list[str]:
    """Read codes from the column that is called "code", else from the first one.

    Raises:
        BadQuestion: if it is no text in UTF-8, or holds no code or too many.
    """
    try:
        text = data.decode("utf-8-sig")
        rows = [row for row in csv.reader(StringIO(text), delimiter=_separator(text)) if any(row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadQuestion(N_("The list cannot be read. Send it as CSV in UTF-8.")) from error
    heading = [cell.strip().casefold() for cell in rows[0]] if rows else []
    column = heading.index("code") if "code" in heading else 0
    codes = [row[column].strip() for row in rows["code" in heading :] if len(row) > column]
    codes = [code[:LONGEST_NAME] for code in codes if code]
    if not 1 <= len(codes) <= MOST_CODES:
        raise BadQuestion(N_("Send between 1 and %(most)s codes."), most=MOST_CODES)
    return codes


def files_of(data: bytes, *, largest: int) -> Iterator[tuple[str, bytes]]:
    """Give the name and the bytes of each file of an archive, one at a time.

    Args:
        largest: no more than one byte beyond this is unpacked of any file.

    Raises:
        BadQuestion: if it is no archive that is read here, or holds no file or too many.
    """
    if _directory_size(data) > LARGEST_DIRECTORY:
        raise BadQuestion(N_("Send between 1 and %(most)s files."), most=MOST_FILES)
    try:
        with ZipFile(BytesIO(data)) as archive:
            found = [one for one in archive.infolist() if not one.is_dir()]
            if not 1 <= len(found) <= MOST_FILES:
                raise BadQuestion(N_("Send between 1 and %(most)s files."), most=MOST_FILES)
            for one in found:
                yield one.filename[-LONGEST_NAME:], _unpacked(archive, one, largest)
    except (BadZipFile, NotImplementedError, OSError, ValueError, EOFError, zlib.error) as error:
        raise _unreadable() from error


def _unpacked(archive: ZipFile, one: ZipInfo, largest: int) -> bytes:
    if one.flag_bits & 1:
        raise BadQuestion(N_("The archive is locked with a password. Send it without one."))
    if one.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise _unreadable()
    with archive.open(one) as file:
        return file.read(largest + 1)


def _directory_size(data: bytes) -> int:
    """Return how long the list of files claims to be, before anything reads it."""
    tail = data[-(END_LENGTH + LONGEST_COMMENT) :]
    at = tail.rfind(END_OF_DIRECTORY)
    if at < 0 or len(tail) < at + END_LENGTH or tail[max(0, at - 20) :].startswith(LARGE_ARCHIVE):
        raise _unreadable()
    return int.from_bytes(tail[at + 12 : at + 16], "little")


def _separator(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _unreadable() -> BadQuestion:
    return BadQuestion(N_("The archive cannot be read. Send the files in a plain ZIP archive."))
