"""Whether what a package says about the end of its certificates fits together."""

from typing import Any

from lms.errors import N_
from lms.packages.reader.findings import Findings
from lms.packages.reader.yaml import Document

Data = dict[str, Any]


def check_terms(document: Document, certificate: Data, findings: Findings) -> None:
    """Note what contradicts itself in the rule of validity."""
    rule = certificate["validity"]
    if rule is None:
        return
    if certificate["valid_months"] is not None:
        findings.error(
            document.place("certificate", "valid_months", key=True),
            N_("The end is said twice, by valid_months and by validity."),
            N_("Keep one of the two."),
        )
    if rule["months"] is None:
        _check_without_months(document, rule, findings)
    elif rule["keep_anniversary_months"] > rule["months"]:
        findings.error(
            document.place("certificate", "validity", "keep_anniversary_months"),
            N_("An anniversary cannot be kept for longer than a certificate holds."),
            N_("Write at most %(months)s here."),
            months=rule["months"],
        )


def check_renewal(document: Document, package: Data, findings: Findings) -> None:
    """Note steps that a renewal asks for and that there are not, and a renewal without a test."""
    again = package["certificate"]["renewal"]
    if again is None:
        return
    kinds = {step["key"]: step["kind"] for step in package["steps"]}
    for number, key in enumerate(again):
        if key not in kinds:
            findings.error(
                document.place("certificate", "renewal", number),
                N_("A renewal asks for “%(key)s”, and there is no such step."),
                N_("Write the key of a step of this package."),
                key=key,
            )
    if not any(kinds.get(key) in ("quiz", "certification") for key in again):
        findings.warn(
            document.place("certificate", "renewal", key=True),
            N_("A renewal asks for no quiz and no certification cases."),
            N_("Who renews would be certified again without showing anything."),
        )


def _check_without_months(document: Document, rule: Data, findings: Findings) -> None:
    for name in ("end_of_month", "keep_anniversary_months"):
        if rule[name]:
            findings.error(
                document.place("certificate", "validity", name, key=True),
                N_("“%(key)s” says something about months, and there are none."),
                N_("Say after how many months it ends, or leave this out."),
                key=name,
            )
    if not rule["while_trial_open"]:
        findings.error(
            document.place("certificate", "validity", key=True),
            N_("The rule names no end."),
            N_("Say months or while_trial_open; for no end, leave validity out."),
        )
