"""The app: the only file that knows every room."""

import importlib
import logging
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from lms import db as database
from lms import mail, navigation
from lms.accounts import login
from lms.certificates import api as certificates
from lms.config import Settings, read_settings
from lms.modules import api as modules
from lms.packages import api as packages
from lms.queue import Queue
from lms.review import api as review
from lms.storage import Store
from lms.web import addresses, assets, errors, filters, headers, i18n
from lms.web.limits import limiter

ROOT = Path(__file__).resolve().parent.parent

ROOMS = (
    "web",
    "accounts",
    "instruments",
    "packages",
    "certificates",
    "panels",
    "modules",
    "trials",
    "review",
    "reports",
    "api",
)
"""Rooms with pages, from the bottom up."""

TABLES = (
    "jobs",
    "accounts.models",
    "audit.models",
    "packages.models",
    "certificates.models",
    "panels.models",
    "modules.models",
    "trials.models",
    "review.models",
)
"""Where tables are defined, so that migrations and tests see all of them."""

HANDLERS = (
    "mail",
    "accounts.jobs",
    "certificates.jobs",
    "modules.jobs",
    "trials.jobs",
    "packages.jobs",
    "panels.jobs",
    "review.jobs",
    "reports.jobs",
)
"""Where job handlers are registered."""

MAX_UPLOAD = 200 * 1024 * 1024  # a package with films


def create_app(settings: Settings | None = None, **overrides: object) -> Flask:
    """Make the app.

    Args:
        settings: read from the environment if not given.
        overrides: Flask configuration for tests.

    Raises:
        BadSetting: if a setting is missing or cannot be used.
    """
    settings = settings or read_settings()
    app = Flask("lms", static_folder=None)
    configure(app, settings)
    app.config.update(overrides)
    database.init_app(app, settings.database_url)
    Migrate(app, database.db, directory=str(ROOT / "migrations"))
    app.extensions["concord_store"] = Store(settings.store_url)
    app.extensions["concord_queue"] = Queue(settings)
    mail.init_app(app, settings)
    limiter.init_app(app)
    protection = CSRFProtect(app)
    i18n.register(app)
    login.register(app)
    errors.register(app)
    headers.register(app, https=settings.base_url.startswith("https:"))
    filters.register(app)
    assets.register(app, editing=settings.debug)
    navigation.register(app)
    addresses.register(app)
    load_tables()
    load_handlers()
    introduce_rooms()
    for room in ROOMS:
        app.register_blueprint(importlib.import_module(f"lms.{room}.routes").bp)
    protection.exempt(app.blueprints["api"])  # it writes nothing and answers everybody alike
    return app


def configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.old_secret_keys),
        SESSION_COOKIE_NAME="concord",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https:"),
        PERMANENT_SESSION_LIFETIME=14 * 24 * 3600,
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        WTF_CSRF_TIME_LIMIT=None,  # a form that waits overnight keeps its answers
        RATELIMIT_STORAGE_URI=settings.rate_store_url,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.logger.setLevel(logging.INFO)
    if settings.proxies:
        n = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]


def load_tables() -> None:
    for name in TABLES:
        importlib.import_module(f"lms.{name}")


def load_handlers() -> None:
    for name in HANDLERS:
        importlib.import_module(f"lms.{name}")


def introduce_rooms() -> None:
    """Name to lower rooms what they ask of higher ones, which they must not know."""
    certificates.records_told_by(
        "enrolment", lambda subject, whole: modules.evidence_for(subject, whole=whole)
    )
    packages.followed_by(modules.follow_release)
    packages.followed_by(review.forget_doubts)
    modules.doubted_by(review.doubts_about)
