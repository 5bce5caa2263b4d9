"""Paths that files of a package name."""

from lms.errors import N_
from lms.packages.reader.bench import Bench
from lms.packages.reader.findings import Place
from lms.packages.reader.pictures import missing_file
from lms.packages.reader.source import path_problem


def check_path(bench: Bench, path: str, place: Place) -> bytes | None:
    """Return the named file's bytes; None, with a finding at the place, if there is none."""
    problem = path_problem(path)
    if problem is not None:
        bench.findings.error(place, problem, N_("Name a file of the package."), path=path)
        return None
    data = bench.data(path)
    if data is None:
        missing_file(bench, path, place)
    return data
