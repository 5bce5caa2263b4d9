import json

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from lms.instruments.api import (
    DefinitionError,
    instrument_from_data,
    library_ids,
    load_library,
)
from lms.instruments.domain.figures import as_json
from lms.instruments.redcap.cells import armed, disarmed
from lms.instruments.redcap.columns import COLUMNS
from lms.instruments.redcap.dictionary import Naming, dictionary_csv, dictionary_rows
from lms.instruments.redcap.drafts import read_dictionary
from lms.instruments.redcap.kept import KeptForm, kept_from_json, kept_to_json
from tests.unit.instruments.definitions import small
from tests.unit.instruments.redcap.dictionaries import (
    DATA,
    ORIGIN,
    PUBLIC,
    cells_of,
    read,
    row,
    said,
    written,
)
from tests.unit.instruments.redcap.generated import definitions


def read_back(text):
    found = read_dictionary(text.encode(), ORIGIN)
    return instrument_from_data(found.drafts[0].data), found


def exported(instrument, **how):
    return dictionary_csv(dictionary_rows(instrument, Naming(**how)))


@pytest.mark.parametrize("ref", library_ids())
@pytest.mark.parametrize("how", [{}, {"form": "visit_form", "prefix": "v1_"}])
def test_a_shipped_instrument_survives_a_dictionary(ref, how):
    instrument = load_library(ref)

    text = exported(instrument, **how)
    again, found = read_back(text)

    assert again == instrument
    assert said(found, notes=True) == []
    assert exported(again, **how) == text
    assert cells_of(text)[0] == list(COLUMNS.values())


def test_every_kind_of_item_survives_a_dictionary():
    instrument = instrument_from_data(small())

    assert read_back(exported(instrument))[0] == instrument


def made_right(data):
    """The instrument, its totals given the range that their items reach."""
    bare = instrument_from_data(data | {"totals": []})
    totals = []
    for total in data["totals"]:
        reaches = [bare.item(key).reach for key in total["items"]]
        assume(all(reaches))
        ends = [as_json(sum(reach[place] for reach in reaches)) for place in (0, 1)]
        totals.append(total | {"range": ends})
    return instrument_from_data(data | {"totals": totals})


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes here
)
@given(definitions())
def test_any_definition_survives_a_dictionary(data):
    try:
        instrument = made_right(data)
    except DefinitionError:
        assume(False)

    text = exported(instrument)

    again, _ = read_back(text)
    assert again == instrument
    assert exported(again) == text


def through_kept(content):
    """The dictionary that comes of reading one and writing every form again."""
    found = read_dictionary(content, ORIGIN)
    forms = [KeptForm(draft.kept, "") for draft in found.drafts]
    forms = kept_from_json(json.dumps(kept_to_json(forms)))
    rows = []
    for draft, form in zip(found.drafts, forms, strict=True):
        if draft.data is None:
            rows += [dict(kept.cells) for kept in form.kept.rows]
        else:
            rows += dictionary_rows(instrument_from_data(draft.data), kept=form.kept)
    return dictionary_csv(rows)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_dictionary_survives_an_instrument(name):
    content = (DATA / f"{name}.csv").read_bytes()

    text = through_kept(content)

    before = cells_of(content.decode("utf-8-sig"))
    assert [[cell.strip() for cell in line] for line in cells_of(text)] == before
    assert through_kept(text.encode()) == text


def test_a_changed_draft_changes_its_own_cells_only():
    content = (DATA / "longitudinal.csv").read_bytes()
    found = read_dictionary(content, ORIGIN)
    draft = found.drafts[0]
    for item in draft.data["items"]:
        if item["key"] == "sex":
            item["label"] = "Sex at birth"
    draft.data["title"] = "Who takes part"
    instrument = instrument_from_data(draft.data)

    rows = dictionary_rows(instrument, kept=draft.kept)

    before = [dict(kept.cells) for kept in draft.kept.rows]
    changed = [
        (new["field_name"], column)
        for new, old in zip(rows, before, strict=True)
        for column in COLUMNS
        if new.get(column, "") != old.get(column, "") and column != "field_annotation"
    ]
    assert changed == [("sex", "field_label")]
    assert read_back(dictionary_csv(rows))[0] == instrument


