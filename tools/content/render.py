"""Turn drawings into pages, pictures and films: WeasyPrint, pypdfium2 and ffmpeg."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pypdfium2
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from PIL import Image, ImageFile
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it for the whole process
ROOT = Path(__file__).resolve().parents[2]
STAMP = 1_790_000_000  # a fixed moment, so that the same drawings give the same files


@cache
def fonts_folder() -> Path:
    """Static TTF cuts of the product's own fonts, made once a run (WOFF2 is slow to unpack)."""
    target = Path(tempfile.mkdtemp(prefix="concord-fonts-"))
    for stem, cuts in (
        ("source-sans-3-latin-wght-normal", (400, 600)),
        ("source-serif-4-latin-wght-normal", (600,)),
    ):
        source = next(_font_files(stem), None)
        if source is None:
            raise SystemExit(f"The font {stem}.woff2 is missing under lms/static.")
        for weight in cuts:
            font = instantiateVariableFont(TTFont(source), {"wght": weight})
            font.flavor = None
            font.save(target / f"{stem}-{weight}.ttf")
    return target


def _font_files(stem: str) -> Iterable[Path]:
    yield from (ROOT / "lms" / "static").rglob(f"{stem}.woff2")
    if extra := os.environ.get("CONCORD_FONTS"):
        yield from Path(extra).rglob(f"{stem}.woff2")


def font_css() -> str:
    folder = fonts_folder()
    rules = []
    for family, stem, weight in (
        ("Source Sans 3", "source-sans-3-latin-wght-normal", 400),
        ("Source Sans 3", "source-sans-3-latin-wght-normal", 600),
        ("Source Serif 4", "source-serif-4-latin-wght-normal", 600),
    ):
        url = (folder / f"{stem}-{weight}.ttf").as_uri()
        rules.append(f"@font-face{{font-family:'{family}';font-weight:{weight};src:url({url})}}")
    return "".join(rules)


def pdf(html: str, *, css: str = "", title: str = "") -> bytes:
    os.environ["SOURCE_DATE_EPOCH"] = str(STAMP)
    fonts = FontConfiguration()
    sheets = [CSS(string=font_css() + css, font_config=fonts)]
    return HTML(string=html).write_pdf(stylesheets=sheets, font_config=fonts)


def data_url(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def pages_of(svgs: list[str], width: float, height: float) -> bytes:
    css = (
        f"@page{{size:{width}px {height}px;margin:0}}html,body{{margin:0}}"
        f"svg{{display:block;width:{width}px;height:{height}px;break-after:page}}"
    )
    return pdf("<html><body>" + "".join(svgs) + "</body></html>", css=css)


def images(svgs: list[str], width: float, height: float, *, scale: float = 1) -> list[Image.Image]:
    """Each drawing as a picture of width*scale by height*scale pixels."""
    doc = pypdfium2.PdfDocument(pages_of(svgs, width, height))
    want = (round(width * scale), round(height * scale))
    out = []
    for page in doc:
        bitmap = page.render(scale=want[0] / page.get_width())
        out.append(bitmap.to_pil().convert("RGB").crop((0, 0, *want)))
    return out


def film(frames: Iterable[Image.Image], target: Path, *, fps: int, crf: int = 26) -> None:
    """Encode frames as H.264 that any browser plays and may start before it is all there."""
    ffmpeg = shutil.which("ffmpeg")
    if not ffmpeg:
        raise SystemExit("ffmpeg is not installed; films are left as they are.")
    process = None
    for frame in frames:
        if process is None:
            process = subprocess.Popen(
                [
                    ffmpeg,
                    "-loglevel",
                    "error",
                    "-y",
                    "-f",
                    "rawvideo",
                    "-pix_fmt",
                    "rgb24",
                    "-s",
                    f"{frame.width}x{frame.height}",
                    "-r",
                    str(fps),
                    "-i",
                    "-",
                    "-an",
                    "-c:v",
                    "libx264",
                    "-preset",
                    "slow",
                    "-crf",
                    str(crf),
                    "-pix_fmt",
                    "yuv420p",
                    "-g",
                    str(fps * 4),
                    "-movflags",
                    "+faststart",
                    "-threads",
                    "1",
                    "-map_metadata",
                    "-1",
                    "-fflags",
                    "+bitexact",
                    "-flags:v",
                    "+bitexact",
                    str(target),
                ],
                stdin=subprocess.PIPE,
            )
        assert process.stdin is not None
        process.stdin.write(frame.tobytes())
    assert process is not None and process.stdin is not None
    process.stdin.close()
    if process.wait():
        raise SystemExit(f"ffmpeg could not write {target.name}.")
