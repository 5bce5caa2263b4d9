"""What each person of the tour does, step by step; every function returns what it saw."""

import copy
import io
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from lms.packages import api as packages
from lms.packages.domain import (
    Case,
    CertificationStep,
    Content,
    PracticeStep,
    Question,
    QuizStep,
    SlidesStep,
    TextStep,
    VideoStep,
)
from lms.tour.browser import Answer, Browser, Wrong

CONTENT = Path(__file__).resolve().parent.parent.parent / "content"
MODULE = "mmt8"
PATIENCE = 30.0


@dataclass
class Secrets:
    """What only the panel knows, from the package on disk: the tour is the examiner here."""

    content: Content
    by_case: dict[str, set[str]] = field(default_factory=dict)
    by_question: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for case in cases_of(self.content):
            texts = {*case.rationale.values(), *(trap.html for trap in case.traps)}
            self.by_case[case.key] = {plain(text) for text in texts if len(plain(text)) > 12}
        for question in self.content.questions.values():
            texts = {question.explanation_html, *(o.feedback_html for o in question.options)}
            self.by_question[question.key] = {plain(t) for t in texts if len(plain(t)) > 12}

    def all(self) -> set[str]:
        """Every text that must not be seen at the start; what lessons say as well is no secret."""
        lessons = " ".join(lesson_texts(self.content))
        groups = (*self.by_case.values(), *self.by_question.values())
        return {text for group in groups for text in group if text not in lessons}


def lesson_texts(content: Content) -> Iterator[str]:
    """Give everything that lessons, cases and questions say to whoever reads them."""
    for step in content.steps:
        if isinstance(step, TextStep):
            yield plain(step.html)
        elif isinstance(step, SlidesStep):
            yield from (f"{plain(slide.notes_html)} {plain(slide.text)}" for slide in step.slides)
        elif isinstance(step, VideoStep):
            yield " ".join(cue.text for cue in step.film.transcript)
    for question in content.questions.values():
        yield plain(question.html)
        yield from (plain(option.html) for option in question.options)
    for case in cases_of(content):
        yield plain(case.html)
        yield from (plain(finding.html) for finding in case.findings)


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def cases_of(content: Content) -> list[Case]:
    cases: list[Case] = []
    for step in content.steps:
        if isinstance(step, PracticeStep):
            cases += step.cases
        elif isinstance(step, CertificationStep):
            cases += [case for form in step.forms for case in form.cases]
    return cases


# --- B: the creator -------------------------------------------------------------------------------


