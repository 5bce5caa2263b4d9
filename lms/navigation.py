"""What the frame of every page shows: where this person may go, who they are, the colours."""

from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import gettext
from flask_login import current_user

from lms import __version__
from lms.accounts.domain import Role


def register(app: Flask) -> None:
    app.context_processor(frame)


def frame() -> dict[str, Any]:
    """Return what layouts/base.html reads."""
    signed_in = current_user.is_authenticated
    return {
        "nav": entries(),
        "person": current_user if signed_in else None,
        "person_url": url_for("accounts.show_account") if signed_in else None,
        "sign_out_url": url_for("accounts.sign_out") if signed_in else None,
        "sign_in_url": None if signed_in else url_for("accounts.sign_in"),
        "theme": request.cookies.get("theme", ""),
        "theme_url": theme_url,
        "foot": [
            ("certificates.show_check", gettext("Check a certificate")),
            ("instruments.list_instruments", gettext("Instruments")),
            ("web.show_accessibility", gettext("Accessibility")),
            ("web.show_privacy", gettext("Privacy")),
            ("web.show_words", gettext("Words we use")),
        ],
        "version": __version__,
        "demonstration": not current_app.config["SETTINGS"].production,
    }


def theme_url(to: str) -> str:
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return url_for("web.set_theme", to=to, next=here)


def entries() -> list[tuple[str, str]]:
    """Return (endpoint, label) of what the person of this request may go to, in order."""
    if not current_user.is_authenticated:
        return [
            ("certificates.show_check", gettext("Check a certificate")),
            ("modules.list_modules", gettext("Learning")),
        ]
    chosen = [
        ("modules.show_home", gettext("Home"), True),
        ("modules.list_modules", gettext("Learning"), True),
        ("certificates.list_certificates", gettext("Certificates"), True),
        ("trials.list_trials", gettext("Trials"), has(Role.COORDINATOR, Role.ADMIN)),
        ("packages.list_packages", gettext("Studio"), has(Role.CREATOR, Role.ADMIN)),
        ("reports.show_completion", gettext("Reports"), has(Role.ADMIN)),
        ("accounts.list_people", gettext("People"), has(Role.ADMIN)),
    ]
    return [(endpoint, label) for endpoint, label, shown in chosen if shown]


def has(*roles: Role) -> bool:
    return any(current_user.has_role(role) for role in roles)
