"""A package as a whole: what it becomes, how it is named, how it is written down."""

import dataclasses
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, fields

from lms.packages import schemas
from lms.packages.domain import (
    content_from_json,
    content_to_json,
    is_slug,
    is_version,
    package_digest,
    version_key,
)
from lms.packages.domain.findings import Report
from lms.packages.json_schema import json_schema, json_schema_text
from lms.packages.reader.check import check_package, quick_digest
from lms.packages.reader.findings import Findings
from lms.packages.reader.source import Source, as_zip
from lms.packages.reader.yaml import read_yaml
from tests.factories_packages import (
    broken,
    light_files,
    package_files,
    write_folder,
    zip_bytes,
)

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.fixture(scope="module")
def build():
    return check_package(zip_bytes(package_files())).build


def test_a_folder_and_its_zip_are_the_same_package(tmp_path, build):
    folder = write_folder(package_files(), tmp_path / "sample")
    wrapped = zip_bytes(package_files(), top="sample/")

    assert check_package(folder).build.content == build.content
    assert check_package(folder).build.digest == build.digest
    assert check_package(wrapped).build.digest == build.digest
    assert quick_digest(folder) == quick_digest(wrapped) == build.digest


def test_the_kept_source_is_the_same_package_and_always_the_same_bytes(build):
    assert check_package(build.source_zip()).build.digest == build.digest
    assert as_zip(Source(package_files())) == build.source_zip()


def test_the_compiled_package_survives_json(build):
    written = json.dumps(content_to_json(build.content))

    assert content_from_json(json.loads(written)) == build.content


def test_json_with_something_else_in_it_is_refused(build):
    data = content_to_json(build.content)

    with pytest.raises(ValueError, match="has no strange"):
        content_from_json({**data, "strange": 1})


def test_a_report_survives_json():
    report = check_package(zip_bytes(broken({"package.yaml": ("minutes", "minuts")}))).report

    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report


def test_every_picture_and_film_that_content_names_is_kept(build):
    named = set()

    def look(node):
        if isinstance(node, dict):
            for key, value in node.items():
                if key in ("digest", "image", "thumbnail", "captions") and value:
                    named.add(value)
                look(value)
        elif isinstance(node, list | tuple):
            for entry in node:
                look(entry)

    look([dataclasses.asdict(step) for step in build.content.steps])

    assert named == set(build.blobs)


def test_addresses_of_media_say_nothing_of_the_files(build):
    text = json.dumps(content_to_json(build.content)["steps"])

    assert "scale.svg" not in text
    assert "film.mp4" not in text


def test_the_key_of_an_option_does_not_tell_the_right_one(build):
    (pool,) = build.content.step("quiz").pools
    options = [option for question in pool.questions for option in question.options]

    assert len({option.key for option in options}) == len(options)
    assert all(len(option.key) == 10 for option in options)


def test_the_reference_is_in_the_content_and_not_in_what_is_shown(build):
    case = build.content.step("practice").cases[0]

    assert case.reference["quadriceps"] == {"value": 6, "na": False, "reason": None, "side": None}
    assert "Held as the grade says" not in case.html


def test_a_digest_is_over_paths_bytes_and_the_instrument():
    files = {"a": "1" * 64, "b": "2" * 64}

    assert package_digest(files, None) == package_digest(dict(reversed(files.items())), None)
    assert package_digest(files, None) != package_digest(files, "3" * 64)
    assert package_digest(files, None) != package_digest({"a": "2" * 64, "b": "1" * 64}, None)
    assert package_digest({}, None) == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


@pytest.mark.parametrize("slug", ["a", "mmt8", "physician-global", "x" * 60])
def test_slugs_that_are(slug):
    assert is_slug(slug)


@pytest.mark.parametrize("slug", ["", "-a", "a-", "a--b", "A", "a_b", "é", "x" * 61, "a\n"])
def test_slugs_that_are_not(slug):
    assert not is_slug(slug)


@given(st.tuples(*[st.integers(0, 999)] * 3), st.tuples(*[st.integers(0, 999)] * 3))
def test_versions_are_ordered_as_figures(one, other):
    keys = [version_key(".".join(map(str, version))) for version in (one, other)]

    assert (keys[0] < keys[1]) == (one < other)


def test_a_short_version_is_the_long_one_with_nought():
    assert version_key("1.2") == version_key("1.2.0")
    assert not is_version("1")
    assert not is_version("01.2")
    assert not is_version("1.2.3.4")
    with pytest.raises(ValueError):
        version_key("one")


# --- the published schema ---------------------------------------------------------------------


def test_the_published_schema_is_what_the_check_uses():
    published = (DOCS / "content-format.schema.json").read_text(encoding="utf-8")

    assert published == json_schema_text(), (
        "write it anew: ./concord lms packages schema > docs/content-format.schema.json"
    )


def test_the_published_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_every_key_is_explained():
    for name, definition in json_schema()["$defs"].items():
        assert definition["additionalProperties"] is False, name
        for key, described in definition["properties"].items():
            assert "const" in described or described.get("description"), f"{name}.{key}"


def test_every_schema_refuses_unknown_keys():
    for name, schema in vars(schemas).items():
        if isinstance(schema, type) and issubclass(schema, Schema) and schema is not Schema:
            assert schema.Meta.unknown == "raise", name
            assert all(isinstance(field, fields.Field) for field in schema().fields.values())


DEFINITIONS = json_schema()["$defs"]
KINDS = {"questions/": "Pool", "cases/": "Case", "package.yaml": "Package"}


def schema_problems(path, data):
    kind = next(kind for start, kind in KINDS.items() if path.startswith(start))
    wanted = {"$ref": f"#/$defs/{kind}", "$defs": DEFINITIONS}
    document = read_yaml(path, data, Findings())
    plain = json.loads(json.dumps(document.data, default=float))
    return list(jsonschema.Draft202012Validator(wanted).iter_errors(plain))


CONTENT = Path(__file__).resolve().parents[3] / "content"


@pytest.mark.parametrize("folder", sorted(CONTENT.iterdir()), ids=lambda folder: folder.name)
def test_the_shipped_packages_fit_the_published_schema(folder):
    described = [*folder.glob("package.yaml"), *folder.glob("questions/*.yaml")]
    described += folder.glob("cases/*/*.yaml")

    assert len(described) > 10
    for path in described:
        name = path.relative_to(folder).as_posix()
        assert schema_problems(name, path.read_bytes()) == [], name


def test_the_sound_package_fits_the_published_schema():
    for path, data in package_files().items():
        if path.endswith(".yaml"):
            assert schema_problems(path, data) == [], path


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("package.yaml", "minutes: 30", "minuts: 30"),
        ("package.yaml", "kind: text", "kind: texts"),
        ("package.yaml", "slug: sample", "slug: Sam_ple"),
        ("package.yaml", 'version: "1.0"', "version: 1.0"),
        ("package.yaml", "pass_mark: 2", "pass_mark: 0"),
        ("questions/grades.yaml", "kind: one", "kind: two"),
        ("questions/grades.yaml", "  - key: grades-01\n", "  - x: 1\n"),
        ("cases/practice/p1.yaml", "title: Person p1\n", ""),
    ],
)
def test_the_schema_refuses_what_the_check_refuses(path, old, new):
    files = broken({path: (old, new)}, light_files())

    assert schema_problems(path, files[path])
    assert check_package(zip_bytes(files)).build is None
