"""Trust bundles of an issuer without an app."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from lms.certificates import keys
from lms.certificates.bundle import Bundle
from lms.certificates.keys import Signer
from tests.factories_badges import BASE, NOW, House


def make_bundle(signer: Signer, folder: Path, house: House, **given: Any) -> Bundle:
    """Return a bundle as of NOW.

    Args:
        folder: of the signer's keys, whose revocation lists go in.
        house: the issuer of badges; its lists must be tokens.
    """
    made = Bundle(
        as_of=NOW,
        issuer="Example Institute",
        address=BASE,
        development=True,
        roots=(signer.root,),
        chain=signer.chain[:-1],
        crls=keys.read_crls(folder / keys.FOLDER),
        badge_keys=(house.signer.public,),
        lists=house.lists,
        extras={"badges/did.json": b"{}"},
    )
    return replace(made, **given)
