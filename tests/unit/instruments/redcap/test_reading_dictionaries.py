import pytest

from lms.instruments.api import instrument_from_data
from lms.instruments.redcap.columns import COLUMNS
from lms.instruments.redcap.drafts import read_dictionary
from tests.unit.instruments.redcap.dictionaries import (
    DATA,
    ORIGIN,
    PUBLIC,
    draft_of,
    read,
    row,
    said,
    written,
)

RAW = {key: key for key in COLUMNS}
GRADE = row("grade", "radio", "Grade", "0, none | 1, some | 2, all", required_field="y")
SEVENTEEN = tuple(COLUMNS)[:17]
SIXTEEN = tuple(column for column in SEVENTEEN if column != "matrix_ranking")


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"headers": RAW},
        {"sign": ";"},
        {"sign": "\t"},
        {"columns": SEVENTEEN},
        {"columns": SIXTEEN},
        {"columns": tuple(reversed(COLUMNS))},
        {"headers": COLUMNS | {"field_name": "1"}},
        {"headers": {key: name.upper() for key, name in COLUMNS.items()}},
        {
            "headers": COLUMNS
            | {"select_choices_or_calculations": "Choices Calculations OR Slider Labels"}
        },
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_shape_of_file_makes_the_same_draft(how, encoding):
    text = written([GRADE], **how).replace("\n", "\r\n")

    found = read_dictionary(text.encode(encoding), ORIGIN)

    assert said(found) == []
    assert found.drafts[0].data["items"] == [
        {
            "key": "grade",
            "label": "Grade",
            "kind": "choice",
            "options": [
                {"code": 0, "label": "none"},
                {"code": 1, "label": "some"},
                {"code": 2, "label": "all"},
            ],
        }
    ]


def test_a_header_that_its_own_commas_cut_is_put_together():
    text = written([GRADE]).replace(f'"{COLUMNS["select_choices_or_calculations"]}"',
                                    COLUMNS["select_choices_or_calculations"])  # fmt: skip

    found = read_dictionary(text.encode(), ORIGIN)

    assert said(found) == []
    assert found.drafts[0].data["items"][0]["key"] == "grade"


@pytest.mark.parametrize(
    ("cells", "item"),
    [
        (
            row("a", "text", text_validation_type_or_show_slider_number="integer",
                text_validation_min="0", text_validation_max="10"),
            {"kind": "number", "minimum": 0, "maximum": 10},
        ),
        (
            row("a", "text", text_validation_type_or_show_slider_number="number_2dp_comma_decimal",
                text_validation_min="0,5", text_validation_max="1,25"),
            {"kind": "number", "minimum": 0.5, "maximum": 1.25, "step": 0.01},
        ),
        (row("a", "yesno"), {"kind": "yes_no"}),
        (row("a", "truefalse"), {"kind": "yes_no"}),
        (row("a", "slider", "Label", "no | | all"), {"kind": "vas", "left": "no", "right": "all"}),
        (row("a", "slider"), {"kind": "vas", "left": "0", "right": "100"}),
        (
            row("a", "slider", text_validation_min="-1", text_validation_max="101"),
            {"kind": "number", "minimum": -1, "maximum": 101},
        ),
        (
            row("a", "checkbox", "Label", "1, One | -2, Two | x, X"),
            {
                "kind": "parts",
                "parts": [
                    {"key": "code_1", "label": "One"},
                    {"key": "code_m2", "label": "Two"},
                    {"key": "x", "label": "X"},
                ],
            },
        ),
        (
            row("a", "select", "Label", "pre_psa, Before, at 8 | 7, After"),
            {
                "kind": "choice",
                "options": [
                    {"code": "pre_psa", "label": "Before, at 8"},
                    {"code": 7, "label": "After"},
                ],
            },
        ),
    ],
)  # fmt: skip
def test_a_field_that_can_be_rated_is_an_item(cells, item):
    data = draft_of([cells])

    assert data["items"] == [{"key": "a", "label": "Label", "optional": True} | item]
    instrument_from_data(data)