def zip_of(folder: Path, *, version: str, slug: str = "", spoil: bool = False) -> bytes:
    """Pack a shipped package as a creator would, under a new version; spoilt, with two mistakes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            data = path.read_bytes()
            if path.name == "package.yaml":
                text = re.sub(r"(?m)^version:.*$", f'version: "{version}"', data.decode())
                if slug:
                    text = re.sub(r"(?m)^slug:.*$", f"slug: {slug}", text)
                if spoil:
                    text = text.replace("minutes:", "minuets:", 1) + "nonsense: true\n"
                data = text.encode()
            archive.writestr(path.relative_to(folder).as_posix(), data)
    return packed.getvalue()


def upload(browser: Browser, data: bytes) -> Answer:
    """Upload a package and wait for its report."""
    browser.get("/studio/upload").must_be(200)
    page = browser.upload("/studio/drafts", "package", ("package.zip", data)).must_be(200)
    end = time.monotonic() + PATIENCE
    while "The package is being checked." in page.words:
        if time.monotonic() > end:
            raise Wrong(f"the report is not there after {PATIENCE:.0f} s: {page.words[:300]}")
        time.sleep(0.2)
        page = browser.get(page.url)
    return page


# --- C: the trainee -------------------------------------------------------------------------------


@dataclass
class Trainee:
    """Somebody who learns a module and agrees with the panel.

    Args:
        content: the package on disk, where the right answers come from; never from a page.
    """

    browser: Browser
    content: Content
    slug: str = MODULE

    def go_to(self, step_key: str) -> Answer:
        return self.browser.get(f"/learning/{self.slug}/steps/{step_key}").must_be(200)

    def read_text(self, key: str) -> None:
        self.go_to(key)
        self.browser.post(f"/learning/{self.slug}/steps/{key}/reading").must_be(200)

    def see_slides(self, key: str, count: int) -> None:
        self.go_to(key)
        for number in range(1, count + 1):
            fields = [("to", str(number + 1))] if number < count else []
            self.browser.post(f"/learning/{self.slug}/steps/{key}/slides/{number}", fields).must_be(
                200
            )

    def watch(self, step: VideoStep) -> Answer:
        """Watch a film as fast as the server believes it, in two sittings out of order."""
        page = self.go_to(step.key)
        film = self.browser.get(step.film.url)
        if not film.media_type.startswith("video/"):
            raise Wrong(f"the film is {film.media_type}")
        self._must_serve_ranges(step.film.url)
        seconds = step.film.seconds or 0.0
        half = round(seconds / 2, 2)
        report = f"/learning/{self.slug}/steps/{step.key}/ranges"
        self.browser.post_json(report, {"ranges": [[0, 1]], "position": 1}).must_be(200)
        for part in ([half, seconds], [0, half]):
            self._report(report, part, seconds)
        return page

    def _report(self, path: str, part: list[float], seconds: float) -> None:
        end = time.monotonic() + seconds + PATIENCE
        while True:
            answer = self.browser.post_json(path, {"ranges": [part], "position": part[1]})
            if answer.status == 200:
                return
            if time.monotonic() > end:
                raise Wrong(f"the film's report was never believed: {answer.words}")
            time.sleep(0.5)

    def _must_serve_ranges(self, url: str) -> None:
        answer = self.browser.get(url, Range="bytes=0-99")
        if answer.status != 206 or len(answer.body) != 100:
            raise Wrong(
                f"a range of the film answered {answer.status} with {len(answer.body)} bytes"
            )

    def begin(self, step_key: str) -> tuple[int, Answer]:
        self.go_to(step_key)
        page = self.browser.post(f"/learning/{self.slug}/steps/{step_key}/attempts").must_be(200)
        return page.number_after("/attempts/"), page

    def practise(self, step: PracticeStep) -> list[str]:
        """Score practice cases and compare; return the headlines."""
        headlines = []
        for _ in range(step.required):
            attempt, page = self.begin(step.key)
            case = self._case_on(page)
            self.browser.forbidden -= secrets_of(case)  # the answer may be seen from here on
            self.browser.post(
                f"/attempts/{attempt}/parts?n=1", [*form_fields(case), ("to", "submit")]
            )
            page = self.browser.get(f"/attempts/{attempt}/result").must_be(200)
            headlines.append(page.words.split("·")[0].strip())
            page.must_say("You and the panel agree on", "Why")
        return headlines

    def _case_on(self, page: Answer) -> Case:
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", page.html, re.S)
        for case in cases_of(self.content):
            if heading and plain(heading[1]) == case.title:
                return case
        raise Wrong(f"no case of the package is on {page.url}")

    def take_quiz(self, step: QuizStep) -> int:
        """Answer a quiz, saving each answer by itself; return how many were saved."""
        attempt, page = self.begin(step.key)
        questions = list(self.content.questions.values())
        for number in range(1, step.drawn + 1):
            page = self.browser.get(f"/attempts/{attempt}?n={number}").must_be(200)
            question = next(q for q in questions if plain(q.html) in page.words)
            saved = self.browser.save(f"/attempts/{attempt}/answers?n={number}", right(question))
            if set(saved.must_be(200).json) != {"saved_at"}:
                raise Wrong(f"saving an answer said {saved.html}")
        page = self.browser.get(f"/attempts/{attempt}/submission").must_say(
            "Everything is answered"
        )
        for texts in Secrets(self.content).by_question.values():
            self.browser.forbidden -= texts
        self.browser.post(f"/attempts/{attempt}/submission").must_be(200)
        self.browser.get(f"/attempts/{attempt}/result").must_say("Passed:")
        return step.drawn

    def certify(self, step: CertificationStep, *, twice: bool) -> Answer:
        """Score the certification cases and hand in; `twice` presses the last button two times."""
        attempt, page = self.begin(step.key)
        count = len(step.forms[0].cases)
        for number in range(1, count + 1):
            page = self.browser.get(f"/attempts/{attempt}?n={number}").must_be(200)
            case = self._case_on(page)
            self.browser.post(
                f"/attempts/{attempt}/parts?n={number}", [*form_fields(case), ("to", str(number))]
            ).must_be(200)
        self.browser.get(f"/attempts/{attempt}/submission").must_say("Everything is answered")
        for _ in range(2 if twice else 1):
            self.browser.post(f"/attempts/{attempt}/submission").must_be(200)
        page = self.browser.get(f"/attempts/{attempt}/result")
        return page.must_say("Passed: you agree with the panel")


def secrets_of(case: Case) -> set[str]:
    texts = {*case.rationale.values(), *(trap.html for trap in case.traps)}
    return {plain(text) for text in texts}


def right(question: Question) -> list[tuple[str, str]]:
    if question.answer is not None:
        return [("answer", question.answer.value)]
    return [("answer", option.key) for option in question.options if option.correct]


def form_fields(case: Case) -> Iterator[tuple[str, str]]:
    """Give the reference of a case as the fields of the instrument's form."""
    for item, answer in copy.deepcopy(case.reference).items():
        yield from _item_fields(f"item-{item}", answer)


def _item_fields(name: str, answer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if answer["na"]:
        yield name, "NA"
        yield f"{name}-reason", answer["reason"] or "other"
        return
    value = answer["value"]
    values = value if isinstance(value, list) else [value]
    if isinstance(value, list) and not value:
        values = ["none"]
    for one in values:
        text = {True: "yes", False: "no"}.get(one, one) if isinstance(one, bool) else one
        yield name, str(text)
    if answer["side"]:
        yield f"{name}-side", answer["side"]


def content_of(slug: str = MODULE) -> Content:
    """Compile the shipped package as the examiner's copy.

    Raises:
        Wrong: if it does not check clean.
    """
    build = packages.check(CONTENT / slug).build
    if build is None:
        raise Wrong(f"content/{slug} does not check clean")
    return build.content
