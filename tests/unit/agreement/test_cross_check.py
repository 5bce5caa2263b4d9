"""Our figures beside those of other packages; tests/data/agreement/README.md says how made."""

import json
from pathlib import Path

import pytest

from lms.agreement.fleiss import Chance, fleiss
from lms.agreement.gwet import gwet
from lms.agreement.icc import IccForm, icc
from lms.agreement.items import analyse_items
from lms.agreement.kappa import Weights, kappa
from lms.agreement.krippendorff import Metric, alpha

FILE = Path(__file__).parents[2] / "data" / "agreement" / "figures.json"
TABLES = json.loads(FILE.read_text())
GRADES = [0, 1, 2, 3, 4]
IRRCAC = {
    "identity": Weights.NONE,
    "linear": Weights.LINEAR,
    "quadratic": Weights.QUADRATIC,
}


def figures(prefix):
    """(the table's ratings, the figure's last word, the figure) for every table that has it."""
    return [
        pytest.param(
            table["ratings"], name.removeprefix(prefix), figure, id=f"{table['name']} {name}"
        )
        for table in TABLES
        for name, figure in table["figures"].items()
        if name.startswith(prefix)
    ]


def close(figure, to=1e-9):
    return pytest.approx(figure, abs=to)


def whole(ratings):
    return [row for row in ratings if None not in row]


def test_the_file_holds_tables_with_and_without_gaps():
    assert [any(None in row for row in table["ratings"]) for table in TABLES] == [
        False, False, False, True, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(("ratings", "form", "figure"), figures("pingouin ICC"))
def test_icc_its_interval_and_f_are_those_of_pingouin(ratings, form, figure):
    found = icc(ratings, IccForm(f"ICC{form}"))

    assert [found.value, found.interval.low, found.interval.high, found.test.value] == close(figure)


@pytest.mark.parametrize(("ratings", "_name", "figure"), figures("pingouin cronbach"))
def test_alpha_of_items_is_that_of_pingouin(ratings, _name, figure):
    found = analyse_items(ratings, maximum=4).alpha

    assert found.value == close(figure[0])
    assert [found.interval.low, found.interval.high] == close(figure[1:], 5.1e-4)


@pytest.mark.parametrize(("ratings", "kind", "figure"), figures("statsmodels kappa "))
def test_kappa_and_both_standard_errors_are_those_of_statsmodels(ratings, kind, figure):
    first, second, *_others = zip(*whole(ratings), strict=True)
    found = kappa(first, second, weights=Weights(kind), levels=GRADES)

    null_error = found.value / found.test.value
    assert [found.value, found.standard_error, null_error] == close(figure)


@pytest.mark.parametrize(("ratings", "_name", "figure"), figures("statsmodels fleiss"))
def test_fleiss_is_that_of_statsmodels(ratings, _name, figure):
    assert fleiss(ratings).value == close(figure)


@pytest.mark.parametrize(("ratings", "_name", "figure"), figures("statsmodels uniform"))
def test_uniform_chance_is_that_of_statsmodels(ratings, _name, figure):
    assert fleiss(ratings, chance=Chance.UNIFORM).value == close(figure)


@pytest.mark.parametrize(("ratings", "metric", "figure"), figures("krippendorff "))
def test_alpha_is_that_of_krippendorff(ratings, metric, figure):
    assert alpha(ratings, Metric(metric), resamples=0).value == close(figure)


@pytest.mark.parametrize(("ratings", "kind", "figure"), figures("irrCAC gwet "))
def test_gwet_with_its_spread_is_that_of_irrcac(ratings, kind, figure):
    found = gwet(ratings, weights=IRRCAC[kind], levels=GRADES)

    assert [
        found.value, found.standard_error, found.interval.low, found.interval.high,
    ] == close(figure)  # fmt: skip


@pytest.mark.parametrize(("ratings", "_name", "figure"), figures("irrCAC fleiss"))
def test_the_spread_of_fleiss_is_that_of_irrcac(ratings, _name, figure):
    found = fleiss(ratings, levels=GRADES)

    assert [
        found.value, found.standard_error, found.interval.low, found.interval.high,
    ] == close(figure)  # fmt: skip
