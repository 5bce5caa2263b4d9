"""Question pools: files to questions with rendered text."""

from hashlib import sha256
from typing import Any

from lms.errors import N_
from lms.packages.domain.content import Media, NumberAnswer, Option, Pool, Question
from lms.packages.reader.bench import Bench
from lms.packages.reader.findings import Place
from lms.packages.reader.paths import check_path
from lms.packages.reader.pictures import Pictures
from lms.packages.reader.prose import Prose, Where
from lms.packages.reader.revisits import Revisits
from lms.packages.reader.shape import shaped
from lms.packages.reader.yaml import Document, Path, read_yaml
from lms.packages.schemas import PoolSchema


class PoolReader:
    """Reads the package's pools; question keys are unique over all of them."""

    def __init__(self, bench: Bench, pictures: Pictures, prose: Prose, revisits: Revisits) -> None:
        self.bench = bench
        self.pictures = pictures
        self.prose = prose
        self.revisits = revisits
        self.keys: dict[str, Place] = {}
        self.pools: dict[str, str] = {}
        self._known: dict[str, Pool | None] = {}

    def read(self, path: str, place: Place) -> Pool | None:
        if path not in self._known:
            data = check_path(self.bench, path, place)
            document = read_yaml(path, data, self.bench.findings) if data is not None else None
            self._known[path] = self._read(document) if document is not None else None
        return self._known[path]

    def _read(self, document: Document) -> Pool | None:
        data = shaped(document, PoolSchema, self.bench.findings)
        if data is None:
            return None
        other = self.pools.setdefault(data["pool"], document.file)
        if other != document.file:
            self._error(
                document.place("pool"),
                N_("The pool key “%(key)s” is used in %(file)s too."),
                N_("Give one of them another key."),
                key=data["pool"],
                file=other,
            )
        questions = [
            self._question(document, ("questions", number), question)
            for number, question in enumerate(data["questions"])
        ]
        return Pool(data["pool"], data["title"], tuple(q for q in questions if q is not None))

    def _question(self, document: Document, path: Path, data: dict[str, Any]) -> Question | None:
        self._check_key(document, path, data["key"])
        if not self._check_answer(document, path, data):
            return None
        where = Where(document.place(*path, "text"))
        figure = self._figure(document, path, data)
        revisit = self.revisits.read(data["revisit"], document, (*path, "revisit"))
        explanation = Where(document.place(*path, "explanation"))
        return Question(
            key=data["key"],
            kind=data["kind"],
            html=self.prose.html(data["text"], where),
            figure=figure,
            options=self._options(document, path, data),
            answer=_number(data["answer"]),
            explanation_html=self.prose.html(data["explanation"], explanation),
            revisit=revisit,
        )

    def _check_key(self, document: Document, path: Path, key: str) -> None:
        place = document.place(*path, "key")
        other = self.keys.setdefault(key, place)
        if other != place:
            self._error(
                place,
                N_("The question key “%(key)s” is used in %(file)s already."),
                N_("Give one of them another key."),
                key=key,
                file=other.file,
            )

    def _figure(self, document: Document, path: Path, data: dict[str, Any]) -> Media | None:
        return figure_of(
            self.bench, self.pictures, data["figure"], data["alt"], document, (*path, "figure")
        )

    def _options(self, document: Document, path: Path, data: dict[str, Any]) -> tuple[Option, ...]:
        options = []
        for number, option in enumerate(data["options"] or []):
            where = Where(document.place(*path, "options", number, "text"))
            feedback = Where(document.place(*path, "options", number, "feedback"))
            options.append(
                Option(
                    key=option_key(data["key"], option["text"]),
                    html=self.prose.html(option["text"], where),
                    correct=option["correct"],
                    feedback_html=self.prose.html(option["feedback"], feedback),
                )
            )
        return tuple(options)

    def _check_answer(self, document: Document, path: Path, data: dict[str, Any]) -> bool:
        if data["kind"] == "number":
            return self._check_number(document, path, data)
        if data["answer"] is not None or not data["options"]:
            self._error(
                document.place(*path, "kind"),
                N_("A question with choices has options, and no answer."),
                N_("Write options, or make its kind number."),
            )
            return False
        right = sum(option["correct"] for option in data["options"])
        if right == 0 or (data["kind"] == "one" and right > 1):
            self._error(
                document.place(*path, "options", key=True),
                N_("The question has %(right)s right choices."),
                N_("Kind one needs exactly one with correct: true, kind several at least one."),
                right=right,
            )
        if data["kind"] == "several" and right == len(data["options"]):
            self.bench.findings.warn(
                document.place(*path, "options", key=True),
                N_("Every choice is right."),
                N_("Add one that is not."),
            )
        self._check_doubles(document, path, data["options"])
        return True

    def _check_number(self, document: Document, path: Path, data: dict[str, Any]) -> bool:
        if data["answer"] is None or data["options"]:
            self._error(
                document.place(*path, "kind"),
                N_("A question of kind number has an answer, and no options."),
                N_("Write answer: {value: 52, tolerance: 0}, or make its kind one."),
            )
            return False
        return True

    def _check_doubles(self, document: Document, path: Path, options: list[dict[str, Any]]) -> None:
        seen: set[str] = set()
        for number, option in enumerate(options):
            text = " ".join(option["text"].split()).casefold()
            if text in seen:
                self._error(
                    document.place(*path, "options", number, "text"),
                    N_("The same choice is there twice."),
                    N_("Delete one of them."),
                )
            seen.add(text)

    def _error(self, place: Place, message: str, remedy: str = "", **values: object) -> None:
        self.bench.findings.error(place, message, remedy, **values)


def figure_of(
    bench: Bench,
    pictures: Pictures,
    file: str | None,
    alt: str | None,
    document: Document,
    path: Path,
) -> Media | None:
    """Return a picture with its text; findings where one of the two is missing."""
    if file is None:
        return None
    if not alt:
        bench.findings.error(
            document.place(*path),
            N_("The picture “%(path)s” has no text for who cannot see it."),
            N_("Add alt: and say what it shows."),
            path=file,
        )
        return None
    picture = pictures.read(file, document.place(*path))
    return picture.shown(alt) if picture is not None else None


def option_key(question: str, text: str) -> str:
    """Return the key of a choice, which is of its words as the file has them."""
    return sha256(f"{question}\n{text}".encode()).hexdigest()[:10]


def _number(answer: dict[str, Any] | None) -> NumberAnswer | None:
    if answer is None:
        return None
    return NumberAnswer(str(answer["value"]), str(answer["tolerance"]))
