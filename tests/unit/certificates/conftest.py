"""One authority and one sealed file for all tests of this folder: making keys is slow."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from lms.certificates import keys, pdf, sealing, signing
from lms.certificates.domain import Facts
from lms.certificates.keys import KeySettings, Signer, Trust
from lms.certificates.stamping import LocalStamper
from tests.factories_certificates import CODE, make_facts

BADGE = b'{"name":"Robin Hale"}'  # what stands for a badge
NOW = datetime(2026, 6, 14, 15, 2, tzinfo=UTC)
SECRET = "a secret of the tests, long enough to be one"


def key_settings(folder: Path, **given: Any) -> KeySettings:
    values: dict[str, Any] = {
        "secrets": keys.Secrets((keys.passphrase_from(SECRET),)),
        "base_url": "http://127.0.0.1:8000",
        "production": False,
    }
    return KeySettings(folder, **{**values, **given})


def make_signer(folder: Path) -> Signer:
    return keys.open_signer(key_settings(folder), now=NOW)


def withdraw(folder: Path, certificate: x509.Certificate, since: datetime = NOW) -> None:
    keys.withdraw(
        key_settings(folder).own,
        certificate,
        since=since,
        reason=x509.ReasonFlags.key_compromise,
        now=NOW,
    )


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def signer(data_folder) -> Signer:
    return make_signer(data_folder)


@pytest.fixture(scope="session")
def stamper(data_folder, signer) -> Signer:
    return keys.open_stamper(key_settings(data_folder), now=NOW)


@pytest.fixture(scope="session")
def stranger_folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("stranger")


@pytest.fixture(scope="session")
def stranger(stranger_folder) -> Signer:
    """The signer of another installation, with the same names in its certificates."""
    return make_signer(stranger_folder)


@pytest.fixture(scope="session")
def trust(signer) -> Trust:
    return Trust((signer.root,))


@pytest.fixture(scope="session")
def sealed(data_folder, signer) -> bytes:
    return seal_in(data_folder)


def seal(signer: Signer) -> bytes:
    """Sign without a time stamp, as the first version did."""
    return signing.sign(draw(), signer, signed_at=NOW)


def seal_in(
    folder: Path,
    *,
    at: datetime = NOW,
    signer: Signer | None = None,
    facts: Facts | None = None,
    badge: bytes = BADGE,
) -> bytes:
    """Seal as an installation does: signed, stamped by its own authority, with evidence."""
    signer = signer or make_signer(folder)
    local = keys.open_stamper(key_settings(folder), now=NOW)
    evidence = evidence_of(signer, local, keys.read_crls(folder / keys.FOLDER))
    return signing.sign(
        draw(evidence, at=at, facts=facts, badge=badge),
        signer,
        signed_at=at,
        stamper=LocalStamper(local, lambda: at),
    )


def evidence_of(signer: Signer, stamper: Signer, crls: tuple[Any, ...]) -> signing.Evidence:
    needed = (signer.certificate, *signer.chain[:-1], stamper.certificate, *stamper.chain[:-1])
    return signing.Evidence(
        tuple(dict.fromkeys(map(keys.der, needed))), tuple(keys.der(crl) for crl in crls)
    )


def draw(
    evidence: signing.Evidence | None = None,
    *,
    at: datetime = NOW,
    facts: Facts | None = None,
    badge: bytes = BADGE,
) -> bytes:
    return pdf.render(
        facts or make_facts(),
        CODE,
        base_url="https://concord.example",
        sealed_at=at,
        development=True,
        attachments=(sealing.attached(badge),),
        finisher=signing.finisher(evidence),
    )


@pytest.fixture(scope="session")
def nss(tmp_path_factory, signer) -> Path:
    """A trust store of NSS, as poppler uses it, that holds our root."""
    folder = tmp_path_factory.mktemp("nss")
    root = folder / "root.pem"
    root.write_bytes(keys.pem(signer.root))
    run("certutil", "-N", "-d", f"sql:{folder}", "--empty-password")
    run("certutil", "-A", "-d", f"sql:{folder}", "-n", "root", "-t", "CT,C,C", "-i", root)
    return folder


def run(*command: object) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=True
    )
    return done.stdout
