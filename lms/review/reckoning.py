"""Working out a question of what if: past tries read as a stream and judged in bundles."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from lms.certificates import api as certificates
from lms.certificates.domain import State
from lms.instruments.domain import Instrument
from lms.modules import api as modules
from lms.modules.domain.changed import ChangedRules, form_of
from lms.modules.domain.changed_quiz import AnyRules, ChangedQuiz, QuizBook
from lms.modules.domain.crowd import NO_LEVEL, Crowd, passed_by
from lms.modules.domain.many import Book
from lms.packages import api as packages
from lms.packages.domain import Case, CertificationStep, QuizStep
from lms.review.domain.what_if import (
    Outcomes,
    Rounds,
    TouchedCertificate,
    TouchedTrial,
    WhatIfResult,
    tallies,
    tally,
)
from lms.trials import api as trials

AT_ONCE = 5000  # tries that are judged together


@dataclass
class _Group:
    """Tries at the same cases of one release that wait to be judged."""

    instrument: Instrument
    step: CertificationStep
    cases: tuple[Case, ...]
    crowd: Crowd
    keys: frozenset[str]
    waiting: list[modules.PastTry] = field(default_factory=list)


class Reckoner:
    """Judges past tries by changed rules: the same verdicts as marking, many at once."""

    def __init__(self, rules: ChangedRules) -> None:
        self.rules = rules
        self.outcomes = Outcomes()
        self.left_out = 0
        self.levels: Counter[str] = Counter()
        self._steps: dict[int, tuple[Instrument, CertificationStep, Book] | None] = {}
        self._groups: dict[tuple[int, str], _Group | None] = {}

    @property
    def reached(self) -> tuple[tuple[str, int], ...]:
        """How many tries would have reached each level, by its title."""
        return tuple(sorted(self.levels.items()))

    def add(self, one: modules.PastTry) -> None:
        group = self._group(one)
        if group is None:
            self.left_out += 1
            return
        group.crowd.add(one.answers)
        group.waiting.append(one)
        if len(group.waiting) >= AT_ONCE:
            self._judge(group)

    def finish(self) -> Outcomes:
        """Judge what is left, and return everything."""
        for group in filter(None, self._groups.values()):
            self._judge(group)
        return self.outcomes

    def _group(self, one: modules.PastTry) -> _Group | None:
        key = (one.release_id, one.form)
        if key not in self._groups:
            self._groups[key] = self._new_group(one)
        group = self._groups[key]
        return group if group is not None and group.keys <= set(one.drawn) else None

    def _new_group(self, one: modules.PastTry) -> _Group | None:
        found = self._step(one.release_id)
        form = form_of(found[1], one.form) if found is not None else None
        if found is None or form is None:
            return None
        instrument, step, book = found
        keys = [case.key for case in form.cases]
        crowd = Crowd(instrument, keys, book)
        return _Group(instrument, step, form.cases, crowd, frozenset(keys))

    def _step(self, release_id: int) -> tuple[Instrument, CertificationStep, Book] | None:
        """Return a release's step by the rules; None where they do not apply to it."""
        if release_id not in self._steps:
            material = modules.material_of(packages.release(release_id).digest)
            steps = {step.key: step for step in material.content.steps}
            step = steps.get(self.rules.step)
            applies = isinstance(step, CertificationStep) and self.rules.fits(material.instrument)
            self._steps[release_id] = (
                (material.instrument, self.rules.over(step), Book(material.instrument))
                if isinstance(step, CertificationStep) and applies
                else None
            )
        return self._steps[release_id]

    def _judge(self, group: _Group) -> None:
        if not group.waiting:
            return
        passed, levels = passed_by(group.instrument, group.cases, group.step, group.crowd)
        for number, count in Counter(levels.tolist()).items():
            if number != NO_LEVEL:
                self.levels[group.step.levels[number].title] += count
        _note(self.outcomes, group.waiting, passed.tolist())
        group.waiting = []
        group.crowd.clear()


class QuizReckoner:
    """Judges past tries at a quiz by changed rules: the same verdicts as marking."""

    reached = ()  # a quiz has no levels

    def __init__(self, rules: ChangedQuiz) -> None:
        self.rules = rules
        self.outcomes = Outcomes()
        self.left_out = 0
        self._waiting: list[modules.PastTry] = []
        self._passed: list[bool] = []
        self._books: dict[int, QuizBook | None] = {}

    def add(self, one: modules.PastTry) -> None:
        book = self._book(one.release_id)
        if book is None:
            self.left_out += 1
            return
        self._waiting.append(one)
        self._passed.append(book.passed(json.loads(one.answers)))
        if len(self._waiting) >= AT_ONCE:
            self._write_down()

    def finish(self) -> Outcomes:
        """Return everything."""
        self._write_down()
        return self.outcomes

    def _write_down(self) -> None:
        _note(self.outcomes, self._waiting, self._passed)
        self._waiting, self._passed = [], []

    def _book(self, release_id: int) -> QuizBook | None:
        """Return a release's quiz by the rules; None where they do not apply to it."""
        if release_id not in self._books:
            material = modules.material_of(packages.release(release_id).digest)
            step = next((s for s in material.content.steps if s.key == self.rules.step), None)
            applies = isinstance(step, QuizStep) and self.rules.fits(step)
            self._books[release_id] = (
                QuizBook(self.rules.over(step)) if isinstance(step, QuizStep) and applies else None
            )
        return self._books[release_id]


