"""Two hundred ways to forge a certificate, before our check and before other people's programs."""

import subprocess

import pytest

from lms.certificates import keys
from lms.certificates.domain import FileFinding
from lms.certificates.keys import Trust
from lms.certificates.verification import examine
from tests.attacks import UNSIGNED_PART, attacks
from tests.factories_certificates import make_facts
from tests.unit.certificates.conftest import (
    NOW,
    make_signer,
    seal,
    seal_in,
    withdraw,
)


@pytest.fixture(scope="module")
def attacked(sealed, data_folder, stranger_folder):
    other = seal_in(data_folder, facts=make_facts(name="Kim Other"))
    return attacks(sealed, other, seal_in(stranger_folder))


@pytest.fixture(scope="module")
def ours(attacked, trust):
    return {name: examine(data, trust, now=NOW) for name, data in attacked.items()}


def test_none_of_them_is_called_good_and_nothing_of_them_is_shown(ours):
    assert len(ours) >= 200
    assert [name for name, found in ours.items() if found.finding.trusted] == []
    assert {(found.code, found.facts) for found in ours.values()} == {(None, None)}


def test_each_kind_of_deed_gets_the_verdict_of_its_kind(ours):
    kinds = {
        "look-alike": {FileFinding.UNKNOWN_SIGNER},
        "revision:": {FileFinding.ADDED_TO, FileFinding.NOT_SIGNED},
        "range:": {FileFinding.ALTERED, FileFinding.NOT_SIGNED, FileFinding.UNREADABLE},
        "signature of another": {FileFinding.ALTERED},
        UNSIGNED_PART: {FileFinding.ALTERED, FileFinding.UNKNOWN_SIGNER, FileFinding.UNREADABLE},
    }
    for kind, possible in kinds.items():
        found = {one.finding for name, one in ours.items() if name.startswith(kind)}
        assert found and found <= possible, (kind, found)


def poppler_says_good(data, nss, folder):
    file = folder / "attacked.pdf"
    file.write_bytes(data)
    done = subprocess.run(
        ["pdfsig", "-nssdir", f"sql:{nss}", "-no-ocsp", file], capture_output=True, timeout=30
    )
    wanted = (b"Signature is Valid", b"Certificate is Trusted", b"Total document signed")
    return all(sentence in done.stdout for sentence in wanted) and done.stdout.count(b"Signer") > 0


def test_poppler_agrees_about_every_one(attacked, ours, nss, tmp_path):
    """Good for us is exactly what is valid, trusted and total there.

    With one exception: what is done to the container itself, which no signature covers, may pass
    there; here the file has to be the one that was issued.
    """
    few = [name for name in attacked if "flip" not in name]
    few += [name for name in attacked if "flip" in name][::6]
    good = {name for name in few if poppler_says_good(attacked[name], nss, tmp_path)}
    differs = {name for name in good if not ours[name].finding.trusted}
    assert {name for name in differs if not name.startswith(UNSIGNED_PART)} == set()
    assert f"{UNSIGNED_PART}small letters" in differs


def test_what_is_good_is_good_for_both_until_the_signer_is_withdrawn(
    nss, sealed, signer, trust, tmp_path
):
    for data in (sealed, seal(signer)):
        assert examine(data, trust, now=NOW).finding is FileFinding.INTACT
        assert poppler_says_good(data, nss, tmp_path)

    theirs = make_signer(tmp_path / "installation")
    unstamped = seal(theirs)
    withdraw(tmp_path / "installation", theirs.certificate)
    crls = keys.read_crls(tmp_path / "installation" / keys.FOLDER)
    found = examine(unstamped, Trust((theirs.root,), crls), now=NOW)
    assert found.finding is FileFinding.SIGNER_REVOKED
