"""The badge matrix before verifiers that are not ours: three libraries, two languages, no network.

They are handed contexts, keys and status lists as files. `./concord test` installs them under
var/tools, in environments of their own.
"""

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lms.certificates.badges import vocabulary
from lms.certificates.badges.credential import status_of
from lms.certificates.badges.reading import canonical
from lms.certificates.badges.verification import Known, verify
from lms.certificates.domain.badging import BadgeFinding, BadgeState, Purpose
from tests.factories_badges import BASE, DID, ENTRY, make_house
from tests.factories_certificates import NAMES, make_facts

ROOT = Path(__file__).parents[3]
TOOLS = ROOT / "var" / "tools"
MISSING = "The badge verifiers of others are not installed here. ./concord test installs them"
STATES = {"good": {}, "revoked": {"revocation": 70_001}, "suspended": {"suspension": 70_001}}


@pytest.fixture(scope="module")
def now():
    return datetime.now(UTC).replace(microsecond=0)  # the libraries ask the machine what day it is


@pytest.fixture(scope="module")
def house(tmp_path_factory, now):
    return make_house(tmp_path_factory.mktemp("keys"), signed_at=now - timedelta(days=20))


@pytest.fixture(scope="module")
def cases(house, tmp_path_factory, now):
    """The badges of the matrix, as their bytes."""
    begun = (now - timedelta(days=30)).date()
    facts = make_facts(issued_on=begun, expires_on=None)
    past = make_facts(issued_on=begun, expires_on=(now - timedelta(days=2)).date())
    good, token = house.badge(facts)
    stranger = make_house(tmp_path_factory.mktemp("strange"), signed_at=house.signed_at)
    document = json.loads(good)
    result = document["credentialSubject"]["result"][0]
    found = {
        "good": good,
        "expired": house.badge(past)[0],
        "tampered": good.replace(b"Robin Hale", b"Robin Hall"),
        "extra term": canonical({**document, "grade": "A"}),
        "extra term, deep": good.replace(
            canonical(result), canonical({**result, "grade": "with distinction"})
        ),
        "another key": stranger.badge(facts)[0],
        "token": token,
        "token, expired": house.badge(past)[1],
        "token, tampered": token[:200] + bytes([token[200] ^ 1]) + token[201:],
        "token, another key": stranger.badge(facts)[1],
    }
    found |= {
        name: house.badge(make_facts(name=name, issued_on=begun))[0] for name in NAMES.values()
    }
    return found


@pytest.fixture(scope="module", params=STATES)
def state(request, house, now):
    """What is handed to the libraries while the certificate is in a state."""
    house.publish(now=now, token=True, **STATES[request.param])
    tokens = {address: data.decode() for address, data in house.lists.items()}
    house.publish(now=now, **STATES[request.param])
    key = house.signer.public
    method = {
        "id": key.id,
        "type": "Multikey",
        "controller": DID,
        "publicKeyMultibase": key.multikey,
    }
    return request.param, {
        "contexts": {address: vocabulary.context(address) for address in vocabulary.PINS},
        "did": {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": DID,
            "verificationMethod": [method],
            "assertionMethod": [key.id],
        },
        "lists": {address: json.loads(data) for address, data in house.lists.items()},
        "list_tokens": tokens,
    }


def as_cases(cases):
    found = {
        name: {"token": data.decode()} if name.startswith("token") else {"badge": json.loads(data)}
        for name, data in cases.items()
    }
    for purpose in Purpose:
        found[f"place in {purpose}"] = {"entry": status_of(ENTRY, purpose, BASE)}
    return found


def ask(command, given, folder):
    asked = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert asked.returncode == 0, asked.stderr[-2000:]
    return json.loads(asked.stdout)


@pytest.fixture(scope="module")
def by_node(state, cases):
    """What the libraries from npm say: @digitalbazaar/vc and jose."""
    folder = TOOLS / "foreign-node"
    node = shutil.which("node")
    if node is None or not (folder / "stamp").exists():
        pytest.skip(f"{MISSING} (Node.js 18 or newer with npm).")
    # a module finds its packages beside itself; one that is given as text, in the present folder
    script = (ROOT / "tests" / "foreign" / "verify.mjs").read_text()
    command = [node, "--input-type=module", "--eval", script]
    return ask(command, {**state[1], "cases": as_cases(cases)}, folder)


