"""What the reliability report reads: ratings with site, language and tier, in a few queries."""

import csv
import io
import json
import zipfile

import pytest
from click.testing import CliRunner

from lms.accounts.models import Person
from lms.app import create_app
from lms.db import db, transaction
from lms.errors import N_
from lms.modules import queries as training
from lms.modules import record
from lms.packages.reader.check import check_package
from lms.reports.cli import group
from lms.reports.domain.reliability import Setting, Tier, Wanted
from lms.reports.domain.reliability.figures import reliability
from lms.reports.longform import LONG
from lms.reports.queries.ratings import ratings_of
from lms.trials import api as trials
from tests.conftest import create_tables
from tests.factories import NOW, make_person
from tests.factories_modules import (
    SLUG,
    answer_and_submit,
    attempt_of,
    begin,
    do_all,
    do_until,
    right_answers,
)
from tests.factories_packages import broken, case_yaml, light_files, make_release, zip_bytes
from tests.factories_trials import TODAY, make_certificate, make_trial


def put_on_roster(person, trial, site):
    with transaction():
        db.session.get_one(Person, person.id).confirmed_at = NOW
    entry = trials.Entry(person.email, "A rater", site, "", "pt", TODAY)
    with transaction():
        trials.add_rater(trial.viewer, trial.id, entry, today=TODAY, now=NOW)


def test_a_rating_knows_site_language_tier_and_release(app):
    make_release()
    person, other = make_person(), make_person()
    trial, second = make_trial(sites=("07",)), make_trial(sites=("11",))
    for one, site in ((trial, "07"), (second, "11")):
        put_on_roster(person, one, site)
    make_certificate(person.id, "elsewhere", instrument_ref="mmt8_80@0.9")
    make_certificate(other.id, "elsewhere", instrument_ref="mmt8_150@1.0")
    for one in (person, other):
        do_all(one)

    found = ratings_of(SLUG)

    own = [one for one in found.ratings if one.person_id == person.id]
    assert {one.setting for one in own} == {Setting.CERTIFICATION, Setting.PRACTICE}
    assert {tuple(site[-4:] for site in one.sites) for one in own} == {("/ 07", "/ 11")}
    assert {(one.language, one.tier, one.version) for one in own} == {
        ("pt", Tier.EXPERIENCED, "1.0")
    }
    rest = [one for one in found.ratings if one.person_id == other.id]
    assert {(one.sites, one.language, one.tier) for one in rest} == {((), "", Tier.DEVELOPING)}
    assert {one.outside for one in found.ratings} == {0}


def test_it_asks_the_same_however_many_raters_there_are(app, count_queries):
    make_release()
    counts = []
    for _round in range(2):
        do_all(make_person())
        ratings_of(SLUG)
        count_queries()
        ratings_of(SLUG)
        counts.append(count_queries())

    assert counts[0] == counts[1] <= 6


@pytest.mark.one_database
def test_the_command_gives_every_figure_and_files_without_names(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'own.sqlite'}"
    monkeypatch.setenv("CONCORD_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", url)
    create_tables(url)
    with create_app().app_context():
        make_release()
        do_all(make_person(name="Ada Example"))
        careless = make_person(name="Bo Example")
        do_until(careless, "certification")
        attempt_id = begin(careless, "certification")
        answers = right_answers(attempt_of(careless, attempt_id))
        first = next(key for key, one in answers.items() if one["value"] not in (None, "T"))
        answers[first] = {**answers[first], "value": 1 if answers[first]["value"] == 0 else 0}
        answer_and_submit(careless, attempt_id, answers)
        expected = reliability(ratings_of(SLUG), Wanted())
    file = tmp_path / "out.zip"

    result = CliRunner().invoke(group, ["reliability", SLUG, "--json", "--csv", str(file)])

    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["counts"]["raters"] == 2
    alphas = [one["value"] for one in told["figures"] if one["block"] == "items"]
    assert [one.alpha.value for one in expected.items] == pytest.approx(alphas, nan_ok=True)
    assert any("seed 1" in sentence for sentence in told["methods"])
    with zipfile.ZipFile(file) as packed:
        whole = "".join(packed.read(name).decode("utf-8-sig") for name in packed.namelist())
        ratings = packed.read("ratings.csv").decode("utf-8-sig")
        columns = packed.read("dictionary.csv").decode("utf-8-sig")
    assert "Example" not in whole
    rows = list(csv.DictReader(io.StringIO(ratings)))
    assert len(rows) == told["counts"]["ratings"] * 8
    assert {row["rater"] for row in rows} == {"R01", "R02"}
    assert sum(row["points"] != row["reference_points"] for row in rows) == 1
    explained = {
        row["column"]
        for row in csv.DictReader(io.StringIO(columns))
        if row["file"] == "ratings.csv"
    }
    assert explained == {column.name for column in LONG} == set(rows[0])


