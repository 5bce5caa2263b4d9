"""No table of ratings, however odd, makes a fault or a warning."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.agreement.bland_altman import bland_altman
from lms.agreement.concordance import concordance
from lms.agreement.error import measurement_error
from lms.agreement.fleiss import Chance, fleiss
from lms.agreement.gwet import gwet
from lms.agreement.icc import all_forms
from lms.agreement.items import Unanswered, analyse_items
from lms.agreement.kappa import Weights, kappa
from lms.agreement.krippendorff import Metric, alpha
from lms.agreement.many import against_reference


def columns(table):
    return [row[0] for row in table], [row[-1] for row in table]


STATISTICS = {
    "icc": all_forms,
    "error": measurement_error,
    "fleiss": fleiss,
    "uniform": lambda table: fleiss(table, chance=Chance.UNIFORM),
    "gwet": lambda table: gwet(table, weights=Weights.QUADRATIC),
    **{
        f"alpha {metric}": lambda table, metric=metric: alpha(table, metric, resamples=20)
        for metric in Metric
    },
    "items": lambda table: analyse_items(table, maximum=1e50, unanswered=Unanswered.ZERO),
    "kappa": lambda table: kappa(*columns(table), weights=Weights.QUADRATIC),
    "concordance": lambda table: concordance(*columns(table)),
    "limits": lambda table: bland_altman(*columns(table)),
    "many": lambda table: against_reference(
        [[[row[0]] for row in table]], [[row[-1]] for row in table]
    ).icc.figure(0),
}
RATING = st.one_of(
    st.just(math.nan),
    st.sampled_from([0.0, 1.0, 0.1, 0.30000000000000004, 1e9, 1e9 + 1, 1e50, 1e-50]),
    st.floats(1e-50, 1e50),
    st.integers(0, 3).map(float),
)
TABLES = st.integers(1, 4).flatmap(
    lambda k: st.lists(st.lists(RATING, min_size=k, max_size=k), min_size=1, max_size=5)
)


@pytest.mark.parametrize("name", STATISTICS)
@settings(max_examples=60, deadline=None)
@given(table=TABLES)
def test_every_table_has_an_answer_from(name, table):
    """A result refuses NaN and infinity when it is made, and warnings are errors here."""
    assert STATISTICS[name](table) is not None
