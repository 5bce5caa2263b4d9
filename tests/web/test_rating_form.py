"""An instrument's own form, the library's pages and the response calculator, as a visitor."""

import pytest
from bs4 import BeautifulSoup
from flask import render_template_string
from werkzeug.datastructures import MultiDict

from lms.instruments.api import answers_from_form, library_ids, load_library, read_answer

ORACLE = {
    "population": "adult",
    "physician-baseline": "6",
    "physician-follow_up": "3",
    "patient-baseline": "5",
    "patient-follow_up": "4",
    "strength-tool": "mmt",
    "strength-maximum": "150",
    "strength-baseline": "120",
    "strength-follow_up": "135",
    "function-baseline": "1,5",
    "function-follow_up": "1",
    "fifth-tool": "enzyme",
    "fifth-enzyme": "ck",
    "fifth-upper_limit": "200",
    "fifth-baseline": "3000",
    "fifth-follow_up": "600",
    "sixth-tool": "extramuscular_vas",
    "sixth-baseline": "4",
    "sixth-follow_up": "2",
}


def words(tag):
    return " ".join(tag.get_text(" ").split())


def drawn(app, ref, answers=None, **settings):
    with app.test_request_context():
        html = render_template_string(
            '{% from "instruments/_form.html" import rating_form %}'
            "{% call rating_form(instrument, answers, **settings) %}"
            "<button>Done</button>{% endcall %}",
            instrument=load_library(ref),
            answers=answers or {},
            settings=settings,
        )
    return BeautifulSoup(html, "html.parser")


def sent(page):
    """What a browser would send of the form."""
    pairs = []
    for field in page.select("input[name]"):
        if field["type"] in ("radio", "checkbox") if "type" in field.attrs else False:
            if "checked" in field.attrs:
                pairs.append((field["name"], field["value"]))
        else:
            pairs.append((field["name"], field["value"]))
    for field in page.select("select[name]"):
        chosen = field.select_one("option[selected]") or field.select_one("option")
        pairs.append((field["name"], chosen["value"]))
    return MultiDict(pairs)


def test_every_shipped_instrument_is_listed_and_has_its_page(client):
    listed = BeautifulSoup(client.get("/instruments").data, "html.parser")
    links = [link["href"] for link in listed.select("main a")]

    for ref in library_ids():
        page = client.get(f"/instruments/{ref}")
        assert page.status_code == 200
        assert f"/instruments/{ref}" in links
        assert b"Rights" in page.data


def test_the_form_on_an_instruments_page_cannot_be_filled_in(client):
    page = BeautifulSoup(client.get("/instruments/cmas@1.0").data, "html.parser")

    assert len(page.select("fieldset.item")) == 14
    assert all("disabled" in item.attrs for item in page.select("fieldset.item"))


def test_an_instrument_that_is_not_there_is_not_found(client):
    assert client.get("/instruments/mmt8_80@9.9").status_code == 404
    assert client.get("/instruments/..%2Fsecret@1.0").status_code == 404


FILLED = {
    "mmt8_80@1.0": {
        "neck_flexors": 4,
        "deltoid_middle": {"value": 7, "side": "left"},
        "biceps_brachii": {"na": "pain"},
        "quadriceps": "T",
    },
    "cmas@1.0": {"head_lift": 74.5, "sit_ups": ["thighs_held", "chest_free"], "pick_up": 0},
    "physician_global_activity@1.0": {"activity_vas": 0, "activity_likert": 0},
    "cdasi@2.0": {"scalp_erythema": 3, "arm_calcinosis": {"na": "covered"}, "hands_papules": True},
    "haq_di@1.0": {"walking_1": "NA", "walking_2": 1, "walking_aids": ["cane", "help"]},
    "mdaat@1.0": {"pyrexia": 4, "cutaneous_vas": 55, "myalgia": {"na": "cannot_assess"}},
}


