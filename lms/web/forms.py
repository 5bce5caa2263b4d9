"""The parent of every HTML form: CSRF on, messages in the page's language."""

from typing import Any

from flask_babel import get_locale
from flask_wtf import FlaskForm


class Form(FlaskForm):  # type: ignore[misc]
    """A form as shown on a page. Subclasses say shape only; rules live in the domain."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        @property
        def locales(self) -> list[str]:
            return [str(get_locale() or "en")]

        def get_translations(self, form: Any) -> Any:
            return super().get_translations(form)

    def problems(self) -> list[tuple[str, str]]:
        """Return (field id, sentence) pairs for the error summary, in the order of the form."""
        return [
            (field.id, str(error))
            for field in self
            for error in field.errors
            if isinstance(error, str) or not isinstance(error, dict | list)
        ]
