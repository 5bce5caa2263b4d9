"""The pages of certificates: a person's own, the public check, and what verifiers download."""

from flask import Blueprint

bp = Blueprint("certificates", __name__)

from lms.certificates.routes import badging, checking, holding, trusting  # noqa: E402  (they need bp)

__all__ = ["badging", "bp", "checking", "holding", "trusting"]
