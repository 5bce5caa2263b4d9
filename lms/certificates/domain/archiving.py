"""When a file in the archive gets a further time stamp."""

from dataclasses import dataclass
from datetime import datetime, timedelta

AT_LEAST_BETWEEN = timedelta(days=30)
"""A stamp whose key ends soon is not renewed every night while there is no other key."""


@dataclass(frozen=True)
class LastStamp:
    """The youngest stamp of a file.

    Args:
        number: how many archive copies there are; 0 while it has only the stamp of its signature.
        ends_at: the last moment of the certificate that made it, None where nobody wrote it down.
    """

    number: int
    stamped_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class Renewing:
    """How early stamps are renewed.

    Args:
        every: when a stamp is so old.
        before: so long before the end of the certificate that made it.
        lists_since: when the oldest revocation list that we could add was issued; None where one is
            missing.
    """

    every: timedelta
    before: timedelta
    lists_since: datetime | None


def is_due(last: LastStamp, how: Renewing, *, now: datetime) -> bool:
    """Tell whether a file is to be stamped anew.

    The first time as soon as there are revocation lists younger than its signature: they prove that
    the signer was not withdrawn when it signed, which the lists inside cannot. Afterwards, before
    age or the end of the stamping key weakens the proof.
    """
    if now - last.stamped_at >= how.every:
        return True
    if last.number == 0:
        return how.lists_since is not None and how.lists_since > last.stamped_at
    ends_soon = last.ends_at is not None and last.ends_at - now <= how.before
    return ends_soon and now - last.stamped_at >= AT_LEAST_BETWEEN
