"""`lms certificates badges …`: check badges offline, rotate their key, publish their lists."""

import json
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final, NoReturn

import click

from lms.certificates.badges import keyring, signer
from lms.certificates.badges.keyring import BadgeKey
from lms.certificates.badges.proofs import OpenToken
from lms.certificates.badges.reading import LARGEST, NotReadable, read_object
from lms.certificates.badges.verification import Known, verify
from lms.certificates.badges.wording import answer, lines
from lms.certificates.commands.trail import record
from lms.certificates.domain.badging import BadgeVerdict
from lms.certificates.keys import FOLDER, KeysUnusable
from lms.clock import utc_now

WRONG_QUESTION: Final = 2


@click.group("badges")
def badges() -> None:
    """Badges (Open Badges 3.0): check them offline, rotate their key, publish status lists."""


@badges.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--keys",
    "key_file",
    type=click.Path(path_type=Path),
    metavar="BADGE-KEYS.JSON",
    help="The issuer's keys, as /trust/badge-keys.json gives them.",
)
@click.option(
    "--status",
    "lists",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="LIST",
    help="A status list of the issuer, JSON or token. Name both: revocation and suspension.",
)
@click.option("--at", "on", metavar="YYYY-MM-DD", help="Answer for another day than today.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file, one a line.")
def check(
    files: tuple[str, ...],
    key_file: Path | None,
    lists: tuple[Path, ...],
    on: str | None,
    as_json: bool,
) -> None:
    """Check badges. Needs no server, no database and no network.

    Exit 0 only if every badge is valid by keys that you named. Otherwise the code of the first that
    is not: 3 expired, 5 suspended, 6 revoked, 8 altered, 9 signed by somebody else, 10 key
    withdrawn, 11 not signed, 12 unreadable, 14 good, but only by this machine's own development
    key, 15 status not known, 16 not valid yet. 2: the question itself was wrong.
    """
    try:
        day = date.fromisoformat(on) if on else None
    except ValueError:
        _stop(f"--at {on} is not a day. Write it like 2026-11-21.")
    known = Known(_keys(key_file), dict(_lists(lists)))
    codes = []
    for name in files:
        verdict = verify(_read(Path(name)), known, now=utc_now(), on=day)
        code, words = answer(verdict, keys_named=key_file is not None)
        _print(name, verdict, words, as_json=as_json)
        codes.append(code)
    sys.exit(next((code for code in codes if code), 0))


@badges.command("keys")
def list_keys() -> None:
    """List every badge key that was ever used here, with its dates."""
    from lms.app import create_app
    from lms.certificates.badges import own

    with create_app().app_context():
        for key in own.all_keys():
            click.echo(_line(key))


@badges.command()
@click.option("--to", "file", type=click.Path(path_type=Path), help="Write a key of your own.")
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    help="A file with the passphrase that is to protect it.",
)
def rotate(file: Path | None, passphrase_file: Path | None) -> None:
    """Make a new badge key. What the one before signed stays good."""
    from lms.app import create_app
    from lms.certificates.badges import own

    try:
        if file is not None:
            _write_own_key(file, passphrase_file)
            return
        with create_app().app_context():
            with suppress(KeysUnusable):
                own.signer()
            made = signer.rotate(own.place(), now=utc_now()).public
            record("signing key rotated", made.name)
            click.echo(_line(made))
    except KeysUnusable as error:
        _stop(str(error))


@badges.command()
@click.argument("name")
def withdraw(name: str) -> None:
    """Declare a key compromised: nothing that it signed is believed any more, by itself.

    Badges inside certificates whose PDF was time-stamped before keep the proof of the PDF.
    """
    from lms.app import create_app
    from lms.certificates.badges import own

    with create_app().app_context():
        try:
            gone = keyring.withdraw(own.place().folder, name, now=utc_now())
        except KeysUnusable as error:
            _stop(str(error))
        record("badge key withdrawn", gone.name)
        click.echo(_line(gone))


@badges.command()
@click.argument("folder", type=click.Path(path_type=Path))
def publish(folder: Path) -> None:
    """Write keys, DID document and status lists as files, for a static server or a memory stick."""
    from lms.app import create_app
    from lms.certificates.badges import publishing

    with create_app().app_context():
        try:
            files = publishing.files(now=utc_now())
        except KeysUnusable as error:
            _stop(str(error))
    try:
        for name, data in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    except OSError as error:
        _stop(f"{error.filename} cannot be written: {error.strerror}.")
    click.echo(f"{len(files)} files in {folder}")


def _write_own_key(file: Path, passphrase_file: Path | None) -> None:
    if passphrase_file is None:
        _stop("Name a file with a passphrase for the new key: --passphrase-file FILE")
    passphrase = _read(passphrase_file).strip()
    if len(passphrase) < 12:
        _stop(f"The passphrase in {passphrase_file} is shorter than 12 characters. Make it longer.")
    signer.write_key(file, signer.new_key(), passphrase)
    click.echo(
        f"{file} holds a new key. It takes over when you set CONCORD_BADGE_KEY={file} and "
        f"CONCORD_BADGE_KEY_PASSPHRASE_FILE={passphrase_file} and restart."
    )


def _keys(named: Path | None) -> tuple[BadgeKey, ...]:
    """Return the named keys, or this machine's own where none are named."""
    own = Path(os.environ.get("CONCORD_DATA") or "var") / FOLDER / keyring.LIST
    if named is None and not own.exists():
        return ()
    try:
        return keyring.keys_from_json(_read(named or own))
    except ValueError:
        _stop(f"{named or own} holds no list of badge keys. Get it at /trust/badge-keys.json.")


def _lists(files: Iterable[Path]) -> Iterable[tuple[str, bytes]]:
    """Yield each list with the address that it claims; the check believes it only if signed."""
    for file in files:
        data = _read(file)
        try:
            said = read_object(data) if data.lstrip()[:1] == b"{" else OpenToken(data).payload
        except NotReadable:
            _stop(f"{file} is not a status list.")
        yield str(said.get("id")), data


def _print(name: str, verdict: BadgeVerdict, words: str, *, as_json: bool) -> None:
    if as_json:
        data = {"file_name": name, **verdict.as_data()}
        click.echo(json.dumps(data, ensure_ascii=False))
        return
    click.echo(f"{name}: {words}")
    for line in lines(verdict):
        click.echo(f"  {line}")


def _line(key: BadgeKey) -> str:
    until = f"{key.used_until:%Y-%m-%d}" if key.used_until else "now"
    marks = ", WITHDRAWN" if key.withdrawn_at else ""
    marks += f", {keyring.DEVELOPMENT}" if key.development else ""
    return f"{key.id}  {key.used_from:%Y-%m-%d} to {until}{marks}  {key.multikey}"


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        _stop(f"{file} cannot be read: {error.strerror}.")


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(WRONG_QUESTION)
