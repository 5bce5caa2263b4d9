"""The pages of panels: a creator's, an expert's, and of who decides disputed items."""

from lms.panels.routes import deciding, owning, scoring, signing  # noqa: F401  (their views)
from lms.panels.routes.blueprint import bp

__all__ = ["bp"]
