"""Settings from the environment, read once; a missing production secret is refused."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


class BadSetting(Exception):
    """A setting is missing or cannot be used; the message says which and what to type."""


@dataclass(frozen=True)
class Settings:
    """Everything that an installation may choose. docs/operations.md explains each variable."""

    environment: str
    data: Path
    secret_key: str
    old_secret_keys: tuple[str, ...]
    database_url: str
    base_url: str
    store_url: str
    rate_store_url: str
    smtp_url: str
    mail_from: str
    trusted_hosts: tuple[str, ...]
    proxies: int
    open_registration: bool
    signer_p12: Path | None
    signer_passphrase_file: Path | None
    signer_passphrase: str | None = field(repr=False)
    signer_pkcs11: str | None
    signer_chain: Path | None
    pkcs11_pin: str | None = field(repr=False)
    keys_passphrase: str | None = field(repr=False)
    tsa: str
    tsa_roots: Path | None
    certificate_design: str
    archive_days: int
    archive_days_before: int
    badge_key: Path | None
    badge_passphrase_file: Path | None
    debug: bool

    @property
    def production(self) -> bool:
        return self.environment == "production"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Raises:
        BadSetting: if production lacks a secret, or a value cannot be understood.
    """
    env = os.environ if environ is None else environ
    environment = _one_of(env, "CONCORD_ENV", ("development", "production"))
    data = Path(env.get("CONCORD_DATA") or "var").expanduser().resolve()
    production = environment == "production"
    tsa, tsa_roots = _time_stamps(env)
    return Settings(
        environment=environment,
        data=data,
        secret_key=_secret_key(env, data, production=production),
        old_secret_keys=tuple(_words(env.get("CONCORD_OLD_SECRET_KEYS", ""))),
        database_url=_database_url(env.get("DATABASE_URL", ""), data),
        base_url=_base_url(env, production=production),
        store_url=env.get("CONCORD_STORE_URL", "") or (data / "files").as_uri(),
        rate_store_url=env.get("CONCORD_RATE_STORE_URL", "") or "memory://",
        smtp_url=_smtp_url(env),
        mail_from=env.get("CONCORD_MAIL_FROM") or "Concord <concord@localhost>",
        trusted_hosts=tuple(_words(env.get("CONCORD_TRUSTED_HOSTS", ""))),
        proxies=_whole_number(env, "CONCORD_PROXIES", 0),
        open_registration=_yes_no(env, "CONCORD_OPEN_REGISTRATION", default=True),
        signer_p12=_file(env, "CONCORD_SIGNER_P12"),
        signer_passphrase_file=_file(env, "CONCORD_SIGNER_P12_PASSPHRASE_FILE"),
        signer_passphrase=env.get("CONCORD_SIGNER_P12_PASSPHRASE") or None,
        signer_pkcs11=_token(env),
        signer_chain=_file(env, "CONCORD_SIGNER_CHAIN"),
        pkcs11_pin=_secret(env, "CONCORD_PKCS11_PIN"),
        keys_passphrase=_secret(env, "CONCORD_KEYS_PASSPHRASE"),
        tsa=tsa,
        tsa_roots=tsa_roots,
        certificate_design=_design(env),
        archive_days=_days(env, "CONCORD_ARCHIVE_DAYS", 365),
        archive_days_before=_days(env, "CONCORD_ARCHIVE_DAYS_BEFORE", 90),
        badge_key=_file(env, "CONCORD_BADGE_KEY"),
        badge_passphrase_file=_file(env, "CONCORD_BADGE_KEY_PASSPHRASE_FILE"),
        debug=_yes_no(env, "CONCORD_DEBUG", default=False) and not production,
    )


def _secret_key(env: Mapping[str, str], data: Path, *, production: bool) -> str:
    given = env.get("CONCORD_SECRET_KEY", "")
    if file := env.get("CONCORD_SECRET_KEY_FILE"):
        given = _read_secret(Path(file), "CONCORD_SECRET_KEY_FILE")
    if given:
        if production and len(given) < 32:
            raise BadSetting(
                "CONCORD_SECRET_KEY is shorter than 32 characters. "
                "Make one with: openssl rand -hex 32"
            )
        return given
    if production:
        raise BadSetting(
            "CONCORD_SECRET_KEY is not set. In production it must be. "
            "Make one with: openssl rand -hex 32"
        )
    return _development_secret(data / "secret-key")


