"""Static files: addresses that change with their content, and nothing changed in vendored ones."""

import hashlib
import json
import re

import pytest
from flask import Flask
from werkzeug.datastructures import Headers

from lms.web import assets


@pytest.fixture
def site() -> Flask:
    app = Flask("lms", static_folder=None)
    assets.register(app)
    return app


@pytest.fixture
def fetch(site):
    """Fetch an address and read it whole, so that no file stays open."""

    def get(url: str, **headers: str) -> tuple[int, Headers, bytes]:
        with site.test_client().get(url, headers=headers) as answer:
            return answer.status_code, answer.headers, answer.data

    return get


def test_a_file_may_be_kept_for_ever_under_its_address(site, fetch):
    with site.app_context():
        url = assets.asset("css/theme.css")
    status, headers, data = fetch(url)

    assert re.fullmatch(r"/static/[0-9a-f]{12}/css/theme\.css", url)
    assert status == 200
    assert data == (assets.FOLDER / "css/theme.css").read_bytes()
    assert "immutable" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in headers


def test_large_files_of_others_are_sent_packed(site, fetch):
    with site.app_context():
        url = assets.asset("vendor/bootstrap/bootstrap.min.css")
    _, headers, data = fetch(url, **{"Accept-Encoding": "gzip"})

    assert headers["Content-Encoding"] == "gzip"
    assert len(data) < 40_000


def test_a_slip_in_a_file_name_shows_at_once(site):
    with site.app_context(), pytest.raises(FileNotFoundError, match=r"css/them\.css"):
        assets.asset("css/them.css")


def test_nothing_outside_the_folder_is_served(site, fetch):
    prefix = site.extensions["assets"]["favicon.svg"].removesuffix("favicon.svg")

    assert fetch(f"{prefix}../app.py")[0] == 404
    assert fetch(f"{prefix}%2e%2e/app.py")[0] == 404


def test_the_address_changes_with_any_file(tmp_path):
    (tmp_path / "a.css").write_text("a")
    before = assets.tree_digest(tmp_path)
    (tmp_path / "a.css").write_text("b")

    assert assets.tree_digest(tmp_path) != before


def test_vendored_files_are_as_recorded():
    record = json.loads((assets.FOLDER / "vendor/vendored.json").read_text())

    assert {package["name"] for package in record} >= {"bootstrap", "htmx.org"}
    for package in record:
        for path, digest in package["files"].items():
            data = (assets.FOLDER / path).read_bytes()
            assert hashlib.sha256(data).hexdigest() == digest, path


def test_every_file_that_the_style_sheet_names_is_there():
    css = (assets.FOLDER / "css/theme.css").read_text()
    named = re.findall(r"url\(([^)]+)\)", css)

    assert len(named) >= 8
    for name in named:
        assert (assets.FOLDER / "css" / name).is_file(), name


def test_the_style_sheet_and_the_scripts_call_no_other_host():
    own = [assets.FOLDER / "css/theme.css", *(assets.FOLDER / "js").glob("*.js")]
    for path in own:
        assert not re.search(r"(https?:)?//[a-z0-9.-]+\.[a-z]{2,}/", path.read_text()), path.name


def test_every_icon_that_a_template_names_is_drawn():
    drawn = set(re.findall(r'id="i-([a-z]+)"', (assets.FOLDER / "icons.svg").read_text()))
    templates = assets.FOLDER.parent / "templates"
    for path in templates.rglob("*.html"):
        named = re.findall(r"""icon\(["']([a-z]+)["']""", path.read_text())
        assert set(named) <= drawn, path.name
