"""What somebody may do to a certificate of ours to have another one: files by the name of the deed.

Every deed gives another file than was issued, so that a check may call none of them good.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

NAME = generic.NameObject
TEXT = generic.TextStringObject
UNSIGNED_PART = "container: "
"""Begins the names of what is done inside the one part of a file that no signature can cover."""


def hole(data: bytes) -> tuple[int, int]:
    """Return where the container of the signature begins and ends, with its brackets."""
    match = re.search(rb"/ByteRange ?\[0 (\d+) (\d+) (\d+)", data)
    assert match is not None
    return int(match[1]), int(match[2])


def attacks(sealed: bytes, other: bytes, foreign: bytes) -> dict[str, bytes]:
    """Return some 250 changed files.

    Args:
        sealed: the certificate that is attacked.
        other: another certificate under the same signer.
        foreign: the same certificate under somebody else's authority with the same names.
    """
    made: dict[str, bytes] = {"look-alike authority": foreign}
    for family in (_flips, _cuts, _additions, _revisions, _ranges):
        made.update(family(sealed))
    made.update(_containers(sealed, other, foreign))
    mixed = dict(_mixtures(sealed, other, foreign))
    made.update(
        {name: data for name, data in mixed.items() if data not in (sealed, other, foreign)}
    )
    assert sealed not in made.values()
    return made


def _flips(sealed: bytes) -> Iterator[tuple[str, bytes]]:
    chance = random.Random(20261121)
    start, end = hole(sealed)
    covered = [at for at in range(len(sealed)) if not start < at < end - 1]
    for at in sorted(chance.sample(covered, 90)):
        yield f"flip at {at}", flipped(sealed, at, chance)
    for at in sorted(chance.sample(range(start + 1, end - 1), 40)):
        yield f"{UNSIGNED_PART}flip at {at - start}", flipped(sealed, at, chance)


def flipped(data: bytes, at: int, chance: random.Random) -> bytes:
    """Return a copy with one bit of one byte changed."""
    changed = bytearray(data)
    changed[at] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cuts(sealed: bytes) -> Iterator[tuple[str, bytes]]:
    start, end = hole(sealed)
    for cut in (1, 2, 6, 20, 200, 1000, 5000, 20_000, 40_000):
        yield f"cut {cut} from the end", sealed[:-cut]
    for first in (1, 9, 1000):
        yield f"cut {first} from the beginning", sealed[first:]
    yield "cut in the container", sealed[: start + 500]
    yield "cut after the container", sealed[:end]
    yield "a part taken out", sealed[:3000] + sealed[3100:]
    yield "a part doubled", sealed[:3000] + sealed[2900:]


def _additions(sealed: bytes) -> Iterator[tuple[str, bytes]]:
    tails = (b"\n", b" ", b"\x00", b"%", b"% hello\n", b"%%EOF\n", b"startxref\n0\n%%EOF\n", sealed)
    for number, more in enumerate(tails):
        yield f"appended {number}", sealed + more
    for number, more in enumerate((b"\n", b"%PDF-1.4\n", b"\x00" * 10)):
        yield f"put before {number}", more + sealed


# --- later revisions ------------------------------------------------------------------------------

Writer = Any


def _new_page(writer: Writer) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"q BT ET Q"))
    writer.update_container(page)


def _language(writer: Writer) -> None:
    writer.root["/Lang"] = TEXT("xx")
    writer.update_root()


def _note(writer: Writer) -> None:
    note = {
        NAME("/Type"): NAME("/Annot"),
        NAME("/Subtype"): NAME("/FreeText"),
        NAME("/Rect"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 500, 500))),
        NAME("/Contents"): TEXT("Jane Forger"),
    }
    notes = writer.root["/Pages"]["/Kids"][0]["/Annots"]
    notes.append(writer.add_object(generic.DictionaryObject(note)))
    writer.update_container(notes)


def _attachment(place: int) -> Callable[[Writer], None]:
    def change(writer: Writer) -> None:
        spec = list(writer.root["/Names"]["/EmbeddedFiles"]["/Names"])[place].get_object()
        raw = spec["/EF"]["/F"].data.replace(b"Robin Hale", b"Jane Forger")
        spec["/EF"]["/F"] = writer.add_object(generic.StreamObject(stream_data=raw))
        writer.update_container(spec)

    return change


def _without(key: str) -> Callable[[Writer], None]:
    def change(writer: Writer) -> None:
        del writer.root[key]
        writer.update_root()

    return change


def _script(writer: Writer) -> None:
    action = {NAME("/S"): NAME("/JavaScript"), NAME("/JS"): TEXT("app.alert('valid')")}
    writer.root["/OpenAction"] = generic.DictionaryObject(action)
    writer.update_root()


def _second_page(writer: Writer) -> None:
    pages = writer.root["/Pages"]
    pages["/Kids"].append(pages.raw_get("/Kids")[0])
    pages["/Count"] = generic.NumberObject(2)
    writer.update_container(pages["/Kids"])
    writer.update_container(pages)


def _turned(writer: Writer) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = generic.NumberObject(90)
    writer.update_container(page)


def _nothing(writer: Writer) -> None:
    writer.update_root()


REVISIONS: dict[str, Callable[[Writer], None]] = {
    "another page": _new_page,
    "another language": _language,
    "a note over the page": _note,
    "another record": _attachment(1),
    "another badge": _attachment(3),
    "no attachments": _without("/Names"),
    "no permissions": _without("/Perms"),
    "no evidence": _without("/DSS"),
    "no form": _without("/AcroForm"),
    "no associated files": _without("/AF"),
    "a script": _script,
    "the page twice": _second_page,
    "the page turned": _turned,
    "the same again": _nothing,
}


def _revisions(sealed: bytes) -> Iterator[tuple[str, bytes]]:
    for name, change in REVISIONS.items():
        yield f"revision: {name}", revised(sealed, change)
    twice = revised(revised(sealed, _language), _new_page)
    yield "revision: two of them", twice


def revised(data: bytes, change: Callable[[Writer], None]) -> bytes:
    """Append a revision to a file, as any PDF editor does."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    writer._update_meta = lambda: None
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


