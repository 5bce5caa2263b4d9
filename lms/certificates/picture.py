"""A picture of a certificate's page, made from its file in the sandbox and kept aside."""

from pathlib import Path

from lms import storage
from lms.certificates.keys import write_whole
from lms.certificates.sandbox import helper

WIDTH, HEIGHT = 1123, 794


def picture_of(digest: str, folder: Path) -> bytes | None:
    """Return a WebP picture of the one page, or None where it cannot be made.

    PDFium is not safe to call from two threads; the sandbox calls it from none of ours.

    Args:
        digest: SHA-256 of the stored PDF.
        folder: where pictures are kept aside; they can be deleted at any time.
    """
    file = folder / f"{digest}.webp"
    if file.exists():
        return file.read_bytes()
    made = helper().ask("picture", {"width": WIDTH}, storage.get(digest))
    if made is not None:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(file, made)
    return made
