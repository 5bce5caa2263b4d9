"""The pages of certificates: a person's own, the public check, and what verifiers download."""

from flask import Blueprint

bp = Blueprint("certificates", __name__)

# they need bp
from lms.certificates.routes import badging, changing, checking, holding, many, trusting  # noqa: E402

__all__ = ["badging", "bp", "changing", "checking", "holding", "many", "trusting"]
