"""What tests of people's mails and forms share."""

import re
from typing import Any

from flask import Flask

PASSWORD_OF_OURS = "eleven green herons"


def empty_outbox(app: Flask) -> list[Any]:
    """Return the list that sent mails go into, emptied."""
    mailer = app.extensions["mailman"]
    mailer.outbox = []
    return mailer.outbox  # type: ignore[no-any-return]


def path_in(message: Any) -> str:
    """Return the path of the link that a mail holds."""
    return re.search(r"http://localhost(/\S+)", message.body).group(1)  # type: ignore[union-attr]


def token_in(message: Any) -> str:
    return path_in(message).rpartition("/")[2]
