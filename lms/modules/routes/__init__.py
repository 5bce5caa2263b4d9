"""The pages of training."""

from lms.modules import media
from lms.modules.routes import attempts, calibration, home, lessons, preview
from lms.modules.routes.blueprint import bp

__all__ = ["attempts", "bp", "calibration", "home", "lessons", "media", "preview"]
