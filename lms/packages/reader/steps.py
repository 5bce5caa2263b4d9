"""The path: each kind of step read and compiled, then what holds between steps."""

from collections.abc import Callable, Iterable
from typing import Any

from lms.errors import N_
from lms.instruments.domain import Instrument
from lms.packages.domain.content import (
    AfterFail,
    CalibrationStep,
    Case,
    CaseForm,
    CertificationStep,
    Draw,
    PracticeStep,
    QuizStep,
    SlidesStep,
    Step,
    TextStep,
    VideoStep,
)
from lms.packages.domain.visits import patients_of
from lms.packages.reader.bench import Bench
from lms.packages.reader.calibration import read_calibration
from lms.packages.reader.cases import CaseReader
from lms.packages.reader.criteria import CriteriaReader
from lms.packages.reader.films import Films
from lms.packages.reader.findings import Place
from lms.packages.reader.paths import check_path
from lms.packages.reader.pictures import Pictures
from lms.packages.reader.prose import Prose, read_markdown
from lms.packages.reader.questions import PoolReader
from lms.packages.reader.revisits import Revisits
from lms.packages.reader.slides import Decks, read_slides
from lms.packages.reader.yaml import Document, Path

Data = dict[str, Any]
_REDOABLE = ("text", "slides", "video", "practice")


