"""What rooms above know to wait for a creator; home shows it and must not know them."""

from collections.abc import Callable

from lms.modules.domain.doubts import Doubts

Doubter = Callable[[frozenset[str]], list[Doubts]]
"""Given slugs of packages: those of which references may be wrong, in at most one statement."""

_doubters: list[Doubter] = []


def doubted_by(doubter: Doubter) -> None:
    """Name who knows of references that may be wrong, once."""
    if doubter not in _doubters:
        _doubters.append(doubter)


def doubts_about(slugs: frozenset[str]) -> list[Doubts]:
    """Return what is doubted of some packages; asks nobody where there are none."""
    return [one for doubter in _doubters for one in doubter(slugs)] if slugs else []
