"""The drawings that depend on the facts: the agreement line as SVG, the QR code as a picture."""

from io import BytesIO

import segno
from markupsafe import Markup

from lms.certificates.domain import AgreementLine

INK, SECOND, AGREE, PALE, SHEET = "#16232e", "#47545f", "#0a625f", "#d6e9e3", "#fffdf8"
QUIET_ZONE, MASK = 4, 2
LEFT, WIDTH, AXIS, TOP, TICK = 2.0, 146.0, 11.0, 4.5, 0.22


def qr_code(url: str) -> bytes:
    """Return the QR code of an address as a two-colour PNG: error level M, with its quiet zone.

    Every certificate has another one, and WeasyPrint draws a picture ten times as fast as a path.
    The mask is always the same: trying all eight takes longer than all the rest of it, for a
    difference that readers of today do not notice.
    """
    out = BytesIO()
    segno.make(url, error="m", micro=False, mask=MASK).save(
        out, kind="png", border=QUIET_ZONE, scale=4, dark="#000", light=SHEET
    )
    return out.getvalue()


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
        "{ticks}"
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
    """One tick an answer, every tenth longer; fewer where they would stand too close.

    Drawn as two thick dashed lines, because that is two shapes to lay out and not a hundred.
    """
    step = next(step for step in (1, 5, 10, 50, 100, 500, of) if of / step <= 120)
    return Markup("").join(
        Markup(
            '<path d="M{start:.3f} {middle}H{end:.3f}" fill="none" stroke="{second}"'
            ' stroke-width="{length}" stroke-dasharray="{line} {gap:.5f}"/>'
        ).format(
            start=LEFT - TICK / 2,
            end=LEFT + WIDTH + TICK / 2,
            middle=AXIS + length / 2,
            second=SECOND,
            length=length,
            line=TICK,
            gap=WIDTH * each / of - TICK,
        )
        for each, length in ((step, 1.6), (10 * step, 2.4))
        if each <= of
    )
