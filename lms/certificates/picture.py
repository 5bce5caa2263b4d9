"""A picture of a certificate's page, made from its file in a process of its own and kept aside."""

from functools import cache
from io import BytesIO
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from lms import storage
from lms.certificates.keys import write_whole

WIDTH, HEIGHT = 1123, 794
SECONDS = 20
LARGEST = 4 * 1024 * 1024


def picture_of(digest: str, folder: Path) -> bytes | None:
    """Return a WebP picture of the one page, or None where it cannot be made.

    Args:
        digest: SHA-256 of the stored PDF.
        folder: where pictures are kept aside; they can be deleted at any time.
    """
    file = folder / f"{digest}.webp"
    if file.exists():
        return file.read_bytes()
    made = _draw(storage.get(digest))
    if made is not None:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(file, made)
    return made


def _draw(data: bytes) -> bytes | None:
    """PDFium is not safe to call from two threads, so a process of its own calls it."""
    context = _context()
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, data), daemon=True)
    process.start()
    theirs.close()
    try:
        return bytes(ours.recv_bytes(LARGEST)) if ours.poll(SECONDS) else None
    except (EOFError, OSError):
        return None
    finally:
        ours.close()
        process.kill()
        process.join()


@cache
def _context() -> Any:
    return get_context("forkserver")


def _work(out: Connection, data: bytes) -> None:
    import pypdfium2

    page = pypdfium2.PdfDocument(data)[0]
    width, _ = page.get_size()
    drawn = page.render(scale=WIDTH / width).to_pil().convert("RGB")
    image = BytesIO()
    drawn.save(image, "WEBP", quality=80)
    out.send_bytes(image.getvalue())
