"""Mail as rows that a worker sends: to a folder of files by default, over SMTP by configuration."""

from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask
from flask_mailman import EmailMessage, Mail

from lms import jobs, storage
from lms.config import Settings

mail = Mail()

Attachment = tuple[str, str, str]


def init_app(app: Flask, settings: Settings) -> None:
    app.config["MAIL_DEFAULT_SENDER"] = settings.mail_from
    if settings.smtp_url:
        parts = urlsplit(settings.smtp_url)
        app.config.update(
            MAIL_BACKEND="smtp",
            MAIL_SERVER=parts.hostname,
            MAIL_PORT=parts.port or (465 if parts.scheme == "smtps" else 25),
            MAIL_USERNAME=unquote(parts.username) if parts.username else None,
            MAIL_PASSWORD=unquote(parts.password) if parts.password else None,
            MAIL_USE_TLS=parts.scheme == "smtp+starttls",
            MAIL_USE_SSL=parts.scheme == "smtps",
            MAIL_TIMEOUT=20,
        )
    else:
        app.config.setdefault("MAIL_BACKEND", "file")
        app.config["MAIL_FILE_PATH"] = str(settings.data / "outbox")
    mail.init_app(app)


def queue(
    to: str,
    subject: str,
    text: str,
    *,
    now: datetime,
    attachments: list[Attachment] | None = None,
    created_by: int | None = None,
) -> int:
    """Write down a mail to be sent, inside the caller's transaction, and return the job's id.

    Args:
        attachments: triples of file name, media type and the digest of a stored file.
    """
    payload = {"to": to, "subject": subject, "text": text, "attachments": attachments or []}
    return jobs.enqueue(
        "mail.send", [("mail", payload)], created_by=created_by, title=subject, now=now
    )


def send(payload: dict[str, Any], *, now: datetime) -> None:
    message = EmailMessage(payload["subject"], payload["text"], to=[payload["to"]])
    for name, media_type, digest in payload["attachments"]:
        message.attach(name, storage.get(digest), media_type)
    message.send()


@jobs.handler("mail.send", before=send)
def note_sent(payload: dict[str, Any], *, now: datetime, prepared: None) -> dict[str, Any]:
    return {"sent_at": now.isoformat()}
