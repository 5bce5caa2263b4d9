"""The hash that ties each event to the one before it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

FIRST = "0" * 64


@dataclass(frozen=True)
class Happened:
    """One event of the trail, as a page shows it. actor_id is None for the system itself."""

    id: int
    at: datetime
    actor_id: int | None
    action: str
    reason: str
    before: Any
    after: Any


def event_hash(previous: str, event: Mapping[str, Any]) -> str:
    """Return the SHA-256 that seals an event to its predecessor.

    Args:
        previous: 64 hexadecimal digits of the event before, FIRST for the first one.
        event: what is recorded; moments as ISO 8601 text in UTC.

    Returns:
        64 hexadecimal digits over the previous hash, a newline, and the event as JSON with sorted
        keys and no spaces.
    """
    body = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def moment_text(at: datetime) -> str:
    """Write a moment for the hash: the same text on every database."""
    return at.isoformat(timespec="microseconds")


@dataclass(frozen=True)
class Link:
    """One event as the chain holds it.

    Args:
        body: what the hash covers beside the hash before it.
        previous_hash, hash: 64 hexadecimal digits each.
    """

    id: int
    body: Mapping[str, Any]
    previous_hash: str
    hash: str

    @property
    def whole(self) -> bool:
        """Tell whether the hash is that of what stands here."""
        return self.hash == event_hash(self.previous_hash, self.body)
