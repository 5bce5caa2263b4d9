"""Everything that is made for content/cmas: figures, cases, deck, film."""

from __future__ import annotations

from pathlib import Path

from casefile import write
from cmas_cases import CHILDREN, TASK_NAMES, TASKS, Child, Twist, as_data
from cmas_deck import cast, slides, support
from cmas_scenes import TASKS as SCENES
from cmas_scenes import (
    TIMED,
    H,
    W,
    chair,
    kid,
    situp_figure,
    task_figure,
    timed_figure,
)
from deck import write_deck
from draw import (
    AGREE,
    INK,
    WELL,
    agreement_line,
    bands_bar,
    floor_line,
    line,
    picture,
    rect,
    stopwatch,
    text,
)

LABELS = {
    "head_lift": "Head clear of the mat, by the clock",
    "leg_lift": "Leg clear of the mat, by the clock",
    "arm_hold": "Both arms up, by the clock",
}


def hero(child: Child) -> str:
    floor = 176.0
    who = child.who
    sat = kid(
        (94, floor - 13),
        0.86,
        who,
        torso=98,
        head=96,
        look=0,
        arm=(-50, -10),
        leg=("to", (172, floor - 6), 1, 40),
    )
    parts = [
        floor_line(floor + 1),
        sat.draw(),
        chair(206, floor - 62, floor),
        rect(292, floor - 34, 66, 34, fill=WELL, stroke=INK, width=2, r=4),
        line((372, floor - 3), (404, floor - 3), stroke=AGREE, width=5),
        stopwatch((422, 74), 40, 0),
    ]
    return picture(W, H, parts, title=child.title)


def item_figure(child: Child, task: str) -> str:
    twist = child.twists.get(task, Twist())
    value, name = child.does[task], TASK_NAMES[task]
    if twist.na:
        return picture(W, H, cast(child.who), title=name)
    if task in TIMED:
        seconds = float(value)  # type: ignore[arg-type]
        return timed_figure(
            task,
            seconds,
            child.who,
            title=name,
            watch=twist.watch,
            again=twist.again,
            marks=twist.marks,
            label=LABELS[task],
        )
    if task == "sit_ups":
        return situp_figure(set(value), child.who, title=name)  # type: ignore[call-overload]
    return task_figure(task, int(value), child.who, title=name)  # type: ignore[call-overload]


def figures(child: Child, folder: Path) -> None:
    (folder / f"{child.key}.svg").write_text(hero(child), encoding="utf-8")
    for task in TASKS:
        name = f"{child.key}-{task.replace('_', '-')}.svg"
        (folder / name).write_text(item_figure(child, task), encoding="utf-8")


def lesson_figures(folder: Path) -> None:
    who = CHILDREN[1].who
    art = {
        "lesson-agreement": picture(
            480,
            250,
            [
                text(
                    24,
                    36,
                    "Each with the own stopwatch and the own words",
                    size=16,
                    fill=INK,
                    weight=600,
                ),
                agreement_line(
                    30,
                    86,
                    420,
                    low=0,
                    high=52,
                    panel=(26, 30, 34, 39, 42),
                    centre=34,
                    tolerance=3,
                    own=None,
                ),
                text(24, 160, "The same rules for all", size=16, fill=INK, weight=600),
                agreement_line(
                    30,
                    206,
                    420,
                    low=0,
                    high=52,
                    panel=(33, 33, 34, 35, 36),
                    centre=34,
                    tolerance=3,
                    own=None,
                ),
            ],
            title="Five raters of one child",
        ),
        "lesson-bands": picture(
            480,
            260,
            [
                text(16, 34, "Head lift and straight leg lift", size=16, fill=INK, weight=600),
                bands_bar(16, 62, 448, TIMED["head_lift"], 150, value=119),
                text(16, 158, "Arms held up", size=16, fill=INK, weight=600),
                bands_bar(16, 186, 373, TIMED["arm_hold"], 80, value=60),
            ],
            title="Seconds and their codes; the diamonds stand at 119 and at 60 seconds",
        ),
        "lesson-support": picture(
            480, 392, support(), title="What takes weight, from chair to nothing"
        ),
        "q-chair": picture(W, H, SCENES["chair_rise"](2, who), title="Rising from a chair"),
        "q-stool": picture(W, H, SCENES["stool_step"](1, who), title="Step onto a stool"),
        "q-watch": timed_figure(
            "head_lift",
            119,
            who,
            title="Head lift",
            watch=123,
            marks=((119, "head touches the mat"),),
            label=LABELS["head_lift"],
        ),
        "q-situps": situp_figure(
            {"thighs_held", "chest_held", "thighs_free"}, who, title="Sit-ups"
        ),
    }
    for name, svg in art.items():
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")


def build(root: Path, *, films: bool) -> None:
    package = root / "content" / "cmas"
    folder = package / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    for child in CHILDREN:
        figures(child, folder)
        write(package / "cases" / child.folder / f"{child.key}.yaml", as_data(child))
    lesson_figures(folder)
    write_deck(
        slides(),
        package / "lessons" / "tasks.pdf",
        module="CMAS rater",
        title="CMAS: fourteen tasks, clock and support",
    )
    if films:
        from cmas_film import make

        make(package / "media")
