"""What a certification result tells of the parts of the form: counts, and never the key."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.instruments.domain import Answer, build
from lms.modules.domain import CaseMark, ItemMark, Lean, RatingResult, Verdict, parts_told
from lms.modules.domain.telling import LEAST_TOLD

SECTIONS = {"hip": 4, "arm": 2, "neck": 1, "foot": 1}


def form(sections=None):
    """An instrument with sections of so many items."""
    sections = sections or SECTIONS
    items = [
        (section, f"{section}{n}") for section, count in sections.items() for n in range(count)
    ]
    return build(
        {
            "format": "concord-instrument/1",
            "id": "sample",
            "version": "1.0",
            "title": "Sample",
            "short_title": "Sample",
            "language": "en",
            "assessment": "ClinRO",
            "summary": "For a test.",
            "rights": {
                "status": "open_reuse",
                "holder": "Nobody",
                "source": "A test",
                "date": "2026-11-01",
            },
            "scales": {"g": {"kind": "number", "minimum": 0, "maximum": 10}},
            "sections": [{"key": key, "title": key.title()} for key in sections],
            "items": [
                {"key": key, "label": key, "section": section, "scale": "g"}
                for section, key in items
            ],
            "totals": [],
        }
    )


def result(instrument, rows, uncounted=()):
    """A result of cases, each a mapping of item to difference; tolerance 1."""
    return RatingResult(
        cases=tuple(
            CaseMark(
                case=f"c{number}",
                items=tuple(
                    ItemMark(
                        item=item.key,
                        own=Answer(5),
                        reference=Answer(5),
                        distance=Decimal(abs(row.get(item.key, 0))),
                        difference=Decimal(row.get(item.key, 0)),
                        tolerance=Decimal(1),
                        within=abs(row.get(item.key, 0)) <= 1,
                        counted=item.key not in uncounted,
                    )
                    for item in instrument.items
                ),
                totals=(),
                items_required=0,
            )
            for number, row in enumerate(rows)
        ),
        required=1,
        verdict=Verdict(()),
    )


def told(rows, feedback, instrument=None):
    instrument = instrument or form()
    return parts_told(instrument, result(instrument, rows), feedback)


HIGH = {"hip0": 3, "hip1": 2, "hip2": 2}


def test_criteria_alone_tell_nothing_of_the_form():
    assert told([HIGH] * 4, "criteria") == ()


def test_items_tell_how_often_a_section_was_outside_and_no_side():
    (part,) = told([HIGH] * 4, "items")

    assert (part.titles, part.outside, part.of, part.lean) == (("Hip",), 12, 16, Lean.NOT_TOLD)


def test_domains_put_small_sections_together():
    parts = told([{"neck0": 3, "hip0": 3}] * 4, "domains")

    assert {part.titles: (part.outside, part.of) for part in parts} == {
        ("Neck", "Foot"): (4, 8),
        ("Hip",): (4, 16),
    }


def test_domains_of_a_short_form_are_not_told():
    assert told([HIGH], "domains", form({"hip": 4, "arm": 3})) == ()


@pytest.mark.parametrize(
    ("row", "lean"),
    [
        ({"hip0": 3, "hip1": 2, "hip2": 2}, Lean.ABOVE),
        ({"hip0": -3, "hip1": -2, "hip2": 2}, Lean.BELOW),
        ({"hip0": -3, "hip1": 3}, Lean.BOTH),
    ],
)
def test_direction_says_on_which_side_most_lie(row, lean):
    (part,) = told([row] * 2, "direction")

    assert part.lean is lean


def test_items_on_which_the_panel_disagrees_are_not_told():
    instrument = form()
    marked = result(instrument, [HIGH] * 4, uncounted=("hip0",))

    (part,) = parts_told(instrument, marked, "items")

    assert (part.outside, part.of) == (8, 12)


def test_no_side_is_told_of_two_scores_outside():
    (part,) = told([{"hip0": 3}, {"hip1": 3}], "direction")

    assert (part.outside, part.lean) == (2, Lean.NOT_TOLD)


# --- never the key --------------------------------------------------------------------------------

differences = st.integers(-3, 3)
forms = st.dictionaries(st.sampled_from("pqrstu"), st.integers(1, 6), min_size=2, max_size=6)


@given(forms, st.integers(1, 5), st.data())
def test_nothing_smaller_than_the_least_can_be_worked_out_by_taking_away(sections, cases, data):
    """The number over the whole form is known: what is not told must not be the rest of it."""
    instrument = form(sections)
    rows = [{item.key: data.draw(differences) for item in instrument.items} for _ in range(cases)]
    told_of = [part.of for part in told(rows, "domains", instrument)]
    rest = len(instrument.items) * cases - sum(told_of)

    assert all(of >= LEAST_TOLD for of in told_of)
    assert not told_of or rest == 0 or rest >= LEAST_TOLD


@given(
    st.lists(st.lists(differences, min_size=8, max_size=8), min_size=2, max_size=4), st.randoms()
)
def test_what_is_told_does_not_depend_on_which_item_of_which_case_was_outside(rows, chance):
    instrument = form({"hip": 4, "arm": 4})
    keys = [item.key for item in instrument.items]
    hips = [row[:4] for row in rows]
    flat = [value for hip in hips for value in hip]
    chance.shuffle(flat)
    mixed = [[*flat[4 * n : 4 * n + 4], *row[4:]] for n, row in enumerate(rows)]

    def said(table, feedback):
        return told([dict(zip(keys, row, strict=True)) for row in table], feedback, instrument)

    for feedback in ("criteria", "domains", "direction", "items"):
        assert said(rows, feedback) == said(mixed, feedback)


@given(st.lists(st.integers(2, 9), min_size=16, max_size=16))
def test_how_far_outside_plays_no_part(sizes):
    instrument = form({"hip": 4, "arm": 4})
    keys = [item.key for item in instrument.items]
    far = [dict(zip(keys, sizes[n : n + 8], strict=True)) for n in (0, 8)]
    near = [dict.fromkeys(keys, 2)] * 2

    assert told(far, "direction", instrument) == told(near, "direction", instrument)
