"""What tools/content writes is what content/ holds: nobody edited one without the other."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def generators():
    """The generator scripts, which import one another by plain names."""
    sys.path.insert(0, str(ROOT / "tools" / "content"))
    try:
        import casefile
        import cmas
        import cmas_cases
        import draw
        import global_cases
        import mmt8
        import mmt8_cases
        import physician_global
    finally:
        sys.path.pop(0)
    return {
        "draw": draw,
        "casefile": casefile,
        "mmt8": (mmt8, mmt8_cases.CASES, mmt8_cases.as_data),
        "cmas": (cmas, cmas_cases.CHILDREN, cmas_cases.as_data),
        "physician-global": (physician_global, global_cases.CASES, global_cases.as_data),
    }


@pytest.mark.parametrize("slug", ["mmt8", "cmas", "physician-global"])
def test_the_case_files_are_those_of_the_generator(generators, slug, tmp_path):
    _, cases, as_data = generators[slug]

    for case in cases:
        generators["casefile"].write(tmp_path / "case.yaml", as_data(case))
        there = ROOT / "content" / slug / "cases" / case.folder / f"{case.key}.yaml"
        assert (tmp_path / "case.yaml").read_text() == there.read_text(), there.name


@pytest.mark.parametrize("slug", ["mmt8", "cmas"])
def test_the_figures_are_those_of_the_generator(generators, slug, tmp_path):
    module, cases, _ = generators[slug]

    for case in cases:
        module.figures(case, tmp_path)
    module.lesson_figures(tmp_path)
    figures = ROOT / "content" / slug / "figures"
    assert sorted(f.name for f in tmp_path.iterdir()) == sorted(f.name for f in figures.iterdir())
    for drawn in tmp_path.iterdir():
        assert drawn.read_text() == (figures / drawn.name).read_text(), drawn.name


def test_a_figure_does_not_change_from_run_to_run(generators):
    module, cases, _ = generators["cmas"]

    assert module.item_figure(cases[0], "chair_rise") == module.item_figure(
        replace(cases[0]), "chair_rise"
    )


def test_a_reach_that_is_too_far_ends_at_full_length(generators):
    draw = generators["draw"]

    elbow, hand = draw.bend((0, 0), (500, 0), 50, 40, 1)

    assert hand[0] == pytest.approx(89.5)
    assert elbow[0] == pytest.approx(50, abs=1.5)


def test_the_drawn_bone_lengths_hold_at_any_reach(generators):
    draw = generators["draw"]
    for target in ((10, 5), (-60, 30), (0, 80)):
        elbow, hand = draw.bend((0, 0), target, 50, 40, -1)
        assert (elbow[0] ** 2 + elbow[1] ** 2) ** 0.5 == pytest.approx(50)
        gap = ((hand[0] - elbow[0]) ** 2 + (hand[1] - elbow[1]) ** 2) ** 0.5
        assert gap == pytest.approx(40)
