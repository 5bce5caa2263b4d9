import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from lms.instruments.api import instrument_from_data, library_ids, load_library
from lms.instruments.cli import group
from tests.unit.instruments.redcap.dictionaries import DATA, PUBLIC, cells_of, row, written


def run(*arguments):
    return CliRunner().invoke(group, [str(argument) for argument in arguments])


@pytest.fixture
def simple(tmp_path):
    path = tmp_path / "simple.csv"
    path.write_text(written([row("a", "yesno"), row("b", "notes", form_name="g")]))
    return path


def test_drafts_go_to_standard_output_and_the_report_to_the_error_stream(simple):
    result = run("import-redcap", simple)

    assert result.exit_code == 0
    data = YAML(typ="safe", pure=True).load(result.stdout)
    assert instrument_from_data(data).item("a").kind == "yes_no"
    assert f"{simple}: line 4, column 4 (Field Type): kept: Free text" in result.stderr
    assert "2 forms, 1 drafts with 1 items" in result.stderr


def test_drafts_and_report_as_json(simple):
    result = run("import-redcap", simple, "--json", "--form", "f")

    data = json.loads(result.stdout)
    assert [draft["form"] for draft in data["drafts"]] == ["f"]
    assert data["findings"][0]["line"] == 3
    assert data["kept"]["forms"][0]["rows"][0]["field"] == "record_id"


def test_a_file_without_anything_to_rate_ends_with_1(tmp_path):
    path = tmp_path / "none.csv"
    path.write_text(written([row("b", "notes")]))

    result = run("import-redcap", path)

    assert result.exit_code == 1
    assert "The form has nothing to rate" in result.stderr


def test_a_file_that_is_not_there_ends_with_2(tmp_path):
    result = run("import-redcap", tmp_path / "nowhere.csv")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "No such file" in result.stderr


@pytest.mark.parametrize("name", PUBLIC)
def test_a_folder_of_drafts_makes_the_dictionary_again(tmp_path, name):
    source, out = DATA / f"{name}.csv", tmp_path / "again.csv"

    assert run("import-redcap", source, "--out", tmp_path / "drafts").exit_code == 0
    assert run("export-redcap", tmp_path / "drafts", "--out", out).exit_code == 0

    again = [[cell.strip() for cell in line] for line in cells_of(out.read_text())]
    assert again == cells_of(source.read_text())


def test_a_draft_is_exported_with_the_rows_that_were_kept(tmp_path, simple):
    run("import-redcap", simple, "--out", tmp_path / "drafts")

    result = run("export-redcap", tmp_path / "drafts" / "f.yaml")

    assert cells_of(result.stdout) == cells_of(simple.read_text())[:3]


def test_what_stands_in_the_folder_already_is_never_written_over(tmp_path, simple):
    run("import-redcap", simple, "--out", tmp_path / "drafts")

    result = run("import-redcap", simple, "--out", tmp_path / "drafts")

    assert result.exit_code == 2
    assert "is there already. Name an empty folder." in result.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothing@1.0"], "There is no instrument or file nothing@1.0."),
        (["cmas@1.0", "--prefix", "X-"], "A prefix is 1 to 20 small letters"),
        (["cmas@1.0", "--form", "My form"], "A form's name is 1 to 64 small letters"),
    ],
)
def test_what_cannot_be_exported_says_why(arguments, sentence):
    result = run("export-redcap", *arguments)

    assert result.exit_code == 2
    assert sentence in result.stderr


def test_a_file_that_is_no_definition_is_refused(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text("a: [")

    assert "is no definition of an instrument" in run("export-redcap", path).stderr


def test_the_command_stands_under_lms(tmp_path):
    out = tmp_path / "cmas.csv"
    command = [sys.executable, "-m", "lms.cli", "instruments", "export-redcap", "cmas@1.0"]

    subprocess.run([*command, "--out", str(out)], check=True, capture_output=True)
    again = run("import-redcap", out, "--json")

    data = json.loads(again.stdout)
    assert instrument_from_data(data["drafts"][0]["definition"]) == load_library("cmas@1.0")
    assert data["findings"] == []
    assert "cmas@1.0" in library_ids()