def test_what_somebody_changed_in_redcap_counts_and_what_no_longer_fits_is_said():
    rows = dictionary_rows(instrument_from_data(small()))
    by_name = {cells["field_name"]: cells for cells in rows}
    by_name["sign"]["field_label"] = "Zeichen"
    by_name["hold"]["text_validation_max"] = "60"

    found = read_dictionary(dictionary_csv(rows).encode(), ORIGIN)

    items = {item["key"]: item for item in found.drafts[0].data["items"]}
    assert items["sign"]["label"] == "Zeichen"
    assert items["hold"]["kind"] == "number"
    assert items["hold"]["na"] is True
    assert [place[1] for place in said(found)] == [18, 18]


def test_a_row_that_was_added_in_redcap_joins_the_section_above_it():
    rows = dictionary_rows(load_library("mmt8_150@1.0"))
    rows.insert(4, row("extra", "yesno", "Extra", form_name="mmt8_150"))

    again, _ = read_back(dictionary_csv(rows))

    assert again.item("extra").label == "Extra"
    assert again.item("deltoid_middle_right").section == "limbs"


@pytest.mark.parametrize(
    "remark",
    [
        "@CONCORD=",
        "@CONCORD={",
        "@CONCORD=[]",
        '@CONCORD={"set":[]}',
        '@CONCORD={"set":{},"drop":5}',
        '@CONCORD-INSTRUMENT={"set":{"id":5,"sections":7,"rules":"x","scales":[]}}',
        '@CONCORD-INSTRUMENT={"set":{"further_totals":[{"place":9,"total":3}],"rights":{}}}',
        "@CONCORD=" + "[" * 50_000,
        "@CONCORD=" + "1" * 10_000,
    ],
)
def test_a_damaged_remark_is_said_and_the_columns_count(remark):
    found = read([row("a", "yesno", field_annotation=f"@HIDDEN {remark}")])

    assert found.drafts[0].data["items"][0]["kind"] == "yes_no"
    assert any(column == 18 for _, column, _ in said(found, notes=True))


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet="'=+-@ \t019,.[](|ab", max_size=10),
    st.sampled_from(["", *COLUMNS]),
)
def test_a_disarmed_cell_is_no_formula_and_reads_as_before(text, column):
    cell = disarmed(text, column)

    assert armed(cell, column) == text
    assert cell == text or cell[0] in "' "
    figure = text.lstrip("+-").replace(",", ".").replace(".", "", 1).isdigit()
    assert cell[:1] not in ("=", "+", "-", "@", "\t") or figure


def test_no_cell_of_a_dictionary_begins_a_formula():
    data = small(title="=1+1")
    data["items"][4]["label"] = "=cmd|' /C calc'!A0"
    data["items"][4]["hint"] = "@SUM(A1)"
    data["sections"][0]["title"] = "+1+1"

    text = exported(instrument_from_data(data))

    assert not [cell for line in cells_of(text) for cell in line if cell[:1] in tuple("=+-@")]
    assert read_back(text)[0] == instrument_from_data(data)


def test_an_annotation_of_somebody_else_stays_beside_a_remark():
    content = written([row("a", "yesno", field_annotation="@HIDDEN")]).encode()
    draft = read_dictionary(content, ORIGIN).drafts[0]
    instrument = instrument_from_data(draft.data | {"title": "Another"})

    rows = dictionary_rows(instrument, kept=draft.kept)

    assert rows[1]["field_annotation"].startswith("@HIDDEN @CONCORD")
    assert read_back(dictionary_csv(rows))[0] == instrument
