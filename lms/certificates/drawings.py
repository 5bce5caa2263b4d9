"""The drawings that depend on the facts, as SVG: the agreement line and the QR code."""

from io import BytesIO

import segno
from markupsafe import Markup

from lms.certificates.domain import AgreementLine

INK, SECOND, AGREE, PALE, SHEET = "#16232e", "#47545f", "#0a625f", "#d6e9e3", "#fffdf8"
QUIET_ZONE = 4
LEFT, WIDTH, AXIS, TOP = 2.0, 146.0, 11.0, 4.5


def qr_code(url: str, title: str) -> Markup:
    """Return the QR code of an address, error level M, with its quiet zone, black on the paper."""
    out = BytesIO()
    segno.make(url, error="m", micro=False).save(
        out,
        kind="svg",
        border=QUIET_ZONE,
        dark="#000",
        xmldecl=False,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
        nl=False,
        title=title,
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - segno escapes the title


def agreement_line(line: AgreementLine, *, title: str, required: str, whole: str) -> Markup:
    """Return the scale from 0 to all answers, the band required, and the holder's own mark.

    Args:
        title: the drawing in one sentence, for those who do not see it.
        required: the word at the lower end of the band.
        whole: the word at the upper end of the scale.
    """
    at = LEFT + WIDTH * line.required / line.of
    own = LEFT + WIDTH * line.reached / line.of
    right = LEFT + WIDTH
    return Markup(
        '<svg class="agree" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 150 20">'
        "<title>{title}</title>"
        '<rect x="{at:.2f}" y="{top}" width="{band:.2f}" height="9.6" fill="{pale}"/>'
        '<path d="M{left} {axis}H{right}" stroke="{second}" stroke-width=".35"/>'
        '<path d="{ticks}" stroke="{second}" stroke-width=".22"/>'
        '<path d="M{at:.2f} {top}v9.6M{right} {top}v9.6" stroke="{agree}" stroke-width=".55"/>'
        '<path d="M{own:.2f} {over}l2.6 2.6-2.6 2.6-2.6-2.6z" fill="{fill}" stroke="{edge}"'
        ' stroke-width=".5"/>'
        '<g font-size="2.8" fill="{second}"'
        ' font-family="Concord Sans, Amiri, HebrewSans, sans-serif">'
        '<text x="{left}" y="18.2">0</text>'
        '<text x="{label_x:.2f}" y="{label_y}" text-anchor="{anchor}">{required}</text>'
        '<text x="{right}" y="18.2" text-anchor="end">{whole}</text></g></svg>'
    ).format(
        title=title,
        at=at,
        own=own,
        band=right - at,
        top=TOP,
        axis=AXIS,
        over=AXIS - 2.6,
        left=LEFT,
        right=right,
        ticks=_ticks(line.of),
        pale=PALE,
        second=SECOND,
        agree=AGREE,
        fill=INK if line.reached >= line.required else SHEET,
        edge=SHEET if line.reached >= line.required else INK,
        label_x=at,
        label_y=3.2,
        anchor="end" if at > LEFT + WIDTH * 0.85 else "middle" if at > 20 else "start",
        required=required,
        whole=whole,
    )


def _ticks(of: int) -> Markup:
    """One tick an answer, every tenth longer; fewer where they would stand too close."""
    step = next(step for step in (1, 5, 10, 50, 100, 500, of) if of / step <= 120)
    places = [*range(0, of, step), of]
    return Markup("").join(
        Markup("M{x:.2f} {y}v{long}").format(
            x=LEFT + WIDTH * place / of, y=AXIS, long=2.4 if place % (10 * step) == 0 else 1.6
        )
        for place in places
    )
