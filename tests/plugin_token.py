"""A token of SoftHSM2, for every test that wants a key in hardware."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


class TokenAddress(str):
    """The beginning of a PKCS #11 address; `module` is what ends it."""

    module: str


@pytest.fixture(scope="session")
def token(tmp_path_factory) -> Iterator[TokenAddress]:
    """A token of SoftHSM2 that is the tests' own."""
    known = [Path("/usr/lib/softhsm/libsofthsm2.so"), *Path("/usr/lib").glob("*/softhsm/*hsm2.so")]
    module = next((file for file in known if file.exists()), None)
    if module is None:
        pytest.skip("SoftHSM2 is not here: sudo apt-get install -y softhsm2")
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        made = "softhsm2-util --init-token --free --label concord --pin 1234 --so-pin 4321"
        subprocess.run(made.split(), check=True, capture_output=True)
        address = TokenAddress("pkcs11:token=concord")
        address.module = f"?module-path={module}"
        yield address