@pytest.mark.parametrize("ref", FILLED)
def test_what_the_form_shows_is_what_it_would_send_back(app, ref):
    instrument = load_library(ref)
    answers = {key: read_answer(instrument.item(key), raw) for key, raw in FILLED[ref].items()}

    sent_back, refused = answers_from_form(instrument, sent(drawn(app, ref, answers)))

    assert refused == {}
    assert {k: read_answer(instrument.item(k), raw) for k, raw in sent_back.items()} == answers


@pytest.mark.parametrize("ref", library_ids())
def test_an_untouched_form_sends_no_rating(app, ref):
    assert answers_from_form(load_library(ref), sent(drawn(app, ref))) == ({}, {})


def test_the_total_counts_what_is_scored_and_is_never_scaled_up(app):
    answers = {
        key: read_answer(load_library("mmt8_80@1.0").item(key), grade)
        for key, grade in {
            "neck_flexors": 4,
            "deltoid_middle": 7,
            "biceps_brachii": 8,
            "wrist_extensors": 9,
            "gluteus_medius": 6,
        }.items()
    }

    total = words(drawn(app, "mmt8_80@1.0", answers).select_one("[data-total]"))

    assert total == "34 points so far · 5 of 8 scored · full total 0 to 80"


def test_na_says_why_there_is_no_total(app):
    instrument = load_library("mmt8_80@1.0")
    answers = {item.key: read_answer(item, 10) for item in instrument.items}
    answers["quadriceps"] = read_answer(instrument.item("quadriceps"), "NA")

    total = words(drawn(app, "mmt8_80@1.0", answers).select_one("[data-total]"))

    assert total == "70 points, no total because of NA · 7 of 8 scored"


def test_an_index_is_printed_with_the_settings_that_it_is_computed_by(app):
    haq = load_library("haq_di@1.0")
    answers = {i.key: read_answer(i, 0) for i in haq.items if not i.optional}
    answers |= {
        "walking_aids": read_answer(haq.item("walking_aids"), ["cane"]),
        "eating_1": read_answer(haq.item("eating_1"), "NA"),
    }

    page = drawn(app, "haq_di@1.0", answers)

    assert words(page.select_one("[data-total]")) == (
        "0.250 index · all scored · full total 0 to 3 Aids and help: raise a category to 2 ·"
        " Category: its highest question · Categories needed: 6"
    )
    assert page.select_one("[data-derived=walking]").text == "2"


def test_a_total_without_an_na_item_says_of_how_many_it_is(app):
    mdaat = load_library("mdaat@1.0")
    answers = {k: read_answer(mdaat.item(k), 40) for k in mdaat.total("myoact").items}
    answers["cardiovascular_vas"] = read_answer(mdaat.item("cardiovascular_vas"), "NA")

    totals = [words(one) for one in drawn(app, "mdaat@1.0", answers).select("[data-total]")]

    assert totals[0] == "MYOACT 20.0 cm, no total because of NA · 5 of 6 scored"
    assert totals[1] == (
        "MYOACT, share of what is possible : 0.40 of 1 · 5 of 6 scored, the rest NA ·"
        " full total 0 to 1"
    )


def test_a_grid_names_its_rows_and_columns_and_says_its_codes_once(app):
    page = drawn(app, "cdasi@2.0")

    assert [words(head) for head in page.select("thead th")] == [
        "Erythema", "Scale", "Erosion or ulcer", "Poikiloderma", "Calcinosis",
    ]  # fmt: skip
    assert len(page.select("tbody th[scope=row]")) == 15
    assert words(page.select_one(".grid-codes li")) == (
        "Erythema 0 Absent 1 Pink, faint 2 Red 3 Dark red"
    )
    assert len(drawn(app, "haq_di@1.0").select(".grid-codes")) == 1


