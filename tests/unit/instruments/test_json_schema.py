import json

import pytest
from jsonschema import Draft202012Validator

from lms.instruments.api import (
    definition_json_schema,
    instrument_to_data,
    library_ids,
    load_library,
)
from tests.unit.instruments.definitions import small

SCHEMA = definition_json_schema()


def accepted(data):
    return Draft202012Validator(SCHEMA).is_valid(json.loads(json.dumps(data)))


def test_the_published_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("ref", library_ids())
def test_shipped_definitions_meet_the_published_schema(ref):
    assert accepted(instrument_to_data(load_library(ref)))


def test_every_kind_of_item_meets_the_published_schema():
    assert accepted(small())


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(colour="red"),
        lambda d: d.pop("rights"),
        lambda d: d["items"][0].update(mood="x"),
        lambda d: d["items"][0].update(kind="stopwatch"),
        lambda d: d["items"][0]["levels"][0].pop("anchor"),
        lambda d: d["items"][0].update(na="yes"),
        lambda d: d["rights"].update(status="free"),
        lambda d: d["totals"][0].update(items="some"),
    ],
)
def test_what_the_check_refuses_for_its_shape_the_published_schema_refuses_too(change):
    data = small()
    change(data)

    assert not accepted(data)
