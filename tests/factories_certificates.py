"""Facts of certificates with fixed values for whatever a test does not care about."""

from datetime import date
from typing import Any

from lms.certificates import services
from lms.certificates.domain import AgreementLine, Facts, IssuedCertificate, ScoreLine
from lms.db import transaction
from tests.factories import NOW

ISSUED_ON = date(2026, 6, 14)
CODE = "7Q4KM2XD9H3TRB6WD"

NAMES = {
    "latin": "Siobhán O’Brien-Łukasiewicz",
    "vietnamese": "Nguyễn Thị Hồng Ánh",
    "yoruba": "Ẹniọlá Adébáyọ̀",
    "icelandic": "Þórdís Ægisdóttir",
    "greek": "Ελένη Παπαδοπούλου",
    "cyrillic": "Анна Сергеевна Ковалёва",
    "arabic": "فاطمة الزهراء بن علي",
    "arabic ligatures": "محمد لؤي إلياس الأحمد",
    "urdu": "اللہ دتہ ہاشمی",
    "persian": "پریسا گل‌محمدی",
    "hebrew": "דוד בן־גוריון",
    "two lines": "Maria Wilhelmina van der Bergh-Oosterhuis de Montmorency-Lopes",
    "no blank": "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis",
    "mixed": "Layla ليلى Haddad",
}


def make_facts(**given: Any) -> Facts:
    values: dict[str, Any] = {
        "name": "Robin Hale",
        "title": "CMAS rater",
        "module_title": "CMAS, childhood myositis assessment scale",
        "module_slug": "cmas",
        "instrument_title": "Childhood Myositis Assessment Scale",
        "instrument_ref": "cmas@1.0",
        "instrument_note": "14 items, 0 to 52",
        "release_version": "1.1",
        "release_digest": "ab" * 32,
        "level": "Rater",
        "score": (
            ScoreLine("Largest gap in a total", "2 points, at most 3"),
            ScoreLine("Certification cases met", "4 of 4"),
        ),
        "agreement": AgreementLine(reached=50, required=48, of=56, unit="items"),
        "language": "en",
        "issued_on": ISSUED_ON,
        "expires_on": date(2028, 6, 14),
        "demonstration": True,
        "rights": "Demonstration use only",
        "issuer": "Concord demonstration authority",
    }
    return Facts(**{**values, **given})


def issue(
    holder_id: int, *, facts: Facts | None = None, subject: str = "enrolment:1"
) -> IssuedCertificate:
    """Issue a certificate in a transaction of its own; its file waits for the job."""
    with transaction():
        return services.issue_certificate(
            facts or make_facts(), holder_id=holder_id, subject=subject, now=NOW
        )
