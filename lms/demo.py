"""The shipped modules, and people and a trial to look around with; never in production."""

import random
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select

from lms.accounts import api as accounts
from lms.accounts.domain import Role
from lms.accounts.models import Person
from lms.certificates import api as certificates
from lms.certificates.domain import RevocationReason
from lms.db import db, transaction
from lms.errors import N_, LmsError
from lms.modules import queries, services
from lms.modules.domain import StepView
from lms.packages import api as packages
from lms.packages.domain import (
    CertificationStep,
    PracticeStep,
    Question,
    QuizStep,
    SlidesStep,
    TextStep,
    VideoStep,
)
from lms.trials import api as trials

CONTENT: Final = Path(__file__).resolve().parent.parent / "content"
PASSWORD: Final = "within one point of you"  # noqa: S105  (a demonstration's, printed at the start)


class BrokenContent(LmsError):
    """A shipped package does not check clean."""


@dataclass(frozen=True)
class SignIn:
    """How to sign in as one of the demonstration's people."""

    role: str
    name: str
    email: str
    password: str = PASSWORD


SIGN_INS: Final = (
    SignIn("admin", "Ada Okafor", "admin@example.org"),
    SignIn("creator", "Clara Lindqvist", "creator@example.org"),
    SignIn("coordinator", "Theo Marsh", "coordinator@example.org"),
    SignIn("trainee", "Robin Hale", "trainee@example.org"),
)

HISTORY: Final = timedelta(days=200)
"""So long ago the demonstration's trial began, so that there is something to look back on."""


@dataclass(frozen=True)
class Hand:
    """How somebody of the demonstration rates: near the reference, with a habit of their own.

    Args:
        seed: of their slips, so that every demonstration is the same.
        slips: share of items that are off by a grade, one in six of them by two.
        high: share of these slips that are too high; 0.5 has no habit.
    """

    seed: int
    slips: float = 0.15
    high: float = 0.5


@dataclass(frozen=True)
class DemoRater:
    """One rater of the demonstration's trial.

    Args:
        days: how many days ago they did their modules.
    """

    name: str
    email: str
    site: str
    modules: tuple[str, ...]
    hand: Hand
    days: int = 0
    language: str = ""


RATERS: Final = (
    DemoRater("Jonas Weber", "jonas.weber@example.org", "03", ("mmt8",),
              Hand(21, 0.5, 0.9), 171, "de"),
    DemoRater("Camila Rocha", "camila.rocha@example.org", "01", ("mmt8",),
              Hand(17, 0.35, 0.3), 139, "pt"),
    DemoRater("Samuel Osei", "samuel.osei@example.org", "02", ("mmt8",),
              Hand(14, 0.3, 0.7), 66, "en"),
    DemoRater("Lena Fischer", "lena.fischer@example.org", "03", ("mmt8",),
              Hand(16, 0.25), 33, "de"),
    DemoRater("Inês Carvalho", "ines.carvalho@example.org", "01", ("mmt8", "physician-global"),
              Hand(1, 0.25), language="pt"),
    DemoRater("Đặng Thị Hồng", "hong.dang@example.org", "01", ("mmt8",), Hand(5, 0.2),
              language="en"),
    DemoRater("Γιώργος Παππάς", "giorgos.pappas@example.org", "02", ("mmt8",), Hand(3, 0.3, 0.7),
              language="en"),
    DemoRater("نور الهاشمي", "noor.alhashimi@example.org", "02", (), Hand(4)),
)  # fmt: skip


# --- content --------------------------------------------------------------------------------------


def publish_content(*, now: datetime) -> None:
    """Publish every shipped package that is not a release yet.

    Raises:
        BrokenContent: if one does not check clean.
    """
    folders = [
        folder
        for folder in sorted(CONTENT.iterdir())
        if (folder / "package.yaml").is_file() and not packages.published_from(folder)
    ]
    with ThreadPoolExecutor(2) as pool:  # decks and films are read in processes of their own
        for folder, checked in zip(folders, pool.map(packages.check, folders), strict=True):
            if checked.build is None:
                raise BrokenContent(
                    N_("content/%(name)s does not check clean: %(problems)s"),
                    name=folder.name,
                    problems="; ".join(
                        f"{finding.place}: {finding.sentence}"
                        for finding in checked.report.errors[:5]
                    ),
                )
            source = packages.keep_files(checked.build)
            with transaction():
                packages.publish_build(checked.build, source=source, person_id=None, now=now)


