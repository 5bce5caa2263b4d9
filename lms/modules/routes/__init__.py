"""The pages of training."""

from lms.modules import media
from lms.modules.routes import attempts, home, lessons, preview
from lms.modules.routes.blueprint import bp

__all__ = ["attempts", "bp", "home", "lessons", "media", "preview"]
