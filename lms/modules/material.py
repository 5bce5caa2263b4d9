"""A release as training uses it: found once in a process, since a release never changes."""

from dataclasses import dataclass, replace
from functools import lru_cache

from lms.instruments import api as instruments
from lms.instruments.domain import Instrument
from lms.modules.domain import shown_case
from lms.packages import api as packages
from lms.packages.domain import (
    Case,
    CertificationStep,
    Content,
    Criteria,
    Question,
    Step,
)


class Cases(dict[str, Case]):
    """Cases by key; the key of a second showing gives the same case under that key."""

    def __missing__(self, key: str) -> Case:
        case, presentation = shown_case(key)
        if presentation == 1:
            raise KeyError(key)
        return replace(self[case], key=key)


@dataclass(frozen=True)
class Material:
    """A compiled package with its parts by key."""

    digest: str
    content: Content
    instrument: Instrument
    cases: dict[str, Case]
    questions: dict[str, Question]

    @property
    def criteria(self) -> Criteria:
        """The criteria of the certification step; practice is measured by the same ones."""
        for step in self.content.steps:
            if isinstance(step, CertificationStep):
                return step.criteria
        return Criteria(item_within=None, total_within=None, cases=0)

    def step(self, key: str) -> Step:
        """Return a step; KeyError if there is none with this key."""
        return self.content.step(key)


@lru_cache(maxsize=64)
def material_of(digest: str) -> Material:
    """Return the material of a release or draft.

    Raises:
        NotFound: if nothing with this digest was ever compiled here.
    """
    content = packages.content_of(digest)
    return Material(
        digest=digest,
        content=content,
        instrument=instruments.instrument_from_data(content.instrument),
        cases=Cases({case.key: case for case in content.cases}),
        questions=content.questions,
    )