def test_what_is_left_out_is_said_on_the_instruments_page(client):
    page = BeautifulSoup(client.get("/instruments/mdi@1.0").data, "html.parser")
    totals = words(page.select_one("[aria-labelledby=totals-title]"))

    assert totals.startswith("Totals This version has no total. Left out on purpose")
    assert "A total of extent Published as 0 to 38" in totals


def test_seconds_show_their_code_without_script(app):
    item = load_library("cmas@1.0").item("head_lift")

    page = drawn(app, "cmas@1.0", {"head_lift": read_answer(item, 119)})

    assert words(page.select_one("#item-head_lift-code")).startswith(
        "Code 4 of 5 60 to under 120 seconds."
    )


def test_what_was_refused_is_shown_as_typed_with_its_problem(app):
    typed = MultiDict([("item-head_lift", "ages")])
    answers, problems = answers_from_form(load_library("cmas@1.0"), typed)

    page = drawn(app, "cmas@1.0", answers, problems=problems)

    field = page.select_one("#item-head_lift")
    assert (field["value"], field["aria-invalid"]) == ("ages", "true")
    assert words(page.select_one(".problem")) == "ages is not a figure."


def test_markup_that_was_typed_stays_text(app):
    typed = MultiDict([("item-head_lift", '"><script>x</script>')])
    answers, problems = answers_from_form(load_library("cmas@1.0"), typed)

    assert not drawn(app, "cmas@1.0", answers, problems=problems).select("script")


def test_the_worked_example_of_the_response_score(client):
    page = BeautifulSoup(client.post("/instruments/response", data=ORACLE).data, "html.parser")
    result = page.select_one("#result")

    assert words(result.select_one("h2")) == "Moderate improvement"
    assert words(result.select_one(".big")) == "57.5"
    assert [words(row.select("td")[4]) for row in result.select("tbody tr")] == [
        "17.5", "2.5", "10", "7.5", "7.5", "12.5",
    ]  # fmt: skip
    assert "15 times the upper limit of 200, which is 3000" in words(result)


def test_a_missing_measure_gives_no_score_and_is_named(client):
    response = client.post("/instruments/response", data=ORACLE | {"function-follow_up": ""})
    result = BeautifulSoup(response.data, "html.parser").select_one("#result")

    assert response.status_code == 200
    assert result.select_one(".big") is None
    assert "Missing: Physical function." in words(result)


def test_worsening_is_shown_beside_the_score(client):
    response = client.post(
        "/instruments/response",
        data=ORACLE | {"physician-baseline": "3", "physician-follow_up": "6"},
    )
    result = BeautifulSoup(response.data, "html.parser").select_one("#result")

    assert words(result.select_one(".big")) == "40"
    assert "Worse than at baseline: Physician global activity." in words(result)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("physician-baseline", "43"),
        ("physician-baseline", "-1"),
        ("physician-baseline", "much"),
        ("strength-maximum", "100"),
        ("strength-maximum", "0"),
        ("fifth-upper_limit", "0"),
        ("fifth-multiple", "0"),
        ("strength-tool", "cmas"),
        ("strength-tool", "nonsense"),
        ("population", "nobody"),
        ("sixth-tool", "das"),
    ],
)
def test_figures_that_cannot_be_come_back_with_a_sentence_and_what_was_typed(client, field, typed):
    response = client.post("/instruments/response", data=ORACLE | {field: typed})
    page = BeautifulSoup(response.data, "html.parser")

    assert response.status_code == 422
    assert page.select(".errors li")
    assert page.select_one("#physician-follow_up")["value"] == "3"


def test_another_multiple_is_used_and_printed(client):
    response = client.post(
        "/instruments/response", data=ORACLE | {"fifth-multiple": "60", "fifth-follow_up": "2400"}
    )
    result = BeautifulSoup(response.data, "html.parser").select_one("#result")

    assert "60 times the upper limit of 200, which is 12000" in words(result)
    assert [words(cell) for cell in result.select("tbody tr")[4].select("td")][3:5] == ["5.0", "0"]
