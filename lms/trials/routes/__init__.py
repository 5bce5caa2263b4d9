"""The pages of trials, one file a noun."""

from flask import Blueprint

bp = Blueprint("trials", __name__)

from lms.trials.routes import (  # noqa: E402  (the views need the blueprint)
    coordinators,
    matrix,
    raters,
    requirements,
    rosters,
    sites,
    trials,
)

__all__ = ["bp", "coordinators", "matrix", "raters", "requirements", "rosters", "sites", "trials"]
