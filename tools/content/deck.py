"""Slides: a heading, a little text, a drawing; set as a PDF whose text can be read out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from draw import (
    AGREE,
    CARE,
    EDGE,
    INK,
    INK_2,
    PAPER,
    RULE,
    agreement_line,
    path,
)
from render import pdf

CSS = f"""
@page {{ size: 960px 540px; margin: 0; background: {PAPER}; }}
html, body {{ margin: 0; font: 21px/1.38 'Source Sans 3'; color: {INK}; }}
section {{ position: relative; width: 960px; height: 540px; break-after: page; overflow: hidden; }}
section:last-child {{ break-after: auto; }}
h1 {{ position: absolute; left: 56px; top: 36px; width: 848px; margin: 0;
     font: 600 34px/1.15 'Source Serif 4'; }}
.body {{ position: absolute; left: 56px; top: 104px; width: 368px; height: 380px; }}
.body.wide {{ width: 848px; }}
.body.low {{ top: 392px; width: 848px; height: 110px; }}
.body p {{ margin: 0 0 12px; }}
.body ul, .body ol {{ margin: 0 0 12px; padding: 0 0 0 22px; }}
.body li {{ margin: 0 0 8px; }}
.body li::marker {{ color: {AGREE}; }}
.slip {{ border-left: 4px solid {CARE}; padding-left: 12px; color: {CARE}; }}
.keep {{ border-left: 4px solid {AGREE}; padding-left: 12px; }}
.art {{ position: absolute; left: 448px; top: 104px; width: 472px; height: 384px; }}
.body.slim {{ width: 276px; }}
.art.big {{ left: 352px; width: 568px; }}
.art.full {{ left: 56px; width: 848px; top: 100px; height: 390px; }}
.art.top {{ left: 56px; width: 848px; top: 100px; height: 280px; }}
.art svg {{ display: block; width: 100%; height: 100%; }}
.foot {{ position: absolute; left: 56px; right: 56px; bottom: 16px; font-size: 14px; color: {INK_2}; }}
.foot b {{ position: absolute; right: 0; font-weight: 400; }}
.edge {{ position: absolute; left: 0; bottom: 0; }}
table {{ border-collapse: collapse; width: 848px; font-size: 18.5px; line-height: 1.25; }}
td, th {{ text-align: left; padding: 4px 10px 4px 0; border-bottom: 1px solid {RULE};
         vertical-align: top; }}
th {{ color: {INK_2}; font-weight: 600; border-bottom: 2px solid {INK_2}; }}
td.n {{ font-weight: 600; width: 44px; }}
.title h1 {{ top: 176px; font-size: 52px; width: 540px; }}
.title .sub {{ position: absolute; left: 56px; top: 306px; width: 470px; font-size: 24px;
              color: {INK_2}; }}
.title .line {{ position: absolute; left: 56px; top: 66px; width: 300px; }}
.title .who {{ position: absolute; right: 36px; top: 70px; width: 400px; height: 400px; }}
.title .who svg {{ width: 100%; height: 100%; }}
"""


@dataclass(frozen=True)
class Slide:
    """One slide.

    Attributes:
        body: HTML, short.
        art: SVG elements, drawn on `size`.
        place: side | big | full | top | none, where the drawing stands.
        notes: Markdown that is read beside the slide.
    """

    title: str
    body: str = ""
    art: Sequence[str] = ()
    size: tuple[float, float] = (480, 390)
    place: str = "side"
    notes: str = ""


def _svg(parts: Sequence[str], size: tuple[float, float]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" '
        f'preserveAspectRatio="xMidYMid meet">{"".join(parts)}</svg>'
    )


def _ruler() -> str:
    ticks = "".join(f"M{x} 10v-{6 if (x // 12) % 5 == 0 else 3}" for x in range(0, 961, 12))
    return (
        '<svg class="edge" width="960" height="10" viewBox="0 0 960 10">'
        + path(ticks, stroke=EDGE, width=1, cap="butt")
        + "</svg>"
    )


def _page(slide: Slide, number: int, total: int, module: str) -> str:
    foot = (
        f'<div class="foot">{escape(module)} · made-up demonstration, CC BY 4.0'
        f"<b>{number} / {total}</b></div>"
    )
    if number == 1:
        mark = _svg(
            [
                agreement_line(
                    14, 40, 272, low=0, high=10, panel=(4, 5, 5, 5, 6), centre=5, tolerance=1, own=5
                )
            ],
            (300, 84),
        )
        return (
            f'<section class="title"><div class="line">{mark}</div><h1>{slide.title}</h1>'
            f'<div class="sub">{slide.body}</div>'
            f'<div class="who">{_svg(slide.art, slide.size)}</div>{foot}{_ruler()}</section>'
        )
    art = ""
    if slide.art:
        where = {"side": "art", "full": "art full", "top": "art top", "big": "art big"}[slide.place]
        art = f'<div class="{where}">{_svg(slide.art, slide.size)}</div>'
    width = {
        "side": "body",
        "full": "body wide",
        "top": "body low",
        "none": "body wide",
        "big": "body slim",
    }[slide.place]
    body = f'<div class="{width}">{slide.body}</div>' if slide.body else ""
    return f"<section><h1>{slide.title}</h1>{body}{art}{foot}{_ruler()}</section>"


def write_deck(slides: Sequence[Slide], target: Path, *, module: str, title: str) -> None:
    """Set the deck as PDF, and its notes beside it as <name>-notes.md."""
    pages = [_page(s, n, len(slides), module) for n, s in enumerate(slides, start=1)]
    html = (
        f'<html lang="en"><head><title>{escape(title)}</title></head>'
        f"<body>{''.join(pages)}</body></html>"
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(pdf(html, css=CSS))
    notes = [f"## {n}\n\n{s.notes.strip()}\n" for n, s in enumerate(slides, start=1)]
    target.with_name(target.stem + "-notes.md").write_text("\n".join(notes), encoding="utf-8")


def ul(*lines: str) -> str:
    return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"


def ol(*lines: str) -> str:
    return "<ol>" + "".join(f"<li>{line}</li>" for line in lines) + "</ol>"


def slip(words: str) -> str:
    return f'<p class="slip">{words}</p>'


def keep(words: str) -> str:
    return f'<p class="keep">{words}</p>'
