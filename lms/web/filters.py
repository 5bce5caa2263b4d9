"""How dates, times, figures and sizes are written, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel import Locale, UnknownLocaleError
from flask import Flask, current_app, request, url_for
from flask_babel import (
    format_date,
    format_datetime,
    format_decimal,
    format_percent,
    format_time,
    get_locale,
    get_timezone,
    ngettext,
)
from flask_babel import gettext as _
from markupsafe import Markup

from lms.clock import utc_now
from lms.errors import N_
from lms.web import charts, drawing

NOTHING = "–"
UNITS = ((N_("%(size)s GB"), 10**9), (N_("%(size)s MB"), 10**6), (N_("%(size)s kB"), 1000))


def register(app: Flask) -> None:
    """Give every template the filters and the drawings."""
    app.jinja_env.filters.update(
        day=day,
        day_short=day_short,
        moment=moment,
        clock_time=clock_time,
        saved_words=saved_words,
        figure=figure,
        signed=signed,
        fixed=fixed,
        percent=percent,
        file_size=file_size,
        minutes=minutes,
        position=position,
        as_is=as_is,
        begin_large=begin_large,
        language_name=language_name,
    )
    app.jinja_env.globals.update(
        agreement_line=drawing.agreement_line,
        criterion_line=drawing.criterion_line,
        validity_line=drawing.validity_line,
        progress_line=drawing.progress_line,
        watched_line=drawing.watched_line,
        bland_altman=charts.bland_altman,
        form_problems=form_problems,
        nav_current=nav_current,
        address=address,
        here=here,
        page_language=page_language,
        page_direction=page_direction,
        today=today,
        server_now=utc_now,
    )


def day(value: date | datetime | None) -> str:
    """Write a date in full: 21 November 2026."""
    if value is None:
        return NOTHING
    return format_date(value, "d MMMM y" if _english() else "long")


def day_short(value: date | datetime | None) -> str:
    """Write a date where room is short: 21 Nov 2026."""
    if value is None:
        return NOTHING
    return format_date(value, "d MMM y" if _english() else "medium")


def moment(value: datetime | None) -> str:
    """Write a moment with its zone: 21 November 2026, 10:42 UTC."""
    if value is None:
        return NOTHING
    zone = format_datetime(value, "zzz")
    return _("%(day)s, %(time)s %(zone)s", day=day(value), time=clock_time(value), zone=zone)


def clock_time(value: datetime | None) -> str:
    """Write the time of day in the reader's zone: 10:42."""
    return NOTHING if value is None else format_time(value, "HH:mm")


def saved_words(value: datetime | None) -> str:
    """Say when something was saved: Saved 10:42, with the date if it was not today."""
    if value is None:
        return _("Not saved yet")
    if _local_day(value) == today():
        return _("Saved %(time)s", time=clock_time(value))
    return _("Saved %(date)s, %(time)s", date=day(value), time=clock_time(value))


def figure(value: float | Decimal | None) -> str:
    """Write a number with as many decimals as it has, two at most."""
    if value is None:
        return NOTHING
    return format_decimal(value, "#,##0.##").replace("-", "−")


def signed(value: float | Decimal | None, decimals: int = 1) -> str:
    """Write a difference with its sign: +0.5, −1.0, 0.0."""
    if value is None:
        return NOTHING
    digits = "0." + "0" * decimals if decimals else "0"
    text = format_decimal(abs(value), digits)
    if not any(digit in text for digit in "123456789"):
        return text
    return ("+" if value > 0 else "−") + text


def fixed(value: float | Decimal | None, decimals: int) -> str:
    """Write a number with so many decimals: 0.70."""
    if value is None:
        return NOTHING
    return format_decimal(value, "#,##0." + "0" * decimals).replace("-", "−")


def percent(value: float | Decimal | None, decimals: int = 0) -> str:
    """Write a proportion 0..1 in per cent."""
    if value is None:
        return NOTHING
    return format_percent(value, "#,##0" + ("." + "0" * decimals if decimals else "") + "%")


def file_size(count: int | None) -> str:
    """Write a number of bytes: 96 kB, 2.4 MB."""
    if count is None:
        return NOTHING
    if count < 1000:
        return ngettext("%(num)s byte", "%(num)s bytes", count)
    words, unit = next(pair for pair in UNITS if count >= pair[1])
    amount = count / unit
    return str(_(words, size=format_decimal(amount, "#,##0.#" if amount < 10 else "#,##0")))


