"""The page that teaches the format: its example is a package that checks clean."""

import re
from pathlib import Path

import pytest

from lms.packages import schemas
from lms.packages.reader import films, pictures, probe, source, yaml
from lms.packages.reader.check import check_package
from tests.factories_packages import zip_bytes

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "content-format.md").read_text("utf-8")
EXAMPLE = {
    path: text.encode()
    for path, text in re.findall(r"^```\w+ file=(\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
}


def test_the_example_checks_clean():
    checked = check_package(zip_bytes(EXAMPLE))

    assert [finding.sentence for finding in checked.findings] == []
    assert checked.build.content.slug == "chair-rise"


def test_the_example_is_complete():
    assert {path.partition("/")[0] for path in EXAMPLE} == {
        "package.yaml",
        "instrument.yaml",
        "lessons",
        "figures",
        "questions",
        "cases",
    }


@pytest.mark.parametrize(
    "schema",
    [
        schemas.PackageSchema,
        schemas.QuestionSchema,
        schemas.CaseSchema,
        *schemas.STEPS.values(),
        schemas.CriteriaSchema,
        schemas.CalibrationSchema,
    ],
)
def test_every_key_is_on_the_page(schema):
    for key in schema().fields:
        assert f"`{key}" in PAGE, f"{schema.__name__}: {key}"


def test_the_limits_on_the_page_are_the_limits():
    for figure in (
        f"{source.MOST_BYTES // source.MB} MB, {source.MOST_FILES:,} files",
        f"{source.MOST_FILE_BYTES // source.MB} MB; film {films.MOST_BYTES // films.MB} MB",
        f"picture {pictures.MOST_BYTES // pictures.MB} MB",
        f"{probe.MOST_PAGES} pages",
        f"{yaml.LONGEST // 1024} KB",
    ):
        assert figure in PAGE
