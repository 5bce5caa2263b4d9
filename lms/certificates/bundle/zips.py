"""ZIP files: the same bytes for the same content; and those that anybody may have made."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

MOST_MEMBERS: Final = 500
LARGEST_MEMBER: Final = 16 * 1024 * 1024
LARGEST_WHOLE: Final = 64 * 1024 * 1024
LARGEST_FILE: Final = 64 * 1024 * 1024
_NAME: Final = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/){0,5}[A-Za-z0-9_-][A-Za-z0-9._-]*")
_ENCRYPTED: Final = 0x1
_KNOWN_WAYS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class BadZip(Exception):
    """It is no ZIP that is read here; the message ends the sentence "It … "."""


def is_zip(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


def pack(members: Mapping[str, bytes]) -> bytes:
    """Write members in the order of their names, all with one fixed date.

    Raises:
        ValueError: if a name is one that `unpack` would refuse.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name} is no name for a member")
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, members[name])
    return packed.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """Read every member, within limits, and believe none of the sizes that the file states.

    Raises:
        BadZip: if it is damaged, too large, or holds anything odd.
    """
    if len(data) > LARGEST_FILE:
        raise BadZip(f"is larger than {LARGEST_FILE // 1024 // 1024} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _members(archive)
    except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, OSError, EOFError) as error:
        raise BadZip("is no ZIP that can be read, or is damaged") from error
    except (NotImplementedError, RuntimeError) as error:
        raise BadZip("is packed in a way that is not read here") from error


def _members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MOST_MEMBERS:
        raise BadZip(f"holds more than {MOST_MEMBERS} members")
    found: dict[str, bytes] = {}
    left = LARGEST_WHOLE
    for entry in entries:
        if entry.filename in found or not _NAME.fullmatch(entry.filename):
            raise BadZip("holds a member twice, or one with an odd name")
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _KNOWN_WAYS:
            raise BadZip(f"holds {entry.filename} in a way that is not read here")
        allowed = min(LARGEST_MEMBER, left)
        with archive.open(entry) as member:
            data = member.read(allowed + 1)
        if len(data) > allowed:
            raise BadZip(f"holds too much: {entry.filename} is one member too large")
        found[entry.filename] = data
        left -= len(data)
    return found