# --- people ---------------------------------------------------------------------------------------


def sign_ins() -> list[SignIn]:
    """Return the demonstration's people who are there and still have their first password."""
    known = accounts.people_by_email([one.email for one in SIGN_INS])
    return [one for one in SIGN_INS if one.email in known]


def is_empty() -> bool:
    """Tell whether nobody has an account yet."""
    return not db.session.scalar(select(func.count()).select_from(Person))


def seed(*, now: datetime) -> None:
    """Fill an empty database with people, a trial, certificates; do nothing to another one."""
    if not is_empty():
        return
    ids: dict[str, int] = {}
    begin = now - HISTORY
    with transaction():
        for one in SIGN_INS:
            roles = {Role.TRAINEE, Role(one.role)}
            ids[one.role] = accounts.add_person(
                email=one.email, name=one.name, password=one.password, now=begin, roles=roles
            )
        for rater in RATERS:
            ids[rater.email] = accounts.add_person(
                email=rater.email, name=rater.name, password=PASSWORD, now=begin
            )
    slugs = {release.slug for release in packages.catalogue()}
    _seed_trial(ids["coordinator"], slugs, now=begin)
    for rater in RATERS:
        for slug in rater.modules:
            if slug in slugs:
                at = now - timedelta(days=rater.days)
                complete(ids[rater.email], slug, now=at, hand=rater.hand)
    if "mmt8" in slugs:
        _begin(ids["trainee"], "mmt8", now=now)
        _revoke_one(ids["giorgos.pappas@example.org"], by=ids["admin"], now=now)


def _seed_trial(coordinator_id: int, slugs: set[str], *, now: datetime) -> None:
    viewer = trials.Viewer(coordinator_id)
    with transaction():
        trial_id = trials.add_trial(
            trials.NewTrial("Myolink", "MYO-301", "Demonstration sponsor"),
            added_by=coordinator_id,
            now=now,
        )
    for number, name, country in (
        ("01", "Hospital das Clínicas, Recife", "BR"),
        ("02", "University Hospital Leeds", "GB"),
        ("03", "Karolinska, Stockholm", "SE"),
    ):
        with transaction():
            trials.add_site(viewer, trial_id, trials.NewSite(number, name, country), now=now)
    for slug in sorted(slugs & {"mmt8", "physician-global"}):
        with transaction():
            trials.add_requirement(
                viewer, trial_id, trials.NewRequirement(slug, now.date()), now=now
            )
    trainee = next(one for one in SIGN_INS if one.role == "trainee")
    entries = [trials.Entry(trainee.email, trainee.name, "01")]
    entries += [
        trials.Entry(one.email, one.name, one.site, language=one.language) for one in RATERS
    ]
    for entry in entries:
        with transaction():
            _put(viewer, trial_id, entry, today=now.date(), now=now)


def _put(
    viewer: trials.Viewer, trial_id: int, entry: trials.Entry, *, today: date, now: datetime
) -> None:
    trials.add_rater(viewer, trial_id, entry, today=today, now=now)


def _begin(person_id: int, slug: str, *, now: datetime) -> None:
    """Take the first step of a module, so that home has something to go on with."""
    with transaction():
        services.enrol(person_id, slug, now=now)
    view = services.current_path(queries.enrolment_of(person_id, slug), now=now).next
    if view is not None:
        do_step(person_id, slug, view, now=now)


def _revoke_one(person_id: int, *, by: int, now: datetime) -> None:
    enrolment = queries.enrolments_of(person_id)[0]
    if enrolment.certificate_id is None:
        return
    with transaction():
        certificates.revoke(
            enrolment.certificate_id,
            reason_class=RevocationReason.HOLDERS_REQUEST,
            reason="Shown in the demonstration.",
            revoked_by=by,
            now=now,
        )


# --- a whole module, done by the reference --------------------------------------------------------


