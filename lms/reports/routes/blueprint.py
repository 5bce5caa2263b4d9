"""The blueprint that the pages of this room register with."""

from flask import Blueprint

bp = Blueprint("reports", __name__)
