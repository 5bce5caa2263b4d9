"""Who tells what a certificate rests on: rooms above, which this one does not know by name."""

from collections.abc import Callable

from lms.certificates.domain import EvidenceRecord

Teller = Callable[[str, bool], EvidenceRecord]
_tellers: dict[str, Teller] = {}


def told_by(kind: str, teller: Teller) -> None:
    """Name who tells the records of a kind of subject.

    Args:
        kind: what stands before the colon of a subject, "enrolment".
        teller: given the subject, and whether all may be told or only what the holder may see.
    """
    _tellers[kind] = teller


def record_of(subject: str, *, whole: bool) -> EvidenceRecord | None:
    """Return the record behind a subject; None where nobody keeps one of its kind."""
    teller = _tellers.get(subject.partition(":")[0])
    return teller(subject, whole) if teller else None
