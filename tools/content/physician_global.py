"""Everything that is made for content/physician-global: figures, cases, deck, film."""

from __future__ import annotations

from pathlib import Path

from casefile import write
from deck import write_deck
from draw import INK, agreement_line, group, picture, text, vas
from global_cases import CASES, as_data
from global_deck import ladder, ruler, slides
from global_scenes import board, body


def lesson_figures(folder: Path) -> None:
    b5 = next(c for c in CASES if c.key == "b5")
    art = {
        "lesson-agreement": picture(
            480,
            250,
            [
                text(24, 36, "Each with an own idea of activity", size=16, fill=INK, weight=600),
                agreement_line(
                    30,
                    86,
                    420,
                    low=0,
                    high=100,
                    panel=(22, 38, 52, 60, 81),
                    centre=50,
                    tolerance=10,
                    own=None,
                ),
                text(24, 160, "The same question for all", size=16, fill=INK, weight=600),
                agreement_line(
                    30,
                    206,
                    420,
                    low=0,
                    high=100,
                    panel=(45, 48, 50, 54, 57),
                    centre=50,
                    tolerance=10,
                    own=None,
                ),
            ],
            title="Five raters of one patient",
        ),
        "lesson-ladder": picture(850, 240, ladder(), title="Five made-up patients on one line"),
        "lesson-ends": picture(
            480,
            260,
            [
                vas(20, 30, 440, mark=34, left="", right=""),
                *ruler(20, 56, 440),
                vas(20, 150, 440, mark=34, left="", right=""),
                *ruler(20, 176, 440, flipped=True),
            ],
            title="One mark measured from the left and from the right",
        ),
        "q-ruler": picture(
            480,
            130,
            [vas(20, 34, 440, mark=72, left="", right=""), *ruler(20, 62, 440)],
            title="A mark on a line, and a ruler",
        ),
        "q-map": picture(
            220, 340, [group(body(b5.who, b5.marks), x=6, y=0)], title="A body with marks"
        ),
    }
    for name, svg in art.items():
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")


def build(root: Path, *, films: bool) -> None:
    package = root / "content" / "physician-global"
    folder = package / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    for case in CASES:
        svg = board(case.who, case.marks, case.panels, title=case.title)
        (folder / f"{case.key}.svg").write_text(svg, encoding="utf-8")
        write(package / "cases" / case.folder / f"{case.key}.yaml", as_data(case))
    lesson_figures(folder)
    write_deck(
        slides(),
        package / "lessons" / "marking.pdf",
        module="Physician global activity rater",
        title="Physician global activity: one line for the whole disease",
    )
    if films:
        from global_film import make

        make(package / "media")
