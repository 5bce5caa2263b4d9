"""`./concord lms audit …`: check the trail and read it."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click


@click.group()
def group() -> None:
    """The audit trail: who did what, when and why."""


@group.command("verify")
def verify() -> None:
    """Check the chain of the trail. Exit 1 and name the events where it is broken."""
    with app_context():
        from lms.audit import api

        broken = api.broken_links()
        if broken:
            click.echo(
                f"The trail is broken at {len(broken)} of its events: "
                f"{', '.join(map(str, broken))}. Something was changed or taken out after it was "
                "written. Compare with a backup.",
                err=True,
            )
            sys.exit(1)
        click.echo(f"The trail is whole: {api.count_events()} events.")


@group.command("list")
@click.argument("subject")
def list_events(subject: str) -> None:
    """List what happened to SUBJECT, for example person:17, oldest first."""
    with app_context():
        from lms.audit import api

        events = api.history_of(subject)
        if not events:
            raise click.ClickException(
                f"Nothing is recorded about {subject}. Subjects look like person:17."
            )
        for event in events:
            actor = f"person:{event.actor_id}" if event.actor_id else "system"
            click.echo(f"{event.id}\t{event.at.isoformat()}\t{actor}\t{event.action}")
            if event.reason:
                click.echo(f"\treason: {event.reason}")
            for label, value in (("before", event.before), ("after", event.after)):
                if value is not None:
                    words = json.dumps(value, ensure_ascii=False, sort_keys=True)
                    click.echo(f"\t{label}: {words}")


@contextmanager
def app_context() -> Iterator[None]:
    from lms.app import create_app

    with create_app().app_context():
        yield
