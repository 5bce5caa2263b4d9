"""In which order and where tests run when two workers share them.

A worker takes the tests of a file together, on one database: what a file makes once for its tests
(certificates, keys, a prepared folder) is made once, and the two do not hand databases around.
"""

from typing import Any

import pytest

LONGEST = ("test_serving.py", "test_key_drills.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest in one go, so that at the end no worker waits for another."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from xdist.scheduler import LoadScopeScheduling

    class ByFileAndDatabase(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit_of(nodeid)

    config.option.loadscopereorder = False  # it would hand out the largest number of tests first
    return ByFileAndDatabase(config, log)


def unit_of(nodeid: str) -> str:
    """Return what a test is run together with."""
    file, _, test = nodeid.partition("::")
    _name, _, parameters = test.partition("[")
    return f"{file} on {'PostgreSQL' if parameters.startswith('postgres') else 'SQLite'}"