# --- what the signature says that it covers -------------------------------------------------------


def _ranges(sealed: bytes) -> Iterator[tuple[str, bytes]]:
    match = re.search(rb"/ByteRange ?\[(0) (\d+) (\d+) (\d+)", sealed)
    assert match is not None
    first, second, rest = (int(match[n]) for n in (2, 3, 4))
    for less in (1, 2, 10, 100, 500, rest):
        yield (
            f"range: ends {less} earlier",
            _with_range(sealed, match, 0, first, second, rest - less),
        )
    for more in (1, 100, 600):
        yield (
            f"range: hole {more} longer",
            _with_range(sealed, match, 0, first, second + more, rest - more),
        )
        yield (
            f"range: hole begins {more} earlier",
            _with_range(sealed, match, 0, first - more, second, rest),
        )
    yield "range: begins at 1", _with_range(sealed, match, 1, first - 1, second, rest)
    yield "range: the halves swapped", _with_range(sealed, match, second, rest, 0, first)
    yield "range: reaches beyond", _with_range(sealed, match, 0, first, second, rest + 1)
    yield "range: under another name", sealed.replace(b"/ByteRange", b"/ByteRangE", 1)


def _with_range(data: bytes, match: "re.Match[bytes]", *numbers: int) -> bytes:
    """Write other numbers into the same room."""
    room = match.end() - match.start(1)
    written = b" ".join(str(number).encode() for number in numbers)
    assert len(written) <= room
    return data[: match.start(1)] + written.ljust(room) + data[match.end() :]


# --- the container, and the parts of others -------------------------------------------------------


def _containers(sealed: bytes, other: bytes, foreign: bytes) -> Iterator[tuple[str, bytes]]:
    start, end = hole(sealed)
    inside = sealed[start + 1 : end - 1]
    used = len(inside.rstrip(b"0"))
    changes: Mapping[str, bytes] = {
        "small letters": inside.lower(),
        "a figure in the padding": inside[:-1] + b"1",
        "a figure at the edge of the padding": inside[: used + 8] + b"F" + inside[used + 9 :],
        "a blank in it": inside[:100] + b" " + inside[101:],
        "cut in half": inside[: used // 2].ljust(len(inside), b"0"),
    }
    for name, changed in changes.items():
        yield UNSIGNED_PART + name, sealed[: start + 1] + changed + sealed[end - 1 :]
    replaced = {
        "empty": b"0" * len(inside),
        "of another certificate": _held(other).ljust(len(inside), b"0"),
        "of somebody else": _held(foreign).ljust(len(inside), b"0"),
    }
    for name, changed in replaced.items():
        yield f"signature {name}", sealed[: start + 1] + changed[: len(inside)] + sealed[end - 1 :]


def _held(data: bytes) -> bytes:
    start, end = hole(data)
    return data[start + 1 : end - 1].rstrip(b"0")


def _mixtures(sealed: bytes, other: bytes, foreign: bytes) -> Iterator[tuple[str, bytes]]:
    """Parts of one file in the other, at the same places."""
    start, end = hole(sealed)
    for name, more in (("another certificate", other), ("somebody else's", foreign)):
        for part in range(1, 8):
            place = part * start // 8
            yield f"mixed with {name}, {part}", more[:place] + sealed[place:]
        yield f"mixed with {name}, before the signature", more[:start] + sealed[start:]
        yield f"mixed with {name}, after the signature", sealed[:end] + more[hole(more)[1] :]
