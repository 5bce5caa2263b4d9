"""What a certificate costs: draw, sign and stamp, store; and the naive pipeline in the same run."""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench import naive
from lms.certificates import keys, pdf, signing
from lms.certificates.badges.credential import Issuer, StatusEntry, credential
from lms.certificates.badges.signer import Place
from lms.certificates.badges.signer import open_signer as open_badge_signer
from lms.certificates.badges.verification import Known, verify
from lms.certificates.domain import AgreementLine, Facts, ScoreLine
from lms.certificates.keys import Trust
from lms.certificates.sealing import attached
from lms.certificates.stamping import LocalStamper
from lms.certificates.verification import examine

COUNT = 12
DID = "did:web:concord.example.org"
NOW = datetime(2026, 11, 21, 10, 42, tzinfo=UTC)
CODE = "7Q4KM2XD9H3TRB6WD"


@dataclass(frozen=True)
class SealingFigures:
    """CPU milliseconds, medians. Both pipelines end with a stored file of level B-LT; ours makes
    and checks the badge as well, and carries it inside."""

    badge: float
    render: float
    sign: float
    whole: float
    naive_render: float
    naive_sign: float
    naive_whole: float
    check: float

    @property
    def ratio(self) -> float:
        return self.naive_whole / self.whole

    @property
    def on_two_cores(self) -> float:
        """Whole certificates a second, our own check of each among them, without the register."""
        return 2000 / (self.whole + self.check)


def measure() -> SealingFigures:
    with tempfile.TemporaryDirectory() as folder:
        base = "https://concord.example.org"
        settings = keys.KeySettings(
            Path(folder), keys.Secrets((b"bench",)), base_url=base, production=False
        )
        signer = keys.open_signer(settings, now=NOW)
        local = keys.open_stamper(settings, now=NOW)
        crls = keys.read_crls(settings.folder)
        stamper = LocalStamper(local, lambda: NOW)
        needed = (signer.certificate, *signer.chain[:-1], local.certificate)
        evidence = signing.Evidence(tuple(map(keys.der, needed)), tuple(map(keys.der, crls)))

        badges = open_badge_signer(
            Place(Path(folder) / "badges", secret="bench", controller=DID, production=False),
            now=NOW - timedelta(days=1),
        )
        spent: list[float] = []

        def badge(n: int) -> bytes:
            started = time.process_time()
            issuer = Issuer(DID, base, development=True)
            status = StatusEntry(1, 70_000)
            document = credential(facts(n), CODE, issuer=issuer, status=status)
            forms = badges.sign(document, created=NOW)
            for data in forms:
                assert verify(data, Known([badges.public], {}), now=NOW).finding == "intact"
                keep(folder, data)
            spent.append((time.process_time() - started) * 1000)
            return forms[0]

        def draw(n: int) -> bytes:
            return pdf.render(
                facts(n),
                CODE,
                base_url=base,
                sealed_at=NOW,
                development=signer.development,
                attachments=(attached(badge(n)),),
                finisher=signing.finisher(evidence),
            )

        def seal(drawn: bytes) -> None:
            keep(folder, signing.sign(drawn, signer, signed_at=NOW, stamper=stamper))

        tools = naive.Tools(signer, local, crls)
        ours = together(draw, seal)
        return SealingFigures(
            statistics.median(spent),
            *ours,
            *together(
                lambda n: naive.render(facts(n), CODE, base_url=base),
                lambda drawn: keep(folder, naive.sign(drawn, tools)),
            ),
            check_of(
                signing.sign(draw(0), signer, signed_at=NOW, stamper=stamper), Trust((signer.root,))
            ),
        )


def keep(folder: str, data: bytes) -> None:
    (Path(folder) / sha256(data).hexdigest()).write_bytes(data)


def check_of(data: bytes, trust: Trust) -> float:
    times = []
    for _ in range(COUNT):
        started = time.process_time()
        found = examine(data, trust, now=NOW)
        times.append((time.process_time() - started) * 1000)
        assert found.level == "B-LT", found
    return statistics.median(times)


def together(
    render: Callable[[int], bytes], sign: Callable[[bytes], Any]
) -> tuple[float, float, float]:
    """Return CPU milliseconds of drawing, of signing and of both, after one warm-up."""
    sign(render(0))
    drawing, signing_times = [], []
    for n in range(1, COUNT + 1):
        started = time.process_time()
        drawn = render(n)
        between = time.process_time()
        sign(drawn)
        drawing.append((between - started) * 1000)
        signing_times.append((time.process_time() - between) * 1000)
    whole = [a + b for a, b in zip(drawing, signing_times, strict=True)]
    return statistics.median(drawing), statistics.median(signing_times), statistics.median(whole)


def facts(n: int) -> Facts:
    return Facts(
        name=f"Robin Hale {n}",
        title="MMT-8 rater, one side",
        module_title="MMT-8 rater, one side",
        module_slug="mmt8",
        instrument_title="Manual muscle test, eight groups, one side",
        instrument_ref="mmt8_80@1.0",
        instrument_note="8 items, MMT-8 0 to 80",
        release_version="1.0",
        release_digest="ab" * 32,
        level="Demonstration",
        score=(ScoreLine("Cases in agreement", "4 of 4, 3 required"),),
        agreement=AgreementLine(reached=28 + n % 5, required=21, of=32),
        language="en",
        issued_on=date(2026, 11, 21),
        expires_on=date(2028, 11, 21),
        demonstration=True,
        rights="Demonstration use only",
        issuer="Concord",
    )