def _note(out: Outcomes, tries: Sequence[modules.PastTry], passed: Sequence[bool]) -> None:
    out.ids += [one.id for one in tries]
    out.enrolments += [one.enrolment_id for one in tries]
    out.people += [one.person_id for one in tries]
    out.releases += [one.release_id for one in tries]
    out.forms += [one.form for one in tries]
    out.before += [one.passed for one in tries]
    out.after += passed


@dataclass
class _Held:
    """The latest round of each person that ended in a certificate, as it goes by."""

    rounds: dict[int, tuple[int, int]] = field(default_factory=dict)

    def see(self, one: modules.PastTry) -> None:
        if one.certificate_id is not None and self.rounds.get(one.person_id, (0, 0))[0] < one.round:
            self.rounds[one.person_id] = (one.round, one.enrolment_id)


def reckon(
    slug: str,
    rules: AnyRules,
    *,
    today: date,
    said: Callable[[int, int], None] = lambda done, of: None,
) -> WhatIfResult:
    """Return what the rules would have done to all tries at a step of a module.

    Args:
        today: which certificates are in force, and who is on rosters, is looked at on this day.
        said: told how many tries of how many are done.
    """
    quiz = isinstance(rules, ChangedQuiz)
    read = modules.past_quiz_tries if quiz else modules.past_tries
    reckoner = QuizReckoner(rules) if isinstance(rules, ChangedQuiz) else Reckoner(rules)
    held = _Held()
    total, done = modules.count_past_tries(slug, rules.step), 0
    said(0, total)
    for bundle in read(slug, rules.step):
        for one in bundle:
            reckoner.add(one)
            held.see(one)
        done += len(bundle)
        said(done, total)
    outcomes = reckoner.finish()
    return _told(slug, outcomes, reckoner, held, today)


def _told(
    slug: str, outcomes: Outcomes, reckoner: Reckoner | QuizReckoner, held: _Held, today: date
) -> WhatIfResult:
    rounds = outcomes.rounds()
    before, after = outcomes.before, outcomes.after
    versions = {one: packages.release(one).version for one in set(outcomes.releases)}
    stays = {stay.person_id: stay for stay in trials.stays_asking(slug, on=today)}
    sites = [_site(stays.get(person)) for person in rounds.people.tolist()]
    languages = [_language(stays.get(person)) for person in rounds.people.tolist()]
    return WhatIfResult(
        tries=tally("", before, after),
        people=tally("", rounds.before, rounds.after),
        left_out=reckoner.left_out,
        forms=tallies(outcomes.forms, before, after) if any(outcomes.forms) else (),
        releases=tallies([versions[one] for one in outcomes.releases], before, after),
        sites=tallies(sites, rounds.before, rounds.after),
        languages=tallies(languages, rounds.before, rounds.after),
        levels=reckoner.reached,
        changed=outcomes.changed,
        certificates=_certificates(slug, rounds, held, today),
        trials=_trials(slug, rounds, today),
    )


def _site(stay: trials.Stay | None) -> str:
    return "" if stay is None else f"{stay.code} / {stay.site}"


def _language(stay: trials.Stay | None) -> str:
    return "" if stay is None else stay.language


def _certificates(
    slug: str, rounds: Rounds, held: _Held, today: date
) -> tuple[TouchedCertificate, ...]:
    """The certificates in force whose holder's last passed round would not have been passed."""
    lost = rounds.lost
    holders = {person: e for person, (_round, e) in held.rounds.items() if e in lost}
    return tuple(
        TouchedCertificate(one.code, one.id, one.holder_id, holders[one.holder_id])
        for one in certificates.states_for_people(holders, today)
        if one.module_slug == slug and one.state is State.VALID
    )


def _trials(slug: str, rounds: Rounds, today: date) -> tuple[TouchedTrial, ...]:
    lost, gained = rounds.people_lost, rounds.people_gained
    found: dict[int, list[trials.Stay]] = {}
    for stay in trials.stays_asking(slug, on=today):
        if stay.person_id in lost | gained:
            found.setdefault(stay.trial_id, []).append(stay)
    return tuple(
        TouchedTrial(
            trial_id=trial_id,
            name=stays[0].trial,
            code=stays[0].code,
            gained=len({stay.person_id for stay in stays} & gained),
            lost=len({stay.person_id for stay in stays} & lost),
        )
        for trial_id, stays in sorted(found.items())
    )
