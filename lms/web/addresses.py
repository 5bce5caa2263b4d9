"""Parts of an address that are numbers of rows."""

from typing import Any, Final

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST: Final = 2**31 - 1
"""The largest id that the databases' integer columns hold."""


class RowNumber(IntegerConverter):
    """A number that a row may have; an address with a larger one leads nowhere.

    Without this a made-up number of twenty digits would reach the database, which refuses it.
    """

    def __init__(self, url_map: Map, **given: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST, **given})


def register(app: Flask) -> None:
    """Let every `<int:…>` be a row's number. To be called before routes are added."""
    app.url_map.converters["int"] = RowNumber
