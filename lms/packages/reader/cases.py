"""Cases: files to vignettes with their panel, reference and reasons."""

import json
from decimal import Decimal
from typing import Any

from lms.errors import N_
from lms.instruments import api as instruments
from lms.instruments.domain import Answer, Instrument, Item, RatingRefused
from lms.packages.domain.acceptance import is_within
from lms.packages.domain.content import (
    AnswerData,
    Case,
    CaseFinding,
    Media,
    PanelRater,
    ReferenceSigned,
    Revisit,
    Trap,
)
from lms.packages.domain.criteria import Accept
from lms.packages.domain.findings import Cause
from lms.packages.domain.identity import case_fingerprint
from lms.packages.domain.reference import Method, Tie, consensus, neighbours, spread
from lms.packages.reader.bench import Bench
from lms.packages.reader.criteria import accepted_value
from lms.packages.reader.films import TYPES, Films
from lms.packages.reader.findings import Place
from lms.packages.reader.names import known_item
from lms.packages.reader.pictures import Pictures
from lms.packages.reader.prose import Prose, Where
from lms.packages.reader.questions import figure_of
from lms.packages.reader.revisits import Revisits
from lms.packages.reader.shape import shaped
from lms.packages.reader.source import path_problem
from lms.packages.reader.visits import check_visits, in_order
from lms.packages.reader.yaml import Document, Path, read_yaml
from lms.packages.schemas import CaseSchema

WIDE_SPREAD = Decimal("0.3")
Ratings = dict[str, Answer]


