"""Pages that belong to no room: colours, language, words about the site."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, NotFound
from lms.web.access import ANYONE, allow
from lms.web.style_guide import samples

bp = Blueprint("web", __name__)

YEAR = 365 * 24 * 3600


@bp.get("/theme")
@allow(ANYONE)
def set_theme() -> ResponseReturnValue:
    response = back()
    wanted = request.args.get("to", "")
    if wanted in ("light", "dark"):
        response.set_cookie("theme", wanted, max_age=YEAR, samesite="Lax", httponly=True)
    else:
        response.delete_cookie("theme")
    return response


@bp.get("/language")
@allow(ANYONE)
def set_language() -> ResponseReturnValue:
    response = back()
    wanted = request.args.get("to", "")
    if wanted in current_app.config["CONCORD_LANGUAGES"]:
        response.set_cookie("language", wanted, max_age=YEAR, samesite="Lax", httponly=True)
    return response


@bp.get("/accessibility")
@allow(ANYONE)
def show_accessibility() -> ResponseReturnValue:
    return render_template("web/show_accessibility.html")


@bp.get("/privacy")
@allow(ANYONE)
def show_privacy() -> ResponseReturnValue:
    return render_template("web/show_privacy.html")


@bp.get("/words")
@allow(ANYONE)
def show_words() -> ResponseReturnValue:
    return render_template("web/show_words.html")


@bp.get("/style-guide")
@allow(ANYONE)
def show_style_guide() -> ResponseReturnValue:
    if current_app.config["SETTINGS"].production:
        raise NotFound(N_("There is no such page."))
    return render_template("web/show_style_guide.html", **samples())


def back() -> Response:
    """Lead to where the person was, on this site only."""
    return redirect(safe_target(request.args.get("next", "")), 303)  # type: ignore[return-value]


def safe_target(target: str) -> str:
    """Return a path of this site, or the front page if the target is anything else."""
    parts = urlsplit(target.replace("\\", "/"))
    if parts.scheme or parts.netloc or not target.startswith("/") or target.startswith("//"):
        return url_for("modules.show_home")
    return target
