"""What a command did to a key, in the audit trail."""

import click
from sqlalchemy.exc import SQLAlchemyError

from lms.clock import utc_now


def record(action: str, name: str, **after: str) -> None:
    """Write the act into the audit trail; the keys themselves are files, and changed already."""
    from lms.audit import api as audit
    from lms.db import transaction

    try:
        with transaction():
            audit.record(action, actor_id=None, subject=f"key:{name}", after=after, now=utc_now())
    except SQLAlchemyError:
        click.echo("There is no database yet, so the audit trail has no entry of this.", err=True)
