"""A PDF deck to slides: an image, a thumbnail, the page's text and the author's notes."""

import re
from concurrent.futures import Executor, Future

from lms.errors import N_
from lms.packages.domain.content import Slide
from lms.packages.reader.bench import Bench
from lms.packages.reader.findings import Place
from lms.packages.reader.probe import MOST_PAGES
from lms.packages.reader.probing import Drawn, probe_slides
from lms.packages.reader.prose import Prose, Where, read_markdown

_SECTION = re.compile(r"^##[ \t]+([0-9]{1,4})[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)

Notes = dict[int, tuple[str, int]]
"""Slide number to its Markdown and the line on which that begins."""


class Decks:
    """Draws decks in other processes, begun before their turn comes: nothing else takes so long."""

    def __init__(self, bench: Bench, pool: Executor) -> None:
        self.bench = bench
        self.pool = pool
        self._begun: dict[str, Future[Drawn]] = {}

    def begin(self, path: str) -> None:
        """Begin a deck, if it is there and looks like one."""
        data = self.bench.source.files.get(path, b"")
        if _is_pdf(data) and path not in self._begun:
            self._begun[path] = self.pool.submit(
                probe_slides, data, seconds=self.bench.seconds_left
            )

    def drawn(self, path: str) -> Drawn:
        self.begin(path)
        return self._begun[path].result()


def read_slides(
    bench: Bench, prose: Prose, decks: Decks, path: str, notes_path: str | None
) -> tuple[Slide, ...]:
    """Return the slides; none, with findings, if the deck cannot be used."""
    if not _is_pdf(bench.data(path) or b""):
        bench.findings.error(
            Place(path), N_("This is not a PDF."), N_("Export the deck as PDF again.")
        )
        return ()
    answer, images = decks.drawn(path)
    if answer is None or "pages" not in answer or "problem" in answer:
        _refuse(bench, path, answer or dict[str, object](problem="time"))
        return ()
    notes = _notes(bench, notes_path, len(images))
    slides = []
    for number, (page, drawn) in enumerate(zip(answer["pages"], images, strict=True), start=1):
        if "problem" in page:
            bench.findings.error(
                Place(path),
                N_("Slide %(number)s cannot be drawn."),
                N_("Export the deck as PDF again; a slide is at most five times as wide as high."),
                number=number,
            )
            continue
        text, line = notes.get(number, ("", 0))
        slides.append(
            Slide(
                number=number,
                image=bench.keep(drawn[0], "webp", "image/webp").digest,
                thumbnail=bench.keep(drawn[1], "webp", "image/webp").digest,
                width=page["width"],
                height=page["height"],
                text=_tidy(page["text"]),
                notes_html=_notes_html(prose, notes_path, text, line),
            )
        )
    _check_texts(bench, path, slides)
    return tuple(slides)


def _is_pdf(data: bytes) -> bool:
    return data[:1024].lstrip().startswith(b"%PDF-")


def _refuse(bench: Bench, path: str, answer: dict[str, object]) -> None:
    place = Place(path)
    if answer["problem"] == "pages":
        bench.findings.error(
            place,
            N_("The deck has %(pages)s pages; it may have 1 to %(most)s."),
            N_("Split it into several steps."),
            pages=answer["count"],
            most=MOST_PAGES,
        )
    elif answer["problem"] == "locked":
        bench.findings.error(
            place, N_("The PDF is locked with a password."), N_("Export it without one.")
        )
    elif answer["problem"] == "time":
        bench.findings.error(
            place,
            N_("The slides could not be drawn: it took too long or too much memory."),
            N_("Export the deck again with smaller pictures, or split it."),
        )
    else:
        bench.findings.error(
            place, N_("The PDF cannot be read."), N_("Export the deck as PDF again.")
        )


def _check_texts(bench: Bench, path: str, slides: list[Slide]) -> None:
    for slide in slides:
        if not slide.text and not slide.notes_html:
            bench.findings.error(
                Place(path),
                N_("Slide %(number)s has no text for who cannot see it."),
                N_("Write a section “## %(number)s” in the step's notes that says what it shows."),
                number=slide.number,
            )


def _notes(bench: Bench, path: str | None, pages: int) -> Notes:
    text = read_markdown(bench, path) if path else None
    if text is None or path is None:
        return {}
    fenced = _FENCE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    marks = list(_SECTION.finditer(fenced))
    if (head := text[: marks[0].start()] if marks else text).strip():
        bench.findings.warn(
            Place(path, 1, 1),
            N_("What stands before the first section is not shown (%(signs)s signs)."),
            N_("Notes are sections: ## 1, ## 2 and so on, one for a slide."),
            signs=len(head.strip()),
        )
    notes: Notes = {}
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        number = int(mark[1])
        line = text.count("\n", 0, mark.start()) + 1
        if number in notes or not 1 <= number <= pages:
            bench.findings.error(
                Place(path, line, 1),
                N_("There is no slide %(number)s, or it has notes already."),
                N_("The deck has %(pages)s slides; each has one section at most."),
                number=number,
                pages=pages,
            )
            continue
        end = following.start() if following else len(text)
        notes[number] = (text[mark.end() : end], line)
    return notes


def _notes_html(prose: Prose, path: str | None, text: str, line: int) -> str:
    if not path or not text.strip():
        return ""
    return prose.html(
        text, Where(Place(path, line, 1), own_file=True, lines_before=line - 1), top=4
    )


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.replace("\r", "\n").split("\n"))
    shown = ("".join(sign for sign in line if sign.isprintable()) for line in lines)
    return "\n".join(line for line in shown if line)
