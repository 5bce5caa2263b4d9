"""The key chapter of docs/operations.md, run as it is written, on a production installation."""

import os
import re
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lms.certificates import keys, pdf, signing
from lms.certificates.domain import FileFinding
from lms.certificates.keys import Role, Trust, certifying
from lms.certificates.keys.certifying import Issuer
from lms.certificates.stamping import LocalStamper
from lms.certificates.verification import examine
from tests import commands
from tests.factories_certificates import CODE, make_facts

ROOT = Path(__file__).parents[2]
SECRET = "a secret that is long enough for production"
PAGE = (ROOT / "docs" / "operations.md").read_text()
CHAPTER = PAGE[PAGE.index("### Key ceremony") : PAGE.index("## Upgrading")]
SECTIONS = [section.partition("\n") for section in re.split(r"^### ", CHAPTER, flags=re.MULTILINE)]
DRILLS = {
    title: block[1]
    for title, _, text in SECTIONS
    if (block := re.search(r"```sh\n(.*?)```", text, re.DOTALL))
}


@dataclass
class Server:
    """An installation on which the commands of the page are typed."""

    place: Path

    @property
    def data(self) -> Path:
        return self.place / "data"

    def type(self, line: str) -> str:
        line = line.replace("2026", str(datetime.now(UTC).year))
        for outside in ("/media/safe", "/srv"):
            line = line.replace(outside, str(self.place / outside[1:]))
        words = shlex.split(line)
        set_before = list(takewhile(lambda word: "=" in word, words))
        environment = {**self.environment, **dict(word.split("=", 1) for word in set_before)}
        words = words[len(set_before) :]
        if words[:2] == ["./concord", "lms"]:
            done = commands.lms(*words[2:], env=environment)
        else:
            done = subprocess.run(
                ["sh", "-c", line], cwd=ROOT, env=environment, capture_output=True, text=True
            )
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "CONCORD_ENV": "production",
            "CONCORD_DATA": str(self.data),
            "CONCORD_SECRET_KEY": SECRET,
            "CONCORD_BASE_URL": "https://concord.example",
        }

    @property
    def settings(self) -> keys.KeySettings:
        secrets = keys.Secrets((keys.passphrase_from(SECRET),))
        return keys.KeySettings(self.data, secrets, "https://concord.example", production=True)

    def seal(self, name: str) -> bytes:
        """Seal with a key of the register, now, as its thief could, too."""
        now = datetime.now(UTC)
        entry = keys.read_register(self.settings.folder).find(name)
        signer = keys.open_entry(self.settings.folder, entry, self.settings.secrets)
        stamper = LocalStamper(keys.open_stamper(self.settings, now=now), lambda: datetime.now(UTC))
        drawn = pdf.render(
            make_facts(),
            CODE,
            base_url="https://concord.example",
            sealed_at=now,
            development=False,
            finisher=signing.finisher(signing.Evidence((keys.der(signer.certificate),), ())),
        )
        return signing.sign(drawn, signer, signed_at=now, stamper=stamper)

    def finding(self, data: bytes) -> FileFinding:
        """Check as a stranger does who has what `export` wrote."""
        public = self.place / "srv" / "public-keys"
        trust = Trust(
            keys.read_certificates(public / "trust-root.pem"),
            tuple(map(keys.read_crl, sorted(public.glob("*.crl")))),
        )
        return examine(data, trust, now=datetime.now(UTC) + timedelta(days=1)).finding


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = Server(tmp_path_factory.mktemp("server"))
    for folder in ("data", "media/safe", "srv/drill"):
        (made.place / folder).mkdir(parents=True)
    upgrade = (
        "from flask_migrate import upgrade; from lms.app import create_app\n"
        "with create_app().app_context(): upgrade(directory='migrations')"
    )
    subprocess.run([sys.executable, "-c", upgrade], cwd=ROOT, env=made.environment, check=True)
    return made


