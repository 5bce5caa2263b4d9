"""Keys in a token: SoftHSM2, the real library that HSMs' makers test against."""

import os
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from lms.certificates import keys
from lms.certificates.domain import FileFinding
from lms.certificates.keys import KeysUnusable, Role, Trust
from lms.certificates.keys.pkcs11 import make_token_key, parse_address, token_key
from lms.certificates.verification import examine
from tests.unit.certificates.conftest import NOW, SECRET, key_settings, make_signer, run, seal

PIN = "1234"


def settings_with(folder, pin=PIN, **given):
    return key_settings(folder, secrets=keys.Secrets((keys.passphrase_from(SECRET),), pin), **given)


@pytest.fixture(scope="module")
def address(token):
    made = f"{token};object=signer-1{token.module}"
    make_token_key(made, PIN)
    return made


@pytest.fixture(scope="module")
def in_token(token, tmp_path_factory):
    """An installation whose document signer is in the token, under its own authority."""
    folder = tmp_path_factory.mktemp("in-token")
    make_signer(folder)
    settings = settings_with(folder)
    keys.add_key(
        settings.own,
        Role.SIGNER,
        organization=None,
        now=NOW,
        token=f"{token};object=signer-2{token.module}",
    )
    return keys.open_signer(settings, now=NOW)


def test_a_token_signs_what_its_public_key_confirms(address):
    key = token_key(address, PIN)
    key.public.verify(key.sign(b"facts"), b"facts", padding.PKCS1v15(), hashes.SHA256())


def test_what_a_token_sealed_is_as_good_as_what_a_file_sealed(in_token, signer):
    for one in (in_token, signer):
        found = examine(seal(one), Trust((one.root,)), now=NOW)
        assert found.finding is FileFinding.INTACT
    assert in_token.certificate.issuer == signer.certificate.issuer


def test_settings_may_name_a_key_in_a_token_with_its_chain(in_token, token, tmp_path):
    chain = tmp_path / "chain.pem"
    chain.write_bytes(b"".join(map(keys.pem, (*in_token.chain, in_token.certificate))))
    named = f"{token};object=signer-2{token.module}"
    opened = keys.open_signer(settings_with(tmp_path / "data", token=named, chain=chain), now=NOW)
    assert (opened.certificate, opened.chain) == (in_token.certificate, in_token.chain)
    with pytest.raises(KeysUnusable, match="CONCORD_SIGNER_CHAIN"):
        keys.open_signer(settings_with(tmp_path / "data", token=named), now=NOW)


def test_a_chain_of_another_key_is_refused(in_token, address, tmp_path):
    chain = tmp_path / "chain.pem"
    chain.write_bytes(keys.pem(in_token.certificate))
    with pytest.raises(KeysUnusable, match="no certificate of the key"):
        keys.open_signer(settings_with(tmp_path, token=address, chain=chain), now=NOW)


def test_the_key_cannot_be_taken_out(address):
    import pkcs11

    session = token_key(address, PIN)._session
    key = session.get_key(pkcs11.ObjectClass.PRIVATE_KEY, label="signer-1")
    assert key[pkcs11.Attribute.SENSITIVE]
    with pytest.raises(pkcs11.PKCS11Error):
        key[pkcs11.Attribute.PRIVATE_EXPONENT]


def test_a_label_is_not_given_twice(address):
    with pytest.raises(KeysUnusable, match="already holds signer-1"):
        make_token_key(address, PIN)


def test_a_dropped_session_is_opened_again(address):
    key = token_key(address, PIN)
    key._session.close()
    assert key.sign(b"x") == token_key(address, PIN).sign(b"x")


def test_a_process_that_forked_signs_with_a_session_of_its_own(address):
    before = token_key(address, PIN).sign(b"x")
    child = os.fork()
    if child == 0:
        os._exit(0 if token_key(address, PIN).sign(b"x") == before else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert token_key(address, PIN).sign(b"x") == before


@pytest.mark.parametrize(
    ("change", "pin", "said"),
    [
        (("object=signer-1", "object=nothing"), PIN, "no key with the label nothing"),
        (("token=concord", "token=elsewhere"), PIN, "no token with the label elsewhere"),
        (("libsofthsm2", "libnothing"), PIN, "cannot be loaded"),
        (("object=signer-1", "object=signer-1"), "9999", "does not take this PIN"),
    ],
)
def test_what_is_wrong_with_a_token_is_told_in_a_sentence(address, change, pin, said):
    """In a process of its own: one that is signed in is not asked for the PIN again."""
    code = (
        "import sys\n"
        "from lms.certificates.keys import KeysUnusable\n"
        "from lms.certificates.keys.pkcs11 import token_key\n"
        "try: token_key(sys.argv[1], sys.argv[2])\n"
        "except KeysUnusable as error: print(error)\n"
    )
    assert said in run(sys.executable, "-c", code, address.replace(*change), pin)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pkcs11:token=a;object=b", "module-path"),
        ("pkcs11:object=b?module-path=/x.so", "token"),
        ("pkcs11:token=a;object=b?module-path=/x.so&pin-value=1234", "must not hold its PIN"),
    ],
)
def test_an_address_that_does_not_do_is_told_in_a_sentence(text, said):
    with pytest.raises(KeysUnusable, match=said):
        parse_address(text)


def test_an_address_is_read_with_its_escapes():
    read = parse_address("pkcs11:token=My%20token;object=signer%3B1?module-path=/usr/lib/x.so")
    assert (read.token, read.label, read.module) == ("My token", "signer;1", "/usr/lib/x.so")


def test_softhsm_itself_shows_the_token(token):
    shown = subprocess.run(["softhsm2-util", "--show-slots"], capture_output=True, text=True)
    assert "concord" in shown.stdout
