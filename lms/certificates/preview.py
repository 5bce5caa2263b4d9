"""A design with the names that strain it most: pages as one PDF, and a picture of all of them."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image

from lms.certificates import pdf
from lms.certificates.domain import AgreementLine, Facts, ScoreLine

NAMES = (
    "Bo Li",
    "Siobhán O’Brien-Łukasiewicz",
    "Maria Wilhelmina van der Bergh-Oosterhuis de Montmorency-Lop",  # 60 letters, two lines
    "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis",  # 60 letters, no blank
    "Nguyễn Thị Hồng Ánh Ẹniọlá Adébáyọ̀",
    "فاطمة الزهراء بنت علي بن محمد الأنصاري",
    "דוד בן־גוריון הלוי מירושלים",
    "山田 太郎 (王小明)",
)
CODE = "7Q4KM2XD9H3TRB6WD"
MOMENT = datetime(2026, 6, 14, 15, 2, tzinfo=UTC)
DOTS, COLUMNS, GAP = 110, 2, 16

_FACTS = Facts(
    name="Bo Li",
    title="CMAS rater",
    module_title="CMAS, childhood myositis assessment scale",
    module_slug="cmas",
    instrument_title="Childhood Myositis Assessment Scale",
    instrument_ref="cmas@1.0",
    instrument_note="14 items, 0 to 52",
    release_version="1.1",
    release_digest="3f9c" * 16,
    level="Rater",
    score=(
        ScoreLine("Largest gap in a total", "2 points, at most 3"),
        ScoreLine("Certification cases met", "4 of 4"),
    ),
    agreement=AgreementLine(reached=50, required=48, of=56),
    language="en",
    issued_on=date(2026, 6, 14),
    expires_on=date(2028, 6, 14),
    demonstration=True,
    rights="Demonstration use only",
    issuer="Concord demonstration authority",
)
_CROWDED = replace(
    _FACTS,
    title="Rater of the manual muscle test in its long version, both sides, with the hand",
    instrument_title="Manual Muscle Testing of twenty-six muscle groups, long version with both "
    "sides and the small muscles of the hand",
    instrument_note="26 muscle groups on both sides and the axis, 0 to 260",
    issuer="Institute of Outcome Assessment at the University Hospitals of Example and Sample",
    rights="Used with the permission of its authors, who ask that it is not sold",
    score=tuple(ScoreLine(f"Criterion {n}", "within 2 points in 9 of 10 cases") for n in "12345"),
    agreement=None,
    expires_on=None,
)


@dataclass(frozen=True)
class Preview:
    """The pages as one PDF, and all of them as one PNG."""

    document: bytes
    picture: bytes


def preview(design: Path, *, base_url: str) -> Preview:
    """Draw a design with the names and facts that strain it most.

    Raises:
        RendererMissing: if this machine cannot draw.
        BadDesign: if the design cannot be used.
    """
    facts = [replace(_FACTS, name=name) for name in NAMES]
    facts += [replace(_CROWDED, name=name) for name in (NAMES[0], NAMES[2])]
    return _joined([_draw(one, design, base_url) for one in facts])


def _draw(facts: Facts, design: Path, base_url: str) -> bytes:
    return pdf.render(
        facts, CODE, base_url=base_url, sealed_at=MOMENT, development=True, design=design
    )


def _joined(pages: list[bytes]) -> Preview:
    import pypdfium2

    whole = pypdfium2.PdfDocument.new()
    pictures = []
    for data in pages:
        source = pypdfium2.PdfDocument(data)
        whole.import_pages(source)
        pictures.append(source[0].render(scale=DOTS / 72).to_pil().convert("RGB"))
        source.close()
    document, picture = BytesIO(), BytesIO()
    whole.save(document)
    whole.close()
    _sheet(pictures).save(picture, "PNG", optimize=True)
    return Preview(document.getvalue(), picture.getvalue())


def _sheet(pictures: list[Image.Image]) -> Image.Image:
    width = max(one.width for one in pictures) + GAP
    height = max(one.height for one in pictures) + GAP
    rows = -(-len(pictures) // COLUMNS)
    sheet = Image.new("RGB", (width * COLUMNS + GAP, height * rows + GAP), "#8a8f94")
    for place, one in enumerate(pictures):
        sheet.paste(one, (GAP + width * (place % COLUMNS), GAP + height * (place // COLUMNS)))
    return sheet
