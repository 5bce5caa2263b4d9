"""Copy the few files of other projects that the pages need, from pinned packages.

    python tools/vendor.py            fetch, check against the pins, copy
    python tools/vendor.py --check    only compare the files here with the record

Needs `npm` on the machine of whoever updates a pin; nothing of it is needed to
run or to test Concord. The record (`lms/static/vendor/vendored.json`) keeps
name, version, licence, the SHA-512 of each package and the SHA-256 of each file.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "lms" / "static"
RECORD = STATIC / "vendor" / "vendored.json"
SQUEEZE = (".css", ".js")  # the server sends the .gz beside a file to browsers that take it


@dataclass(frozen=True)
class Package:
    """One pinned package.

    Attributes:
        integrity: SHA-512 of the packed archive, in base64, as package managers write it.
        files: path inside the package -> path under `lms/static/`.
    """

    name: str
    version: str
    licence: str
    integrity: str
    files: dict[str, str]


def _fonts(family: str, slices: tuple[str, ...]) -> dict[str, str]:
    names = [f"{family}-{part}.woff2" for part in slices]
    return {f"files/{name}": f"fonts/{name}" for name in names} | {
        "LICENSE": f"fonts/{family}-LICENSE.txt"
    }


PACKAGES = (
    Package(
        "bootstrap",
        "5.3.8",
        "MIT",
        "HP1SZDqaLDPwsNiqRqi5NcP0SSXciX2s9E+RyqJIIqGo+vJeN5AJVM98CXmW/Wux0nQ5L7jeWUdplCEf0Ee+tg==",
        {
            "dist/css/bootstrap.min.css": "vendor/bootstrap/bootstrap.min.css",
            "dist/css/bootstrap.rtl.min.css": "vendor/bootstrap/bootstrap.rtl.min.css",
            "LICENSE": "vendor/bootstrap/LICENSE.txt",
        },
    ),
    Package(
        "htmx.org",
        "2.0.11",
        "0BSD",
        "Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
        {"dist/htmx.min.js": "vendor/htmx/htmx.min.js", "LICENSE": "vendor/htmx/LICENSE.txt"},
    ),
    Package(
        "@fontsource-variable/source-sans-3",
        "5.3.0",
        "OFL-1.1",
        "dpi0GZk7EQe2tYpg6Q0Fx0OmUgnuGu+0rHPgtXqtKhglYmJuP7jZ12Mu1uN+NfRaJRY1Emn8AQJEWzmoZ4wa9g==",
        _fonts(
            "source-sans-3",
            (
                "latin-wght-normal",
                "latin-wght-italic",
                "latin-ext-wght-normal",
                "vietnamese-wght-normal",
                "greek-wght-normal",
                "cyrillic-wght-normal",
            ),
        ),
    ),
    Package(
        "@fontsource-variable/source-serif-4",
        "5.3.0",
        "OFL-1.1",
        "9vch9WqxjaaA+1o9Ur8pOgIGbCYLjRReOUel23A6lOpD1syptgjtkORevvNmldJ5kGXQL29onQUqI5Ltz0s3bQ==",
        _fonts("source-serif-4", ("latin-wght-normal", "latin-ext-wght-normal")),
    ),
)


def fetch(package: Package, folder: Path) -> Path:
    """Pack one package into the folder and return the archive.

    Raises:
        SystemExit: if the archive is not the one that is pinned.
    """
    wanted = f"{package.name}@{package.version}"
    packed = subprocess.run(
        ["npm", "pack", wanted, "--silent", "--pack-destination", str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    archive = folder / packed.stdout.strip().splitlines()[-1]
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != package.integrity:
        raise SystemExit(f"{wanted}: the archive has SHA-512 {found}, not the pinned one.")
    return archive


def copy(package: Package, archive: Path) -> dict[str, str]:
    """Write the package's files under `lms/static/`; return path -> SHA-256."""
    digests = {}
    with tarfile.open(archive) as tar:
        for inside, target in package.files.items():
            member = tar.extractfile(f"package/{inside}")
            if member is None:
                raise SystemExit(f"{package.name}: {inside} is not a file in the package.")
            data = member.read()
            path = STATIC / target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            digests[target] = hashlib.sha256(data).hexdigest()
            if path.suffix in SQUEEZE:
                path.with_name(path.name + ".gz").write_bytes(gzip.compress(data, 9, mtime=0))
    return digests


def update() -> None:
    """Fetch every pinned package anew and write the record."""
    record = []
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            digests = copy(package, fetch(package, Path(folder)))
            record.append(
                {
                    "name": package.name,
                    "version": package.version,
                    "licence": package.licence,
                    "sha512": package.integrity,
                    "files": digests,
                }
            )
            print(f"{package.name} {package.version}: {len(digests)} files")
    RECORD.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def differences() -> list[str]:
    """Return one sentence for each file that is not as the record says."""
    found = []
    for package in json.loads(RECORD.read_text(encoding="utf-8")):
        for target, digest in package["files"].items():
            path = STATIC / target
            if not path.is_file():
                found.append(f"{target} of {package['name']} is missing.")
            elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                found.append(f"{target} of {package['name']} was changed here.")
    return found


def main() -> int:
    """Run the command; 0 if all is as pinned."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--check", action="store_true", help="only compare, fetch nothing")
    if not options.parse_args().check:
        update()
    found = differences()
    print("\n".join(found) or "All vendored files are as recorded.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
