import copy
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.instruments.api import (
    DefinitionError,
    instrument_from_data,
    instrument_to_data,
    library_digest,
    library_ids,
    load_library,
)
from lms.instruments.domain import RightsStatus
from tests.unit.instruments.definitions import deriving, small

PINNED = {
    ref: digest
    for digest, ref in map(
        str.split, (Path(__file__).parent / "library.sha256").read_text().splitlines()
    )
}


def problems_of(data):
    with pytest.raises(DefinitionError) as caught:
        instrument_from_data(data)
    return [(problem.path, str(problem)) for problem in caught.value.problems]


def test_a_shipped_version_never_changes():
    assert {ref: library_digest(ref) for ref in library_ids()} == PINNED


@pytest.mark.parametrize("ref", library_ids())
def test_a_shipped_definition_survives_json(ref):
    instrument = load_library(ref)

    assert instrument.ref == ref
    data = json.loads(json.dumps(instrument_to_data(instrument)))

    assert instrument_from_data(data) == instrument


@pytest.mark.parametrize("data", [small(), deriving()])
def test_everything_that_a_definition_may_hold_survives_json(data):
    instrument = instrument_from_data(data)

    data = json.loads(json.dumps(instrument_to_data(instrument)))

    assert instrument_from_data(data) == instrument


@pytest.mark.parametrize(
    ("ref", "items", "low", "high"),
    [
        ("mmt8_80@1.0", 8, 0, 80),
        ("mmt8_150@1.0", 15, 0, 150),
        ("cmas@1.0", 14, 0, 52),
        ("mmt_total_260@1.0", 26, 0, 260),
        ("ibmfrs@1.0", 10, 0, 40),
        ("physician_global_activity@1.0", 2, 0, 10),
        ("physician_global_damage@1.0", 2, 0, 10),
        ("patient_global_activity@1.0", 2, 0, 10),
        ("patient_global_damage@1.0", 2, 0, 10),
        ("parent_global_activity@1.0", 2, 0, 10),
        ("parent_global_damage@1.0", 2, 0, 10),
        ("fi3@1.0", 4, 0, 100),
    ],
)
def test_shipped_instruments_have_their_published_size(ref, items, low, high):
    instrument = load_library(ref)

    assert len(instrument.items) == items
    assert (instrument.total("total").minimum, instrument.total("total").maximum) == (low, high)


def test_the_blocks_of_the_mmt_of_all_groups_add_up_to_its_total():
    mmt = load_library("mmt_total_260@1.0")
    blocks = {total.key: int(total.maximum) for total in mmt.totals}

    assert blocks == {"total": 260, "axial": 20, "proximal": 160, "distal": 80}
    assert sorted(key for block in mmt.totals[1:] for key in block.items) == sorted(
        mmt.totals[0].items
    )


def test_the_mmt_of_all_groups_has_every_test_of_the_mmt8():
    names = {(item.key, item.label, item.side) for item in load_library("mmt_total_260@1.0").items}

    assert names > {(i.key, i.label, i.side) for i in load_library("mmt8_150@1.0").items}


def test_the_items_of_the_cmas_have_their_published_maxima():
    maxima = [int(item.reach[1]) for item in load_library("cmas@1.0").items]

    assert maxima == [5, 2, 5, 3, 6, 3, 3, 4, 3, 4, 4, 4, 3, 3]


def test_only_procedures_without_a_form_of_their_own_claim_free_rights():
    statuses = {ref: load_library(ref).rights.status for ref in library_ids()}

    assert statuses["physician_global_activity@1.0"] is RightsStatus.UNRESOLVED
    assert [ref for ref, status in statuses.items() if status is RightsStatus.OPEN_REUSE] == [
        "sit_to_stand_30s@1.0",
        "six_minute_walk@1.0",
        "timed_up_and_go@1.0",
    ]


def test_the_items_of_the_cdasi_have_their_published_maxima():
    cdasi = load_library("cdasi@2.0")
    columns = Counter()
    for item in cdasi.items:
        columns[item.column or item.key] += item.reach[1]
    counted = cdasi.term("hands_erythema_counted")

    assert len([item for item in cdasi.items if item.column == "erythema"]) == 15
    assert {name: int(most) for name, most in columns.items()} == {
        "erythema": 45,
        "scale": 30,
        "erosion": 15,
        "poikiloderma": 15,
        "calcinosis": 15,
        "hands_erythema": 3,
        "hands_papules": 1,
        "hands_ulceration": 1,
        "hands_damage": 2,
        "periungual": 2,
        "alopecia": 1,
    }
    assert counted.reach == (0, 6)
    assert (cdasi.total("activity").maximum, cdasi.total("damage").maximum) == (100, 32)


def test_poikiloderma_up_to_2_is_refused_because_the_damage_would_not_be_32():
    data = instrument_to_data(load_library("cdasi@2.0"))
    for item in data["items"]:
        if item.get("column") == "poikiloderma":
            item["scale"] = "scale"

    assert problems_of(data) == [
        (("totals", 1, "range"), "The items reach 0 to 47, but the range says 0 to 32.")
    ]


