"""Runs the check of an uploaded file in a process of its own, with little time and memory."""

import json
import multiprocessing
import resource
from datetime import datetime
from functools import cache
from multiprocessing.connection import Connection
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lms.certificates.domain import FileFinding, facts_from_data
from lms.certificates.keys import Trust
from lms.certificates.verification import LARGEST, Examination, examine

SECONDS = 20
CPU_SECONDS = 10
MEMORY = 1024 * 1024 * 1024
LARGEST_ANSWER = 256 * 1024


def inspect(data: bytes, trust: Trust, *, now: datetime, seconds: float = SECONDS) -> Examination:
    """Examine a file from outside. Whatever goes wrong in there, the answer is "unreadable".

    Args:
        seconds: how long it may take before the process is ended.
    """
    if len(data) > LARGEST or not data.startswith(b"%PDF-"):
        return Examination(FileFinding.UNREADABLE)
    context = _context()
    ours, theirs = context.Pipe(duplex=False)
    roots = [root.public_bytes(Encoding.DER) for root in trust.roots]
    crls = [crl.public_bytes(Encoding.DER) for crl in trust.crls]
    process = context.Process(target=_work, args=(theirs, data, roots, crls, now), daemon=True)
    process.start()
    theirs.close()
    try:
        if ours.poll(seconds):
            # JSON and not pickle: what a taken-over parser sends must not run here.
            return _from_data(json.loads(ours.recv_bytes(LARGEST_ANSWER)))
    except (EOFError, OSError, ValueError):
        pass
    finally:
        ours.close()
        process.kill()
        process.join()
    return Examination(FileFinding.UNREADABLE)


@cache
def _context() -> Any:
    """Children are forked from a clean process that has loaded the checker already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", __name__])
    return context


def _work(
    out: Connection, data: bytes, roots: list[bytes], crls: list[bytes], now: datetime
) -> None:
    _limit(resource.RLIMIT_CPU, CPU_SECONDS)
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_FSIZE, 0)
    trust = Trust(
        tuple(x509.load_der_x509_certificate(der) for der in roots),
        tuple(x509.load_der_x509_crl(der) for der in crls),
    )
    out.send_bytes(json.dumps(_as_data(examine(data, trust, now=now))).encode())


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _as_data(found: Examination) -> dict[str, Any]:
    return {
        "finding": found.finding,
        "code": found.code,
        "facts": found.facts.as_data() if found.facts else None,
        "signed_at": found.signed_at.isoformat() if found.signed_at else None,
        "development": found.development,
    }


def _from_data(data: dict[str, Any]) -> Examination:
    return Examination(
        finding=FileFinding(data["finding"]),
        code=data["code"],
        facts=facts_from_data(data["facts"]) if data["facts"] else None,
        signed_at=datetime.fromisoformat(data["signed_at"]) if data["signed_at"] else None,
        development=data["development"],
    )
