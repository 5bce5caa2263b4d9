"""Whole addresses for mails, and what no address may hold: rows that cannot be, the letter NUL."""

from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.routing import IntegerConverter, Map

from lms.errors import N_, Invalid

LARGEST: Final = 2**31 - 1
"""The largest id that the databases' integer columns hold."""


class RowNumber(IntegerConverter):
    """A number that a row may have; an address with a larger one leads nowhere.

    Without this a made-up number of twenty digits would reach the database, which refuses it.
    """

    def __init__(self, url_map: Map, **given: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST, **given})


def whole_address(endpoint: str, **values: int | str) -> str:
    """Return the address of a page as a mail needs it: whole, and under the base URL.

    Args:
        values: what its address holds, such as slug="mmt8".
    """
    base = urlsplit(current_app.config["SETTINGS"].base_url)
    adapter = current_app.url_map.bind(
        base.netloc, script_name=base.path or "/", url_scheme=base.scheme
    )
    return adapter.build(endpoint, values, force_external=True)


def register(app: Flask) -> None:
    """Let every `<int:…>` be a row's number. To be called before routes are added."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(refuse_nul)


def refuse_nul() -> None:
    """Refuse the one letter that PostgreSQL cannot keep, before it gets anywhere.

    Raises:
        Invalid: if it stands in the address or in a field; nobody can type it.
    """
    if b"%00" in request.query_string or "\0" in request.path:
        raise Invalid(N_("This address holds a letter that no address has."))
    for name, texts in request.form.lists():
        if "\0" in name or any("\0" in text for text in texts):
            raise Invalid(
                N_(
                    "A field holds a letter that cannot be kept (NUL, often from a damaged file). "
                    "Take it out, or type the text anew."
                )
            )
