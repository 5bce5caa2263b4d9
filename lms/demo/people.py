"""Who is in the demonstration, and how each of them rates."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

PASSWORD: Final = "within one point of you"  # noqa: S105  (a demonstration's, printed at the start)


@dataclass(frozen=True)
class SignIn:
    """How to sign in as one of the demonstration's people."""

    role: str
    name: str
    email: str
    password: str = PASSWORD


SIGN_INS: Final = (
    SignIn("admin", "Ada Okafor", "admin@example.org"),
    SignIn("creator", "Clara Lindqvist", "creator@example.org"),
    SignIn("coordinator", "Theo Marsh", "coordinator@example.org"),
    SignIn("trainee", "Robin Hale", "trainee@example.org"),
)

HISTORY: Final = timedelta(days=200)
"""So long ago the demonstration's trial began, so that there is something to look back on."""


@dataclass(frozen=True)
class Hand:
    """How somebody of the demonstration rates: near the reference, with a habit of their own.

    Args:
        seed: of their slips, so that every demonstration is the same.
        slips: share of items that are off by a grade, one in six of them by two.
        high: share of these slips that are too high; 0.5 has no habit.
    """

    seed: int
    slips: float = 0.15
    high: float = 0.5


@dataclass(frozen=True)
class DemoRater:
    """One rater of the demonstration's trial.

    Args:
        days: how many days ago they did their modules.
        calibration: of the calibration cases that they scored since, how many millimetres each of
            their marks is off the panel's.
    """

    name: str
    email: str
    site: str
    modules: tuple[str, ...]
    hand: Hand
    days: int = 0
    language: str = ""
    calibration: tuple[int, ...] = ()


RATERS: Final = (
    DemoRater("Jonas Weber", "jonas.weber@example.org", "03",
              ("mmt8", "physician-global"), Hand(21, 0.5, 0.9), 171, "de",
              calibration=(3, 4, 8, 9, 11, 12)),
    DemoRater("Maeve Sullivan", "maeve.sullivan@example.org", "02",
              ("mmt8", "physician-global"), Hand(8, 0.2), 160, "en", calibration=(2, 3, -4, 1)),
    DemoRater("Camila Rocha", "camila.rocha@example.org", "01",
              ("mmt8", "physician-global"), Hand(17, 0.35, 0.3), 139, "pt",
              calibration=(-8, -3, -9, -8)),
    DemoRater("Samuel Osei", "samuel.osei@example.org", "02",
              ("mmt8", "physician-global"), Hand(14, 0.3, 0.7), 66, "en"),
    DemoRater("Lena Fischer", "lena.fischer@example.org", "03", ("mmt8",),
              Hand(16, 0.25), 33, "de"),
    DemoRater("Inês Carvalho", "ines.carvalho@example.org", "01", ("mmt8", "physician-global"),
              Hand(1, 0.25), language="pt"),
    DemoRater("Đặng Thị Hồng", "hong.dang@example.org", "01", ("mmt8",), Hand(5, 0.2),
              language="en"),
    DemoRater("Γιώργος Παππάς", "giorgos.pappas@example.org", "02", ("mmt8",), Hand(3, 0.3, 0.7),
              language="en"),
    DemoRater("نور الهاشمي", "noor.alhashimi@example.org", "02", (), Hand(4)),
)  # fmt: skip

LEARNER: Final = Hand(31, 0.8, 0.95)
"""The trainee's, who practises and goes high."""

PANEL: Final = {
    "maeve.sullivan@example.org": {"pga-p1": (80, 3), "pga-p3": (10, 1), "pga-p4": (66, 3)},
    "samuel.osei@example.org": {"pga-p1": (75, 3), "pga-p3": (14, 1), "pga-p4": (60, 2)},
    "lena.fischer@example.org": {"pga-p1": (82, 4), "pga-p3": (45, 2), "pga-p4": (63, 3)},
    "ines.carvalho@example.org": {"pga-p1": (77, 3), "pga-p3": (11, 0), "pga-p4": (55, 3)},
}
"""What four experts said of three cases (the line in mm, the level); one takes the effect of a
treatment for activity. The trainee is the fifth, and still asked."""
