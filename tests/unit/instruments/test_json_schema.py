import json

import pytest
from jsonschema import Draft202012Validator

from lms.instruments.api import (
    definition_json_schema,
    instrument_to_data,
    library_ids,
    load_library,
)
from tests.unit.instruments.definitions import deriving, small

SCHEMA = definition_json_schema()


def accepted(data):
    return Draft202012Validator(SCHEMA).is_valid(json.loads(json.dumps(data)))


def test_the_published_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("ref", library_ids())
def test_shipped_definitions_meet_the_published_schema(ref):
    assert accepted(instrument_to_data(load_library(ref)))


@pytest.mark.parametrize("data", [small(), deriving()])
def test_everything_that_a_definition_may_hold_meets_the_published_schema(data):
    assert accepted(data)


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


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["derived"][0].update(combine="median"),
        lambda d: d["derived"][0].update(items=[]),
        lambda d: d["derived"][0]["rules"][0]["when"].pop("is"),
        lambda d: d["settings"][0].pop("value"),
        lambda d: d["totals"][1].update(at_least={"settings": "needed"}),
        lambda d: d["totals"][1].update(combine="highest"),
        lambda d: d["sections"][0]["rows"][0].pop("key"),
        lambda d: d["left_out"][0].pop("why"),
    ],
)
def test_settings_and_derived_figures_are_checked_by_the_published_schema(change):
    data = deriving()
    change(data)

    assert not accepted(data)
