"""How packages, versions, releases and their media are named."""

import hashlib
import re
from collections.abc import Iterable, Mapping

FORMAT = "concord-package/1"
MEDIA_URL = "/media/"  # written into compiled HTML, so it never changes; see routes.show_media

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VERSION = re.compile(r"(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){1,2}")


def is_slug(text: str) -> bool:
    return len(text) <= 60 and _SLUG.fullmatch(text) is not None


def is_version(text: str) -> bool:
    return _VERSION.fullmatch(text) is not None


def version_key(version: str) -> tuple[int, int, int]:
    """Return what versions are ordered by: 1.10 is above 1.9, and 1.0 equals 1.0.0.

    Raises:
        ValueError: if it is not a version.
    """
    if not is_version(version):
        raise ValueError(f"{version!r} is not a version such as 1.0 or 1.0.2")
    major, minor, patch, *_ = [*(int(part) for part in version.split(".")), 0]
    return major, minor, patch


def package_digest(files: Mapping[str, str], instrument: str | None) -> str:
    """Return the name of a package's content: SHA-256 over its sorted "path sha256" lines.

    Args:
        files: path to SHA-256 in hexadecimal, of every file in the package.
        instrument: SHA-256 of the library's instrument; None if the package brings its own.
    """
    named = dict(files)
    if instrument is not None:
        named["@instrument"] = instrument
    lines = "".join(f"{path} {digest}\n" for path, digest in sorted(named.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def case_fingerprint(texts: Iterable[str], media: Iterable[str]) -> str:
    """Return what two cases share if a trainee could not tell them apart: words and pictures.

    Args:
        texts: the vignette and findings; white space and case play no part.
        media: digests of what is shown.
    """
    words = "\n".join(" ".join(text.split()).casefold() for text in texts)
    shown = "\n".join(sorted(media))
    return hashlib.sha256(f"{words}\n\n{shown}".encode()).hexdigest()


def media_url(digest: str, extension: str) -> str:
    return f"{MEDIA_URL}{digest}.{extension}"
