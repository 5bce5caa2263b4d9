"""Write a case as the YAML file that a creator would write, and the panel's made-up ratings."""

from __future__ import annotations

import hashlib
import io
import random
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import LiteralScalarString

NOTE = "Made-up case; no person is shown. The panel's ratings are synthetic."
HEAD = "# Written by tools/content/build.py. Change the text there, not here.\n"
RATERS = tuple(f"Panel {n}" for n in range(1, 6))
PATTERNS = (
    (0, 0, 0, 0, 0),
    (-1, 0, 0, 0, 0),
    (0, 0, 0, 0, 1),
    (-1, 0, 0, 0, 1),
    (-1, -1, 0, 0, 0),
    (0, 0, 0, 1, 1),
    (-1, 0, 0, 1, 1),
)
SHARP = PATTERNS[:3]
COARSE = tuple(p for p in PATTERNS if max(p) - min(p) <= 1)  # experts differ by one level there


def dice(*words: object) -> random.Random:
    """A generator that the words alone decide."""
    seed = hashlib.sha256("/".join(map(str, words)).encode()).digest()
    return random.Random(seed)


def spread(
    value: float,
    *,
    low: float,
    high: float,
    words: Sequence[object],
    step: float = 1,
    sharp: bool = False,
) -> list[float]:
    """Five ratings around `value` whose median is `value`.

    Args:
        sharp: the finding leaves little to judgement, so that few raters differ.
    """
    rng = dice(*words)
    coarse = high - low <= 4
    pattern = rng.choice(SHARP if sharp else COARSE if coarse else PATTERNS)
    out = [min(max(value + d * step, low), high) for d in pattern]
    rng.shuffle(out)
    if median(out) != value:
        raise ValueError(f"{words}: the median of {out} is not {value}")
    return [int(v) if float(v).is_integer() else v for v in out]


def flow(mapping: Mapping[str, object]) -> CommentedMap:
    out = CommentedMap(mapping)
    out.fa.set_flow_style()
    return out


def flow_list(values: Sequence[object]) -> CommentedSeq:
    out = CommentedSeq(values)
    out.fa.set_flow_style()
    return out


def prose(words: object) -> object:
    """Long text as a block of short lines; Markdown joins them again."""
    if isinstance(words, dict):
        return (
            CommentedMap({k: prose(v) for k, v in words.items()})
            if not isinstance(words, CommentedMap)
            else words
        )
    if isinstance(words, str) and len(words) > 84:
        parts = [
            "\n".join(textwrap.wrap(p, 88, break_on_hyphens=False))
            for p in words.strip().split("\n\n")
        ]
        return LiteralScalarString("\n\n".join(parts))
    return words


def tidy(case: Mapping[str, object]) -> dict[str, object]:
    """Prose in blocks where the format takes Markdown; the rest on one line."""
    out = dict(case)
    out["text"] = prose(out["text"])
    out["findings"] = [f | {"text": prose(f["text"])} for f in out["findings"]]  # type: ignore[attr-defined]
    out["rationale"] = prose(out["rationale"])
    out["traps"] = [t | {"text": prose(t["text"])} for t in out["traps"]]  # type: ignore[attr-defined]
    return out


def write(target: Path, case: Mapping[str, object]) -> None:
    yaml = YAML()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.allow_unicode = True
    stream = io.StringIO()
    yaml.dump(tidy(case), stream)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(HEAD + stream.getvalue(), encoding="utf-8")