def minutes(value: float | None) -> str:
    """Write a length of time in words: 25 minutes, 1 hour, 3 hours 30 minutes."""
    if value is None:
        return NOTHING
    whole = max(1, round(value))
    hours, rest = divmod(whole, 60)
    long = ngettext("%(num)s hour", "%(num)s hours", hours)
    short = ngettext("%(num)s minute", "%(num)s minutes", rest)
    if hours and rest:
        return _("%(hours)s %(minutes)s", hours=long, minutes=short)
    return long if hours else short


def position(seconds: float | None) -> str:
    """Write a place in a film: 2:20, or 1:02:20."""
    if seconds is None:
        return NOTHING
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    small = f"{rest // 60}:{rest % 60:02}"
    return f"{hours}:{small.zfill(5)}" if hours else small


def language_name(tag: str) -> str:
    """Write a language's name in the reader's language; the tag itself where it is unknown."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(get_locale() or "en") or tag
    except (UnknownLocaleError, ValueError):
        return tag


def as_is(text: str | None, language: str = "") -> str | None:
    """Mark words that nobody translates: a name, an address, what a package says.

    They keep their own direction on a page that runs the other way.

    Args:
        language: in which they are written, where that is known (BCP 47).
    """
    if not text:
        return text
    told = Markup(' lang="{}"').format(language) if language else Markup(' translate="no"')
    return Markup("<bdi{}>{}</bdi>").format(told, text)


def begin_large(text: str) -> str:
    """Write the first letter of a phrase large and leave the others: a noun may be large too."""
    place = next((place for place, sign in enumerate(text) if sign.isalpha()), 0)
    return text[:place] + text[place : place + 1].upper() + text[place + 1 :]


def today() -> date:
    """Return the day it is where the reader is."""
    return _local_day(utc_now())


def page_language() -> str:
    """Return the language of the page as HTML writes it: en, pt-BR."""
    return str(get_locale() or "en").replace("_", "-")


def page_direction() -> str:
    """Return ltr or rtl."""
    locale = get_locale()
    return locale.text_direction if locale is not None else "ltr"


def form_problems(form: Any) -> list[tuple[str, str]]:
    """Return (id of the field to go to, message) for every problem of a form, in its order."""
    found = [("", str(message)) for message in getattr(form, "form_errors", ())]
    for field in form:
        found += _field_problems(field)
    return found


def nav_current(nav: Sequence[tuple[str, str]], endpoint: str | None) -> str | None:
    """Return which endpoint of the navigation the page belongs to.

    The page's own endpoint if it is there, else the first one of the same room.
    """
    ends = [item[0] for item in nav]
    if endpoint is None or endpoint in ends:
        return endpoint
    room = endpoint.partition(".")[0]
    return next((end for end in ends if end.partition(".")[0] == room), None)


def address(endpoint: str, **values: Any) -> str:
    """Return the address of a page, or nothing where the application runs without that room."""
    if endpoint not in current_app.view_functions:
        return ""
    return url_for(endpoint, **values)


def here(**changes: Any) -> str:
    """Return this page's address with some of its query changed; None takes a part out."""
    asked: dict[str, Any] = {key: request.args.getlist(key) for key in request.args}
    asked.update(changes)
    kept = {key: value for key, value in asked.items() if value not in (None, "", [])}
    return url_for(request.endpoint or "", **(request.view_args or {}) | kept)


def _english() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "en"


def _local_day(value: datetime) -> date:
    return value.astimezone(get_timezone()).date()


def _field_problems(field: Any) -> Iterable[tuple[str, str]]:
    if not field.errors:
        return []
    inner = getattr(field, "entries", None) or (list(field) if field.type == "FormField" else None)
    option = getattr(getattr(field, "option_widget", None), "input_type", None)
    if inner:
        said = [] if isinstance(field.errors, dict) else field.errors  # a form inside says its own
        own = [(field.id, str(error)) for error in said if isinstance(error, str)]
        return own + [problem for entry in inner for problem in _field_problems(entry)]
    target = f"{field.id}-0" if option else field.id
    return [(target, str(error)) for error in field.errors]
