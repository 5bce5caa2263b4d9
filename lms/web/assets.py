"""Static files under an address that changes with them, so that browsers may keep them for ever.

The address holds one digest of the whole folder: `/static/<digest>/css/theme.css`. Links from
one file to another (a style sheet's fonts, a module's imports) are relative and follow it.
"""

import hashlib
from pathlib import Path
from typing import Any, Final

from flask import Flask, current_app
from whitenoise import WhiteNoise

FOLDER: Final = Path(__file__).resolve().parent.parent / "static"
FOR_EVER: Final = 365 * 24 * 3600  # seconds


def register(app: Flask, *, editing: bool = False) -> None:
    """Give the templates `asset(path)` and serve the folder in front of the application.

    Args:
        editing: somebody changes the files while the server runs: the address stays the same
            and browsers ask for the files again each time.
    """
    prefix = "/static/" if editing else f"/static/{tree_digest(FOLDER)}/"
    names = [p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*") if p.is_file()]
    app.extensions["assets"] = {name: prefix + name for name in names}
    app.jinja_env.globals["asset"] = asset
    served = WhiteNoise(
        app.wsgi_app,
        autorefresh=editing,
        max_age=0 if editing else FOR_EVER,
        immutable_file_test=r"(?!)" if editing else r".",
        allow_all_origins=False,
        add_headers_function=_add_headers,
    )
    served.add_files(str(FOLDER), prefix=prefix)
    app.wsgi_app = served  # type: ignore[method-assign]


def tree_digest(root: Path) -> str:
    """Return 12 hex digits that change when any file below the folder does."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def asset(path: str) -> str:
    """Return the address of a file below `lms/static/`.

    Raises:
        FileNotFoundError: if there is no such file, so that a slip in a template shows at once.
    """
    known: dict[str, str] = current_app.extensions["assets"]
    if path not in known:
        raise FileNotFoundError(f"There is no static file {path!r}.")
    return known[path]


def _add_headers(headers: Any, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