@pytest.mark.parametrize(
    ("cells", "where", "sentence"),
    [
        (row("a", "notes"), 4, "Free text is nothing to score"),
        (row("a", "descriptive"), 4, "Descriptive text is nothing to rate"),
        (row("a", "file"), 4, "A file is nothing to score"),
        (row("a", "sql", choices="SELECT 1"), 4, "Choices that a database gives"),
        (row("a", "wheel"), 4, "wheel is no field type"),
        (row("a", "text"), 8, "Free text is nothing to score"),
        (
            row("a", "text", text_validation_type_or_show_slider_number="date_ymd"),
            8,
            "No item takes a value of type date_ymd",
        ),
        (
            row("a", "text", text_validation_type_or_show_slider_number="nmber"),
            8,
            "nmber is no validation type",
        ),
        (
            row("a", "text", text_validation_type_or_show_slider_number="integer",
                text_validation_min="0", text_validation_max="ten"),
            10,
            "ten is no figure",
        ),
        (
            row("a", "text", text_validation_type_or_show_slider_number="integer",
                text_validation_min="0"),
            10,
            "An item needs a lowest and a highest value",
        ),
        (row("a", "radio", choices="0, none | some"), 6, "Choice 2 has no code: some"),
        (row("a", "radio", choices="0, none | 0, some"), 6, "Choice 2 has a code that another"),
        (row("a", "radio", choices="0, none | | 1, some"), 6, "Choice 2 is empty"),
        (row("a", "radio", choices="0, none | NA, some"), 6, "Choice 2 has a code that is res"),
        (row("a", "radio", choices="0.5, none | 1, some"), 6, "Choice 1 has a code that no item"),
        (row("a", "radio", choices="0, none"), 6, "There is one choice only"),
        (row("a", "dropdown", choices="BIOPORTAL:HP"), 6, "Choices that an ontology gives"),
        (row("a", "checkbox", choices="A, x | B, y"), 6, "A can be no part's key"),
        (row("a", "yesno", label=""), 5, "The field has no label"),
    ],
)  # fmt: skip
def test_what_is_no_item_is_said_with_line_and_column_and_kept(cells, where, sentence):
    found = read([GRADE, cells])

    line, column, text = next(place for place in said(found) if place[1])
    assert (line, column) == (4, where)
    assert text.startswith(sentence)
    assert [item["key"] for item in found.drafts[0].data["items"]] == ["grade"]
    assert found.drafts[0].kept.rows[-1].cells == {
        column: cells.get(column, "") for column in COLUMNS
    }


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n\n , \n", "The file is empty."),
        (b"a,b,c\n1,2,3\n", "Line 1 is no header of a data dictionary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "Line 1 is no header of a data dictionary"),
        (b"x" * 17_000_000, "The file is larger than 16 MB"),
    ],
)
def test_what_is_no_dictionary_makes_no_draft_and_says_why(content, sentence):
    found = read_dictionary(content, ORIGIN)

    assert found.drafts == ()
    assert any(text.startswith(sentence) for _, _, text in said(found))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("a,f,,radio,Left, or right,more,,,,,,,,,,,,,", "The row has 20 cells and the header 18"),
        ("a,f", "The row has 2 of 18 cells"),
        (",f,,radio", "The row has no field name"),
        ("1a,f,,yesno,L,,,,,,,,,,,,,", "1a is no field name"),
        ("grade,f,,yesno,L,,,,,,,,,,,,,", "grade stands on line 3 already"),
        ("a,,,yesno,L,,,,,,,,,,,,,", "The row is in no form"),
        ('a,f,,yesno,"L,,,,,,,,,,,,,', "A quotation mark is opened and never closed"),
    ],
)
def test_a_broken_row_is_said_and_the_others_are_read(line, sentence):
    text = written([GRADE]) + line + "\nlast,f,,yesno,Last,,,,,,,,,,,,,\n"

    found = read_dictionary(text.encode(), ORIGIN)

    assert any(place == 4 and said_.startswith(sentence) for place, _, said_ in said(found))
    assert {"grade", "last"} <= {item["key"] for item in found.drafts[0].data["items"]}


def test_text_in_windows_letters_is_read_and_said():
    found = read_dictionary(written([row("a", "yesno", "Müde")]).encode("cp1252"), ORIGIN)

    assert said(found)[0][0] == 3
    assert "not UTF-8" in said(found)[0][2]
    assert found.drafts[0].data["items"][0]["label"] == "Müde"


def test_codes_that_a_calculation_adds_up_are_levels_and_make_a_total():
    second = GRADE | {"field_name": "second"}
    total = row("score", "calc", "Score", "round(sum([grade],[second])*0.5, 1)")

    data = draft_of([GRADE, second, total])

    assert [item["kind"] for item in data["items"]] == ["levels", "levels"]
    assert data["totals"] == [
        {
            "key": "score",
            "label": "Score",
            "items": ["grade", "second"],
            "range": [0, 2],
            "direction": "higher_worse",
            "weights": {"grade": 0.5, "second": 0.5},
            "places": 1,
        }
    ]


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ("", "There is no calculation here"),
        ("3+4", "At character 1: It adds a figure that no item gives"),
        ("[grade]+[age]", "At character 1: age is no item of this form"),
        ("[grade", "At character 1: [ has no meaning"),
        ("max([grade],1)", "At character 1: The function max is more"),
        ("[tick(code_1)]", "At character 1: It does not add up every choice of tick"),
    ],
)
def test_a_calculation_that_is_no_total_is_kept_and_says_where(choices, sentence):
    tick = row("tick", "checkbox", choices="1, One | 2, Two")

    found = read([GRADE, tick, row("score", "calc", "Score", choices)])

    assert [(line, column) for line, column, _ in said(found)] == [(5, 6)]
    assert said(found)[0][2].startswith(sentence)
    assert found.drafts[0].data["totals"] == []