def test_without_the_doubling_the_activity_would_not_be_100():
    data = instrument_to_data(load_library("cdasi@2.0"))
    del data["derived"][0]["rules"]

    assert problems_of(data) == [
        (("totals", 0, "range"), "The items reach 0 to 97, but the range says 0 to 100.")
    ]


def test_the_questions_of_the_haq_are_twenty_in_eight_categories():
    haq = load_library("haq_di@1.0")
    sizes = [len(category.items) for category in haq.derived]

    assert (sizes, sum(sizes)) == ([2, 2, 3, 2, 3, 2, 3, 3], 20)
    assert (haq.total("index").minimum, haq.total("index").maximum) == (0, 3)


def test_mitax_codes_are_worth_nothing_and_the_mdi_has_no_total():
    mdaat, mdi = load_library("mdaat@1.0"), load_library("mdi@1.0")

    assert all(item.reach is None for item in mdaat.items if item.column == "code")
    assert (mdaat.total("myoact").minimum, mdaat.total("myoact").maximum) == (0, 60)
    assert mdi.totals == ()
    assert [one.label for one in mdi.left_out][:2] == ["A total of extent", "A total of severity"]
    assert sum(item.kind == "vas" for item in mdi.items) == 11


def test_a_range_that_the_items_do_not_reach_is_refused_with_both_figures():
    data = instrument_to_data(load_library("cmas@1.0"))
    data["totals"][0]["range"] = [0, 53]

    assert problems_of(data) == [
        (("totals", 0, "range"), "The items reach 0 to 52, but the range says 0 to 53.")
    ]


