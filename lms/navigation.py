"""The main navigation: what each kind of person sees in the head of every page."""

from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_babel import gettext
from flask_login import current_user

from lms.accounts.domain import Role


@dataclass(frozen=True)
class Entry:
    """One word in the head; `room` is the blueprint whose pages it stands for."""

    label: str
    url: str
    current: bool


def register(app: Flask) -> None:
    app.context_processor(lambda: {"navigation": entries})


def entries() -> list[Entry]:
    """Return what the person of this request may go to, in order."""
    if not current_user.is_authenticated:
        return [_entry("certificates.show_check", gettext("Check a certificate"))]
    chosen = [
        ("modules.show_home", gettext("Home"), True),
        ("modules.list_modules", gettext("Learning"), True),
        ("certificates.list_certificates", gettext("Certificates"), True),
        ("trials.list_trials", gettext("Trials"), has(Role.COORDINATOR, Role.ADMIN)),
        ("packages.list_packages", gettext("Studio"), has(Role.CREATOR, Role.ADMIN)),
        ("reports.show_completion", gettext("Reports"), has(Role.ADMIN)),
        ("accounts.list_people", gettext("People"), has(Role.ADMIN)),
    ]
    return [_entry(endpoint, label) for endpoint, label, shown in chosen if shown]


def has(*roles: Role) -> bool:
    return any(current_user.has_role(role) for role in roles)


def _entry(endpoint: str, label: str) -> Entry:
    here = request.endpoint or ""
    same_room = here.partition(".")[0] == endpoint.partition(".")[0]
    if endpoint == "modules.show_home" or here == "modules.show_home":
        same_room = here == endpoint
    return Entry(label=label, url=url_for(endpoint), current=same_room)
