"""The files of a package, from a folder or a zip that is treated as hostile."""

import io
import os
import stat
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from lms.errors import N_
from lms.packages.reader.findings import Findings, Place

MB = 1_000_000
MOST_FILES = 2000
MOST_BYTES = 200 * MB
MOST_FILE_BYTES = 64 * MB
MOST_RATIO = 200  # what deflate reaches on real text is below 20
RATIO_MATTERS_FROM = MB
LONGEST_PATH = 200
DEEPEST = 8
ROOT_FILE = "package.yaml"
IGNORED_NAMES = {"__MACOSX", "Thumbs.db", "desktop.ini", "__pycache__"}


@dataclass(frozen=True)
class Source:
    """The files of a package: path with / to bytes, and to the SHA-256 of the bytes."""

    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def digests(self) -> dict[str, str]:
        return {path: sha256(data).hexdigest() for path, data in sorted(self.files.items())}


def read_source(source: Path | bytes, findings: Findings) -> Source:
    """Read all files into memory, within limits; what may not be read becomes a finding."""
    if isinstance(source, bytes):
        return _under_one_folder(_read_zip(source, findings))
    if source.is_dir():
        return _read_folder(source, findings)
    if not source.is_file():
        findings.error(
            Place(""),
            N_("There is nothing at “%(path)s”."),
            N_("Name a folder with a package.yaml, or a zip of one."),
            path=source,
        )
        return Source()
    if source.stat().st_size > MOST_BYTES:
        _too_much(findings)
        return Source()
    return _under_one_folder(_read_zip(source.read_bytes(), findings))


def as_zip(source: Source) -> bytes:
    """Pack the files so that the same files always give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted(source.files.items()):
            entry = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return packed.getvalue()


def path_problem(path: str) -> str | None:
    """Return why a path may not be in a package, or None where it may."""
    parts = path.split("/")
    if path.startswith("/") or "\\" in path or ":" in parts[0]:
        return N_("The path “%(path)s” is not inside the package.")
    if any(part in ("", ".", "..") for part in parts):
        return N_("The path “%(path)s” is not inside the package.")
    if not path.isprintable():
        return N_("The file name “%(path)s” holds signs that cannot be shown.")
    if len(path) > LONGEST_PATH or len(parts) > DEEPEST:
        return N_("The path “%(path)s” is too long or too deep.")
    return None


def _read_folder(folder: Path, findings: Findings) -> Source:
    files: dict[str, bytes] = {}
    total = 0
    for path, name in _walk(folder):
        if path.is_symlink() or not path.is_file():
            _not_a_file(findings, name)
            continue
        size = path.stat().st_size
        total += size
        if not _fits(name, size, len(files) + 1, total, findings):
            if size <= MOST_FILE_BYTES:
                return Source()
            continue
        _keep(files, name, path.read_bytes(), findings)
    return Source(files)


def _walk(folder: Path) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        linked = [name for name in folders if (here / name).is_symlink()]
        folders[:] = [name for name in folders if not _ignored(name) and name not in linked]
        for name in [*names, *linked]:
            if not _ignored(name):
                path = here / name
                found.append((path, path.relative_to(folder).as_posix()))
        if len(found) > MOST_FILES + 1:
            break
    return sorted(found, key=lambda entry: entry[1])


def _read_zip(data: bytes, findings: Findings) -> Source:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_entries(archive, findings)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        findings.error(
            Place(""),
            N_("This is not a zip that can be read: %(why)s."),
            N_("Pack the folder again as a plain zip, without a password."),
            why=str(error).rstrip(".") or type(error).__name__,
        )
        return Source()


def _read_entries(archive: zipfile.ZipFile, findings: Findings) -> Source:
    files: dict[str, bytes] = {}
    total = 0
    entries = [entry for entry in archive.infolist() if not _skipped(entry)]
    for number, entry in enumerate(entries, start=1):
        name = _name_of(entry, findings)
        if name is None or not _entry_allowed(entry, name, findings):
            continue
        total += entry.file_size
        if not _fits(name, entry.file_size, number, total, findings):
            return Source()
        content = _read_entry(archive, entry, name, findings)
        if content is not None:
            _keep(files, name, content, findings)
    return Source(files)


def _skipped(entry: zipfile.ZipInfo) -> bool:
    return entry.is_dir() or any(_ignored(part) for part in entry.filename.split("/"))


def _ignored(name: str) -> bool:
    hidden = name.startswith(".") and name != "." and not name.startswith("..")
    return name in IGNORED_NAMES or (hidden and "\\" not in name)


def _name_of(entry: zipfile.ZipInfo, findings: Findings) -> str | None:
    """Return the entry's name as UTF-8. Old tools write UTF-8 without saying so."""
    name = entry.orig_filename
    if not entry.flag_bits & 0x800 and not name.isascii():
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            findings.error(
                Place(""),
                N_("The file name “%(path)s” is not UTF-8."),
                N_("Rename the file with plain letters and pack again."),
                path=name,
            )
            return None
    problem = path_problem(name)
    if problem is not None:
        findings.error(Place(""), problem, N_("Rename the file and pack again."), path=name)
        return None
    return name


