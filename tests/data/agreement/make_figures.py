"""Writes what other packages say of made-up ratings; run apart, never in the project's environment.

python make_figures.py tables FILE   makes the ratings (numpy alone)
python make_figures.py first FILE    adds the figures of pingouin, statsmodels and krippendorff
python make_figures.py second FILE   adds the figures of irrCAC
"""

import json
import sys
from pathlib import Path

import numpy as np


def tables() -> list[dict]:
    """Six tables of grades 0 to 4: raters with errors of their own, the last three with gaps."""
    random = np.random.default_rng(20261121)
    made = []
    for name, subjects, raters, missing in (
        ("two raters", 25, 2, 0),
        ("four raters", 12, 4, 0),
        ("seven raters", 30, 7, 0),
        ("three raters with gaps", 20, 3, 0.1),
        ("five raters with gaps", 15, 5, 0.3),
        ("four raters with many gaps", 18, 4, 0.5),
    ):
        truth = random.integers(0, 5, (subjects, 1))
        errors = random.choice([-1, 0, 0, 0, 1], (subjects, raters))
        grades = np.clip(truth + errors, 0, 4).astype(float)
        grades[random.random(grades.shape) < missing] = np.nan
        cells = [[None if np.isnan(x) else int(x) for x in row] for row in grades]
        made.append({"name": name, "ratings": cells, "figures": {}})
    return made


def first(table: dict) -> dict:
    import krippendorff

    ratings = np.array(table["ratings"], dtype=float)
    levels = ("nominal", "ordinal", "interval", "ratio")
    found = {
        f"krippendorff {level}": krippendorff.alpha(
            reliability_data=ratings.T, level_of_measurement=level
        )
        for level in levels
    }
    whole = ratings[~np.isnan(ratings).any(axis=1)]
    if len(whole) >= 5:
        found |= icc_figures(whole) | kappa_figures(whole)
    return found


def icc_figures(whole: np.ndarray) -> dict:
    import pandas
    import pingouin

    pingouin.options["round"] = None
    pingouin.options["round.column.CI95"] = None
    pingouin.options["round.column.CI95%"] = None
    n, k = whole.shape
    long = pandas.DataFrame(
        {
            "subject": np.repeat(range(n), k),
            "rater": np.tile(range(k), n),
            "grade": whole.ravel(),
        }
    )
    answer = pingouin.intraclass_corr(long, targets="subject", raters="rater", ratings="grade")
    interval = next(name for name in answer.columns if name.startswith("CI95"))
    names = ["ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)"]
    found = {
        f"pingouin {name}": [float(row["ICC"]), *map(float, row[interval]), float(row["F"])]
        for name, (_place, row) in zip(names, answer.iterrows(), strict=True)
    }
    alpha, bounds = pingouin.cronbach_alpha(data=pandas.DataFrame(whole))
    return found | {"pingouin cronbach": [float(alpha), *map(float, bounds)]}


def kappa_figures(whole: np.ndarray) -> dict:
    from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa

    counts, _levels = aggregate_raters(whole.astype(int), n_cat=None)
    found = {
        "statsmodels fleiss": float(fleiss_kappa(counts)),
        "statsmodels uniform": float(fleiss_kappa(counts, method="randolph")),
    }
    square = np.zeros((5, 5))
    np.add.at(square, (whole[:, 0].astype(int), whole[:, 1].astype(int)), 1)
    for kind, wt in (("unweighted", None), ("linear", "linear"), ("quadratic", "quadratic")):
        answer = cohens_kappa(square, wt=wt)
        found[f"statsmodels kappa {kind}"] = [
            float(answer.kappa),
            float(answer.std_kappa),
            float(answer.std_kappa0),
        ]
    return found


def second(table: dict) -> dict:
    import pandas
    from irrCAC.raw import CAC

    frame = pandas.DataFrame(np.array(table["ratings"], dtype=float))
    found = {}
    for kind in ("identity", "linear", "quadratic"):
        answer = CAC(frame, weights=kind, categories=[0.0, 1.0, 2.0, 3.0, 4.0], digits=12)
        estimate = answer.gwet()["est"]
        found[f"irrCAC gwet {kind}"] = figures_of(estimate)
    if not frame.isna().any().any():
        found["irrCAC fleiss"] = figures_of(CAC(frame, digits=12).fleiss()["est"])
    return found


def figures_of(estimate: dict) -> list[float]:
    return [
        float(estimate["coefficient_value"]),
        float(estimate["se"]),
        *map(float, estimate["confidence_interval"]),
    ]


def main() -> None:
    what, path = sys.argv[1], Path(sys.argv[2])
    if what == "tables":
        made = tables()
    else:
        made = json.loads(path.read_text())
        for table in made:
            table["figures"] |= {"first": first, "second": second}[what](table)
    path.write_text(json.dumps(made, indent=1) + "\n")


main()