def test_a_checkbox_is_added_up_choice_by_choice():
    tick = row("tick", "checkbox", choices="1, One | 2, Two")

    data = draft_of([tick, row("score", "calc", "Score", "[tick(1)]*3+[tick(2)]*3")])

    assert data["totals"][0]["weights"] == {"tick": 3}
    assert data["totals"][0]["range"] == [0, 6]


def test_a_simple_condition_becomes_a_rule_and_the_item_optional():
    asked = row("more", "yesno", "More", required_field="y", branching_logic="[grade] = “2”")

    data = draft_of([GRADE, asked])

    assert data["rules"] == ["More: only where grade is 2 (all)."]
    assert data["items"][1]["optional"] is True


def test_a_condition_that_is_more_is_kept_and_says_where():
    asked = row("more", "yesno", "More", branching_logic="[grade] = [x")

    assert said(read([GRADE, asked])) == [
        (
            4,
            12,
            "At character 11: [ has no meaning in a formula. The condition was kept as it is.",
        )
    ]


def test_one_matrix_over_different_choices_is_said():
    rows = [
        GRADE | {"matrix_group_name": "m"},
        row("b", "radio", "B", "0, no | 1, yes", matrix_group_name="m"),
    ]

    assert said(read(rows)) == [(4, 6, "In matrix m the choices are not those of line 3.")]


def test_a_form_that_goes_on_after_another_is_put_together():
    other = GRADE | {"field_name": "b", "form_name": "g"}
    found = read([GRADE, other, GRADE | {"field_name": "c"}])

    assert found.forms == ["f", "g"]
    assert said(found)[0][:2] == (5, 2)
    assert [item["key"] for item in found.drafts[0].data["items"]] == ["grade", "c"]


def test_one_form_of_many_is_read_by_its_name():
    text = written([GRADE, GRADE | {"field_name": "b", "form_name": "g"}]).encode()

    assert read_dictionary(text, ORIGIN, "g").forms == ["g"]
    missing = read_dictionary(text, ORIGIN, "h")
    assert missing.drafts == ()
    assert said(missing) == [(0, 0, "There is no form h. There are: f, g.")]


def test_section_headers_make_sections():
    rows = [
        GRADE,
        GRADE | {"field_name": "b", "section_header": "Arms"},
        GRADE | {"field_name": "c"},
        GRADE | {"field_name": "d", "section_header": "Arms"},
    ]

    data = draft_of(rows)

    assert data["sections"] == [
        {"key": "arms", "title": "Arms"},
        {"key": "arms_2", "title": "Arms"},
    ]
    assert [item.get("section") for item in data["items"]] == [None, "arms", "arms", "arms_2"]


def test_the_two_hundred_and_first_item_is_kept():
    found = read([GRADE | {"field_name": f"a{number}"} for number in range(205)])

    assert len(found.drafts[0].data["items"]) == 200
    assert len(said(found)) == 5
    instrument_from_data(found.drafts[0].data)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_dictionary_is_read(name):
    found = read_dictionary((DATA / f"{name}.csv").read_bytes(), ORIGIN)

    assert not [place for place in found.findings if place.weight == "broken"]
    for draft in found.drafts:
        if draft.data:
            instrument_from_data(draft.data)
    assert (
        sum(len(draft.data["items"]) for draft in found.drafts if draft.data)
        == ({"longitudinal": 44, "validation-types": 6}[name])
    )


def test_a_huge_dictionary_is_read_as_far_as_any_is():
    lines = "".join(f"a{number},f,notes,L\n" for number in range(20_500))
    header = "field_name,form_name,field_type,field_label\n"

    found = read_dictionary((header + lines).encode(), ORIGIN)

    assert said(found)[-1][::2] == (
        20_002,
        "The file has more than 20000 rows. The rest was left out.",
    )
    assert len(found.drafts[0].kept.rows) == 20_000


def test_calculations_that_build_on_each_other_do_not_grow_without_end():
    doubled = [row(f"a{number}", "calc", "L", f"[a{number - 1}]*9+[b]") for number in range(1, 800)]

    found = read([GRADE, *doubled])

    assert len(said(found)) == 799
    assert any("Its figures are longer than any score." in text for _, _, text in said(found))
