"""Badges and status lists over a real register: made once, one place each, revocations told."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms import jobs, storage
from lms.accounts.domain import Role
from lms.certificates import api, queries, services, statuslists
from lms.certificates.badges import making, own, publishing, register, signer
from lms.certificates.badges.credential import credential
from lms.certificates.badges.verification import Known, verify
from lms.certificates.domain import (
    FileFinding,
    RevocationReason,
    State,
    SuccessionKind,
    SuspensionReason,
    new_code,
)
from lms.certificates.domain.badging import BadgeState, Purpose
from lms.certificates.domain.bits import SIZE
from lms.certificates.models import Badge, StatusEntry, StatusList
from lms.clock import utc_now
from lms.db import db, transaction
from tests.factories import make_person
from tests.factories_certificates import issue, make_facts

pytestmark = pytest.mark.usefixtures("app")


def known(now):
    lists = publishing.all_lists(now=now)
    return Known(own.all_keys(), {name: one.document for name, one in lists.items()})


def state(data, now=None):
    now = now or utc_now()
    return verify(data, known(now), now=now).state


def revoke(issued):
    with transaction():
        api.revoke(
            issued.id,
            reason_class=RevocationReason.HOLDERS_REQUEST,
            reason="asked",
            revoked_by=issued.holder_id,
            now=utc_now(),
        )


def test_a_badge_is_made_once_and_handed_out_ever_after():
    issued = issue(make_person().id)
    first = making.credential_bytes(issued, now=utc_now())
    later = making.credential_bytes(queries.certificate(issued.id), now=utc_now())

    assert first == later
    assert db.session.scalar(select(func.count(Badge.id))) == 1
    kept = register.find_badge(issued.id)
    assert storage.get(kept.digest) == first
    assert storage.get(kept.token_digest) == making.token_bytes(issued, now=utc_now())
    assert register.certificate_with_badge(kept.token_digest) == issued.id


def test_a_badge_whose_making_was_ended_before_its_row_is_made_again_the_same():
    issued = issue(make_person().id)
    lost = making._make(issued, utc_now())

    assert making.badge_of(issued, now=utc_now() + timedelta(hours=1)) == lost


def test_of_two_makers_at_once_the_first_row_counts():
    issued = issue(make_person().id)
    first = making.badge_of(issued, now=utc_now())
    other = register.KeptBadge("a" * 64, "b" * 64, "k")
    with transaction():
        assert register.keep_badge(issued.id, other, now=utc_now()) == first


def test_a_badge_stays_the_same_after_rotation_and_stays_good():
    issued = issue(make_person().id)
    before = making.credential_bytes(issued, now=utc_now())
    signer.rotate(own.place(), now=utc_now())
    assert making.credential_bytes(issued, now=utc_now()) == before
    assert state(before) is BadgeState.VALID
    other = making.badge_of(issue(make_person().id, subject="b"), now=utc_now())
    assert other.key != json.loads(before)["proof"]["verificationMethod"]


def test_every_certificate_gets_a_place_of_its_own():
    holder = make_person()
    ids = [issue(holder.id, subject=f"s{n}").id for n in range(30)]
    entries = [statuslists.entry_of(one) for one in ids]

    assert len(set(entries)) == 30
    assert {one.number for one in entries} == {1}
    assert sorted(entries, key=lambda one: one.place) != entries, "drawn, not counted"


def test_a_place_that_is_taken_is_drawn_again(monkeypatch):
    holder = make_person()
    draws = iter([7, 7, 7, 9])
    monkeypatch.setattr(statuslists.secrets, "randbelow", lambda _most: next(draws))

    assert statuslists.entry_of(issue(holder.id, subject="a").id).place == 7
    assert statuslists.entry_of(issue(holder.id, subject="b").id).place == 9


def test_a_list_that_is_three_quarters_full_is_followed_by_another():
    holder = make_person()
    last = issue(holder.id, subject="a")
    with transaction():
        db.session.execute(
            StatusEntry.__table__.update()
            .where(StatusEntry.certificate_id == last.id)
            .values(id=statuslists.FULL)
        )
        db.session.expire_all()
    after = issue(holder.id, subject="b")

    assert statuslists.entry_of(last.id).number == 1
    assert statuslists.entry_of(after.id).number == 2
    assert statuslists.last_number() == 2
    assert json.loads(making.credential_bytes(after, now=utc_now()))["credentialStatus"][
        "statusListCredential"
    ].endswith("/status/revocation/2")
    assert state(making.credential_bytes(after, now=utc_now())) is BadgeState.VALID


def test_a_revocation_is_told_by_the_list_at_once():
    holder = make_person()
    kept, gone = issue(holder.id, subject="a"), issue(holder.id, subject="b")
    badges = [making.credential_bytes(one, now=utc_now()) for one in (kept, gone)]
    assert [state(one) for one in badges] == [BadgeState.VALID, BadgeState.VALID]

    revoke(gone)

    assert [state(one) for one in badges] == [BadgeState.VALID, BadgeState.REVOKED]
    assert statuslists.bits_set(1, Purpose.SUSPENSION).places == ()


def test_a_list_is_signed_again_when_it_changes_and_daily_and_not_in_between():
    issued = issue(make_person().id)
    now = utc_now()
    first = publishing.published_list(Purpose.REVOCATION, 1, now=now)

    later = publishing.published_list(Purpose.REVOCATION, 1, now=now + timedelta(hours=23))
    assert later == first
    daily = publishing.published_list(Purpose.REVOCATION, 1, now=now + timedelta(hours=25))
    assert daily.signed_at == first.signed_at + timedelta(hours=25)
    revoke(issued)
    changed = publishing.published_list(Purpose.REVOCATION, 1, now=now + timedelta(hours=26))
    assert changed.document != daily.document
    assert db.session.scalar(select(func.count(StatusList.id))) == 1


def test_a_list_says_how_long_it_is_good_and_has_room_for_a_crowd():
    document = json.loads(publishing.published_list(Purpose.REVOCATION, 1, now=utc_now()).document)
    subject = document["credentialSubject"]

    assert subject["ttl"] == 300_000
    assert SIZE == 131_072
    assert document["issuer"] == own.issuer().did
    assert document["id"] == "http://localhost/status/revocation/1"


@pytest.mark.parametrize("number", [0, 2, 9999])
def test_there_are_no_lists_without_places(number):
    with pytest.raises(publishing.NoSuchList):
        publishing.published_list(Purpose.REVOCATION, number, now=utc_now())


def test_what_is_issued_and_rolled_back_takes_no_place():
    holder = make_person()

    def issue_and_fail():
        with transaction():
            api.issue(make_facts(), holder_id=holder.id, subject="x", now=utc_now())
            raise RuntimeError("never mind")

    with pytest.raises(RuntimeError, match="never mind"):
        issue_and_fail()
    assert db.session.scalar(select(func.count(StatusEntry.id))) == 0


def test_a_badge_is_suspended_as_long_as_its_certificate_is():
    issued, admin = issue(make_person().id), make_person(Role.ADMIN)
    badge = making.credential_bytes(issued, now=utc_now())
    pause = services.Pause(SuspensionReason.UNDER_REVIEW, "A complaint is looked into.")
    with transaction():
        api.suspend(issued.id, pause, suspended_by=admin.id, now=utc_now())
    assert state(badge) is BadgeState.SUSPENDED
    with transaction():
        api.lift(issued.id, reason="Nothing was found.", lifted_by=admin.id, now=utc_now())

    assert state(badge) is BadgeState.VALID


def test_a_certificate_in_the_place_of_another_has_a_place_and_a_badge_of_its_own():
    issued, admin = issue(make_person().id), make_person(Role.ADMIN)
    wanted = services.Replacement(SuccessionKind.REISSUE, reason="Asked for by letter.")
    with transaction():
        after = api.succeed(issued.id, wanted, by=admin.id, now=utc_now())

    assert statuslists.entry_of(after.id) != statuslists.entry_of(issued.id)
    assert state(making.credential_bytes(after, now=utc_now())) is BadgeState.VALID


def test_an_erasure_takes_the_badges_away_and_no_new_one_is_made(client, log_in):
    holder = make_person()
    issued = issue(holder.id)
    making.credential_bytes(issued, now=utc_now())
    kept = register.find_badge(issued.id)
    with transaction():
        services.erase_line(issued.id, reason="Letter", erased_by=holder.id, now=utc_now())
    jobs.run_pending()

    assert not storage.exists(kept.digest)
    assert not storage.exists(kept.token_digest)
    log_in(holder)
    for form in ("json", "jwt"):
        assert client.get(f"/certificates/{issued.id}/credential.{form}").status_code == 404


def test_a_badge_given_to_the_check_is_answered_from_the_register():
    """The very bytes, in either form, are an exact copy; written anew by a wallet, intact."""
    issued = issue(make_person().id)
    badge = making.credential_bytes(issued, now=utc_now())
    token = making.token_bytes(issued, now=utc_now())
    rewritten = json.dumps(json.loads(badge), indent=2).encode()

    for data in (badge, token):
        assert found_in(data) == (FileFinding.EXACT_COPY, State.VALID, issued.code)
    assert found_in(rewritten) == (FileFinding.INTACT, State.VALID, issued.code)
    revoke(issued)
    for data in (badge, token, rewritten):
        assert found_in(data)[1:] == (State.REVOKED, issued.code)


def test_nothing_of_a_badge_that_does_not_hold_is_shown():
    issued = issue(make_person().id)
    document = json.loads(making.credential_bytes(issued, now=utc_now()))
    renamed = json.loads(json.dumps(document).replace(issued.facts.name, "Jane Forger"))
    unsigned = {name: part for name, part in document.items() if name != "proof"}
    other = own.signer().sign(
        credential(
            make_facts(name="Jane Forger"),
            issued.code,
            issuer=own.issuer(),
            status=statuslists.entry_of(issued.id),
        ),
        created=utc_now().replace(microsecond=0),
    )[0]
    for data, finding in (
        (renamed, FileFinding.ALTERED),
        ({**document, "extra": "x"}, FileFinding.ALTERED),
        (unsigned, FileFinding.NOT_SIGNED),
        (json.loads(other), FileFinding.ALTERED),
        ([1, 2], FileFinding.UNREADABLE),
    ):
        assert found_in(json.dumps(data).encode()) == (finding, None, None)


def test_a_badge_of_ours_that_the_register_does_not_know_is_said_to_be_so():
    issued = issue(make_person().id)
    lost = credential(
        issued.facts,
        new_code(lambda count: bytes(count)),
        issuer=own.issuer(),
        status=statuslists.entry_of(issued.id),
    )
    data = own.signer().sign(lost, created=utc_now().replace(microsecond=0))[0]
    assert found_in(data) == (FileFinding.INTACT, State.NOT_FOUND, None)


def found_in(data):
    found = api.verdict_for_file(data, on=utc_now().date(), now=utc_now())
    return found.finding, found.state, found.code
