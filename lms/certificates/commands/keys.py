"""`lms certificates keys …`: the key ceremony, rotation, compromise, and keys from elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from cryptography import x509

from lms.certificates import keys
from lms.certificates.commands import badgekeys
from lms.certificates.commands.trail import record
from lms.certificates.keys import KeysUnusable, Role, RootFile, ceremony
from lms.clock import utc_now

REASONS = {
    "key-compromise": x509.ReasonFlags.key_compromise,
    "superseded": x509.ReasonFlags.superseded,
    "cessation": x509.ReasonFlags.cessation_of_operation,
}


@click.group("keys")
def group() -> None:
    """Keys that sign: make, rotate, revoke, export, look after them."""


def root_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the two options that name the root's key, which is kept off the server."""
    passphrase = click.option(
        "--root-passphrase-file",
        type=click.Path(path_type=Path),
        help="A file with the passphrase of --root-file.",
    )
    file = click.option(
        "--root-file",
        type=click.Path(path_type=Path),
        metavar="ROOT.P12",
        help="The PKCS#12 file with the root's key, on a medium that is kept off the server.",
    )
    return file(passphrase(command))


token_option = click.option(
    "--token",
    metavar="PKCS11-ADDRESS",
    help="Make the key in a token: pkcs11:token=…;object=…?module-path=…",
)


@group.command("init")
@click.option("--name", metavar="INSTITUTION", help="Stands in every certificate of the keys.")
@token_option
@root_options
def init(
    name: str | None,
    token: str | None,
    root_file: Path | None,
    root_passphrase_file: Path | None,
) -> None:
    """Make root, issuing authority, document signer, time-stamping key and badge key.

    With --name they are real ones, and the root's key goes to --root-file and nowhere else. Without
    it they are a development authority, as the first start makes it; production refuses those.
    """
    with installation() as own:
        _refuse_real_keys_that_are_in_place(own)
        if name is None:
            if own.production:
                _stop("Production needs real keys: name the institution with --name.")
            ceremony.begin(own, name=None, root=None, token=token, now=utc_now())
        else:
            if len(name) > keys.LONGEST_NAME or not name.strip():
                _stop(f"--name may have 1 to {keys.LONGEST_NAME} letters; this has {len(name)}.")
            root = _root(root_file, root_passphrase_file)
            if root is None:
                _stop(
                    "Name a place for the root's key with --root-file and --root-passphrase-file, "
                    "on a medium that you then take away from this server."
                )
            ceremony.begin(own, name=name.strip(), root=root, token=token, now=utc_now())
        badge = badgekeys.begin(now=utc_now())
        record("signing keys made", "authority")
        click.echo(f"Made keys in {own.folder}.")
        names = [entry.name for entry in keys.read_register(own.folder).entries]
        for made in (*names, *([badge] if badge else [])):
            click.echo(f"  {made}")
        root_certificate = own.own.certificate(Role.ROOT)
        click.echo(f"Root, SHA-256 {keys.fingerprint(root_certificate)}")
        if root_file is not None:
            click.echo(f"Take {root_file} away from this server, with a copy at another place.")


@group.command("rotate")
@click.argument("role", type=click.Choice(["signer", "stamper", badgekeys.ROLE]), default="signer")
@token_option
@root_options
def rotate(
    role: str, token: str | None, root_file: Path | None, root_passphrase_file: Path | None
) -> None:
    """Put a new document signer (or stamper, or badge key) into use. Yearly, and when in doubt.

    The one before stays known for ever, with its dates. With --root-file the root's revocation list
    is signed anew, too.
    """
    with installation() as own:
        if role == badgekeys.ROLE:
            name = badgekeys.rotate(now=utc_now())
        else:
            _refuse_named_signer(own, role)
            root = _root(root_file, root_passphrase_file)
            name = ceremony.rotate(own, Role(role), token=token, root=root, now=utc_now()).name
        record("signing key rotated", name)
        click.echo(f"{name} is in use. Running servers notice; nothing has to be restarted.")


@group.command("revoke")
@click.argument("name")
@click.option("--from", "since", metavar="YYYY-MM-DD", help="From then on (UTC). Default: now.")
@click.option(
    "--reason",
    type=click.Choice(list(REASONS)),
    default="key-compromise",
    show_default=True,
    help="Why; key-compromise if somebody else may have the key.",
)
@root_options
def revoke(
    name: str,
    since: str | None,
    reason: str,
    root_file: Path | None,
    root_passphrase_file: Path | None,
) -> None:
    """Revoke a key of the register (see doctor), or `issuing`. For good.

    What it signed and had stamped before the day stays good; everything else does not. A signer or
    stamper of our own authority is replaced at once. Of a badge key nothing is believed any more,
    since badges are not stamped; those inside PDFs keep the proof of the PDF.
    """
    now = utc_now()
    moment = _moment(since, now)
    with installation() as own:
        if badgekeys.is_one(name):
            _withdraw_badge_key(name, now)
            return
        new = ceremony.revoke(
            own,
            name,
            since=moment,
            reason=REASONS[reason],
            root=_root(root_file, root_passphrase_file),
            now=now,
        )
        record("signing key revoked", name, since=moment.isoformat(), reason=reason)
        click.echo(f"{name} is revoked from {moment:%Y-%m-%d %H:%M} UTC on.")
        if new is not None:
            click.echo(f"{new.name} is in use instead.")