def answer(server: Server) -> None:
    """What another authority sends back: a chain for the request, and its lists."""
    safe, now = server.place / "media" / "safe", datetime.now(UTC)
    asked = x509.load_pem_x509_csr((safe / "request.csr").read_bytes())
    assert asked.is_signature_valid
    root_key, issuing_key = certifying.new_key(), certifying.new_key()
    name = "Authority Elsewhere"
    root = certifying.certify_root(root_key, certifying.subject(name, Role.ROOT), now)
    above = Issuer(root_key, root, "http://elsewhere.example/root")
    issuing = certifying.certify(
        Role.ISSUING, issuing_key.public_key(), certifying.subject(name, Role.ISSUING), above, now
    )
    below = Issuer(issuing_key, issuing, "http://elsewhere.example/issuing")
    leaf = certifying.certify(Role.SIGNER, asked.public_key(), asked.subject, below, now)
    (safe / "chain.pem").write_bytes(b"".join(map(keys.pem, (leaf, issuing, root))))
    for file, issuer in (("issuer.crl", below), ("root.crl", above)):
        listed = certifying.make_crl(issuer, now, timedelta(days=30))
        (safe / file).write_bytes(listed.public_bytes(Encoding.DER))


def test_the_page_has_every_drill():
    assert list(DRILLS) == [
        "Key ceremony",
        "Every year: rotation",
        "A key may be in other hands: compromise",
        "Another authority signs for you",
        "Restore drill",
    ]


def test_the_drills_of_the_page_do_what_it_says(server):
    """In one go, because each begins where the one before it ended."""
    year = datetime.now(UTC).year
    first, second, third, fourth = (f"signer-{year}-{n}" for n in range(1, 5))
    said = [run(server, "Key ceremony")]
    assert (server.place / "media/safe/root.p12").exists()
    assert not (server.data / "authority" / "root.key").exists()
    assert "SHA-256" in said[0] and "UNTRUSTED" not in said[0]
    before_rotation = server.seal(first)
    assert server.finding(before_rotation) is FileFinding.INTACT

    assert f"badge-{year}-1" in said[0]

    said.append(run(server, "Every year: rotation"))
    assert f"badge-{year}-1: badges, was in use" in said[-1]
    assert f"badge-{year}-2: badges, in use since" in said[-1]
    assert "UNTRUSTED" not in said[-1]
    register = keys.read_register(server.settings.folder)
    assert register.current(Role.SIGNER).name == second
    before = server.seal(second)

    wait_for_the_next_second()  # a stamp tells no more than seconds
    said.append(run(server, "A key may be in other hands: compromise"))
    assert f"{second}: document signer, was in use" in said[-1] and "REVOKED" in said[-1]
    after = server.seal(second)
    assert server.finding(before) is FileFinding.INTACT
    assert server.finding(after) is FileFinding.SIGNER_REVOKED
    assert server.finding(before_rotation) is FileFinding.INTACT
    assert server.finding(server.seal(third)) is FileFinding.INTACT

    said.append(run(server, "Another authority signs for you"))
    assert f"{fourth} is in use, certified by" in said[-1]
    opened = keys.open_signer(server.settings, now=datetime.now(UTC))
    assert "Authority Elsewhere root" in opened.root.subject.rfc4514_string()

    said.append(run(server, "Restore drill"))
    drill = server.place / "srv" / "drill" / "authority"
    kept = {file.name for file in (server.data / "authority").iterdir() if file.name[0] != "."}
    assert {file.name for file in drill.iterdir() if file.name[0] != "."} == kept
    assert "The audit chain" in said[-1] or "whole" in said[-1]


def wait_for_the_next_second() -> None:
    time.sleep(1.01 - datetime.now(UTC).microsecond / 1e6)


def run(server: Server, drill: str) -> str:
    said = []
    for line in DRILLS[drill].strip().splitlines():
        if "keys accept" in line:
            answer(server)
        said.append(server.type(line))
    return "".join(said)