def complete(person_id: int, slug: str, *, now: datetime, hand: Hand | None = None) -> None:
    """Do a whole module, up to a try that is not passed.

    Args:
        hand: how cases are rated; without one, as somebody who agrees with the panel in
            everything.

    Raises:
        LmsError: if a step cannot be done; nothing is forced.
    """
    with transaction():
        services.enrol(person_id, slug, now=now)
    while True:
        enrolment = queries.enrolment_of(person_id, slug)
        view = services.current_path(enrolment, now=now).next
        if view is None or _has_failed(view):
            return
        do_step(person_id, slug, view, now=now, hand=hand)


def _has_failed(view: StepView) -> bool:
    return isinstance(view.step, CertificationStep) and bool(view.tries)


def do_step(
    person_id: int, slug: str, view: StepView, *, now: datetime, hand: Hand | None = None
) -> None:
    key = view.step.key
    match view.step:
        case TextStep():
            with transaction():
                services.read_text(person_id, slug, key, now=now)
        case SlidesStep(slides=slides):
            for slide in slides:
                with transaction():
                    services.see_slide(person_id, slug, key, slide.number, now=now)
        case VideoStep(film=film):
            _watch(person_id, slug, key, film.seconds or 0.0, now=now)
        case PracticeStep() | QuizStep() | CertificationStep():
            _answer(person_id, slug, key, now=now, hand=hand)


def _watch(person_id: int, slug: str, key: str, seconds: float, *, now: datetime) -> None:
    with transaction():
        services.open_lesson(person_id, slug, key, now=now - timedelta(seconds=seconds))
    with transaction():
        services.see_ranges(person_id, slug, key, [[0, seconds]], position=seconds, now=now)


def _answer(person_id: int, slug: str, key: str, *, now: datetime, hand: Hand | None) -> None:
    seed = hand.seed if hand else 1
    with transaction():
        attempt_id = services.begin_attempt(
            person_id, slug, key, seed=seed, extra_time=1.0, now=now
        )
    attempt = queries.attempt_of(person_id, attempt_id)
    answers = dict(reference_answers(attempt))
    if hand is not None:
        answers |= slipped(attempt, answers, hand)
    with transaction():
        services.save_answers(attempt, answers, now=now)
    with transaction():
        services.submit_attempt(person_id, attempt_id, now=now)


def reference_answers(attempt: queries.AttemptFacts) -> Iterator[tuple[str, Any]]:
    """Give (answer key, right answer) for everything that an attempt asks."""
    material = attempt.material
    for entry in attempt.drawn:
        if isinstance(entry, dict):
            question = material.questions[entry["question"]]
            yield question.key, right_answer(question)
        else:
            for item, answer in material.cases[entry].reference.items():
                reason = material.instrument.na_reasons
                given = dict(answer)
                if given["na"] and not given["reason"] and reason:
                    given["reason"] = reason[-1].code
                yield f"{entry}/{item}", given


def slipped(
    attempt: queries.AttemptFacts, answers: Mapping[str, Any], hand: Hand
) -> dict[str, Any]:
    """Give the ratings that a hand makes otherwise than the reference, each a grade beside it."""
    chance = random.Random(f"{hand.seed}/{attempt.step_key}/{attempt.number}")  # noqa: S311
    changed = {}
    for key, given in answers.items():
        item = key.partition("/")[2]
        off, up = chance.random() < hand.slips, chance.random() < hand.high
        far = 2 if chance.random() < 1 / 6 else 1
        if item and off and given["value"] is not None:
            scale = attempt.material.instrument.item(item).scale
            grade = _beside(scale, given["value"], far if up else -far)
            changed[key] = {**given, "value": grade}
    return changed


def _beside(scale: Any, value: Any, by: int) -> Any:
    """So many grades further, or five millimetres each on a line; the same at a scale's end."""
    if isinstance(value, int | float) and scale.kind in ("levels", "vas"):
        codes = [level.code for level in getattr(scale, "levels", ()) if level.value is not None]
        wanted = value + by * (5 if scale.kind == "vas" else 1)
        if wanted in codes or (scale.kind == "vas" and 0 <= wanted <= 100):
            return wanted
    return value


def right_answer(question: Question) -> Any:
    if question.answer is not None:
        return question.answer.value
    right = [option.key for option in question.options if option.correct]
    return right if question.kind == "several" else right[0]
