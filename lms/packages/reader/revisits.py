"""Where to look again: targets are checked when all steps are known."""

import re
from typing import Any

from lms.errors import N_
from lms.packages.domain.content import Revisit, SlidesStep, Step, VideoStep
from lms.packages.reader.bench import Bench
from lms.packages.reader.findings import Place
from lms.packages.reader.yaml import Document, Path

_TIME = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,2}):([0-5][0-9](?:\.[0-9]{1,3})?)\Z")


class Revisits:
    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._open: list[tuple[Revisit, Place]] = []

    def read(self, data: dict[str, Any] | None, document: Document, path: Path) -> Revisit | None:
        if data is None:
            return None
        place = document.place(*path)
        at = data["at"]
        match = _TIME.match(at) if at is not None else None
        if at is not None and match is None:
            self.bench.findings.error(
                document.place(*path, "at"),
                N_("“%(at)s” is not a time in a film."),
                N_('Write minutes and seconds in quotes: "0:24".'),
                at=at,
            )
            return None
        seconds = None
        if match is not None:
            hours, minutes, rest = match.groups()
            seconds = int(hours or 0) * 3600 + int(minutes) * 60 + float(rest)
        revisit = Revisit(data["step"], data["slide"], seconds)
        self._open.append((revisit, place))
        return revisit

    def check(self, steps: dict[str, Step | None]) -> None:
        """Check every target.

        Args:
            steps: by key; None for a step that could not be read, which is no target's fault.
        """
        for revisit, place in self._open:
            if revisit.step not in steps:
                self.bench.findings.error(
                    place,
                    N_("There is no step “%(step)s” to look at again."),
                    N_("The steps are: %(known)s."),
                    step=revisit.step,
                    known=", ".join(steps),
                )
                continue
            step = steps[revisit.step]
            if step is not None:
                self._check_inside(revisit, step, place)

    def _check_inside(self, revisit: Revisit, step: Step, place: Place) -> None:
        if revisit.slide is not None:
            count = len(step.slides) if isinstance(step, SlidesStep) else 0
            if revisit.slide > count:
                self.bench.findings.error(
                    place,
                    N_("The step “%(step)s” has no slide %(slide)s."),
                    N_("It has %(count)s slides."),
                    step=step.key,
                    slide=revisit.slide,
                    count=count,
                )
        if revisit.at is not None:
            length = step.film.seconds or 0.0 if isinstance(step, VideoStep) else 0.0
            if revisit.at > length:
                self.bench.findings.error(
                    place,
                    N_("The step “%(step)s” has no film that is so long."),
                    N_("Its film lasts %(length)s seconds."),
                    step=step.key,
                    length=round(length),
                )
