"""Pages for those who look after the whole: reports, jobs, health."""

from flask import Blueprint

bp = Blueprint("reports", __name__)
