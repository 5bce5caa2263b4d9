"""A time-stamping authority on loopback: OpenSSL answers, so that nothing of ours judges itself."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from cryptography.hazmat.primitives import serialization

from lms.certificates import keys
from lms.certificates.keys import certifying
from lms.certificates.keys.certifying import Issuer, Role

CONFIG = """[tsa]
default_tsa = here
[here]
dir = {folder}
serial = {folder}/serial
signer_cert = {folder}/leaf.pem
signer_key = {folder}/leaf.key
certs = {folder}/issuers.pem
signer_digest = sha256
default_policy = 1.3.6.1.4.1.32473.2
digests = {digests}
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Stamping(ThreadingHTTPServer):
    """The server. `fault` makes it misbehave: "down", "redirect", "garbage", "refuse", "stale"."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder, self.fault, self.asked = folder, "", 0
        self.last = b""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/tsr"

    @property
    def roots(self) -> Path:
        """The file that CONCORD_TSA_ROOTS may name: certificates and their lists."""
        return self.folder / "pinned.pem"


class _Handler(BaseHTTPRequestHandler):
    server: Stamping

    def do_POST(self) -> None:
        server = self.server
        server.asked += 1
        question = self.rfile.read(int(self.headers["Content-Length"]))
        if server.fault == "down":
            self.send_error(503)
            return
        if server.fault == "redirect":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            return
        answer = self._answer(question, server)
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _answer(self, question: bytes, server: Stamping) -> bytes:
        if server.fault == "garbage":
            return b"<html>Welcome to our hotel's network</html>"
        if server.fault == "stale" and server.last:
            return server.last
        config = "strict.cnf" if server.fault == "refuse" else "tsa.cnf"
        query = server.folder / f"query-{server.asked}.tsq"
        query.write_bytes(question)
        reply = subprocess.run(
            ["openssl", "ts", "-reply", "-config", server.folder / config, "-queryfile", query],
            capture_output=True,
            check=True,
        )
        server.last = reply.stdout
        return reply.stdout

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def stamping_server(folder: Path) -> Iterator[Stamping]:
    """Serve an authority with a root, an issuer and a stamping key of its own."""
    _make_authority(folder)
    server = Stamping(folder)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def _make_authority(folder: Path) -> None:
    now = datetime.now(UTC)
    root_key, issuing_key, leaf_key = (certifying.new_key() for _ in range(3))
    place = "http://tsa.example/trust/"
    name = "Stamps of Example"
    root = certifying.certify_root(root_key, certifying.subject(name, Role.ROOT), now)
    above = Issuer(root_key, root, f"{place}root")
    issuing = certifying.certify(
        Role.ISSUING, issuing_key.public_key(), certifying.subject(name, Role.ISSUING), above, now
    )
    below = Issuer(issuing_key, issuing, f"{place}issuing")
    leaf = certifying.certify(
        Role.STAMPER, leaf_key.public_key(), certifying.subject(name, Role.STAMPER), below, now
    )
    lists = [certifying.make_crl(one, now, timedelta(days=30)) for one in (above, below)]
    packed = [one.public_bytes(serialization.Encoding.PEM) for one in lists]
    for file, data in {
        "leaf.pem": keys.pem(leaf),
        "issuers.pem": keys.pem(issuing) + keys.pem(root),
        "pinned.pem": b"".join((keys.pem(root), keys.pem(issuing), *packed)),
        "bare.pem": keys.pem(root) + keys.pem(issuing),
        "leaf.key": leaf_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        "serial": b"01\n",
        "tsa.cnf": CONFIG.format(folder=folder, digests="sha256, sha384, sha512").encode(),
        "strict.cnf": CONFIG.format(folder=folder, digests="sha512").encode(),
    }.items():
        (folder / file).write_bytes(data)
