"""A small app for the tests of components: pages with one script each, and what they send."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import (
    Flask,
    flash,
    redirect,
    render_template,
    render_template_string,
    request,
    send_file,
)
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_wtf import CSRFProtect

from lms.instruments import api as instruments
from lms.instruments.forms import rating_view
from lms.web import assets, filters
from lms.web.headers import POLICY
from lms.web.style_guide import samples

ROOT = Path(__file__).resolve().parent.parent.parent
FILM = ROOT / "content" / "mmt8" / "media" / "hold.mp4"


@dataclass
class Stage:
    """What the scripts sent, and how the server is to answer.

    Attributes:
        answers: statuses for the next posts, in order; 200 when there are none left.
        sent: (path, form or JSON) of each post that was taken, in order.
    """

    url: str = ""
    answers: list[int] = field(default_factory=list)
    sent: list[tuple[str, Any]] = field(default_factory=list)
    wait: float = 0.0
    minutes: float = 10.0

    def reset(self, url: str) -> None:
        self.url, self.answers, self.sent, self.wait, self.minutes = url, [], [], 0.0, 10.0

    def saved(self) -> list[tuple[str, list[str]]]:
        """Return (name, values) of each answer that was taken."""
        return [(d["name"][0], d.get("value", [])) for path, d in self.sent if path == "/answers"]

    def taken(self, name: str) -> list[str]:
        """Return every value that was taken for one field, in order."""
        return [value for sent, values in self.saved() for value in values if sent == name]


def make_stage() -> tuple[Flask, Stage]:
    app = Flask("lms", root_path=str(ROOT / "lms"), static_folder=None)
    app.secret_key = "a secret of the stage"
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    CSRFProtect(app)
    Babel(app, locale_selector=lambda: request.args.get("language", "en"))
    filters.register(app)
    assets.register(app)
    stage = Stage()
    app.context_processor(_frame)
    app.after_request(_guard)
    app.add_template_global(rating_view, "rating_view")
    _add_pages(app, stage)
    _add_posts(app, stage)
    _add_forms(app, stage)
    return app, stage


def _frame() -> dict[str, Any]:
    return {
        "nav": [("guide", "Home"), ("autosave", "Learning")],
        "sign_in_url": "/sign-in",
        "theme": request.args.get("theme", ""),
        "theme_url": lambda to: f"/guide?theme={to}",
        "foot": [("guide", "Accessibility")],
        "version": "0",
    }


def _guard(response: Any) -> Any:
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _add_pages(app: Flask, stage: Stage) -> None:
    @app.get("/guide")
    def guide() -> ResponseReturnValue:
        flash("Your answers are kept.")
        return render_template("web/show_style_guide.html", **samples())

    @app.get("/errors/<name>")
    def error(name: str) -> ResponseReturnValue:
        return render_template(f"errors/{name}.html", sentence="This is what happened.")

    @app.get("/autosave")
    def autosave() -> ResponseReturnValue:
        return render_template_string(AUTOSAVE)

    @app.get("/clock")
    def clock() -> ResponseReturnValue:
        ends_at = datetime.now(UTC) + timedelta(minutes=stage.minutes)
        return render_template_string(CLOCK, ends_at=ends_at)

    @app.get("/film")
    def film() -> ResponseReturnValue:
        return render_template_string(FILM_PAGE)

    @app.get("/film.mp4")
    def film_file() -> ResponseReturnValue:
        return send_file(FILM, conditional=True)

    @app.get("/slides/<int:number>")
    def slides(number: int) -> ResponseReturnValue:
        return render_template_string(SLIDES, number=number)

    @app.get("/upload")
    def upload() -> ResponseReturnValue:
        return render_template_string(UPLOAD)

    @app.get("/done")
    def done() -> ResponseReturnValue:
        return render_template_string(DONE)


def _add_posts(app: Flask, stage: Stage) -> None:
    def take(data: Any) -> tuple[dict[str, Any], int] | None:
        time.sleep(stage.wait)
        status = stage.answers.pop(0) if stage.answers else 200
        if status != 200:
            return {"detail": "That is not a level of this item."}, status
        stage.sent.append((request.path, data))
        return None

    @app.post("/answers")
    def answers() -> ResponseReturnValue:
        return take(request.form.to_dict(flat=False)) or {"saved_at": "10:42"}

    @app.post("/ranges")
    def ranges() -> ResponseReturnValue:
        told = request.get_json()
        return take(told) or {"ranges": told["ranges"], "words": "Still to see: the rest."}

    @app.post("/slides/<int:number>")
    def turn(number: int) -> ResponseReturnValue:
        return redirect(f"/slides/{number + 1}", 303)

    @app.post("/done")
    def hand_in() -> ResponseReturnValue:
        data = request.form.to_dict(flat=False)
        return take(data) or redirect("/done", 303)

    @app.post("/upload")
    def take_file() -> ResponseReturnValue:
        if len(request.files["file"].read()) % 2:
            return render_template_string(UPLOAD, odd=True), 422
        return redirect("/done", 303)


def _add_forms(app: Flask, stage: Stage) -> None:
    @app.get("/forms/<ref>")
    def form(ref: str) -> ResponseReturnValue:
        return render_template_string(FORM, instrument=instruments.load_library(ref))

    @app.post("/forms/<ref>")
    def rate(ref: str) -> ResponseReturnValue:
        stage.sent.append((request.path, request.form.copy()))
        return redirect("/done", 303)


FORM = """
{% extends "layouts/base.html" %}
{% import "components/forms.html" as forms %}
{% from "instruments/_form.html" import rating_form with context %}
{% block title %}{{ instrument.title }}{% endblock %}
{% block main %}<h1>{{ instrument.title }}</h1>
<form class="form-paper form-narrow" method="post">{{ forms.token() }}
<div class="form-head"><h2>{{ instrument.short_title }}</h2></div>
{% call rating_form(instrument) %}{{ forms.submit("Hand in") }}{% endcall %}</form>{% endblock %}
"""

AUTOSAVE = """
{% extends "layouts/base.html" %}
{% import "components/forms.html" as forms %}
{% import "components/saved.html" as saving %}
{% block title %}Answers{% endblock %}
{% block main %}<h1>Answers</h1>
<form method="post" action="/done" data-autosave="/answers">{{ forms.token() }}
<fieldset><legend>Level</legend><label><input type="radio" name="level" value="4"> four</label>
<label><input type="radio" name="level" value="5"> five</label></fieldset>
<fieldset><legend>Parts</legend><label><input type="checkbox" name="parts" value="a"> part a</label>
<label><input type="checkbox" name="parts" value="b"> part b</label></fieldset>
<label>Remark <input name="remark"></label>
<fieldset data-answer><legend>Hold</legend><label>Seconds <input name="hold"></label>
<label><input type="checkbox" name="hold-side" value="left"> left side</label></fieldset>
<p class="actions">{{ forms.submit("Hand in") }}{{ saving.saved("Saved yesterday") }}</p></form>
{% endblock %}
"""

CLOCK = """
{% extends "layouts/base.html" %}
{% from "components/countdown.html" import countdown %}
{% block title %}Clock{% endblock %}
{% block main %}<h1>Clock</h1><p>{{ countdown(ends_at) }}</p>{% endblock %}
"""

FILM_PAGE = """
{% extends "layouts/base.html" %}
{% import "components/lines.html" as lines %}
{% block title %}Film{% endblock %}
{% block main %}<h1>Film</h1>
<section data-player data-watch="/ranges" data-position="4" data-seconds="40">
<video controls muted preload="auto" width="320" height="180" src="/film.mp4"></video>
<div data-watched>{{ lines.watched(watched_line([], 40), "Seen") }}</div>
<p data-watch-words role="status">Still to see: all of it.</p>
<ol class="transcript" tabindex="0" aria-label="Transcript"><li data-start="0"><a href="#a">0:00</a>
<span>One</span></li><li data-start="10"><a href="#b">0:10</a><span>Two</span></li></ol>
</section>{% endblock %}
"""

SLIDES = """
{% extends "layouts/base.html" %}
{% import "components/forms.html" as forms %}
{% block title %}Slide {{ number }}{% endblock %}
{% block main %}<h1>Slide {{ number }}</h1><section data-slides>
<form method="post" action="/slides/{{ number }}">{{ forms.token() }}
{% if number > 1 %}<a data-slides-back href="/slides/{{ number - 1 }}">Back</a>{% endif %}
<button data-slides-on>On</button><label>Search <input name="q"></label></form></section>
{% endblock %}
"""

UPLOAD = """
{% extends "layouts/base.html" %}
{% import "components/forms.html" as forms %}
{% from "components/upload.html" import upload %}
{% block title %}Upload{% endblock %}
{% block main %}<h1>Upload</h1>
{% if odd %}{{ forms.problems([("file", "The file has an odd number of bytes.")]) }}{% endif %}
{% call upload("/upload", limit=1000, label="Upload") %}{{ forms.token() }}
<label for="file">File</label><input type="file" id="file" name="file" data-limit="1000">
{{ forms.submit("Send") }}{% endcall %}{% endblock %}
"""

DONE = """
{% extends "layouts/base.html" %}
{% block title %}Done{% endblock %}
{% block main %}<h1>Done</h1>{% endblock %}
"""
