"""Which case of a folder is the follow-up visit of which: checked, and put in order."""

from collections.abc import Mapping, Sequence

from lms.errors import N_
from lms.packages.domain.content import Case
from lms.packages.domain.visits import patients_of
from lms.packages.reader.findings import Findings, Place


def in_order(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Return the cases with each follow-up right after its initial visit."""
    return tuple(case for patient in patients_of(cases) for case in patient)


def check_visits(
    follows: Mapping[str, str | None], places: Mapping[str, Place], findings: Findings
) -> bool:
    """Tell whether the follow-up visits of a folder fit together; each mistake is found.

    Args:
        follows: every case of the folder by key, with the key that it follows.
        places: where each says so.
    """
    sound = True
    named: set[str] = set()
    for key, target in follows.items():
        if target is None:
            continue
        message, remedy = _problem(key, target, follows, named)
        if message:
            known = ", ".join(one for one in follows if one != key and not follows[one])
            findings.error(places[key], message, remedy, target=target, known=known or "-")
            sound = False
        named.add(target)
    return sound


def _problem(
    key: str, target: str, follows: Mapping[str, str | None], named: set[str]
) -> tuple[str, str]:
    if target == key:
        return (
            N_("This case follows itself."),
            N_("Name the initial visit here: another case of the same folder."),
        )
    if target not in follows:
        return (
            N_("There is no case “%(target)s” in this folder."),
            N_("A follow-up stands in the same folder as its initial visit. Cases there: "
               "%(known)s."),
        )  # fmt: skip
    if follows[target] is not None:
        return (
            N_("“%(target)s” is a follow-up visit itself."),
            N_("A patient has two visits: name one that follows nothing."),
        )
    if target in named:
        return (
            N_("“%(target)s” has another follow-up visit already."),
            N_("A patient has two visits: give this one an initial visit of its own."),
        )
    return "", ""
