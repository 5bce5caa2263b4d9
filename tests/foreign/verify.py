"""Judge badges with openbadgeslib and openvc, in an environment that is not the product's.

Everything comes in on standard input, contexts and keys included; nothing is fetched.

    in:  {contexts: {url: doc}, did: doc, lists: {url: doc}, list_tokens: {url: text},
          cases: {name: {badge: doc} | {token: text} | {entry: doc}}}
    out: {library: {name: {verified: bool, error: text}}}
"""

import json
import socket
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.status import check_credential_status as check_status_of_badge
from openbadgeslib.ob3.verifier import OB3Verifier
from openvc.did.base import DidResolverRegistry
from openvc.did.did_web import DidWebResolver
from openvc.resolvers import default_status_list_resolver
from openvc.status import check_credential_status
from openvc.verify import VerificationPolicy, verify_credential

given = json.load(sys.stdin)


def no_network(*_arguments: Any, **_named: Any) -> None:
    raise OSError("no network here")


socket.socket.connect = no_network  # type: ignore[assignment,method-assign]


def handed_over(url: str) -> bytes:
    if url.endswith("/.well-known/did.json"):
        return json.dumps(given["did"]).encode()
    if url in given["list_tokens"]:
        return given["list_tokens"][url].encode()
    raise OSError(f"not handed over: {url}")


def judge_by_openbadgeslib(case: dict[str, Any]) -> None:
    did = given["did"]["id"]
    if "entry" in case:
        bare = SimpleNamespace(credential_status=[case["entry"]], issuer=SimpleNamespace(id=did))
        check_status_of_badge(bare, download=handed_over, verify_list=True)
    elif "token" in case:
        verifier = OB3Verifier.for_issuer_did(did, download=handed_over)
        verifier.verify(case["token"], check_status=True, download=handed_over)
    else:
        OB3LdpVerifier.for_issuer_did(did).verify(
            json.dumps(case["badge"]), check_status=True, download=handed_over
        )


def judge_by_openvc(case: dict[str, Any]) -> None:
    resolver = DidResolverRegistry([DidWebResolver(lambda url: json.loads(handed_over(url)))])
    lists = default_status_list_resolver(
        resolver=resolver,
        extra_contexts=given["contexts"],
        fetch=lambda url: json.dumps(given["lists"][url]),
    )
    if "entry" in case:
        found = check_credential_status(
            {"credentialStatus": case["entry"]}, resolve_status_list=lists
        )
        if found.revoked or found.suspended:
            raise ValueError(f"revoked: {found.revoked}, suspended: {found.suspended}")
        return
    verify_credential(
        case.get("token") or case["badge"],
        policy=VerificationPolicy(
            expected_types=["OpenBadgeCredential"], require_status_issuer_binding=True
        ),
        resolver=resolver,
        resolve_status_list=lists,
        extra_contexts=given["contexts"],
    )


def judge(by: Callable[[dict[str, Any]], None], case: dict[str, Any]) -> dict[str, Any]:
    try:
        by(case)
    except Exception as error:  # noqa: BLE001  (whatever a library says no with is its answer)
        return {"verified": False, "error": f"{type(error).__name__}: {error}"}
    return {"verified": True, "error": ""}


json.dump(
    {
        name: {case: judge(by, given["cases"][case]) for case in given["cases"]}
        for name, by in (("openbadgeslib", judge_by_openbadgeslib), ("openvc", judge_by_openvc))
    },
    sys.stdout,
)
