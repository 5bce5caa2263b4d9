"""What becomes of certificates on a real database: rows, races, as-of answers, erasure."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from lms import jobs, storage
from lms.accounts.domain import Role
from lms.audit import api as audit
from lms.certificates import api, queries, services
from lms.certificates.domain import (
    AlreadySuperseded,
    AlreadySuspended,
    BadFacts,
    NotInForce,
    NotSuspended,
    RevocationReason,
    State,
    SuccessionKind,
    SuspensionReason,
)
from lms.certificates.models import Certificate
from lms.db import db, transaction
from tests.factories import NOW, make_person
from tests.factories_certificates import issue, make_facts

pytestmark = pytest.mark.usefixtures("app")
TODAY = NOW.date()
PAUSE = services.Pause(SuspensionReason.UNDER_REVIEW, "A complaint is looked into.")


@pytest.fixture
def admin():
    return make_person(Role.ADMIN)


@pytest.fixture
def issued():
    return issue(make_person(name="Robin Hale").id)


def suspend(certificate_id, admin, now=NOW):
    with transaction():
        return api.suspend(certificate_id, PAUSE, suspended_by=admin.id, now=now)


def lift(certificate_id, admin, now=NOW):
    with transaction():
        return api.lift(certificate_id, reason="Nothing was found.", lifted_by=admin.id, now=now)


def succeed(certificate_id, admin, kind=SuccessionKind.REISSUE, now=NOW, **given):
    wanted = services.Replacement(kind, reason="Asked for by letter.", **given)
    with transaction():
        return api.succeed(certificate_id, wanted, by=admin.id, now=now)


def actions(certificate_id):
    return [event.action for event in audit.history_of(f"certificate:{certificate_id}")]


def state(code, on=TODAY):
    return api.verdict_for_code(code, on=on).state


# --- suspended ------------------------------------------------------------------------------------


def test_a_suspension_is_a_row_with_an_event_and_can_be_lifted(issued, admin):
    suspend(issued.id, admin)
    assert state(issued.code) is State.SUSPENDED
    lift(issued.id, admin, NOW + timedelta(days=10))
    assert state(issued.code, TODAY + timedelta(days=9)) is State.SUSPENDED
    assert state(issued.code, TODAY + timedelta(days=10)) is State.VALID
    assert actions(issued.id)[1:] == ["certificate suspended", "certificate suspension lifted"]
    suspend(issued.id, admin, NOW + timedelta(days=20))
    verdict = api.verdict_for_code(issued.code, on=TODAY + timedelta(days=30))
    assert verdict.suspension.on == TODAY + timedelta(days=20)


def test_twice_suspended_or_lifted_changes_nothing(issued, admin):
    with pytest.raises(NotSuspended):
        lift(issued.id, admin)
    suspend(issued.id, admin)
    with pytest.raises(AlreadySuspended):
        suspend(issued.id, admin)
    assert len(queries.certificate(issued.id).later.suspensions) == 1


def test_only_what_holds_can_be_suspended(issued, admin):
    succeed(issued.id, admin)
    with pytest.raises(NotInForce):
        suspend(issued.id, admin)


# --- superseded -----------------------------------------------------------------------------------


def test_a_correction_is_a_new_certificate_and_the_old_one_leads_to_it(issued, admin):
    new = succeed(issued.id, admin, SuccessionKind.CORRECTION, name="Robin Hale-Ito")
    old = queries.certificate(issued.id)

    assert old.facts == issued.facts
    assert (new.facts.name, new.facts.expires_on) == ("Robin Hale-Ito", issued.facts.expires_on)
    assert new.facts.issued_on == TODAY
    assert (old.later.succession.code, new.predecessor.code) == (new.code, old.code)
    assert (state(old.code), state(new.code)) == (State.SUPERSEDED, State.VALID)
    assert actions(old.id)[-1] == "certificate superseded"
    assert actions(new.id) == ["certificate issued"]


def test_before_the_successor_the_old_one_was_valid(admin):
    old = issue(make_person().id, facts=make_facts(issued_on=TODAY - timedelta(days=30)))
    succeed(old.id, admin)
    assert state(old.code, TODAY - timedelta(days=1)) is State.VALID


def test_a_certificate_has_one_successor(issued, admin):
    succeed(issued.id, admin)
    with pytest.raises(AlreadySuperseded):
        succeed(issued.id, admin)


def test_a_suspended_certificate_cannot_be_escaped_from_by_a_new_one(issued, admin):
    suspend(issued.id, admin)
    for kind in SuccessionKind:
        with pytest.raises(NotInForce):
            succeed(issued.id, admin, kind, expires_on=date(2030, 1, 1))


def test_an_expired_certificate_can_be_renewed_and_not_corrected(admin):
    facts = make_facts(issued_on=date(2024, 1, 1), expires_on=date(2026, 1, 1))
    old = issue(make_person().id, facts=facts)
    with pytest.raises(NotInForce):
        succeed(old.id, admin, SuccessionKind.CORRECTION, name="Other")
    new = succeed(old.id, admin, SuccessionKind.RENEWAL, expires_on=date(2030, 1, 1))
    assert state(old.code, TODAY - timedelta(days=1)) is State.EXPIRED
    assert new.facts.expires_on == date(2030, 1, 1)


def test_a_renewal_cannot_end_before_it_begins(issued, admin):
    with pytest.raises(BadFacts):
        succeed(issued.id, admin, SuccessionKind.RENEWAL, expires_on=TODAY - timedelta(days=1))
    assert queries.certificate(issued.id).later.succession is None


def test_a_line_of_three_is_read_whole_from_any_of_them(issued, admin):
    second = succeed(issued.id, admin)
    third = succeed(second.id, admin)
    for one in (issued, second, third):
        assert [found.id for found in queries.line_of(one)] == [issued.id, second.id, third.id]


# --- ended with a trial ---------------------------------------------------------------------------


def test_an_end_is_decided_once_and_taken_back_with_its_trial(admin):
    issued = issue(make_person().id, facts=make_facts(expires_on=None))
    given = {"ends_on": TODAY, "decided_by": admin.id, "now": NOW}
    with transaction():
        assert api.end_with("trial:1", [issued.id, issued.id], **given) == 1
    with transaction():
        assert api.end_with("trial:2", [issued.id], **given) == 0
    assert state(issued.code) is State.VALID
    assert state(issued.code, TODAY + timedelta(days=1)) is State.EXPIRED
    (held,) = api.certificates_of(issued.holder_id, on=TODAY)
    assert held.expires_on == TODAY
    with transaction():
        assert api.hold_on("trial:1", taken_back_by=admin.id, now=NOW) == 1
    assert state(issued.code, TODAY + timedelta(days=1)) is State.VALID


# --- many -----------------------------------------------------------------------------------------


def test_lists_ask_the_same_whatever_became_of_their_certificates(admin, count_queries):
    holder = make_person()
    made = [issue(holder.id, subject=f"s:{number}") for number in range(6)]
    for one in made[:3]:
        suspend(one.id, admin)
        lift(one.id, admin, NOW + timedelta(days=1))
        suspend(one.id, admin, NOW + timedelta(days=2))
    for one in made[3:]:
        succeed(one.id, admin)
    count_queries()
    held = api.certificates_of(holder.id, on=TODAY + timedelta(days=3))
    assert count_queries() == 1
    assert len(held) == 9
    assert sorted(one.state for one in held) == sorted(
        [State.SUSPENDED] * 3 + [State.SUPERSEDED] * 3 + [State.VALID] * 3
    )
    codes = [one.code for one in held]
    count_queries()
    assert len(api.verdicts_for_codes(codes, on=TODAY)) == 9
    assert count_queries() == 1


# --- erased ---------------------------------------------------------------------------------------


@pytest.fixture
def sealed(issued):
    jobs.run_pending()
    return queries.certificate(issued.id)


def erase(certificate_id, admin, now=NOW):
    with transaction():
        services.erase_line(
            certificate_id, reason="Letter of 1 June, file 7.", erased_by=admin.id, now=now
        )


def test_an_erasure_takes_the_person_out_and_leaves_code_hash_and_state(sealed, admin):
    data = storage.get(sealed.file.digest)
    erase(sealed.id, admin)
    row = db.session.get_one(Certificate, sealed.id)
    assert "Robin" not in str(row.facts)
    assert "Cases" not in str(row.facts["score"])
    assert row.facts_digest == sealed.facts.digest()

    verdict = api.verdict_for_code(sealed.code, on=TODAY)
    assert (verdict.state, verdict.erased, verdict.facts) == (State.REVOKED, True, None)
    assert verdict.revocation.reason is RevocationReason.HOLDERS_REQUEST
    assert storage.exists(sealed.file.digest)
    jobs.run_pending()
    assert not storage.exists(sealed.file.digest)
    copy = api.verdict_for_file(data, on=TODAY, now=datetime(2026, 6, 20, tzinfo=UTC))
    assert (copy.state, copy.facts, copy.code) == (State.REVOKED, None, sealed.code)
    assert actions(sealed.id)[-1] == "certificate erased"
    assert audit.broken_links() == []


def test_the_whole_line_is_erased_and_none_of_it_is_made_again(issued, admin):
    second = succeed(issued.id, admin, SuccessionKind.CORRECTION, name="Robin Hale-Ito")
    erase(second.id, admin)
    names = db.session.scalars(select(Certificate.facts["name"])).all()
    assert names == ["–", "–"]
    assert queries.unsealed() == []
    jobs.run_pending()
    assert queries.certificate(second.id).file is None
    (held, _old) = api.certificates_of(issued.holder_id, on=TODAY)
    assert held.state is State.REVOKED


def test_a_misconduct_that_was_public_stays_public_when_data_are_erased(issued, admin):
    with transaction():
        api.revoke(
            issued.id,
            reason_class=RevocationReason.MISCONDUCT,
            reason="Ratings were made up.",
            revoked_by=admin.id,
            now=NOW,
        )
    erase(issued.id, admin)
    found = api.verdict_for_code(issued.code, on=TODAY)
    assert found.revocation.reason is RevocationReason.MISCONDUCT


def test_a_file_that_was_drawn_during_the_erasure_leaves_the_store_again(issued, admin):
    from lms.certificates.letters import letter_for
    from lms.certificates.sealing import seal

    drawn = seal(issued, now=datetime(2026, 11, 21, tzinfo=UTC))
    erase(issued.id, admin)
    with transaction():
        services.record_seal(issued.id, drawn, letter=letter_for(issued), now=NOW)
    assert storage.exists(drawn.digest)
    jobs.run_pending()
    assert not storage.exists(drawn.digest)
    assert queries.certificate(issued.id).file is None
