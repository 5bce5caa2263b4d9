"""From the end of the path to a certificate, in the same transaction and once."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext

from lms.accounts import api as accounts
from lms.certificates import api as certificates
from lms.certificates.domain import (
    AgreementLine,
    Facts,
    IssuedCertificate,
    ScoreLine,
    State,
    Validity,
    last_day,
)
from lms.db import db
from lms.errors import N_
from lms.modules import queries
from lms.modules.domain import Path, path_of, total_tolerance
from lms.modules.material import Material
from lms.modules.models import Qualification, Result
from lms.modules.queries import EnrolmentFacts
from lms.packages import api as packages
from lms.packages.domain import CertificateSpec, CertificationStep, Criteria, QuizStep
from lms.packages.domain.content import criteria_from_json
from lms.web.i18n import in_language

ISSUER = "Concord"
RIGHTS: Final = {
    "open_reuse": N_("Open reuse"),
    "permission_required": N_("Permission required"),
    "unresolved": N_("Unresolved"),
    "external_only": N_("External only"),
}


def qualify(enrolment: EnrolmentFacts, *, now: datetime, although_left: bool = False) -> None:
    """Issue the certificate if the path is finished and there is none yet.

    Called after every step that may have been the last one. The unique enrolment in the table
    settles two tabs: the second one finds the row or breaks on it, and nothing is issued twice.
    Who was put on a further round qualifies by that one: a try that was still open counts no more.

    Args:
        although_left: only a later round that ended in a certificate stands against it.
    """
    if enrolment.certificate_id is not None:
        return
    material = enrolment.material
    path = path_of(material.content, queries.facts_of(enrolment), now=now)
    if not path.finished or queries.has_later_round(enrolment, certified=although_left):
        return
    before = _to_be_renewed(enrolment, now.date())
    with in_language(material.content.language):
        facts = facts_for(
            enrolment, material, path, previous_end=before.ends_on if before else None, now=now
        )
    issued = _issue(enrolment, facts, validity_of(material.content.certificate), before, now=now)
    db.session.add(
        Qualification(
            enrolment_id=enrolment.id,
            certificate_id=issued.id,
            package_slug=enrolment.slug,
            qualified_at=now,
        )
    )
    db.session.flush()  # asks the unique constraint before anything else happens


def _to_be_renewed(enrolment: EnrolmentFacts, today: date) -> IssuedCertificate | None:
    """Return the certificate of an earlier round whose place the new one takes.

    One that was withdrawn, or that is suspended, keeps its state: the new one stands beside it.
    """
    certificate_id = queries.earlier_certificate(enrolment)
    if certificate_id is None:
        return None
    newest = certificates.newest_in_line(certificate_id)
    in_order = not newest.erased and newest.state_on(today) in (State.VALID, State.EXPIRED)
    return newest if in_order else None


def _issue(
    enrolment: EnrolmentFacts,
    facts: Facts,
    validity: Validity,
    before: IssuedCertificate | None,
    *,
    now: datetime,
) -> IssuedCertificate:
    subject = f"enrolment:{enrolment.id}"
    if before is None:
        return certificates.issue(
            facts, holder_id=enrolment.person_id, subject=subject, now=now, validity=validity
        )
    return certificates.renew(
        before.id,
        facts,
        subject=subject,
        validity=validity,
        reason="The module was passed once more.",
        by=enrolment.person_id,
        now=now,
    )


def facts_for(
    enrolment: EnrolmentFacts,
    material: Material,
    path: Path,
    *,
    previous_end: date | None = None,
    now: datetime,
) -> Facts:
    """Freeze what the certificate will say, as of now and in the present language.

    Args:
        previous_end: the last day of the certificate whose place it takes.
    """
    content = material.content
    results = queries.results_of(enrolment.id)
    passed = {
        view.step.key: results[attempt.id]
        for view in path.steps
        for attempt in view.tries
        if attempt.passed and attempt.id in results
    }
    carried = [view.step.key for view in path.steps if view.carried]
    passed = queries.earlier_passes(enrolment, carried) | passed
    return Facts(
        name=accounts.person(enrolment.person_id).name,
        title=content.certificate.title,
        module_title=content.title,
        module_slug=content.slug,
        instrument_title=material.instrument.title,
        instrument_ref=material.instrument.ref,
        instrument_note=instrument_note(material),
        release_version=content.version,
        release_digest=packages.release(enrolment.release_id).digest,
        level=level_of(material, passed) or content.certificate.level,
        score=score_lines(material, passed),
        agreement=agreement_of(material, passed),
        language=content.language,
        issued_on=now.date(),
        expires_on=last_day(
            validity_of(content.certificate), now.date(), previous_end=previous_end
        )[0],
        demonstration=content.demonstration,
        rights=_(RIGHTS[content.rights.status]),
        issuer=ISSUER,
    )


def validity_of(certificate: CertificateSpec) -> Validity:
    """Return the package's rule as the one that certificates end by."""
    return Validity(**asdict(certificate.rule))


