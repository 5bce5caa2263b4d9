"""The completion report when certificates are suspended, replaced, ended or erased."""

from datetime import timedelta

import pytest

from lms.accounts.domain import Role
from lms.certificates import services
from lms.certificates.domain import SuccessionKind, SuspensionReason
from lms.clock import utc_now
from lms.db import transaction
from lms.modules import queries as training
from lms.reports.domain import RowState, Show, Sought
from lms.reports.queries import completion
from tests.factories import make_person
from tests.factories_modules import SLUG, do_all
from tests.factories_packages import make_release

NOW = utc_now()
TODAY = NOW.date()


@pytest.fixture
def admin(app):
    make_release()
    return make_person(Role.ADMIN)


@pytest.fixture
def first(admin):
    person = make_person()
    do_all(person, now=NOW)
    return training.enrolment_of(person.id, SLUG).certificate_id


def the_row(today=TODAY):
    (row,) = completion.rows(Sought(), completion.releases(), today=today, limit=5)
    return row


def shown(show, today=TODAY):
    known = completion.releases()
    return len(completion.rows(Sought(show=show), known, today=today, limit=5))


def states_shown(today=TODAY):
    asked = (Show.VALID, Show.ENDED, Show.SUSPENDED, Show.REVOKED)
    return [one.value for one in asked if shown(one, today)]


def suspend(certificate_id, admin):
    pause = services.Pause(SuspensionReason.UNDER_REVIEW, "A complaint.")
    with transaction():
        services.suspend_certificate(certificate_id, pause, suspended_by=admin.id, now=NOW)


def renew(certificate_id, admin, expires_on):
    wanted = services.Replacement(SuccessionKind.RENEWAL, reason="Due", expires_on=expires_on)
    with transaction():
        return services.succeed(certificate_id, wanted, by=admin.id, now=NOW)


def test_a_suspended_certificate_is_neither_valid_nor_ended(first, admin):
    suspend(first, admin)
    assert (the_row().state, the_row().suspended_at) == (RowState.SUSPENDED, NOW)
    assert states_shown() == ["suspended"]
    with transaction():
        services.lift_suspension(first, reason="Fine", lifted_by=admin.id, now=NOW)
    assert the_row().state is RowState.VALID
    assert states_shown() == ["valid"]


def test_the_newest_of_a_line_is_the_one_that_counts(first, admin):
    second = renew(first, admin, TODAY + timedelta(days=10))
    third = renew(second.id, admin, TODAY + timedelta(days=20))
    row = the_row()
    assert (row.certificate_id, row.code, row.ends_on) == (
        third.id,
        third.code,
        TODAY + timedelta(days=20),
    )
    later = TODAY + timedelta(days=15)
    assert (the_row(later).state, states_shown(later)) == (RowState.VALID, ["valid"])
    suspend(third.id, admin)
    assert states_shown() == ["suspended"]


def test_a_certificate_that_ended_with_its_trial_has_ended(first, admin):
    with transaction():
        services.end_certificates(
            [first], ends_on=TODAY, decided_for="trial:1", decided_by=admin.id, now=NOW
        )
    tomorrow = TODAY + timedelta(days=1)
    assert (the_row().state, the_row().ends_on) == (RowState.VALID, TODAY)
    assert (the_row(tomorrow).state, states_shown(tomorrow)) == (RowState.ENDED, ["ended"])


def test_the_report_survives_an_erasure(first, admin):
    with transaction():
        services.erase_line(first, reason="Letter", erased_by=admin.id, now=NOW)
    assert the_row().state is RowState.REVOKED
    assert states_shown() == ["revoked"]
    (figures,) = completion.figures(Sought(), completion.releases(), today=TODAY)
    assert (figures.certified, figures.agreement) == (1, ())
    (bundle,) = completion.stream(Sought(), completion.releases(), today=TODAY)
    assert [row[6] for row in bundle] == ["revoked"]
