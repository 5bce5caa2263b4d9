"""Reads decks and films in a process of its own, so that a hostile file can only end that one.

Run as `python -m lms.packages.reader.probe slides DECK FOLDER` or `… film FILE`; prints JSON.
"""

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # each task is a process of its own and loads its own library alone
    import pypdfium2 as pdfium
    from PIL import Image

MOST_PAGES = 200
WIDTH = 1280
THUMBNAIL_WIDTH = 240
MOST_IMAGE_BYTES = 120 * 1024
MOST_TEXT = 4000
MEMORY = 2 * 1024**3
QUALITIES = (82, 70, 58, 45, 32)


def main(arguments: list[str]) -> None:
    _limit()
    task, *names = arguments
    result = slides(Path(names[0]), Path(names[1])) if task == "slides" else film(Path(names[0]))
    json.dump(result, sys.stdout)


def slides(deck: Path, folder: Path) -> dict[str, Any]:
    """Draw every page as two WebP files in the folder and return sizes and text."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(deck)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower()
        return {"problem": "locked" if locked else "broken"}
    if not 1 <= len(document) <= MOST_PAGES:
        return {"problem": "pages", "count": len(document)}
    pages = []
    for number in range(len(document)):
        try:
            pages.append(_page(document, number, folder))
        except pdfium.PdfiumError:
            pages.append({"problem": "broken"})
    return {"pages": pages}


def _page(document: "pdfium.PdfDocument", number: int, folder: Path) -> dict[str, Any]:
    page = document[number]
    width, height = page.get_size()
    if not (width > 0 and height > 0 and 0.2 <= width / height <= 5):
        return {"problem": "shape"}
    image = page.render(scale=WIDTH / width, may_draw_forms=True).to_pil().convert("RGB")
    text = page.get_textpage().get_text_bounded()
    image, data = _small_webp(image)
    (folder / f"{number}.webp").write_bytes(data)
    size = image.size
    image.thumbnail((THUMBNAIL_WIDTH, THUMBNAIL_WIDTH * 2))
    (folder / f"{number}-small.webp").write_bytes(_webp(image, 70))
    return {"width": size[0], "height": size[1], "text": text[:MOST_TEXT]}


def _small_webp(image: "Image.Image") -> "tuple[Image.Image, bytes]":
    """Return the picture, made smaller if need be, and its bytes within the limit."""
    while True:
        for quality in QUALITIES:
            data = _webp(image, quality)
            if len(data) <= MOST_IMAGE_BYTES:
                return image, data
        image = image.resize((image.width * 3 // 4, image.height * 3 // 4))


def _webp(image: "Image.Image", quality: int) -> bytes:
    packed = io.BytesIO()
    image.save(packed, "WEBP", quality=quality, method=2)
    return packed.getvalue()


def film(path: Path) -> dict[str, Any]:
    """Return the container, codecs, size and length (in seconds) of a film."""
    from pymediainfo import MediaInfo

    found = MediaInfo.parse(path)
    general = found.general_tracks[0] if found.general_tracks else None
    video = found.video_tracks[0] if found.video_tracks else None
    if general is None or video is None:
        return {"problem": "no picture"}
    return {
        "container": general.format,
        "streamable": general.isstreamable != "No",
        "seconds": float(video.duration or general.duration or 0) / 1000,
        "video": video.format,
        "width": video.width or 0,
        "height": video.height or 0,
        "audio": [track.format for track in found.audio_tracks],
    }


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not a POSIX system
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(sys.argv[1:])
