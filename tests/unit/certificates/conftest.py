"""One authority and one sealed file for all tests of this folder: making keys is slow."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lms.certificates import keys, pdf, signing
from lms.certificates.keys import Signer, Trust
from tests.factories_certificates import CODE, make_facts

NOW = datetime(2026, 6, 14, 15, 2, tzinfo=UTC)
SECRET = "a secret of the tests, long enough to be one"


def make_signer(folder: Path) -> Signer:
    return keys.open_signer(
        folder,
        secret=SECRET,
        base_url="http://127.0.0.1:8000",
        production=False,
        p12=None,
        passphrase_file=None,
        now=NOW,
    )


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def signer(data_folder) -> Signer:
    return make_signer(data_folder)


@pytest.fixture(scope="session")
def stranger(tmp_path_factory) -> Signer:
    """The signer of another installation, with the same names in its certificates."""
    return make_signer(tmp_path_factory.mktemp("stranger"))


@pytest.fixture(scope="session")
def trust(signer) -> Trust:
    return Trust((signer.root,))


@pytest.fixture(scope="session")
def sealed(signer) -> bytes:
    return seal(signer)


def seal(signer: Signer) -> bytes:
    drawn = pdf.render(
        make_facts(),
        CODE,
        base_url="https://concord.example",
        sealed_at=NOW,
        development=True,
        finisher=signing.add_field,
    )
    return signing.sign(drawn, signer, signed_at=NOW)


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
