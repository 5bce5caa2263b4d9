"""`./concord lms people …`: accounts and roles from a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from lms.accounts.domain import PersonFacts, Role
from lms.clock import utc_now

roles_option = click.Choice([role.value for role in Role])


@click.group()
def group() -> None:
    """People: accounts, roles, sessions."""


@group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="As it should stand on a certificate.")
@click.option("--role", "roles", multiple=True, type=roles_option, help="May be given again.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--invite", is_flag=True, help="Mail a link with which they choose a password.")
def add_person(
    email: str, name: str, roles: tuple[str, ...], password_stdin: bool, invite: bool
) -> None:
    """Add the person with the address EMAIL; a trainee unless --role says otherwise."""
    check_address(email)
    chosen = [Role(role) for role in roles] or [Role.TRAINEE]
    if invite:
        send_invitation(email, name, chosen)
        return
    password = read_password(from_stdin=password_stdin)
    with app_context():
        from lms.accounts import api
        from lms.db import transaction

        with transaction():
            person_id = api.add_person(
                email=email, name=name, password=password, roles=chosen, now=utc_now()
            )
        click.echo(f"Added person {person_id}: {name}, {', '.join(chosen)}.")


@group.command("role")
@click.argument("email")
@click.option("--grant", multiple=True, type=roles_option)
@click.option("--withdraw", multiple=True, type=roles_option)
@click.option("--reason", default="", help="Kept in the audit trail.")
def change_roles(
    email: str, grant: tuple[str, ...], withdraw: tuple[str, ...], reason: str
) -> None:
    """Grant roles to the person with the address EMAIL, or withdraw them."""
    if not grant and not withdraw:
        raise click.UsageError("Name a role with --grant or --withdraw.")
    with app_context():
        from lms.accounts import queries, services
        from lms.db import transaction

        person, now = known(email), utc_now()
        with transaction():
            for role in grant:
                services.grant_role(person.id, Role(role), actor_id=None, reason=reason, now=now)
            for role in withdraw:
                services.withdraw_role(person.id, Role(role), actor_id=None, reason=reason, now=now)
        now_held = queries.roles_in_order(queries.person_of(person.id))
        click.echo(f"{person.name} is now: {', '.join(now_held) or 'without a role'}.")


@group.command("list")
@click.option("--words", default="", help="Words in the name or the address.")
@click.option("--role", type=roles_option)
@click.option("--closed", is_flag=True, help="Closed accounts instead of open ones.")
def list_people(words: str, role: str | None, closed: bool) -> None:
    """List people: id, address, name, roles, separated by tabs."""
    with app_context():
        from lms.accounts import queries

        sought = queries.Sought(words=words, role=role or "", state="closed" if closed else "")
        step = 500
        for offset in range(0, queries.count_people(sought), step):
            for row in queries.people(sought, limit=step, offset=offset):
                click.echo(f"{row.id}\t{row.email}\t{row.name}\t{','.join(row.roles)}")


@group.group("sessions")
def sessions() -> None:
    """Where people are signed in."""


@sessions.command("end")
@click.argument("email")
def end_sessions(email: str) -> None:
    """Sign the person with the address EMAIL out everywhere."""
    with app_context():
        from lms.accounts import services
        from lms.db import transaction

        person = known(email)
        with transaction():
            ended = services.end_sessions_of(person.id, actor_id=None, now=utc_now())
        click.echo(f"{person.name} was signed out. Devices: {ended}.")


@contextmanager
def app_context() -> Iterator[None]:
    from lms.app import create_app

    with create_app().app_context():
        yield


def send_invitation(email: str, name: str, roles: list[Role]) -> None:
    with app_context():
        from lms import jobs
        from lms.accounts import api
        from lms.db import transaction

        with transaction():
            invitation_id = api.invite(
                email, name=name, roles=roles, invited_by=None, now=utc_now()
            )
        if invitation_id is None:
            raise click.ClickException(
                f"{email} has these roles already, or the account was closed. Nothing was sent."
            )
        jobs.kick()
        click.echo(f"Invitation {invitation_id} to {email} is on its way.")


def known(email: str) -> PersonFacts:
    from lms.accounts import api

    person = api.find_by_email(email)
    if person is None:
        raise click.ClickException(
            f"Nobody has the address {email}. `people list --words …` shows who is there."
        )
    return person


def read_password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("Say --password-stdin to pipe a password in, or --invite.")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def check_address(email: str) -> None:
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise click.BadParameter(f"{email} is not an email address: {error}") from error
