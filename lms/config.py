"""Settings from the environment, read once; a missing production secret is refused."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
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
    passphrase = env.get("CONCORD_SIGNER_P12_PASSPHRASE_FILE")
    signer = env.get("CONCORD_SIGNER_P12")
    badge_passphrase = env.get("CONCORD_BADGE_KEY_PASSPHRASE_FILE")
    badge_key = env.get("CONCORD_BADGE_KEY")
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
        signer_p12=Path(signer) if signer else None,
        signer_passphrase_file=Path(passphrase) if passphrase else None,
        badge_key=Path(badge_key) if badge_key else None,
        badge_passphrase_file=Path(badge_passphrase) if badge_passphrase else None,
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


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()
