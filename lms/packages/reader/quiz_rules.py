"""A required mark and right answers that somebody writes to ask "what if" of a quiz."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from lms.errors import N_
from lms.packages.domain.content import NumberAnswer, Question, QuizStep
from lms.packages.domain.findings import Report
from lms.packages.reader.findings import Findings, Place
from lms.packages.reader.questions import option_key
from lms.packages.reader.rules import FILE
from lms.packages.reader.shape import shaped
from lms.packages.reader.yaml import Document, read_yaml
from lms.packages.schemas import QuizRulesSchema


@dataclass(frozen=True)
class WrittenQuizRules:
    """What was written.

    Args:
        pass_mark: None where nothing was said of it.
        keys: by question, the keys of its right choices, or the right figure.
    """

    pass_mark: int | None
    keys: Mapping[str, tuple[str, ...] | NumberAnswer]


def read_quiz_rules(text: str, step: QuizStep) -> tuple[WrittenQuizRules | None, Report]:
    """Read rules for a quiz; None, with what is wrong and where, if they do not stand."""
    findings = Findings()
    document = read_yaml(FILE, text.encode(), findings)
    data = shaped(document, QuizRulesSchema, findings) if document is not None else None
    if document is None or data is None:
        return None, findings.report()
    _check_mark(document, data["pass_mark"], step, findings)
    keys = _keys(document, data["answers"], step, findings)
    report = findings.report()
    if report.errors:
        return None, report
    return WrittenQuizRules(data["pass_mark"], keys), report


def _check_mark(document: Document, mark: int | None, step: QuizStep, findings: Findings) -> None:
    if mark is not None and mark > step.drawn:
        findings.error(
            document.place("pass_mark"),
            N_("%(mark)s right answers are needed, and %(drawn)s questions are drawn."),
            N_("Ask for fewer."),
            mark=mark,
            drawn=step.drawn,
        )


def _keys(
    document: Document, data: Mapping[str, Any], step: QuizStep, findings: Findings
) -> dict[str, tuple[str, ...] | NumberAnswer]:
    questions = step.questions
    found: dict[str, tuple[str, ...] | NumberAnswer] = {}
    for key, raw in data.items():
        place = document.place("answers", key)
        if key not in questions:
            findings.error(
                place,
                N_("The quiz has no question “%(question)s”."),
                N_("Its questions are: %(known)s."),
                question=key,
                known=", ".join(questions),
            )
            continue
        number = questions[key].kind == "number"
        read = _figure(raw, place, findings) if number else None
        if not number:
            read = _choices(questions[key], raw, place, findings)  # type: ignore[assignment]
        if read is not None:
            found[key] = read
    return found


def _figure(raw: Any, place: Place, findings: Findings) -> NumberAnswer | None:
    told = raw if isinstance(raw, Mapping) else {"value": raw}
    value, tolerance = told.get("value"), told.get("tolerance", 0)
    sound = all(isinstance(one, int | Decimal) and one is not True for one in (value, tolerance))
    if not sound or not told.keys() <= {"value", "tolerance"} or tolerance < 0:
        findings.error(
            place,
            N_("The right answer to this question is a figure."),
            N_("Write {value: 52, tolerance: 0}."),
        )
        return None
    return NumberAnswer(str(value), str(tolerance))


def _choices(
    question: Question, raw: Any, place: Place, findings: Findings
) -> tuple[str, ...] | None:
    words = [str(one).strip() for one in (raw if isinstance(raw, list) else [raw])]
    known = plain_choices(question)
    named = {label: key for key, label in known.items()}
    keys = [_choice(question, word, known, named) for word in words]
    for word, key in zip(words, keys, strict=True):
        if key is None:
            findings.error(
                place,
                N_("The question has no choice “%(choice)s”."),
                N_("Its choices are: %(known)s. Put figures in quotes."),
                choice=word,
                known=" | ".join(known.values()),
            )
            return None
    right = tuple(dict.fromkeys(key for key in keys if key is not None))
    if not right or (question.kind == "one" and len(right) > 1):
        findings.error(
            place,
            N_("The question has %(right)s right choices."),
            N_("Kind one needs exactly one, kind several at least one."),
            right=len(right),
        )
        return None
    return right


def _choice(
    question: Question, word: str, known: Collection[str], named: Mapping[str, str]
) -> str | None:
    """Return the key of a choice, said by its words in the file, by what is read, or by its key."""
    of_words = option_key(question.key, word)
    if of_words in known:
        return of_words
    return word if word in known else named.get(word)


def plain_choices(question: Question) -> dict[str, str]:
    """Return what names each choice of a question to people: its words, or where others have the
    same or there are none, its key."""
    words = {
        one.key: Markup(one.html).striptags()  # noqa: S704  (its tags are taken out)
        for one in question.options
    }
    often = Counter(words.values())
    return {key: text if text and often[text] == 1 else key for key, text in words.items()}


def quiz_rules_as_text(step: QuizStep) -> str:
    """Write a quiz's required mark as a package would, to be changed and read again."""
    return f"pass_mark: {step.pass_mark}\n"


def key_as_text(question: Question, right: Collection[str] | NumberAnswer) -> str:
    """Write another key of one question, to be read again.

    Args:
        right: the keys of its right choices, or the right figure.
    """
    if isinstance(right, NumberAnswer):
        told = f"{{value: {right.value}, tolerance: {right.tolerance}}}"
    else:
        names = plain_choices(question)
        told = "[" + ", ".join(_quoted(names[key]) for key in names if key in right) + "]"
    return f"answers:\n  {question.key}: {told}\n"


def _quoted(text: str) -> str:
    plain = " ".join(text.split())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
