"""Everything that is made for content/mmt8: figures, cases, deck, film."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from casefile import write
from cmas_scenes import TASKS
from cmas_scenes import H as TASK_H
from cmas_scenes import W as TASK_W
from deck import write_deck
from draw import INK, agreement_line, hold_of, hold_strip, picture, text
from mmt8_cases import CASES, Case, as_data
from mmt8_deck import slides, small, strips
from mmt8_scenes import NAMES, SCENE_H, SCENES, STRIP_H, Shot, W, item_figure

CHILDREN = {"p3", "a2", "b3"}


def hero(case: Case) -> str:
    who = replace(case.who, adult=case.key not in CHILDREN)
    task, level = case.hero
    return picture(TASK_W, TASK_H + 6, TASKS[task](level, who), title=case.title)


def figures(case: Case, folder: Path) -> None:
    (folder / f"{case.key}.svg").write_text(hero(case), encoding="utf-8")
    for muscle, item in case.items.items():
        svg = item_figure(
            muscle,
            item.grade,
            who=case.who,
            left=item.left,
            trick=item.trick,
            passive=item.passive,
            pain=item.pain,
            title=NAMES[muscle],
            held=list(item.held) or None,
            pressed=list(item.pressed) or None,
            note="the strip: the upright try"
            if item.trick and muscle != "gluteus_medius"
            else "the strip: pelvis held"
            if item.trick
            else "",
        )
        name = f"{case.key}-{muscle.replace('_', '-')}.svg"
        (folder / name).write_text(svg, encoding="utf-8")


def lesson_figures(folder: Path) -> None:
    art = {
        "lesson-agreement": picture(
            480,
            260,
            [
                text(24, 36, "Before training", size=16, fill=INK, weight=600),
                agreement_line(
                    30,
                    86,
                    420,
                    low=0,
                    high=80,
                    panel=(38, 44, 55, 63, 70),
                    centre=54,
                    tolerance=5,
                    own=None,
                ),
                text(24, 166, "After training", size=16, fill=INK, weight=600),
                agreement_line(
                    30,
                    212,
                    420,
                    low=0,
                    high=80,
                    panel=(51, 53, 54, 55, 57),
                    centre=54,
                    tolerance=5,
                    own=None,
                ),
            ],
            title="Five raters of one patient, before and after training",
        ),
        "lesson-borders": picture(850, 232, strips((4, 5, 6)), title="Three holds: 4, 5 and 6"),
        "lesson-trick": picture(
            480,
            130,
            [
                small("biceps_brachii", 8, 8, 0.46, Shot(press=2)),
                small("biceps_brachii", 250, 8, 0.46, Shot(press=2, trick=True)),
            ],
            title="The same hold, upright and with the trunk leaning back",
        ),
    }
    art |= question_figures()
    for name, svg in art.items():
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")


def question_figures() -> dict[str, str]:
    held, pressed, seconds = hold_of(9)
    return {
        "q-halfway": picture(W, SCENE_H, SCENES["quadriceps"](Shot(reach=0.5)), title="Quadriceps"),
        "q-strip-9": picture(
            W, STRIP_H, [hold_strip(0, held=held, pressed=pressed, seconds=seconds)], title="A hold"
        ),
        "q-trick": picture(
            W, SCENE_H, SCENES["biceps_brachii"](Shot(press=2, trick=True)), title="Biceps brachii"
        ),
    }


def build(root: Path, *, films: bool) -> None:
    package = root / "content" / "mmt8"
    folder = package / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    for case in CASES:
        figures(case, folder)
        write(package / "cases" / case.folder / f"{case.key}.yaml", as_data(case))
    lesson_figures(folder)
    write_deck(
        slides(),
        package / "lessons" / "positions.pdf",
        module="MMT-8 rater, one side",
        title="MMT-8: positions, pressure and borders",
    )
    if films:
        from mmt8_film import make

        make(package / "media")