def _withdraw_badge_key(name: str, now: datetime) -> None:
    instead = badgekeys.withdraw(name, now=now)
    record("badge key withdrawn", name)
    click.echo(f"{name} is withdrawn: nothing that it signed is believed by itself any more.")
    if instead is None:
        click.echo("Bring another one: CONCORD_BADGE_KEY names the file.")
    else:
        click.echo(f"{instead} is in use instead.")


@group.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
def export(folder: Path) -> None:
    """Write everything public into FOLDER: roots, certificates with dates, revocation lists.

    No private key is in it; it is what strangers need to check files when this server is gone.
    """
    with installation() as own:
        files = ceremony.public_files(own, more=badgekeys.public_files(), now=utc_now())
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, data in files.items():
                (folder / name).write_bytes(data)
        except OSError as error:
            _stop(f"{folder} cannot be written: {error.strerror}.")
        click.echo(f"Wrote {len(files)} files to {folder}.")


@group.command("doctor")
def doctor() -> None:
    """Tell which keys there are, how long they last, and what is wrong. Exit 1 if something is."""
    from lms.certificates import api

    with installation() as own:
        now = utc_now()
        for line in (*ceremony.described(own), *badgekeys.described()):
            click.echo(line)
        findings = api.key_health(now=now)
        wrong = ceremony.problems(own, now=now)
        for sentence in (*wrong, *(f"{one.sentence} {one.remedy}" for one in findings)):
            click.echo(sentence, err=True)
    sys.exit(1 if wrong or any(one.serious for one in findings) else 0)


@group.command("request")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", required=True, metavar="INSTITUTION", help="Stands in the certificate.")
@token_option
def request(file: Path, name: str, token: str | None) -> None:
    """Make a signing key and write a request for its certificate (CSR) to FILE.

    Send FILE to another authority. What it sends back comes in with `accept`; until then the
    present signer goes on.
    """
    if not 1 <= len(name.strip()) <= keys.LONGEST_NAME:
        _stop(f"--name may have 1 to {keys.LONGEST_NAME} letters; this has {len(name)}.")
    with installation() as own:
        entry, packed = ceremony.request(own, name=name.strip(), token=token, now=utc_now())
        try:
            file.write_bytes(packed)
        except OSError as error:
            _stop(f"{file} cannot be written: {error.strerror}.")
        record("signing certificate requested", entry.name)
        click.echo(f"Wrote {file}. The key is {entry.name} and waits for its certificate.")


@group.command("accept")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
def accept(files: tuple[Path, ...]) -> None:
    """Bring what another authority sent: a certificate with its issuers (PEM), revocation lists.

    A certificate must belong to a key that waits (see request) and lead to a root that is among the
    files; the key is then in use.
    """
    with installation() as own:
        taken = ceremony.accept(own, files, now=utc_now())
        record("signing certificates or lists accepted", "accepted", taken=" ".join(taken))
        for line in taken:
            click.echo(line)


@contextmanager
def installation() -> Iterator[keys.KeySettings]:
    """Open the app and give its key settings; what is wrong with keys ends in one sentence."""
    from lms.app import create_app
    from lms.certificates import authority

    with create_app().app_context():
        try:
            yield authority.key_settings(authority.settings())
        except KeysUnusable as error:
            _stop(str(error))


def _root(file: Path | None, passphrase_file: Path | None) -> RootFile | None:
    if file is None:
        return None
    if passphrase_file is None:
        _stop("Name a file with the passphrase of --root-file in --root-passphrase-file.")
    try:
        return RootFile(file, passphrase_file.read_text().strip())
    except OSError as error:
        _stop(f"{passphrase_file} cannot be read: {error.strerror}.")


def _moment(text: str | None, now: datetime) -> datetime:
    if text is None:
        return now.replace(microsecond=0)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        _stop(f"--from {text} is not a day. Write it like 2026-11-21.")
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if moment > now:
        _stop(f"--from {text} is in the future. A key is revoked from a day that has begun.")
    return moment


def _refuse_real_keys_that_are_in_place(own: keys.KeySettings) -> None:
    if own.own.exists:
        _stop(
            f"There is an authority in {own.folder} already. Put a new signer into use with "
            "rotate. To begin anew, stop the server and move the folder away; checks of what the "
            "old keys signed go on, because trust-root.pem stays."
        )


def _refuse_named_signer(own: keys.KeySettings, role: str) -> None:
    if role == "signer" and (own.p12 or own.token):
        _stop(
            "The document signer comes from CONCORD_SIGNER_P12 or CONCORD_SIGNER_PKCS11. Change "
            "that setting instead; the register then notes the new one."
        )


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)
