"""What a certificate rests on, as the room that issued it tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class EvidenceRecord:
    """The record behind one certificate.

    Args:
        subjects: what happened to these, in the words of the audit trail, belongs to it.
        data: plain JSON values.
    """

    subjects: tuple[str, ...]
    data: Mapping[str, Any] = field(repr=False)
