"""Ratings of a module as REDCap records."""

import csv
import io

import pytest
from click.testing import CliRunner

from lms.app import create_app
from lms.errors import NotFound
from lms.reports.cli import group
from lms.reports.queries.ratings import ratings_of
from tests.conftest import create_tables
from tests.factories import make_person
from tests.factories_modules import SLUG, do_all
from tests.factories_packages import make_release, next_version


def test_every_case_that_was_handed_in_is_a_rating_with_all_its_items(app):
    make_release()
    person = make_person()
    do_all(person)
    make_release(next_version("1.1"))

    found = ratings_of(SLUG)

    assert found.ratings
    assert {rating.person_id for rating in found.ratings} == {person.id}
    assert all(rating.whole and rating.time >= 1 for rating in found.ratings)
    items = {item.key for item in found.instrument.items}
    assert all(set(rating.answers) == items for rating in found.ratings)
    assert len({(rating.case, rating.time) for rating in found.ratings}) == len(found.ratings)


def test_a_module_that_is_not_there_has_no_ratings(app):
    with pytest.raises(NotFound, match="There is no module nothing with an instrument"):
        ratings_of("nothing")


@pytest.mark.one_database
def test_the_command_writes_records_without_names(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'own.sqlite'}"
    monkeypatch.setenv("CONCORD_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", url)
    create_tables(url)
    with create_app().app_context():
        make_release()
        person = make_person(name="Ada Example")
        do_all(person)

    result = CliRunner().invoke(
        group, ["export-ratings", SLUG, "--form", "strength", "--event", "visit_1_arm_1"]
    )

    assert result.exit_code == 0, result.stderr
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert rows
    assert all(row["record_id"].endswith(f"-{person.id}") for row in rows)
    assert {row["redcap_event_name"] for row in rows} == {"visit_1_arm_1"}
    assert {row["strength_complete"] for row in rows} == {"2"}
    assert "Ada" not in result.stdout
    assert f"{len(rows)} ratings on" in result.stderr