@pytest.mark.one_database
def test_the_command_says_when_nothing_fits(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'own.sqlite'}"
    monkeypatch.setenv("CONCORD_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", url)
    create_tables(url)
    with create_app().app_context():
        make_release()

    nothing = CliRunner().invoke(group, ["reliability", SLUG])
    unknown = CliRunner().invoke(group, ["reliability", SLUG, "--total", "grand"])

    assert (nothing.exit_code, unknown.exit_code) == (2, 2)
    assert "Nothing that was handed in fits" in nothing.stderr
    assert "has no total grand" in unknown.stderr


# --- hidden repeats

FORMS = (
    "      - {key: a, cases: cases/form-a}\n      - {key: b, cases: cases/form-b}\n",
    "      - {key: a, cases: cases/form-a, repeats: 1}\n",
)
REPEATED = {
    "package.yaml": FORMS,
    "cases/form-a/a2.yaml": case_yaml("a2", "Gets up from a chair in one go.", 8)
    .replace("{step: deck, slide: 1}", "{step: why}")
    .encode(),
    "cases/form-b/b1.yaml": None,
}


def test_a_hidden_repeat_counts_for_nothing_but_the_rater_against_themselves(app, client, log_in):
    make_release(broken(REPEATED, light_files()))
    person = make_person()
    do_until(person, "certification")
    attempt_id = begin(person, "certification")
    attempt = attempt_of(person, attempt_id)
    log_in(person)
    pages = [
        client.get(f"/attempts/{attempt_id}?n={number}").get_data(as_text=True)
        for number in range(1, len(attempt.drawn) + 1)
    ]
    answers = right_answers(attempt)
    (again,) = (entry for entry in attempt.drawn if entry.endswith("~2"))
    key = next(key for key, one in answers.items() if key.startswith(again) and one["value"])
    answers[key] = {**answers[key], "value": 0}
    answer_and_submit(person, attempt_id, answers)

    found = ratings_of(SLUG)
    report = reliability(found, Wanted())

    assert len(pages) == 3
    assert not any("~2" in page for page in pages)
    result = training.results_of(attempt.enrolment.id)[attempt_id]
    assert (result.passed, result.of, len(result.detail["cases"])) == (True, 2, 2)
    assert (report.counts.ratings, report.counts.repeats, report.within.pairs) == (2, 1, 1)
    assert report.within.differences.bias.value not in (None, 0)
    assert sorted(one.time for one in found.ratings if one.case == again[:-2]) == [1, 2]
    evidence = record.evidence_for(f"enrolment:{attempt.enrolment.id}", whole=True)
    drawn = [one["drawn"] for one in evidence.data["attempts"] if one["step"] == "certification"]
    assert again in {one["case"] for one in drawn[0]}


def test_more_repeats_than_cases_are_a_finding_with_its_place():
    many = (FORMS[0], FORMS[1].replace(": 1}", ": 9}"))
    files = broken({**REPEATED, "package.yaml": many}, light_files())

    (error,) = check_package(zip_bytes(files)).report.errors

    assert error.message == N_("Form “%(form)s” repeats %(repeats)s of %(count)s cases.")
    assert error.file == "package.yaml"
