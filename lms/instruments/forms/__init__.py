"""Shapes of what people fill in: an instrument's own form, and the response calculator's."""

from lms.instruments.domain.sheet import answers_from_form
from lms.instruments.forms.rating import RatingView, rating_view

__all__ = ["RatingView", "answers_from_form", "rating_view"]
