"""`./concord lms packages simulate`: what it prints and how it ends."""

import json
import os

import pytest
from click.testing import CliRunner

from lms.cli import group
from tests.commands import lms
from tests.factories_criteria import SLUG, every_criterion_files, make_every_criterion
from tests.factories_packages import write_folder, zip_bytes


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return write_folder(every_criterion_files(), tmp_path_factory.mktemp("made") / "every")


def run(*arguments):
    return CliRunner().invoke(group, ["packages", "simulate", *map(str, arguments)])


def test_it_says_in_json_how_each_kind_of_rater_does_on_each_level(package):
    result = run(package, "--raters", 200, "--json")

    assert result.exit_code == 0, result.output
    strict, mild = json.loads(result.output)
    assert (strict["level"], mild["level"], mild["raters"]) == ("Level A", "Level B", 200)
    models = {one["model"]: one for one in mild["models"]}
    assert models["perfect"]["passed"] == 1
    assert models["biased"]["wrong"] == 0
    assert set(models["perfect"]["criteria"]) == {
        "cases", "item_within", "total_within", "expert_interval", "critical", "flags", "bias",
        "limits", "icc", "weighted_kappa",
    }  # fmt: skip
    assert models["careless"]["criteria"]["critical"]["met"] < 0.1
    assert mild["experts"]["of"] == 5


def test_it_prints_the_same_for_people(package):
    told = run(package, "--raters", 50).output

    assert "every-criterion, Level B: 50 raters of each kind on each of 1 forms, seed 1" in told
    assert "perfect   passes 100.0 %  false fail   0.0 %" in told


def test_a_broken_package_is_named_with_what_to_do(tmp_path):
    files = {**every_criterion_files(), "instrument.yaml": b"format: x"}
    (tmp_path / "broken.zip").write_bytes(zip_bytes(files))
    result = run(tmp_path / "broken.zip")

    assert result.exit_code == 1
    assert "has errors. See them with: ./concord lms packages check" in result.output


def test_without_a_package_it_says_what_it_needs():
    result = run()
    assert result.exit_code == 2
    assert "Name a package" in result.output


def test_a_module_that_is_not_published_is_named(app, monkeypatch):
    monkeypatch.setattr("lms.app.create_app", lambda: app)
    result = run("--module", "nothing")
    assert result.exit_code == 1
    assert "There is no published module “nothing”." in result.output


def test_a_published_module_is_simulated_by_its_name(app, monkeypatch):
    make_every_criterion()
    monkeypatch.setattr("lms.app.create_app", lambda: app)
    result = run("--module", SLUG, "--raters", 20, "--markdown")
    assert result.exit_code == 0, result.output
    assert f"| {SLUG}, Level B | perfect | 100.0 % | false fail 0.0 % |" in result.output


def test_it_stands_under_packages_where_a_user_looks_for_it(package, tmp_path):
    told = lms("packages", "simulate", package, "--raters", 20, env=os.environ, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "Level A: 20 raters" in told.stdout
