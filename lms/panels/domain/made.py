"""A reference as it is kept, signed and written into a package's files."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from lms.instruments.domain import answer_to_json
from lms.instruments.domain.figures import plain
from lms.packages.domain import ReferenceSigned
from lms.panels.domain.outcomes import CaseOutcome
from lms.panels.domain.panels import PanelMethod


def made_content(
    outcomes: Sequence[CaseOutcome], *, method: PanelMethod, limit: Decimal, build: str
) -> dict[str, Any]:
    """Return what is kept and signed of a reference, as plain JSON.

    Args:
        outcomes: of every case; none waits for the adjudicator.
        build: digest of the package build whose cases were rated.
    """
    return {
        "build": build,
        "method": method.value,
        "limit": plain(limit),
        "cases": {case.key: _case(case) for case in outcomes},
    }


def _case(case: CaseOutcome) -> dict[str, Any]:
    return {
        "panel": {
            str(number): {
                item.item: dict(answer_to_json(dict(item.ratings)[number]))
                for item in case.items
                if number in dict(item.ratings)
            }
            for number in case.raters
        },
        "reference": {
            item.item: dict(answer_to_json(item.reference))
            for item in case.items
            if item.reference is not None
        },
        "disagreement": {item.item: str(round(item.disagreement, 4)) for item in case.items},
        "dissent": {item.item: item.dissent for item in case.items},
        "cannot_fail": list(case.cannot_fail),
        "decided": {
            item.item: {"by": item.decision.by, "reason": item.decision.reason}
            for item in case.items
            if item.decision is not None
        },
    }


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a reference, 64 hexadecimal digits, over its JSON with sorted keys."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def file_keys(content: Mapping[str, Any], *, signed: ReferenceSigned) -> dict[str, dict[str, Any]]:
    """Return what the files of the cases hold of a signed reference: `panel` and `reference`.

    The experts are Panel 1, Panel 2 …; their names stay out of the files.

    Args:
        content: as `made_content` wrote it.
        signed: of the whole reference; each file says how many rated its own case.
    """
    return {
        key: {
            "panel": [
                {"rater": f"Panel {number}", "ratings": _raw_all(ratings)}
                for number, ratings in sorted(case["panel"].items(), key=lambda pair: int(pair[0]))
            ],
            "reference": _reference(content["method"], case, signed),
        }
        for key, case in content["cases"].items()
    }


def _reference(method: str, case: Mapping[str, Any], signed: ReferenceSigned) -> dict[str, Any]:
    written: dict[str, Any] = {"method": method}
    if method == PanelMethod.ADJUDICATED:
        written = {"method": "stated", "values": _raw_all(case["reference"])}
    if case["cannot_fail"]:
        written["cannot_fail"] = list(case["cannot_fail"])
    written["signed"] = {
        "by": signed.by,
        "at": signed.at,
        "method": method,
        "raters": len(case["panel"]),
        "version": signed.version,
        "digest": signed.digest,
    }
    return written


def _raw_all(ratings: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {item: _raw(rating) for item, rating in ratings.items()}


def _raw(rating: Mapping[str, Any]) -> Any:
    """Return a rating as a file writes it: the bare value where nothing else is said."""
    if rating["na"]:
        return {"na": rating["reason"]} if rating["reason"] else "NA"
    if rating["side"] is not None:
        return {"value": rating["value"], "side": rating["side"]}
    return rating["value"]
