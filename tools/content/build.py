"""Draw and write everything in content/ that is made by code.

    python tools/content/build.py [--no-films] [mmt8 cmas physician-global]

Figures, cases and decks come out the same each time; a film only if ffmpeg is the same.
Hand-written files (package.yaml, lessons/*.md without the notes, questions/) are left alone.
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = {"mmt8": "mmt8", "cmas": "cmas", "physician-global": "physician_global"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", choices=[[], *MODULES], default=[])
    parser.add_argument("--no-films", action="store_true")
    given = parser.parse_args()
    for name in given.modules or MODULES:
        importlib.import_module(MODULES[name]).build(ROOT, films=not given.no_films)
        print(f"{name}: written")


if __name__ == "__main__":
    main()