class CaseReader:
    """Reads the package's cases. A case is used once: practice cases are never certified on,
    and no two forms share one, by key or by content."""

    def __init__(
        self,
        bench: Bench,
        pictures: Pictures,
        films: Films,
        prose: Prose,
        revisits: Revisits,
        instrument: Instrument | None,
    ) -> None:
        self.bench = bench
        self.pictures = pictures
        self.films = films
        self.prose = prose
        self.revisits = revisits
        self.instrument = instrument
        self.folders: dict[str, Place] = {}
        self.keys: dict[str, Place] = {}
        self.contents: dict[str, str] = {}
        self.panels: dict[str, str] = {}
        self.documents: dict[str, Document] = {}
        self.follows: dict[str, str | None] = {}

    def read_folder(self, folder: str, place: Place) -> tuple[tuple[Case, ...], int]:
        """Return the sound cases of a folder in name order, and how many files it has."""
        folder = folder.rstrip("/")
        if path_problem(folder) is not None:
            self._error(place, N_("“%(path)s” is not a folder of the package."), path=folder)
            return (), 0
        if self.folders.setdefault(folder, place) != place:
            self._error(
                place,
                N_("The cases of “%(path)s” are used by another step or form."),
                N_("Every case is used once: give each step and form a folder of its own."),
                path=folder,
            )
            return (), 0
        names = [
            path
            for path in sorted(self.bench.source.files)
            if path.rpartition("/")[0] == folder and path.endswith((".yaml", ".yml"))
        ]
        if not names:
            self._error(
                place,
                N_("There are no cases in “%(path)s”."),
                N_("Put one YAML file for each case there."),
                path=folder,
            )
        self.follows = {}
        cases = [case for path in names if (case := self._read(path)) is not None]
        if len(self.follows) < len(names):
            return tuple(cases), len(names)  # what cannot be read is told; who follows it is not
        places = {key: self.documents[key].place("follows") for key in self.follows}
        sound = check_visits(self.follows, places, self.bench.findings)
        return in_order(cases) if sound else tuple(cases), len(names)

    def _read(self, path: str) -> Case | None:
        if not self.bench.in_time():
            return None
        document = read_yaml(path, self.bench.data(path) or b"", self.bench.findings)
        data = shaped(document, CaseSchema, self.bench.findings) if document is not None else None
        if document is None or data is None:
            return None
        self._check_key(document, data["key"])
        self.documents[data["key"]] = document
        self.follows[data["key"]] = data["follows"]
        media = [
            self._media(document, ("media", number), entry)
            for number, entry in enumerate(data["media"])
        ]
        findings = [
            self._finding(document, ("findings", number), entry)
            for number, entry in enumerate(data["findings"])
        ]
        revisit = self._revisits(document, data)
        traps = [
            self._trap(document, ("traps", number), entry)
            for number, entry in enumerate(data["traps"])
        ]
        rationale = self._rationale(document, data)
        html = self.prose.html(data["text"], Where(document.place("text")))
        seen = tuple(entry for entry in media if entry is not None)
        self._check_content(document, data, seen)
        if self.instrument is None:
            return None
        panel = self._panel(document, data["panel"] or [], self.instrument)
        if panel is None:
            return None
        reference: Ratings | None = {}
        if data["panel"] is not None:
            reference = self._reference(document, data, panel, self.instrument)
        else:
            self._waits(document)
        if reference is None:
            return None
        settings = data["reference"] or {"method": "median", "cannot_fail": [], "signed": None}
        return Case(
            key=data["key"],
            title=data["title"],
            severity=data["severity"],
            html=html,
            media=seen,
            findings=tuple(findings),
            panel=tuple(
                PanelRater(rater["rater"], _as_json(ratings))
                for rater, ratings in zip(data["panel"] or [], panel, strict=True)
            ),
            reference_method=settings["method"],
            reference=_as_json(reference),
            rationale=rationale,
            traps=tuple(traps),
            revisit=revisit,
            cannot_fail=self._cannot_fail(document, settings["cannot_fail"]),
            signed=ReferenceSigned(**settings["signed"]) if settings["signed"] else None,
            reference_tie=(data["reference"] or {"tie": "low"})["tie"],
            accept=self._accepts(document, data, reference, self.instrument),
            follows=data["follows"],
        )

    def _accepts(
        self, document: Document, data: dict[str, Any], reference: Ratings, instrument: Instrument
    ) -> dict[str, Accept]:
        accepts = {}
        for key, entry in data["accept"].items():
            path: Path = ("accept", key)
            if not self._check_item(document, path, key, key=True):
                continue
            accept = self._accept(document, path, entry, instrument.item(key))
            if accept is None:
                continue
            right = reference.get(key)
            if right and not is_within(
                instrument.item(key), right, right, criterion=None, accept=accept
            ):
                self._error(
                    document.place(*path, key=True),
                    N_("The reference itself is not accepted for “%(item)s”."),
                    N_("Name it among the values, or widen the range."),
                    item=key,
                )
            accepts[key] = accept
        return accepts

    def _accept(
        self, document: Document, path: Path, data: dict[str, Any], item: Item
    ) -> Accept | None:
        low, high = data["low"], data["high"]
        ranged = low is not None or high is not None
        if not ranged and not data["values"]:
            self._error(
                document.place(*path, key=True),
                N_("Nothing is accepted for “%(item)s”."),
                N_("Write values, or from and to."),
                item=item.key,
            )
            return None
        values = []
        for number, raw in enumerate(data["values"]):
            try:
                values.append(accepted_value(item, raw))
            except RatingRefused as error:
                self._error(
                    document.place(*path, "values", number),
                    N_("The rating of “%(item)s” is refused: %(why)s"),
                    N_("Correct the rating."),
                    item=item.key,
                    why=Cause(error.message, _texts(error.values)),
                )
                return None
        return Accept(
            values=tuple(values),
            low=None if low is None else format(low, "f"),
            high=None if high is None else format(high, "f"),
        )

    def _waits(self, document: Document) -> None:
        self.bench.findings.wait(
            document.place("key", key=True),
            N_("This case waits for its panel."),
            N_("Open a panel for it, or write panel ratings into its file."),
        )

    def _cannot_fail(self, document: Document, items: list[str]) -> tuple[str, ...]:
        for number, item in enumerate(items):
            self._check_item(document, ("reference", "cannot_fail", number), item)
        return tuple(items)

    def _check_key(self, document: Document, key: str) -> None:
        place = document.place("key")
        other = self.keys.setdefault(key, place)
        if other != place:
            self._error(
                place,
                N_("The case key “%(key)s” is used in %(file)s already."),
                N_("Every case is used once; give another case another key."),
                key=key,
                file=other.file,
            )

    def _check_content(
        self, document: Document, data: dict[str, Any], media: tuple[Media, ...]
    ) -> None:
        words = [data["text"], *(finding["text"] for finding in data["findings"])]
        fingerprint = case_fingerprint(words, [entry.digest for entry in media])
        other = self.contents.setdefault(fingerprint, document.file)
        if other != document.file:
            self._error(
                document.place("text"),
                N_("This is the same case as %(file)s."),
                N_("Practice and every form have different cases: write another one."),
                file=other,
            )
            return
        if data["panel"] is None:
            return
        panel = json.dumps(
            [rater["ratings"] for rater in data["panel"]], default=str, sort_keys=True
        )
        other = self.panels.setdefault(panel, document.file)
        if other != document.file:
            self.bench.findings.warn(
                document.place("panel", key=True),
                N_("The panel rated exactly as in %(file)s."),
                N_("Check that the ratings were not copied by mistake."),
                file=other,
            )

    def _media(self, document: Document, path: Path, data: dict[str, Any]) -> Media | None:
        place = document.place(*path, "file")
        if data["file"].rpartition(".")[2].lower() not in TYPES:
            picture = self.pictures.read(data["file"], place)
            return picture.shown(data["alt"], data["caption"]) if picture is not None else None
        if data["captions"] is None:
            self._error(
                place,
                N_("This film has no captions."),
                N_("Write them as WebVTT and name the file: captions: media/….vtt"),
            )
            return None
        return self.films.read(
            data["file"],
            data["captions"],
            alt=data["alt"],
            caption=data["caption"],
            place=place,
            captions_place=document.place(*path, "captions"),
        )

    def _finding(self, document: Document, path: Path, data: dict[str, Any]) -> CaseFinding:
        if (data["item"] is None) == (data["heading"] is None):
            self._error(
                document.place(*path),
                N_("A finding is about an item, or has a heading."),
                N_("Write one of the two: item or heading."),
            )
        self._check_item(document, (*path, "item"), data["item"])
        return CaseFinding(
            item=data["item"],
            heading=data["heading"],
            html=self.prose.html(data["text"], Where(document.place(*path, "text"))),
            picture=figure_of(
                self.bench, self.pictures, data["file"], data["alt"], document, (*path, "file")
            ),
        )

    def _trap(self, document: Document, path: Path, data: dict[str, Any]) -> Trap:
        self._check_item(document, (*path, "item"), data["item"])
        return Trap(
            data["item"], self.prose.html(data["text"], Where(document.place(*path, "text")))
        )

    def _revisits(self, document: Document, data: dict[str, Any]) -> dict[str, Revisit]:
        targets = {}
        for item, entry in data["revisit"].items():
            self._check_item(document, ("revisit", item), item, key=True)
            target = self.revisits.read(entry, document, ("revisit", item))
            if target is not None:
                targets[item] = target
        return targets

    def _rationale(self, document: Document, data: dict[str, Any]) -> dict[str, str]:
        reasons = {}
        for item, text in data["rationale"].items():
            self._check_item(document, ("rationale", item), item, key=True)
            reasons[item] = self.prose.html(text, Where(document.place("rationale", item)))
        for item in self.instrument.items if self.instrument is not None else ():
            if item.key not in reasons:
                self._error(
                    document.place("rationale", key=True),
                    N_("There is no rationale for “%(item)s”."),
                    N_("Say why the reference is what it is, for every item."),
                    item=item.key,
                )
        return reasons

    def _check_item(
        self, document: Document, path: Path, item: str | None, *, key: bool = False
    ) -> bool:
        if item is None or self.instrument is None:
            return True
        place = document.place(*path, key=key)
        return known_item(self.instrument, item, place, self.bench.findings) is not None

    def _panel(
        self, document: Document, panel: list[dict[str, Any]], instrument: Instrument
    ) -> list[Ratings] | None:
        names: set[str] = set()
        rows = []
        for number, rater in enumerate(panel):
            path: Path = ("panel", number)
            if rater["rater"] in names:
                self._error(
                    document.place(*path, "rater"),
                    N_("The panel has two raters called “%(rater)s”."),
                    N_("Give each a name of its own, such as Panel 1."),
                    rater=rater["rater"],
                )
            names.add(rater["rater"])
            rows.append(self._ratings(document, (*path, "ratings"), rater["ratings"], instrument))
        sound = [row for row in rows if row is not None]
        return sound if len(sound) == len(rows) else None

    def _ratings(
        self, document: Document, path: Path, raw: dict[str, Any], instrument: Instrument
    ) -> Ratings | None:
        before = len(self.bench.findings.entries)
        ratings: Ratings = {}
        for key, value in raw.items():
            if not self._check_item(document, (*path, key), key, key=True):
                continue
            try:
                ratings[key] = instruments.read_answer(instrument.item(key), value)
            except RatingRefused as error:
                self._error(
                    document.place(*path, key),
                    N_("The rating of “%(item)s” is refused: %(why)s"),
                    N_("Correct the rating."),
                    item=key,
                    why=Cause(error.message, _texts(error.values)),
                )
        for key, why in instruments.unfinished(instrument, ratings).items():
            if key not in raw or key in ratings:
                self._error(
                    document.place(*path, key, key=key not in raw),
                    N_("“%(item)s”: %(why)s"),
                    N_("Complete the rating."),
                    item=key,
                    why=Cause(why, {}),
                )
        return ratings if len(self.bench.findings.entries) == before else None

    def _reference(
        self, document: Document, data: dict[str, Any], panel: list[Ratings], instrument: Instrument
    ) -> Ratings | None:
        settings = data["reference"] or {"method": "median", "tie": "low", "values": None}
        stated = settings["method"] == "stated"
        if stated != (settings["values"] is not None):
            self._error(
                document.place("reference", key=True),
                N_("A stated reference has values, and no other has."),
                N_("Write method: stated and values, or neither."),
            )
            return None
        if stated:
            return self._ratings(document, ("reference", "values"), settings["values"], instrument)
        method, tie = Method(settings["method"]), Tie(settings["tie"])
        reference: Ratings = {}
        for item in instrument.items:
            ratings = [row[item.key] for row in panel if item.key in row]
            if ratings:
                reference[item.key] = consensus(item, ratings, method, tie)
                self._check_spread(document, item, ratings)
        return reference

    def _check_spread(self, document: Document, item: Item, ratings: list[Answer]) -> None:
        width = spread(item, ratings)
        if width is not None and width > WIDE_SPREAD and not neighbours(item, ratings):
            self.bench.findings.warn(
                document.place("panel", key=True),
                N_("The panel is spread over %(share)s %% of the range on “%(item)s”."),
                N_("An item on which experts differ should not fail a trainee."),
                share=round(width * 100),
                item=item.key,
            )
        votes = [answer.na for answer in ratings]
        if any(votes) and not all(votes):
            self.bench.findings.warn(
                document.place("panel", key=True),
                N_("%(some)s of %(all)s raters say NA on “%(item)s”, and the others give a value."),
                N_("NA is the reference only where more than half say so."),
                some=sum(votes),
                all=len(votes),
                item=item.key,
            )

    def _error(self, place: Place, message: str, remedy: str = "", **values: object) -> None:
        self.bench.findings.error(place, message, remedy, **values)


def _texts(values: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _as_json(ratings: Ratings) -> dict[str, AnswerData]:
    return {key: dict(instruments.answer_to_json(answer)) for key, answer in ratings.items()}
