"""`./concord lms outbox`: the mail that was written to files because there is no mail server."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import click

from lms.config import read_settings

BETWEEN = b"\n" + b"-" * 79 + b"\n"


@click.command("outbox")
@click.option("--most", default=20, show_default=True, type=click.IntRange(1), help="Newest first.")
@click.option("--text", is_flag=True, help="Show what the mails say, too.")
def outbox(most: int, text: bool) -> None:
    """List mail that was written to files: when, to whom, subject, attachments."""
    folder = read_settings().data / "outbox"
    shown = 0
    for at, message in mails(folder):
        if shown == most:
            break
        shown += 1
        names = [part.get_filename() or "?" for part in message.iter_attachments()]
        attached = f"\t[{', '.join(names)}]" if names else ""
        click.echo(f"{at:%Y-%m-%dT%H:%MZ}\t{message['To']}\t{message['Subject']}{attached}")
        if text:
            body = message.get_body(("plain",))
            click.echo(body.get_content() if body is not None else "")
    if not shown:
        click.echo(f"There is no mail in {folder}.", err=True)
        sys.exit(0)


def mails(folder: Path) -> Iterator[tuple[datetime, EmailMessage]]:
    """Yield the mails of a folder with the moment at which each was written, newest first."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files:
        at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        for raw in reversed(file.read_bytes().split(BETWEEN)):
            if raw.strip():
                message = message_from_bytes(raw, policy=policy.default)
                assert isinstance(message, EmailMessage)
                yield at, message