class StepReader:
    def __init__(
        self, bench: Bench, document: Document, instrument: Instrument | None, decks: Decks
    ) -> None:
        self.bench = bench
        self.decks = decks
        self.document = document
        self.instrument = instrument
        self.pictures = Pictures(bench)
        self.films = Films(bench)
        self.prose = Prose(bench, self.pictures)
        self.revisits = Revisits(bench)
        self.pools = PoolReader(bench, self.pictures, self.prose, self.revisits)
        self.cases = CaseReader(
            bench, self.pictures, self.films, self.prose, self.revisits, instrument
        )
        self.calibration: CalibrationStep | None = None

    def read(
        self, steps: list[Data], at: list[int] | None = None, calibration: Data | None = None
    ) -> tuple[Step, ...]:
        """Return the steps that are sound; `calibration` holds the one beside the path.

        Args:
            at: where in the file's list each step stands, if some of them cannot be read.
        """
        readers: dict[str, Callable[[Data, Path], Step | None]] = {
            "text": self._text,
            "slides": self._slides,
            "video": self._video,
            "practice": self._practice,
            "quiz": self._quiz,
            "certification": self._certification,
        }
        for data in steps:
            if data["kind"] == "slides":
                self.decks.begin(data["file"])
        named = self._named_once(
            zip(at if at is not None else range(len(steps)), steps, strict=True)
        )
        found: dict[str, Step | None] = dict.fromkeys(named)
        # decks last: other processes draw them while the rest is read here
        for key in sorted(named, key=lambda key: named[key][0]["kind"] == "slides"):
            data, path = named[key]
            found[key] = readers[data["kind"]](data, path)
        if calibration is not None and self.instrument is not None:
            self.calibration = read_calibration(
                calibration, self.document, self.instrument, self.cases, self.bench.findings, named
            )
        if at is None:
            self.revisits.check(found)
            self._check_end(steps)
        return tuple(step for step in found.values() if step is not None)

    def _named_once(self, steps: Iterable[tuple[int, Data]]) -> dict[str, tuple[Data, Path]]:
        """Return the steps by their keys, in order; a key that is there twice counts once."""
        named: dict[str, tuple[Data, Path]] = {}
        for number, data in steps:
            path: Path = ("steps", number)
            if data["key"] in named:
                self._error(
                    self.document.place(*path, "key"),
                    N_("The step key “%(key)s” is there twice."),
                    N_("Give one of them another key."),
                    key=data["key"],
                )
                continue
            self._check_redo(data, path, {key: step["kind"] for key, (step, _) in named.items()})
            named[data["key"]] = (data, path)
        return named

    def _check_end(self, steps: list[Data]) -> None:
        if not any(step["kind"] == "certification" for step in steps):
            self.bench.findings.warn(
                self.document.place("steps", key=True),
                N_("No step is a certification: whoever does all steps is certified."),
                N_("Add certification cases, unless that is meant."),
            )

    def _check_redo(self, data: Data, path: Path, earlier: dict[str, str]) -> None:
        redo = (data.get("after_fail") or {"redo": []})["redo"]
        for number, key in enumerate(redo):
            if earlier.get(key) not in _REDOABLE:
                self._error(
                    self.document.place(*path, "after_fail", "redo", number),
                    N_("“%(key)s” is not an earlier lesson or practice."),
                    N_("Name a step of kind text, slides, video or practice before this one."),
                    key=key,
                )

    def _text(self, data: Data, path: Path) -> Step | None:
        if check_path(self.bench, data["file"], self.document.place(*path, "file")) is None:
            return None
        text = read_markdown(self.bench, data["file"])
        if text is None:
            return None
        return TextStep(**_head(data), html=self.prose.file(data["file"], text))

    def _slides(self, data: Data, path: Path) -> Step | None:
        deck = check_path(self.bench, data["file"], self.document.place(*path, "file"))
        notes = data["notes"]
        if notes and check_path(self.bench, notes, self.document.place(*path, "notes")) is None:
            return None
        if deck is None:
            return None
        slides = read_slides(self.bench, self.prose, self.decks, data["file"], notes)
        return SlidesStep(**_head(data), slides=slides) if slides else None

    def _video(self, data: Data, path: Path) -> Step | None:
        poster = None
        if data["poster"]:
            place = self.document.place(*path, "poster")
            picture = self.pictures.read(data["poster"], place)
            poster = picture.shown("") if picture is not None else None
        film = self.films.read(
            data["file"],
            data["captions"],
            alt=data["title"],
            caption="",
            place=self.document.place(*path, "file"),
            captions_place=self.document.place(*path, "captions"),
        )
        if film is None:
            return None
        share = float(data["required_share"])
        return VideoStep(**_head(data), film=film, poster=poster, required_share=share)

    def _practice(self, data: Data, path: Path) -> Step | None:
        place = self.document.place(*path, "cases")
        cases, files = self.cases.read_folder(data["cases"], place)
        if files and data["required"] > files:
            self._error(
                self.document.place(*path, "required"),
                N_("%(required)s cases are required, and there are %(count)s."),
                N_("Require fewer, or write more."),
                required=data["required"],
                count=files,
            )
        return PracticeStep(**_head(data), cases=cases, required=data["required"])

    def _quiz(self, data: Data, path: Path) -> Step | None:
        pools = []
        for number, draw in enumerate(data["draw"]):
            here: Path = (*path, "draw", number)
            if any(draw["pool"] == other["pool"] for other in data["draw"][:number]):
                self._error(
                    self.document.place(*here, "pool"),
                    N_("This pool is drawn from twice."),
                    N_("Draw all of its questions in one line."),
                )
                continue
            pool = self.pools.read(draw["pool"], self.document.place(*here, "pool"))
            pools.append(pool)
            if pool is not None and draw["count"] > len(pool.questions):
                self._error(
                    self.document.place(*here, "count"),
                    N_("%(count)s questions are drawn, and the pool has %(size)s."),
                    N_("Draw fewer, or write more."),
                    count=draw["count"],
                    size=len(pool.questions),
                )
        drawn = sum(draw["count"] for draw in data["draw"])
        if data["pass_mark"] > drawn:
            self._error(
                self.document.place(*path, "pass_mark"),
                N_("%(mark)s right answers are needed, and %(drawn)s questions are drawn."),
                N_("Lower the pass mark, or draw more."),
                mark=data["pass_mark"],
                drawn=drawn,
            )
        known = [pool for pool in pools if pool is not None]
        if len(known) < len(data["draw"]):
            return None
        return QuizStep(
            **_head(data),
            draw=tuple(
                Draw(pool.key, draw["count"])
                for pool, draw in zip(known, data["draw"], strict=True)
            ),
            pools=tuple(known),
            pass_mark=data["pass_mark"],
            time_limit_minutes=data["time_limit_minutes"],
            **_tries(data),
        )

    def _certification(self, data: Data, path: Path) -> Step | None:
        forms: list[CaseForm] = []
        counts: list[int] = []
        keys: set[str] = set()
        for number, form in enumerate(data["forms"]):
            here: Path = (*path, "forms", number)
            if form["key"] in keys:
                self._error(
                    self.document.place(*here, "key"),
                    N_("Two forms have the key “%(key)s”."),
                    N_("Give one of them another key."),
                    key=form["key"],
                )
            keys.add(form["key"])
            cases, files = self.cases.read_folder(
                form["cases"], self.document.place(*here, "cases")
            )
            counts.append(files)
            self._check_repeats(form, cases, files, here)
            forms.append(CaseForm(form["key"], cases, form["repeats"]))
        reader = CriteriaReader(self.bench, self.document, self.instrument, forms, counts)
        criteria, levels = reader.read(data, path)
        return CertificationStep(
            **_head(data),
            forms=tuple(forms),
            criteria=criteria,
            levels=levels,
            feedback=data["feedback"],
            **_tries(data),
        )

    def _check_repeats(self, form: Data, cases: tuple[Case, ...], files: int, here: Path) -> None:
        """A second showing never follows the first one at once, so that two cases are needed.

        Two visits of a patient are never shown again: half of them would have no other visit.
        """
        repeats = form["repeats"]
        patients = patients_of(cases) if len(cases) == files else []
        alone = sum(len(patient) == 1 for patient in patients)
        if alone < repeats <= files and len(patients) < files:
            self._error(
                self.document.place(*here, "repeats"),
                N_(
                    "Form “%(form)s” asks for %(repeats)s repeated cases, and %(count)s of its "
                    "cases may be repeated."
                ),
                N_("Two visits of one patient are not shown again. Repeat fewer."),
                form=form["key"],
                repeats=repeats,
                count=alone,
            )
        if files and repeats and (files < 2 or repeats > files):
            self._error(
                self.document.place(*here, "repeats"),
                N_("Form “%(form)s” repeats %(repeats)s of %(count)s cases."),
                N_("Repeat at most as many as there are, and none where there is only one."),
                form=form["key"],
                repeats=repeats,
                count=files,
            )

    def _error(self, place: Place, message: str, remedy: str = "", **values: object) -> None:
        self.bench.findings.error(place, message, remedy, **values)


def _head(data: Data) -> Data:
    return {name: data[name] for name in ("key", "title", "minutes")}


def _tries(data: Data) -> Data:
    redo = (data["after_fail"] or {"redo": []})["redo"]
    return {
        "attempts": data["attempts"],
        "wait_hours": data["wait_hours"],
        "after_fail": AfterFail(tuple(redo)),
    }