def _secret(env: Mapping[str, str], name: str) -> str | None:
    """Read a secret from the variable, or from the file that its twin with _FILE names."""
    if file := env.get(f"{name}_FILE"):
        return _read_secret(Path(file), f"{name}_FILE")
    return env.get(name) or None


def _file(env: Mapping[str, str], name: str) -> Path | None:
    given = env.get(name)
    return Path(given).expanduser() if given else None


def _token(env: Mapping[str, str]) -> str | None:
    given = env.get("CONCORD_SIGNER_PKCS11") or None
    if given and not given.startswith("pkcs11:"):
        raise BadSetting(
            "CONCORD_SIGNER_PKCS11 must look like pkcs11:token=concord;object=signer"
            "?module-path=/usr/lib/softhsm/libsofthsm2.so."
        )
    return given


def _time_stamps(env: Mapping[str, str]) -> tuple[str, Path | None]:
    """Return who stamps ("local" or an address), and the file with the roots that are trusted."""
    given, roots = env.get("CONCORD_TSA") or "local", _file(env, "CONCORD_TSA_ROOTS")
    parts = urlsplit(given)
    if given != "local" and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise BadSetting(
            "CONCORD_TSA must be local, or the address of a time-stamping authority (RFC 3161) "
            "like https://tsa.example.org/tsr."
        )
    if given != "local" and roots is None:
        raise BadSetting(
            "CONCORD_TSA names a time-stamping authority. Set CONCORD_TSA_ROOTS to a PEM file with "
            "its root and issuing certificates (and their revocation lists, if you have them)."
        )
    return given, roots


def _design(env: Mapping[str, str]) -> str:
    given = env.get("CONCORD_CERTIFICATE_DESIGN") or "standard"
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", given):
        raise BadSetting(
            "CONCORD_CERTIFICATE_DESIGN is the name of a folder: small letters, figures, dashes."
        )
    return given


def _development_secret(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as new:
            new.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return file.read_text().strip()


def _read_secret(file: Path, name: str) -> str:
    try:
        return file.read_text().strip()
    except OSError as error:
        raise BadSetting(f"{name} names {file}, which cannot be read: {error.strerror}.") from error


def _database_url(given: str, data: Path) -> str:
    if not given:
        return f"sqlite:///{data / 'concord.sqlite'}"
    for prefix in ("postgres://", "postgresql://"):
        if given.startswith(prefix):
            return "postgresql+psycopg://" + given.removeprefix(prefix)
    if not given.startswith(("sqlite:", "postgresql+psycopg:")):
        raise BadSetting(
            "DATABASE_URL must begin with postgresql:// or sqlite:///. "
            "Leave it out to keep the data in one file under the data folder."
        )
    return given


def _base_url(env: Mapping[str, str], *, production: bool) -> str:
    given = env.get("CONCORD_BASE_URL", "").rstrip("/")
    if given:
        parts = urlsplit(given)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise BadSetting("CONCORD_BASE_URL must look like https://concord.example.org.")
        return given
    if production:
        raise BadSetting(
            "CONCORD_BASE_URL is not set. Certificates print it for ever, so production must name "
            "it, for example https://concord.example.org."
        )
    return f"http://127.0.0.1:{env.get('CONCORD_PORT') or 8000}"


def _smtp_url(env: Mapping[str, str]) -> str:
    given = env.get("CONCORD_SMTP_URL", "")
    if given and urlsplit(given).scheme not in ("smtp", "smtps", "smtp+starttls"):
        raise BadSetting(
            "CONCORD_SMTP_URL must look like smtp+starttls://user:password@mail.example.org:587. "
            "Leave it out to write mail to the outbox folder."
        )
    return given


def _one_of(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = env.get(name) or allowed[0]
    if value not in allowed:
        raise BadSetting(f"{name} is {value!r}; it must be one of: {', '.join(allowed)}.")
    return value


def _yes_no(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = (env.get(name) or ("1" if default else "0")).lower()
    if value not in ("0", "1", "yes", "no", "true", "false"):
        raise BadSetting(f"{name} is {value!r}; write 1 or 0.")
    return value in ("1", "yes", "true")


def _whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name) or str(default)
    if not value.isdigit():
        raise BadSetting(f"{name} is {value!r}; write a whole number.")
    return int(value)


def _days(env: Mapping[str, str], name: str, default: int) -> int:
    days = _whole_number(env, name, default)
    if not 1 <= days <= 3650:
        raise BadSetting(f"{name} is {days}; it must be a number of days from 1 to 3650.")
    return days


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()
