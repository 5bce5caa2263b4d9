"""`./concord lms packages check` and `schema`: what they print and how they end."""

import json

from click.testing import CliRunner

from lms.packages.cli import group
from tests.factories_packages import broken, light_files, write_folder, zip_bytes


def run(*arguments):
    return CliRunner().invoke(group, [str(argument) for argument in arguments])


def test_a_sound_package_ends_with_nought(tmp_path):
    folder = write_folder(light_files(), tmp_path / "sample")
    (tmp_path / "sample.zip").write_bytes(zip_bytes(light_files()))

    result = run("check", folder, tmp_path / "sample.zip")

    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert len(lines) == 2
    assert "0 errors, 0 warnings" in lines[0]
    assert lines[0].rpartition("sha256 ")[2] == lines[1].rpartition("sha256 ")[2]


def test_one_broken_package_of_two_ends_with_one_and_names_the_place(tmp_path):
    sound = write_folder(light_files(), tmp_path / "sound")
    files = broken({"package.yaml": ("pass_mark: 2", "pass_mark: 9")}, light_files())
    faulty = write_folder(files, tmp_path / "faulty")

    result = run("check", sound, faulty)

    assert result.exit_code == 1
    assert "faulty/package.yaml:29:16: error: 9 right answers are needed" in result.output
    assert "    Lower the pass mark" in result.output


def test_warnings_alone_end_with_nought(tmp_path):
    folder = write_folder({**light_files(), "spare.txt": b"x"}, tmp_path / "sample")

    result = run("check", folder)

    assert result.exit_code == 0
    assert "sample/spare.txt: warning: The file is not used." in result.output


def test_the_schema_is_printed_as_json():
    assert json.loads(run("schema").output)["$defs"]["Package"]