def instrument_note(material: Material) -> str:
    """Say what tells the form apart on paper: how many items, and its totals' ranges."""
    instrument = material.instrument
    parts = [ngettext("%(num)s item", "%(num)s items", len(instrument.items))]
    parts += [
        _("%(total)s %(low)s to %(high)s", total=one.label, low=one.minimum, high=one.maximum)
        for one in instrument.totals
        if not one.open_ended
    ]
    parts += [
        _("%(setting)s: %(value)s", setting=one.label, value=one.words)
        for one in instrument.settings
    ]
    return ", ".join(parts)


def score_lines(material: Material, passed: dict[str, Result]) -> tuple[ScoreLine, ...]:
    """Say how well each counted step was passed, in words that are printed."""
    lines = []
    for step in material.content.steps:
        result = passed.get(step.key)
        if result is None:
            continue
        if isinstance(step, QuizStep):
            lines.append(
                ScoreLine(
                    _("Quiz"),
                    _(
                        "%(n)s of %(all)s right, %(required)s required",
                        n=result.reached,
                        all=result.of,
                        required=result.required,
                    ),
                )
            )
            lines += _marked_anew(result)
        if isinstance(step, CertificationStep):
            lines += _certification_lines(material, step, result)
    return tuple(lines)


def _marked_anew(result: Result) -> list[ScoreLine]:
    """Say by which release a result was marked that does not stand on the rules of its own."""
    regraded = result.detail.get("regraded")
    if regraded is None:
        return []
    told = _("by the rules of release %(version)s", version=regraded["release"])
    return [ScoreLine(_("Marked anew"), told)]


def level_of(material: Material, passed: dict[str, Result]) -> str | None:
    """Return the title of the level that was reached; None where the module has no levels."""
    titles = [
        passed[step.key].detail.get("level_title")
        for step in material.content.steps
        if isinstance(step, CertificationStep) and step.key in passed
    ]
    return next((title for title in titles if title), None)


def criteria_of(step: CertificationStep, result: Result) -> Criteria:
    """Return the criteria by which a result was passed: the step's, or those of its level."""
    regraded = result.detail.get("regraded")
    if regraded is not None:
        return criteria_from_json(regraded["criteria"])
    reached = result.detail.get("level")
    found = (level.criteria for level in step.levels if level.key == reached)
    return next(found, step.criteria)


def _certification_lines(
    material: Material, step: CertificationStep, result: Result
) -> list[ScoreLine]:
    detail, criteria = result.detail, criteria_of(step, result)
    lines = [
        ScoreLine(
            _("Cases in agreement"),
            _(
                "%(n)s of %(all)s, %(required)s required",
                n=result.reached,
                all=result.of,
                required=result.required,
            ),
        ),
        ScoreLine(
            _("Items within tolerance"),
            _("%(n)s of %(all)s", n=detail["items_within"], all=detail["items_of"]),
        ),
    ]
    if criteria.total_within is not None and detail["largest_gap"] is not None:
        lines.append(
            ScoreLine(
                _("Largest gap in a total"),
                _(
                    "%(gap)s, at most %(tolerance)s agrees",
                    gap=detail["largest_gap"],
                    tolerance=total_tolerance(material.instrument, criteria.total_within),
                ),
            )
        )
    return lines + _marked_anew(result)


def agreement_of(material: Material, passed: dict[str, Result]) -> AgreementLine | None:
    """Return the figure for the certificate's line: items within tolerance, of all scored."""
    for step in material.content.steps:
        result = passed.get(step.key)
        if isinstance(step, CertificationStep) and result is not None:
            of = result.detail["items_of"]
            return AgreementLine(
                reached=result.detail["items_within"],
                required=min(_items_required(step, result), of),
                of=of,
                unit=_("items"),
            )
    return None


def _items_required(step: CertificationStep, result: Result) -> int:
    """How many items were needed; results of older versions do not say it themselves."""
    told = result.detail.get("items_required")
    if told is not None:
        return int(told)
    criterion = step.criteria.item_within
    return criterion.items * step.criteria.cases if criterion else 0
