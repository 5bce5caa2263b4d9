import json
from decimal import Decimal

import pytest
from click.testing import CliRunner

from lms.instruments.api import instrument_from_data, library_ids, load_library, read_answer
from lms.instruments.cde import to_cde
from lms.instruments.cli import group
from lms.instruments.redcap.dictionary import Naming
from lms.instruments.redcap.records import Rating, records_csv
from tests.unit.instruments.definitions import small
from tests.unit.instruments.redcap.dictionaries import cells_of

RAW = {
    "grade": 2,
    "hold": 61.5,
    "line": 40,
    "count": 1.5,
    "sign": True,
    "type": "b",
    "tasks": ["two"],
}


def rating(record_id, raw, **more):
    instrument = instrument_from_data(small())
    answers = {key: read_answer(instrument.item(key), value) for key, value in raw.items()}
    return Rating(record_id, answers, **more)


def rows(*ratings, **how):
    lines = cells_of(records_csv(instrument_from_data(small()), ratings, **how))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def test_a_rating_is_a_row_of_raw_codes():
    assert rows(rating("1", RAW)) == [
        {
            "record_id": "1",
            "grade": "2",
            "hold": "61.5",
            "line": "40",
            "count": "1.5",
            "sign": "1",
            "type": "b",
            "tasks___one": "0",
            "tasks___two": "1",
            "total": str(Decimal("2") + 2 + 4 + Decimal("1.5") + 1 + 1),
            "small_complete": "2",
        }
    ]


def test_what_was_not_assessed_has_the_missing_data_code_and_no_total():
    (row,) = rows(rating("1", RAW | {"hold": "NA"}), na="-999")

    assert (row["hold"], row["total"]) == ("-999", "")


def test_what_was_not_rated_is_blank():
    (row,) = rows(rating("1", {"grade": 1}, complete=0))

    assert (row["hold"], row["tasks___one"], row["small_complete"]) == ("", "", "0")


def test_events_and_repetitions_have_columns_only_where_there_are_any():
    first, second = rows(
        rating("1", RAW, event="visit_1_arm_1"), rating("1", RAW, event="visit_1_arm_1", instance=2)
    )

    assert first["redcap_event_name"] == "visit_1_arm_1"
    assert (first["redcap_repeat_instrument"], first["redcap_repeat_instance"]) == ("", "")
    assert (second["redcap_repeat_instrument"], second["redcap_repeat_instance"]) == ("small", "2")


def test_fields_are_called_as_in_the_dictionary():
    lines = cells_of(
        records_csv(load_library("mmt8_80@1.0"), [], Naming(form="strength", prefix="v1_"))
    )

    assert lines[0][:2] == ["record_id", "v1_neck_flexors"]
    assert lines[0][-2:] == ["v1_total", "strength_complete"]


def test_a_record_id_that_would_be_a_formula_is_disarmed():
    assert rows(rating("=1+1", {}))[0]["record_id"] == "'=1+1"


def test_a_negative_code_has_one_more_underscore():
    data = small()
    data["items"][6]["parts"][0]["key"] = "code_m1"

    lines = cells_of(records_csv(instrument_from_data(data), []))

    assert "tasks____1" in lines[0]


@pytest.mark.parametrize("ref", library_ids())
def test_an_instrument_has_an_element_for_each_item(ref):
    instrument = load_library(ref)

    data = json.loads(json.dumps(to_cde(instrument)))

    assert len(data["cdes"]) == len(data["form"]["formElements"]) == len(instrument.items)
    assert len({row["ids"][0]["id"] for row in data["cdes"]}) == len(instrument.items)
    for element, question in zip(data["cdes"], data["form"]["formElements"], strict=True):
        assert element["tinyId"] is None
        assert element["designations"][0]["tags"] == ["Preferred Question Text"]
        assert question["question"]["answers"] == element["valueDomain"]["permissibleValues"]


def test_levels_are_permissible_values_with_their_meaning():
    data = to_cde(instrument_from_data(small()))

    values = data["cdes"][0]["valueDomain"]
    assert values["datatype"] == "Value List"
    assert [
        (row["permissibleValue"], row["valueMeaningName"]) for row in values["permissibleValues"]
    ] == [("0", "none"), ("T", "trace"), ("1", "some"), ("2", "all")]
    assert data["cdes"][2]["valueDomain"] == {
        "datatype": "Number",
        "permissibleValues": [],
        "minimum": 0,
        "maximum": 100,
    }


def test_common_data_elements_on_the_command_line_say_the_rights():
    result = CliRunner().invoke(group, ["export-cde", "cmas@1.0"])

    assert result.exit_code == 0
    assert len(json.loads(result.stdout)["cdes"]) == 14
    assert "permission_required" in result.stderr
