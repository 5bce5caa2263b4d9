"""Whether everything that must outlive us is as it was: files, copies, facts, and the days."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from lms import storage
from lms.audit import api as audit
from lms.certificates import authority
from lms.certificates.archive import copying, register
from lms.certificates.archive.register import Kept, StampedDay
from lms.certificates.archive.stamps import BadStamp, read_stamp
from lms.certificates.domain import BadFacts, facts_from_data, merkle, shown_code
from lms.certificates.keys import Trust
from lms.errors import NotFound


@dataclass
class Report:
    """What was looked at, and what is wrong: (where, what)."""

    files: int = 0
    erased: int = 0
    copies: int = 0
    days: int = 0
    waiting: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)


def verify(*, now: datetime) -> Report:
    """Look at every file, every archive copy and every day. Writes nothing."""
    report, trust = Report(), authority.trust()
    for kept in register.files():
        report.files += 1
        report.erased += kept.erased
        where = f"certificate {shown_code(kept.code)}"
        for what in _of_file(kept, trust, report, now):
            report.problems.append((where, what))
    for day in register.days():
        report.days += 1
        report.problems += [(f"day {day.day}", what) for what in _of_day(day, trust)]
    report.problems += _days_gone()
    report.waiting = len(register.without_day(until=now))
    return report


def _of_file(kept: Kept, trust: Trust, report: Report, now: datetime) -> Iterator[str]:
    if kept.erased:
        return  # code, hash and state are all that is left
    yield from _of_facts(kept)
    original = _stored(kept.digest)
    if original is None:
        yield f"the file {kept.digest} is missing from the store"
    elif sha256(original).hexdigest() != kept.digest:
        yield f"the file {kept.digest} in the store is not the one that was signed"
    elif kept.copies:
        report.copies += len(kept.copies)
        yield from _of_copies(kept, original, trust, now)


def _of_facts(kept: Kept) -> Iterator[str]:
    try:
        same = facts_from_data(kept.facts).digest() == kept.facts_digest
    except BadFacts:
        same = False
    if not same:
        yield "the facts in the register are not those that were issued"


def _of_copies(kept: Kept, original: bytes, trust: Trust, now: datetime) -> Iterator[str]:
    digest, _size = kept.copies[-1]
    copy = _stored(digest)
    if copy is None:
        yield f"the archive copy {digest} is missing from the store"
        return
    for number, (told, size) in enumerate(kept.copies, start=1):
        if sha256(copy[:size]).hexdigest() != told or len(copy) < size:
            yield f"archive copy {number} ({told}) is not the one that was stamped"
            return
    judged = copying.judge(copy, original, trust)
    if judged.problem:
        yield f"archive copy {digest}: {judged.problem}"
    elif len(judged.stamps) != len(kept.copies):
        yield f"archive copy {digest} has another number of stamps than the register says"
    elif judged.stamps[-1].ends_at <= now:
        yield (
            f"archive copy {digest}: the key of its last stamp ended on "
            f"{judged.stamps[-1].ends_at:%Y-%m-%d}, and it was not stamped anew"
        )


def _of_day(day: StampedDay, trust: Trust) -> Iterator[str]:
    leaves = register.leaves_of(day.id)
    places = [place for place, _digest in leaves]
    root = merkle.root_of([digest for _place, digest in leaves])
    if len(leaves) != day.leaves or places != list(range(day.leaves)):
        yield f"{day.leaves} files were stamped, and the register has {len(leaves)} of them"
    elif root.hex() != day.root:
        yield f"the root over its files is {root.hex()}, and {day.root} was stamped"
    try:
        read_stamp(base64.b64decode(day.token, validate=True), bytes.fromhex(day.root), trust)
    except (BadStamp, binascii.Error, ValueError) as error:
        yield f"{error}" if isinstance(error, BadStamp) else "the time stamp cannot be read"
    told = [event.after.get("root") for event in audit.history_of(f"archive-day:{day.day}")]
    if told != [day.root]:
        yield "the audit trail does not name this root for it"


def _days_gone() -> list[tuple[str, str]]:
    """Name the days whose roots stand in the audit trail and no longer in the register."""
    known = {f"archive-day:{day.day}" for day in register.days()}
    gone = sorted(set(audit.subjects_of("archive day stamped")) - known)
    return [
        (f"day {one.partition(':')[2]}", "its root stands in the audit trail alone") for one in gone
    ]


def _stored(digest: str) -> bytes | None:
    try:
        return storage.get(digest)
    except NotFound:
        return None
