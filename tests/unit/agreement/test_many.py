"""Many raters against a reference: the same figures as for one rater at a time."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.agreement.concordance import concordance
from lms.agreement.icc import IccForm, icc
from lms.agreement.kappa import Weights, kappa
from lms.agreement.many import against_reference
from lms.agreement.result import Misuse

WEIGHTS = [Weights.NONE, Weights.LINEAR, Weights.QUADRATIC, [[0, 1, 4], [2, 0, 1], [3, 1, 0]]]


def assert_same(found, one):
    assert (found.value is None) == (one.value is None), (found, one)
    if one.value is None:
        assert found.reason
    else:
        assert found.value == pytest.approx(one.value, abs=1e-9)


def seeded(seed, *, raters=3, cases=6, items=2, missing=0.0, levels=3):
    random = np.random.default_rng(seed)
    ratings = random.integers(0, levels, (raters, cases, items)).astype(float)
    reference = random.integers(0, levels, (cases, items)).astype(float)
    ratings[random.random(ratings.shape) < missing] = np.nan
    reference[random.random(reference.shape) < missing / 2] = np.nan
    return ratings, reference


@pytest.mark.parametrize("weights", WEIGHTS, ids=["none", "linear", "quadratic", "custom"])
@pytest.mark.parametrize("pooled", [False, True])
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), missing=st.sampled_from([0.0, 0.2, 0.8]))
def test_every_figure_is_the_one_of_that_rater_alone(weights, pooled, seed, missing):
    ratings, reference = seeded(seed, missing=missing)
    levels = [0, 1, 2]
    found = against_reference(ratings, reference, weights=weights, levels=levels, pooled=pooled)
    if pooled:
        ratings, reference = ratings.reshape(3, -1, 1), reference.reshape(-1, 1)
    for rater in range(3):
        for item in range(ratings.shape[2]):
            own, truth = ratings[rater, :, item], reference[:, item]
            pair = np.column_stack([own, truth])
            assert_same(found.icc.figure(rater, item), icc(pair, IccForm.ICC_2_1))
            assert_same(
                found.kappa.figure(rater, item), kappa(own, truth, weights=weights, levels=levels)
            )
            assert_same(found.concordance.figure(rater, item), concordance(own, truth))


def test_chunks_join_without_a_seam():
    ratings, reference = seeded(1, raters=9000, cases=10, items=2)
    found = against_reference(ratings, reference)

    assert found.icc.values.shape == (9000, 2)
    for rater in (0, 2999, 3000, 8999):
        pair = np.column_stack([ratings[rater, :, 1], reference[:, 1]])
        assert_same(found.icc.figure(rater, 1), icc(pair, IccForm.ICC_2_1))


def test_undefined_figures_are_masked_and_have_a_reason():
    ratings = np.array([[[2.0], [2.0]], [[np.nan], [1.0]], [[0.0], [2.0]]])
    found = against_reference(ratings, [[2.0], [2.0]])

    assert found.concordance.values.tolist() == [[None], [None], [-0.0]]
    assert "All ratings are the same" in found.icc.figure(0).reason
    assert "one and the same category" in found.kappa.figure(0).reason
    assert "fewer than two subjects" in found.concordance.figure(1).reason
    assert found.icc.cases.tolist() == [[2], [1], [2]]


def test_ratings_that_are_no_whole_numbers_are_compared_too():
    ratings, reference = seeded(3)
    found = against_reference(ratings / 10, reference / 10, pooled=True)

    one = kappa(ratings[0].ravel(), reference.ravel(), weights=Weights.QUADRATIC)
    assert_same(found.kappa.figure(0), one)


def test_all_missing_is_undefined_and_no_fault():
    found = against_reference(np.full((2, 3, 1), np.nan), np.full((3, 1), np.nan))

    assert found.icc.values.tolist() == [[None], [None]]
    assert "No subject" in found.kappa.figure(0).reason


@pytest.mark.parametrize(
    ("ratings", "reference", "arguments", "part"),
    [
        (np.zeros((2, 3)), np.zeros((3, 1)), {}, "raters by cases by items"),
        (np.zeros((2, 3, 1)), np.zeros((4, 1)), {}, "raters by cases by items"),
        (np.full((2, 3, 1), np.inf), np.zeros((3, 1)), {}, "infinite"),
        (np.zeros((2, 3, 1)), np.full((3, 1), 1e200), {}, "too far from 1"),
        (np.full((2, 3, 1), 7.0), np.zeros((3, 1)), {"levels": [0, 1]}, "7 was rated"),
    ],
)
def test_misuse_is_answered_in_a_sentence(ratings, reference, arguments, part):
    with pytest.raises(Misuse, match=part):
        against_reference(ratings, reference, **arguments)


def test_a_thousand_raters_take_no_noticeable_time():
    ratings, reference = seeded(1, raters=1000, cases=20, items=15, levels=11)
    started = time.process_time()
    against_reference(ratings, reference)

    assert time.process_time() - started < 1
