"""Ten thousand raters against a reference at once, beside a plain loop over raters and items."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lms.agreement.kappa import Weights
from lms.agreement.many import against_reference
from lms.agreement.ratings import Matrix

RATERS, CASES, ITEMS, LEVELS = 10_000, 20, 15, 11
SAMPLE = 200
ROUNDS = 5


@dataclass(frozen=True)
class AgreementFigures:
    """Seconds of CPU for all raters, medians of rounds; the loop's scaled up from its sample."""

    raters: int
    cases: int
    items: int
    sample: int
    seconds: float
    with_gaps_seconds: float
    loop_seconds: float
    largest_difference: float

    @property
    def ratio(self) -> float:
        return self.loop_seconds / self.seconds


def measure() -> AgreementFigures:
    ratings, reference = made_up()
    gaps = np.where(np.random.default_rng(2).random(ratings.shape) < 0.05, np.nan, ratings)
    ours, with_gaps, loop = [], [], []
    for _ in range(ROUNDS):
        ours.append(cpu_of(lambda: against_reference(ratings, reference)))
        with_gaps.append(cpu_of(lambda: against_reference(gaps, reference)))
        loop.append(cpu_of(lambda: one_by_one(ratings[:SAMPLE], reference)))
    return AgreementFigures(
        raters=RATERS,
        cases=CASES,
        items=ITEMS,
        sample=SAMPLE,
        seconds=statistics.median(ours),
        with_gaps_seconds=statistics.median(with_gaps),
        loop_seconds=statistics.median(loop) * RATERS / SAMPLE,
        largest_difference=difference(ratings, reference),
    )


def made_up() -> tuple[Matrix, Matrix]:
    """Raters who lie up to two grades beside the reference, on a scale of eleven."""
    random = np.random.default_rng(1)
    reference = random.integers(0, LEVELS, (CASES, ITEMS))
    errors = random.integers(-2, 3, (RATERS, CASES, ITEMS))
    ratings = np.clip(reference + errors, 0, LEVELS - 1)
    return ratings.astype(np.float64), reference.astype(np.float64)


def cpu_of(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def one_by_one(ratings: Matrix, reference: Matrix) -> Matrix:
    """Each rater and item on its own, as one would write it down first; statistics come first."""
    found = np.empty((3, len(ratings), reference.shape[1]))
    for rater, scores in enumerate(ratings):
        for item in range(reference.shape[1]):
            x, y = scores[:, item], reference[:, item]
            found[:, rater, item] = plain_icc(x, y), plain_kappa(x, y), plain_concordance(x, y)
    return found


def plain_icc(x: Matrix, y: Matrix) -> float:
    table = np.column_stack([x, y])
    n, k = table.shape
    grand = table.mean()
    between = k * ((table.mean(axis=1) - grand) ** 2).sum() / (n - 1)
    raters = n * ((table.mean(axis=0) - grand) ** 2).sum() / (k - 1)
    total = ((table - grand) ** 2).sum()
    error = (total - between * (n - 1) - raters * (k - 1)) / ((n - 1) * (k - 1))
    return float((between - error) / (between + (k - 1) * error + k * (raters - error) / n))


def plain_kappa(x: Matrix, y: Matrix) -> float:
    cells = np.bincount((x * LEVELS + y).astype(int), minlength=LEVELS * LEVELS)
    seen = cells.reshape(LEVELS, LEVELS) / len(x)
    levels = np.arange(LEVELS)
    weights = (levels[:, None] - levels[None, :]) ** 2
    expected = np.outer(seen.sum(axis=1), seen.sum(axis=0))
    return float(1 - (weights * seen).sum() / (weights * expected).sum())


def plain_concordance(x: Matrix, y: Matrix) -> float:
    covariance = ((x - x.mean()) * (y - y.mean())).mean()
    return float(2 * covariance / (x.var() + y.var() + (x.mean() - y.mean()) ** 2))


def difference(ratings: Matrix, reference: Matrix) -> float:
    """The largest difference between the two ways: a fast wrong answer is no figure."""
    plain = one_by_one(ratings[:SAMPLE], reference)
    found = against_reference(ratings[:SAMPLE], reference, weights=Weights.QUADRATIC)
    ours = np.stack([m.values.filled(np.nan) for m in (found.icc, found.kappa, found.concordance)])
    largest = float(np.abs(plain - ours).max())
    assert largest < 1e-9, largest
    return largest


if __name__ == "__main__":
    print(measure())