@pytest.fixture(scope="module")
def by_python(state, cases):
    """What the libraries from PyPI say: openbadgeslib and openvc."""
    folder = TOOLS / "foreign-python"
    if not (folder / "stamp").exists():
        pytest.skip(f"{MISSING}.")
    script = ROOT / "tests" / "foreign" / "verify.py"
    command = [folder / "env" / "bin" / "python", script]
    return ask(command, {**state[1], "cases": as_cases(cases)}, folder)


BROKEN = ("tampered", "extra term", "extra term, deep", "another key")
GOOD = ("good", *NAMES.values())


def test_our_own_check_says_what_the_matrix_asks(house, cases, state, now):
    expected = {
        "good": BadgeState.VALID,
        "revoked": BadgeState.REVOKED,
        "suspended": BadgeState.SUSPENDED,
    }[state[0]]
    said = {name: verify(data, Known([house.signer.public], house.lists), now=now)
            for name, data in cases.items()}  # fmt: skip

    assert {said[name].state for name in (*GOOD, "token")} == {expected}
    if state[0] == "good":
        assert {said[name].state for name in ("expired", "token, expired")} == {BadgeState.EXPIRED}
    for name in (*BROKEN, "token, tampered", "token, another key"):
        assert said[name].finding is not BadgeFinding.INTACT, name


def test_digitalbazaar_agrees(by_node, state):
    for name in GOOD:
        assert by_node[name]["verified"], (name, by_node[name])
        # "verified" says nothing about revocation: the bit stands beside it
        assert by_node[name]["status"] is (state[0] == "revoked"), name
    for name in (*BROKEN, "expired"):
        assert not by_node[name]["verified"], name
    assert "Safe mode" in by_node["extra term"]["error"]
    assert "validUntil" in by_node["expired"]["error"]


def test_digitalbazaar_finds_a_suspension_at_the_same_place(by_node, state):
    assert by_node["place in suspension"]["status"] is (state[0] == "suspended")
    assert by_node["place in revocation"]["status"] is (state[0] == "revoked")


def test_jose_agrees_about_the_signature_of_a_token(by_node):
    assert by_node["token"]["verified"]
    assert by_node["token, expired"]["verified"], "it looks at the signature only"
    for name in ("token, tampered", "token, another key"):
        assert not by_node[name]["verified"], name


def test_openbadgeslib_agrees(by_python, state):
    said = by_python["openbadgeslib"]
    for name in (*GOOD, "token"):
        assert said[name]["verified"] is (state[0] != "revoked"), (name, said[name])
    for name in (*BROKEN, "expired", "token, expired", "token, tampered", "token, another key"):
        assert not said[name]["verified"], name
    assert said["place in suspension"]["verified"] is (state[0] != "suspended")


def test_openvc_agrees(by_python, state):
    said = by_python["openvc"]
    for name in GOOD:
        assert said[name]["verified"] is (state[0] != "revoked"), (name, said[name])
    for name in (*BROKEN, "expired"):
        assert not said[name]["verified"], name
    assert said["place in suspension"]["verified"] is (state[0] != "suspended")
    # it knows tokens of the data model 1.1 only, which wrap the credential
    assert "no embedded `vc`" in said["token"]["error"]


def test_every_term_that_is_used_means_the_same_in_the_other_copies_of_the_contexts():
    found = sorted((TOOLS / "foreign-python").glob("env/lib/python*/site-packages/openbadgeslib"))
    if not found:
        pytest.skip(f"{MISSING}.")
    theirs = found[0] / "ob3" / "contexts"
    credentials = (theirs / "credentials-v2.json").read_bytes()
    newer = json.loads((theirs / "ob-v3p0-context-3.0.3.json").read_text())["@context"]
    ours = vocabulary.context(vocabulary.OPEN_BADGES)["@context"]

    assert json.loads(credentials) == vocabulary.context(vocabulary.CREDENTIALS)
    assert {name: newer.get(name) for name in ours} == ours
    assert newer.keys() - ours.keys() == {"endorsementJwt", "jti"}
