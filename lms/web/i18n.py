"""Languages and time zones: the person's choice, then the cookie, then the browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, Domain, force_locale, get_domain, get_locale
from flask_login import current_user

LANGUAGES: Final = {"en": "English"}
"""The languages that ship; the pseudo-locale of the tests is added to a test app only."""


def register(app: Flask) -> None:
    app.config.setdefault("CONCORD_LANGUAGES", dict(LANGUAGES))
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "UTC"
    app.config.setdefault(
        "BABEL_TRANSLATION_DIRECTORIES", str(Path(__file__).parent.parent / "translations")
    )
    babel = Babel(app, locale_selector=choose_language, timezone_selector=choose_time_zone)
    babel.domain_instance = OneLookup()
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: translations().ugettext(text),
        lambda one, many, n: translations().ungettext(one, many, n),
        newstyle=True,
    )


class OneLookup(Domain):  # type: ignore[misc]
    """Finds the translations of a request once; a page asks for some fifty sentences."""

    def get_translations(self) -> Any:
        known = g.get("concord_translations")
        locale = get_locale()
        if known is None or known[0] is not locale:
            known = g.concord_translations = (locale, super().get_translations())
        return known[1]


def translations() -> Any:
    return get_domain().get_translations()


def choose_language() -> str:
    languages = current_app.config["CONCORD_LANGUAGES"]
    if not has_request_context():
        return str(g.get("language", "en"))
    chosen = request.cookies.get("language", "")
    if chosen in languages:
        return chosen
    return request.accept_languages.best_match(list(languages), default="en") or "en"


def choose_time_zone() -> str | None:
    if has_request_context() and current_user.is_authenticated:
        return str(current_user.time_zone)
    return None


@contextmanager
def in_language(tag: str) -> Iterator[None]:
    """Speak the language of a document for a while, whoever's request it is.

    Args:
        tag: as BCP 47 has it (pt-BR); English where nothing is known of it.
    """
    try:
        locale = str(Locale.parse(tag, sep="-"))
    except (UnknownLocaleError, ValueError):
        locale = "en"
    with force_locale(locale):
        yield
