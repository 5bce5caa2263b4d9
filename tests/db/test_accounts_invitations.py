"""Invitations and mailed links: services, the job that mails them, and what a link may do."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lms.accounts import api, passwords, queries, services
from lms.accounts.domain import (
    AddressTaken,
    Choices,
    InvitationClosed,
    InvitationState,
    LinkEnded,
    NotYours,
    Role,
    WeakPassword,
)
from lms.accounts.models import Invitation, MailedLink, Person, SignInSession
from lms.audit import api as audit
from lms.clock import utc_now
from lms.db import db, transaction
from tests.factories import PASSWORD, make_person
from tests.factories_accounts import empty_outbox, token_in

NEW_PASSWORD = "eleven green herons"
ROBIN = "robin@example.org"


@pytest.fixture
def outbox(app):
    return empty_outbox(app)


def invite(email=ROBIN, **values):
    with transaction():
        return api.invite(email, **{"invited_by": None, "now": utc_now(), **values})


def ask_for_reset(email):
    with transaction():
        services.request_reset(email, now=utc_now())


def state_of(invitation_id, now=None):
    return queries.state_of(queries.invitation_of(invitation_id), now or utc_now())


def test_an_invitation_is_mailed_and_only_its_hash_is_kept(outbox, run_jobs):
    boss = make_person(Role.ADMIN, name="Ada Lang")
    invitation_id = invite(invited_by=boss.id, reason="You rate at site 3.")

    run_jobs()

    (message,) = outbox
    assert message.to == [ROBIN]
    assert message.subject == "Ada Lang invites you to Concord"
    assert "You rate at site 3." in message.body
    row = queries.invitation_of(invitation_id)
    assert row.token_hash == queries.token_hash(token_in(message))
    assert token_in(message) not in str(db.session.execute(select(Invitation.__table__)).all())


def test_a_second_invitation_of_the_same_address_is_the_first_one(outbox, run_jobs):
    assert invite() == invite("Robin@Example.org", name="Robin")

    run_jobs()

    assert len(outbox) == 1


def test_inviting_to_more_widens_the_open_invitation_and_mails_it_again(outbox, run_jobs):
    first = invite()
    run_jobs()

    assert invite(roles=[Role.COORDINATOR]) == first
    run_jobs()

    assert queries.invitation_of(first).roles == ["coordinator", "trainee"]
    assert len(outbox) == 2
    with pytest.raises(LinkEnded):
        queries.open_invitation(token_in(outbox[0]), utc_now())


def test_accepting_opens_an_account_with_the_invited_roles(outbox, run_jobs):
    boss = make_person(Role.ADMIN)
    invitation_id = invite(roles=[Role.CREATOR, Role.COORDINATOR], invited_by=boss.id)
    run_jobs()

    with transaction():
        person_id = services.accept_as_new(
            token_in(outbox[0]), Choices("Robin Hale"), password=PASSWORD, now=utc_now()
        )

    person = queries.person_of(person_id)
    assert set(queries.roles_in_order(person)) == {Role.CREATOR, Role.COORDINATOR}
    assert person.confirmed_at is not None
    assert state_of(invitation_id) is InvitationState.ACCEPTED
    assert [e.action for e in audit.history_of(f"invitation:{invitation_id}")] == [
        "person invited",
        "invitation accepted",
    ]


def test_an_invitation_is_accepted_once(outbox, run_jobs):
    invite()
    run_jobs()
    token = token_in(outbox[0])
    with transaction():
        services.accept_as_new(token, Choices("Robin"), password=PASSWORD, now=utc_now())

    with pytest.raises(LinkEnded), transaction():
        services.accept_as_new(token, Choices("Robin"), password=PASSWORD, now=utc_now())


def test_an_invitation_ends_after_fourteen_days(outbox, run_jobs):
    invitation_id = invite()
    run_jobs()
    later = utc_now() + timedelta(days=14, seconds=1)

    assert state_of(invitation_id, later) is InvitationState.EXPIRED
    with pytest.raises(LinkEnded):
        queries.open_invitation(token_in(outbox[0]), later)


def test_a_weak_password_leaves_the_invitation_open(outbox, run_jobs):
    invitation_id = invite()
    run_jobs()

    with pytest.raises(WeakPassword), transaction():
        services.accept_as_new(
            token_in(outbox[0]), Choices("Robin"), password="1234567890", now=utc_now()
        )

    assert state_of(invitation_id) is InvitationState.OPEN


def test_sending_again_ends_the_link_before(outbox, run_jobs):
    invitation_id = invite()
    run_jobs()
    with transaction():
        services.resend(invitation_id, actor_id=None, now=utc_now())
    run_jobs()

    first, second = map(token_in, outbox)
    with pytest.raises(LinkEnded):
        queries.open_invitation(first, utc_now())
    assert queries.open_invitation(second, utc_now()).id == invitation_id


def test_a_withdrawn_invitation_is_worth_nothing_and_stays_so(outbox, run_jobs):
    invitation_id = invite()
    run_jobs()
    with transaction():
        services.revoke(invitation_id, actor_id=None, now=utc_now())

    with pytest.raises(LinkEnded):
        queries.open_invitation(token_in(outbox[0]), utc_now())
    with pytest.raises(InvitationClosed), transaction():
        services.resend(invitation_id, actor_id=None, now=utc_now())
    assert invite() != invitation_id


def test_an_invitation_that_is_withdrawn_before_the_mail_is_never_mailed(outbox, run_jobs):
    invitation_id = invite()
    with transaction():
        services.revoke(invitation_id, actor_id=None, now=utc_now())

    run_jobs()

    assert outbox == []


def test_somebody_with_an_account_is_granted_nothing_before_they_accept(outbox, run_jobs):
    person = make_person(Role.TRAINEE, email=ROBIN)
    invite(roles=[Role.TRAINEE, Role.COORDINATOR], reason="Runs site 3")
    run_jobs()
    assert queries.roles_in_order(queries.person_of(person.id)) == (Role.TRAINEE,)

    with transaction():
        services.accept_as(token_in(outbox[0]), person.id, now=utc_now())

    assert set(queries.roles_in_order(queries.person_of(person.id))) == {
        Role.TRAINEE,
        Role.COORDINATOR,
    }


def test_somebody_who_has_the_roles_already_is_not_invited(outbox, run_jobs):
    make_person(Role.TRAINEE, email=ROBIN)

    assert invite() is None
    run_jobs()
    assert outbox == []


def test_an_invitation_is_for_its_own_address_only(outbox, run_jobs):
    other = make_person(Role.TRAINEE)
    invite(roles=[Role.ADMIN])
    run_jobs()

    with pytest.raises(NotYours, match=ROBIN), transaction():
        services.accept_as(token_in(outbox[0]), other.id, now=utc_now())


def test_an_account_that_was_opened_meanwhile_is_not_opened_twice(outbox, run_jobs):
    invite()
    run_jobs()
    make_person(email=ROBIN)

    with pytest.raises(AddressTaken), transaction():
        services.accept_as_new(
            token_in(outbox[0]), Choices("Robin"), password=PASSWORD, now=utc_now()
        )


def test_a_reset_sets_the_password_once_and_ends_every_session(outbox, run_jobs):
    person = make_person(email=ROBIN)
    with transaction():
        services.open_session(person.id, device="a", now=utc_now())
    ask_for_reset(" Robin@example.org ")
    run_jobs()
    token = token_in(outbox[0])

    with transaction():
        services.reset_password(token, NEW_PASSWORD, now=utc_now())

    assert passwords.password_fits(queries.password_hash_of(person.id), NEW_PASSWORD)
    assert db.session.scalars(select(SignInSession.ended_at)).one() is not None
    with pytest.raises(LinkEnded), transaction():
        services.reset_password(token, "another good one", now=utc_now())


def test_a_reset_link_lasts_an_hour(outbox, run_jobs):
    make_person(email=ROBIN)
    ask_for_reset(ROBIN)
    run_jobs()

    with pytest.raises(LinkEnded), transaction():
        services.reset_password(
            token_in(outbox[0]), NEW_PASSWORD, now=utc_now() + timedelta(minutes=61)
        )


def test_a_second_reset_link_ends_the_first(outbox, run_jobs):
    make_person(email=ROBIN)
    for _ in range(2):
        ask_for_reset(ROBIN)
        run_jobs()

    with pytest.raises(LinkEnded), transaction():
        services.reset_password(token_in(outbox[0]), NEW_PASSWORD, now=utc_now())
    with transaction():
        services.reset_password(token_in(outbox[1]), NEW_PASSWORD, now=utc_now())


def test_nobody_and_closed_accounts_get_no_reset_link(outbox, run_jobs):
    gone = make_person(email="gone@example.org")
    with transaction():
        db.session.execute(update(Person).where(Person.id == gone.id).values(closed_at=utc_now()))

    ask_for_reset("nobody@example.org")
    ask_for_reset("gone@example.org")
    run_jobs()

    assert outbox == []


def test_a_reset_link_confirms_no_address_by_the_wrong_door(outbox, run_jobs):
    make_person(email=ROBIN)
    ask_for_reset(ROBIN)
    run_jobs()

    with pytest.raises(LinkEnded), transaction():
        services.confirm_address(token_in(outbox[0]), now=utc_now())


def test_the_mailed_link_confirms_the_address(outbox, run_jobs):
    with transaction():
        person_id = services.register(
            ROBIN, Choices("Robin Hale"), password=PASSWORD, now=utc_now()
        )
    run_jobs()

    with transaction():
        services.confirm_address(token_in(outbox[0]), now=utc_now())

    assert api.person(person_id).confirmed
    assert [e.action for e in audit.history_of(f"person:{person_id}")][-1] == "address confirmed"


def test_the_tokens_of_links_are_kept_as_hashes(outbox, run_jobs):
    make_person(email=ROBIN)
    ask_for_reset(ROBIN)
    run_jobs()

    (stored,) = db.session.scalars(select(MailedLink.token_hash))
    assert stored == queries.token_hash(token_in(outbox[0]))
