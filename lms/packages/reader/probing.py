"""Calls the probe with a time limit; whatever happens in it, here it is an answer or None."""

import json
import subprocess
import sys
import tempfile
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

SECONDS = 120
Drawn = tuple[dict[str, Any] | None, list[tuple[bytes, bytes]]]
"""What the probe says of a deck, None if it could not finish, and the pictures of its pages."""


def probe_film(data: bytes, extension: str, *, seconds: float) -> dict[str, Any] | None:
    """Return what the probe says of a film, or None if it could not finish.

    What it said of a film is remembered: packages come again and again with one file mended.
    """
    remembered = _place_for(sha256(data).hexdigest(), extension)
    if not remembered:
        with tempfile.TemporaryDirectory(prefix="concord-") as name:
            path = Path(name) / f"film.{extension}"
            path.write_bytes(data)
            answer = _run("film", str(path), seconds=seconds)
        if answer is None:
            return None
        remembered.append(answer)
    return dict(remembered[0])


@lru_cache(maxsize=64)
def _place_for(_digest: str, _extension: str) -> list[dict[str, Any]]:
    return []


def probe_slides(data: bytes, *, seconds: float) -> Drawn:
    """Return what the probe says of a deck, and the image and thumbnail of each page."""
    with tempfile.TemporaryDirectory(prefix="concord-") as name:
        folder = Path(name)
        (folder / "deck.pdf").write_bytes(data)
        answer = _run("slides", str(folder / "deck.pdf"), name, seconds=seconds)
        images = []
        for number, page in enumerate((answer or {}).get("pages", [])):
            if "problem" in page:
                images.append((b"", b""))
                continue
            images.append(
                (
                    (folder / f"{number}.webp").read_bytes(),
                    (folder / f"{number}-small.webp").read_bytes(),
                )
            )
        return answer, images


def _run(*arguments: str, seconds: float) -> dict[str, Any] | None:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "lms.packages.reader.probe", *arguments],
            capture_output=True,
            timeout=min(seconds, SECONDS),
            check=True,
            cwd=Path(__file__).resolve().parents[3],
        )
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError):
        return None
    return answer if isinstance(answer, dict) else None
