"""Pages of the studio that look back over past tries."""

from lms.review.routes import asking, regrading, results
from lms.review.routes.blueprint import bp

__all__ = ["asking", "bp", "regrading", "results"]
