"""The check of a file from outside: asks the sandbox and takes only plain values from it."""

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lms.certificates.badges.keyring import BadgeKey, keys_as_json
from lms.certificates.badges.reading import LARGEST as LARGEST_BADGE
from lms.certificates.domain import BadFacts, FileFinding, facts_from_data
from lms.certificates.domain.badging import BadgeFinding, BadgeVerdict
from lms.certificates.keys import Trust, der
from lms.certificates.sandbox import SECONDS, helper
from lms.certificates.verification import LARGEST, Examination, Level


def inspect(data: bytes, trust: Trust, *, now: datetime, seconds: float = SECONDS) -> Examination:
    """Examine a file in a process of its own. Whatever goes wrong there is "unreadable".

    Args:
        seconds: how long it may take before that process is ended.
    """
    if len(data) > LARGEST or not data.startswith(b"%PDF-"):
        return Examination(FileFinding.UNREADABLE)
    told = {
        "roots": [_plain(der(root)) for root in trust.roots],
        "stamp_roots": [_plain(der(root)) for root in trust.stamp_roots],
        "crls": [_plain(der(crl)) for crl in trust.crls],
        "now": now.isoformat(),
    }
    answer = helper().ask("examine", told, data, seconds=seconds)
    try:
        return _examination(json.loads(answer)) if answer else Examination(FileFinding.UNREADABLE)
    except (ValueError, KeyError, TypeError, BadFacts):
        return Examination(FileFinding.UNREADABLE)


def inspect_badge(data: bytes, keys: Sequence[BadgeKey], *, now: datetime) -> BadgeVerdict:
    """Examine a badge, in either form, in a process of its own; see `inspect`.

    Its state is not asked for: the register knows more than the status lists.
    """
    told = {"keys": keys_as_json(keys).decode(), "now": now.isoformat()}
    answer = helper().ask("badge", told, data) if len(data) <= LARGEST_BADGE else None
    try:
        found = json.loads(answer) if answer else {}
        return BadgeVerdict(BadgeFinding(found["finding"]), credential=found["credential"])
    except (ValueError, KeyError, TypeError):
        return BadgeVerdict(BadgeFinding.UNREADABLE)


def _plain(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _examination(data: dict[str, Any]) -> Examination:
    return Examination(
        finding=FileFinding(data["finding"]),
        code=data["code"],
        facts=facts_from_data(data["facts"]) if data["facts"] else None,
        signed_at=_moment(data["signed_at"]),
        development=bool(data["development"]),
        stamped_at=_moment(data["stamped_at"]),
        level=Level(data["level"]) if data["level"] else None,
        badge=base64.b64decode(data["badge"]) if data["badge"] else None,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
