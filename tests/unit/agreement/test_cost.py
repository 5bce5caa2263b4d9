"""What it costs to have the statistics at hand."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROGRAM = """
import importlib, pkgutil, sys
import lms.agreement
for found in pkgutil.iter_modules(lms.agreement.__path__):
    importlib.import_module("lms.agreement." + found.name)
from lms.agreement.concordance import concordance
from lms.agreement.kappa import kappa
kappa([1, 2, 2], [1, 2, 1]), concordance([1, 2, 4], [1, 2, 3])
print("scipy" in sys.modules)
from lms.agreement.icc import IccForm, icc
icc([[1, 2], [2, 3], [4, 4]], IccForm.ICC_2_1)
print("scipy.special" in sys.modules, "scipy.stats" in sys.modules)
"""


def test_scipy_is_imported_when_an_interval_needs_it_and_never_its_statistics():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["False", "True", "False"]