def _entry_allowed(entry: zipfile.ZipInfo, name: str, findings: Findings) -> bool:
    if entry.flag_bits & 0x1:
        findings.error(
            Place(name),
            N_("The file is encrypted."),
            N_("Pack the folder again without a password."),
        )
        return False
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        _not_a_file(findings, name)
        return False
    packed = max(entry.compress_size, 1)
    if entry.file_size > RATIO_MATTERS_FROM and entry.file_size / packed > MOST_RATIO:
        findings.error(
            Place(name),
            N_("The file unpacks to more than %(times)s times its packed size."),
            N_("Nothing real shrinks so much. Leave it out."),
            times=MOST_RATIO,
        )
        return False
    return True


def _read_entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, findings: Findings
) -> bytes | None:
    try:
        with archive.open(entry) as stream:
            data = stream.read(entry.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        findings.error(
            Place(name),
            N_("The file cannot be unpacked: %(why)s."),
            N_("Pack the folder again as a plain zip."),
            why=str(error).rstrip(".") or type(error).__name__,
        )
        return None
    if len(data) != entry.file_size:
        findings.error(
            Place(name),
            N_("The file unpacks to another size than the zip says."),
            N_("Pack the folder again as a plain zip."),
        )
        return None
    return data


def _fits(name: str, size: int, number: int, total: int, findings: Findings) -> bool:
    if size > MOST_FILE_BYTES:
        findings.error(
            Place(name),
            N_("The file is larger than %(most)s MB."),
            N_("Make it smaller: shorten or compress the film, or split the deck."),
            most=MOST_FILE_BYTES // MB,
        )
        return False
    if number > MOST_FILES:
        findings.error(
            Place(""),
            N_("There are more than %(most)s files."),
            N_("Leave out what the package does not use."),
            most=MOST_FILES,
        )
        return False
    if total > MOST_BYTES:
        _too_much(findings)
        return False
    return True


def _too_much(findings: Findings) -> None:
    findings.error(
        Place(""),
        N_("The files are larger than %(most)s MB together."),
        N_("Make the films smaller, or leave out what the package does not use."),
        most=MOST_BYTES // MB,
    )


def _keep(files: dict[str, bytes], name: str, data: bytes, findings: Findings) -> None:
    path = unicodedata.normalize("NFC", name)
    if (problem := path_problem(path)) is not None:
        findings.error(Place(""), problem, N_("Rename the file."), path=path)
    elif path.casefold() in {known.casefold() for known in files}:
        findings.error(
            Place(path),
            N_("There are two files of this name."),
            N_("Names that differ in upper and lower case alone are the same on many machines."),
        )
    else:
        files[path] = data


def _not_a_file(findings: Findings, name: str) -> None:
    findings.error(
        Place(name),
        N_("This is a link or a device, not a file."),
        N_("Put the file itself there."),
    )


def _under_one_folder(source: Source) -> Source:
    """Take the one folder away that many tools pack around a package."""
    tops = {path.partition("/")[0] for path in source.files}
    if len(tops) != 1 or ROOT_FILE in source.files:
        return source
    top = tops.pop() + "/"
    if top + ROOT_FILE not in source.files:
        return source
    return Source({path.removeprefix(top): data for path, data in source.files.items()})
