"""Deleting what is kept for a while only, once its while is over: nightly, and on request."""

from datetime import datetime

from lms import jobs, storage
from lms.accounts import api as accounts
from lms.db import transaction
from lms.packages import api as packages
from lms.trials import api as trials


def clear_old(*, now: datetime) -> dict[str, int]:
    """Clear every room, each in a transaction of its own; return how many rows of each went."""
    gone: dict[str, int] = {}
    for what, clear in (
        ("sign-ins, invitations and links", accounts.clear_old),
        ("rosters never applied", trials.clear_old),
        ("drafts", packages.clear_old),
    ):
        with transaction():
            gone[what] = clear(now=now)
    with transaction():
        gone["jobs"], files = jobs.clear_old(now=now)
    for digest in files:
        storage.remove(digest)
    return gone