def bent(change):
    data = small()
    change(data)
    return data


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda d: d.update(colour="red"), ("colour",)),
        (lambda d: d["items"][0]["levels"][2].update(note="x"), ("items", 0, "levels", 2, "note")),
        (lambda d: d["items"][0]["levels"][2].update(code=0), ("items", 0, "levels", 2, "code")),
        (lambda d: d["items"][0]["levels"][1].update(code="NA"), ("items", 0, "levels", 1, "code")),
        (lambda d: d["items"][0]["levels"].reverse(), ("items", 0, "levels")),
        (lambda d: d["items"][0].pop("label"), ("items", 0, "label")),
        (lambda d: d["items"][0].update(section="second"), ("items", 0, "section")),
        (lambda d: d["items"][0].update(side="axial"), ("items", 0, "other_side")),
        (lambda d: d["items"][0].update(na=False), ("items", 0, "na_reason_required")),
        (lambda d: d["items"][0].update(na="yes"), ("items", 0, "na")),
        (lambda d: d["items"][1].update(kind="stopwatch"), ("items", 1, "kind")),
        (lambda d: d["items"][1]["bands"][0].update({"from": 1}), ("items", 1, "bands", 0, "from")),
        (lambda d: d["items"][1]["bands"][2].update({"from": 1}), ("items", 1, "bands", 2)),
        (lambda d: d["items"][1].update(maximum=59), ("items", 1, "maximum")),
        (lambda d: d["items"][2].update(left=""), ("items", 2, "left")),
        (lambda d: d["items"][3].update(step=0), ("items", 3, "step")),
        (lambda d: d["items"][3].update(step=2), ("items", 3, "step")),
        (lambda d: d["items"][3].update(minimum=3), ("items", 3, "maximum")),
        (lambda d: d["items"][3].update(key="grade"), ("items", 3, "key")),
        (lambda d: d["items"][3].update(key="Count me"), ("items", 3, "key")),
        (lambda d: d["items"][6]["parts"][1].update(key="one"), ("items", 6, "parts", 1, "key")),
        (lambda d: d["items"][6]["parts"][1].update(key="none"), ("items", 6, "parts", 1, "key")),
        (lambda d: d["items"][6]["parts"][1].update(points=0), ("items", 6, "parts", 1, "points")),
        (lambda d: d["items"][6].update(scale="shared"), ("items", 6, "kind")),
        (lambda d: d["sections"].append({"key": "x", "title": "X"}), ("sections", 1)),
        (lambda d: d["totals"][0].update(items=["grade", "nose"]), ("totals", 0, "items")),
        (lambda d: d["totals"][0]["items"].append("type"), ("totals", 0, "items")),
        (lambda d: d["totals"][0]["items"].append("grade"), ("totals", 0, "items")),
        (lambda d: d["totals"][0]["weights"].update(type=2), ("totals", 0, "weights", "type")),
        (lambda d: d["totals"][0]["weights"].update(line=0), ("totals", 0, "weights", "line")),
        (lambda d: d["totals"][0].update(na="prorate"), ("totals", 0, "at_least")),
        (lambda d: d["totals"][0].update(at_least=2), ("totals", 0, "at_least")),
        (lambda d: d["totals"][0].update(direction="up"), ("totals", 0, "direction")),
        (lambda d: d["totals"][0].update(range=[20]), ("totals", 0, "range")),
        (lambda d: d["rights"].update(status="free"), ("rights", "status")),
        (lambda d: d["rights"].update(date="soon"), ("rights", "date")),
        (lambda d: d.update(version=1.0), ("version",)),
        (lambda d: d.update(format="concord-instrument/2"), ("format",)),
    ],
)
def test_what_is_wrong_is_reported_where_it_stands(change, path):
    found = problems_of(bent(change))

    assert path in [where for where, _message in found]
    assert all(message.endswith(".") for _where, message in found)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda d: d["settings"][0].update(value="none"), ("settings", 0, "value")),
        (lambda d: d["settings"][2].update(value="two"), ("settings", 2, "value")),
        (lambda d: d["settings"][1].update(key="needed"), ("settings", 2, "key")),
        (lambda d: d["settings"][1].update(value="median"), ("settings", 1, "value")),
        (lambda d: d["derived"][0].update(key="papules"), ("derived", 0, "key")),
        (lambda d: d["derived"][0].update(items=["nose"]), ("derived", 0, "items")),
        (lambda d: d["derived"][0].update(items=["arm_red"] * 2), ("derived", 0, "items")),
        (lambda d: d["derived"][1].update(items=["leg_red", "papules"]), ("derived", 1, "items")),
        (lambda d: d["derived"][1].update(at_least=3), ("derived", 1, "at_least")),
        (lambda d: d["derived"][1].update(combine="median"), ("derived", 1, "combine")),
        (
            lambda d: d["derived"][1].update(combine={"setting": "needed"}),
            ("derived", 1, "combine"),
        ),
        (lambda d: d["derived"][1].update(combine={"setting": "x"}), ("derived", 1, "combine")),
        (
            lambda d: d["derived"][0]["rules"][0].update(items=["arm_raised"]),
            ("derived", 0, "rules", 0, "items"),
        ),
        (lambda d: d["derived"][0]["rules"][0].pop("times"), ("derived", 0, "rules", 0)),
        (lambda d: d["derived"][0]["rules"][0].update(raise_to=2), ("derived", 0, "rules", 0)),
        (
            lambda d: d["derived"][0]["rules"][0]["when"].update({"is": "perhaps"}),
            ("derived", 0, "rules", 0, "when", "is"),
        ),
        (lambda d: d["totals"][0].update(range=[0, 9]), ("totals", 0, "range")),
        (lambda d: d["totals"][0]["items"].append("triple"), ("totals", 0, "items")),
        (lambda d: d["totals"][1].update(at_least={"setting": "x"}), ("totals", 1, "at_least")),
        (
            lambda d: d["totals"][1].update(at_least={"setting": "doubling"}),
            ("totals", 1, "at_least"),
        ),
        (lambda d: d["totals"][1].update(items=["doubled", "pair"]), ("totals", 1, "items")),
        (lambda d: d["totals"][2].update(range=[0, 9]), ("totals", 2, "range")),
        (lambda d: d["sections"][0].pop("columns"), ("sections", 0)),
        (
            lambda d: d["sections"][0]["rows"][1].update(key="arm"),
            ("sections", 0, "rows", 1, "key"),
        ),
        (lambda d: d["items"][0].update(row="nose"), ("items", 0, "row")),
        (lambda d: d["items"][0].pop("column"), ("items", 0, "column")),
        (lambda d: d["items"][1].update(column="red"), ("items", 1)),
        (lambda d: d["items"][4].update(row="arm"), ("items", 4)),
    ],
)
def test_what_is_wrong_with_grids_settings_and_derived_figures_is_reported_too(change, path):
    data = deriving()
    change(data)
    found = problems_of(data)

    assert path in [where for where, _message in found]
    assert all(message.endswith(".") for _where, message in found)


def test_all_problems_are_reported_at_once():
    def several(data):
        data["colour"] = "red"
        del data["items"][2]["right"]
        data["items"][0]["section"] = "second"
        data["rights"]["status"] = "free"

    assert {path for path, _message in problems_of(bent(several))} == {
        ("colour",),
        ("items", 2, "right"),
        ("items", 0, "section"),
        ("sections", 0),
        ("rights", "status"),
    }


WORDS = st.text(max_size=5)
SCRAPS = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 700) | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


def places(data, path=()):
    yield path
    pairs = []
    if isinstance(data, dict):
        pairs = list(data.items())
    elif isinstance(data, list):
        pairs = list(enumerate(data))
    for key, inner in pairs:
        yield from places(inner, (*path, key))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_broken_definition_is_refused_and_never_breaks_the_reader(data):
    broken = copy.deepcopy(data.draw(st.sampled_from([small(), deriving()])))
    path = data.draw(st.sampled_from(list(places(broken))))
    scrap = data.draw(SCRAPS)
    if path:
        at = broken
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = scrap
    else:
        broken = scrap

    problems = []
    try:
        found = instrument_from_data(broken)
    except DefinitionError as error:
        found, problems = None, error.problems

    assert (found is None) == bool(problems)
