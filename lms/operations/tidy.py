"""`./concord lms tidy`: delete what is kept for a while only and whose while is over."""

import click

from lms.clock import utc_now
from lms.operations.context import app_context


@click.command("tidy")
def tidy() -> None:
    """Delete old sign-ins, links, drafts and jobs. The worker does it every night."""
    with app_context():
        from lms.tidying import clear_old

        for what, count in clear_old(now=utc_now()).items():
            click.echo(f"{count}\t{what}")
