"""A trust bundle as the page carries it."""

import base64
import json
from typing import Any, Final

from lms.certificates import keys
from lms.certificates.badges import keyring
from lms.certificates.badges.proofs import written
from lms.certificates.bundle.model import FORMAT, Bundle
from lms.certificates.checker.page import checker_page

FILE_NAME: Final = "concord-checker.html"
"""Its name where it is downloaded alone."""
NAME: Final = "checker.html"
"""Its name in a trust bundle and in an evidence pack."""


def page_for(bundle: Bundle) -> bytes:
    """Return the page that checks with this bundle."""
    return checker_page(page_data(bundle))


def page_data(bundle: Bundle) -> dict[str, Any]:
    """Return a bundle as plain JSON values, in the form that the page reads."""
    return {
        "format": FORMAT,
        "issuer": bundle.issuer,
        "address": bundle.address,
        "as_of": written(bundle.as_of),
        "development": bundle.development,
        "roots": [keys.pem(root).decode() for root in bundle.roots],
        "stamp_roots": [keys.pem(root).decode() for root in bundle.stamp_roots],
        "chain": [keys.pem(one).decode() for one in bundle.chain],
        "crls": [base64.b64encode(keys.der(crl)).decode() for crl in bundle.crls],
        "badge_keys": json.loads(keyring.keys_as_json(bundle.badge_keys)),
        "lists": {address: token.decode() for address, token in bundle.lists.items()},
    }
