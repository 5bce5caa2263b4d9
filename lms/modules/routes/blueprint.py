"""The blueprint that the pages of training hang on."""

from flask import Blueprint

bp = Blueprint("modules", __name__)
