"""Drafts and releases in the database."""

import pytest

from lms import jobs, storage
from lms.accounts import api as accounts
from lms.audit.models import Event
from lms.db import db, transaction
from lms.errors import NotFound
from lms.packages import api, queries, services
from lms.packages.domain import (
    DraftClosed,
    DraftNotReady,
    NotYourPackage,
    ReleaseExists,
    VersionNotNewer,
)
from lms.packages.domain.changes import Change, ChangeClass, Policy
from lms.packages.domain.releases import DraftState
from tests.factories import NOW, make_person
from tests.factories_packages import (
    broken,
    make_draft,
    make_release,
    next_version,
    package_files,
    zip_bytes,
)

WORDING = Change(ChangeClass.WORDING, Policy.FINISH_ON_OLD, "Mended words.")


def publish(draft_id, person, *, everything=False):
    with transaction():
        accounts.count_password_try(person.id, now=NOW)
    with transaction():
        return services.publish_release(
            draft_id,
            person_id=person.id,
            everything=everything,
            now=NOW,
            change=WORDING,
            password=person.password,
        )


def draft_of(person, draft_id):
    return queries.draft_of(person.id, draft_id, everything=False)


def test_an_upload_waits_for_its_check(session):
    person = make_person()
    source = storage.put(zip_bytes(package_files()))

    with transaction():
        draft_id = services.upload_draft(
            person_id=person.id, file_name="a.zip", source=source, now=NOW
        )

    assert draft_of(person, draft_id).state is DraftState.CHECKING


def test_a_sound_draft_becomes_ready_with_all_its_files_in_the_store(session):
    person = make_person()

    draft = draft_of(person, make_draft(person.id))

    assert (draft.state, draft.slug, draft.version) == (DraftState.READY, "sample", "1.0")
    content = api.content_of(draft.digest)
    assert all(storage.exists(slide.image) for slide in content.step("deck").slides)
    assert storage.exists(content.step("film").film.digest)


def test_a_broken_draft_keeps_its_report_and_cannot_be_published(session):
    person = make_person()
    draft_id = make_draft(person.id, broken({"package.yaml": ("pass_mark: 2", "pass_mark: 9")}))

    draft = draft_of(person, draft_id)

    assert draft.state is DraftState.FAULTY
    assert draft.report.errors[0].place == "package.yaml:37:16"
    with pytest.raises(DraftNotReady):
        publish(draft_id, person)


def test_what_is_no_zip_at_all_is_a_report_too(session):
    person = make_person()
    source = storage.put(b"no zip")
    with transaction():
        draft_id = services.upload_draft(
            person_id=person.id, file_name="a.zip", source=source, now=NOW
        )
    jobs.run_pending()

    assert "not a zip" in draft_of(person, draft_id).report.errors[0].sentence


def test_checking_twice_keeps_the_first_report(session):
    person = make_person()
    draft_id = make_draft(person.id)
    before = draft_of(person, draft_id)

    jobs._handlers[services.CHECK].before({"draft_id": draft_id}, now=NOW)
    with transaction():
        services.record_check(draft_id, api.check(b"no zip"), source=None, seconds=1.0, now=NOW)

    assert draft_of(person, draft_id) == before


def test_publishing_makes_the_current_release_with_an_event(session):
    person = make_person()

    release = publish(make_draft(person.id), person)

    assert api.current_release("sample") == release
    assert api.catalogue() == [release]
    event = db.session.query(Event).one()
    assert (event.action, event.actor_id) == ("release published", person.id)
    assert event.after["digest"] == release.digest


def test_a_new_release_leaves_the_old_one_as_it_was(session):
    person = make_person()
    old = publish(make_draft(person.id), person)

    new = publish(make_draft(person.id, next_version("1.1")), person)

    assert api.current_release("sample").id == new.id
    assert api.release(old.id) == old
    assert api.content_of(old.digest).version == "1.0"


def test_a_further_owner_may_publish_and_is_in_the_trail_once(session):
    admin, other = make_person(), make_person()
    make_release()

    for _ in range(2):
        with transaction():
            api.add_owner("sample", person_id=other.id, added_by=admin.id, now=NOW)

    assert api.slugs_of(other.id) == {"sample"}
    events = [one for one in db.session.query(Event) if one.action == "owner added"]
    assert [(one.actor_id, one.subject) for one in events] == [(admin.id, "package:sample")]
    with pytest.raises(NotFound):
        api.add_owner("nothing", person_id=other.id, added_by=admin.id, now=NOW)


def test_publishing_a_draft_twice_is_refused(session):
    person = make_person()
    draft_id = make_draft(person.id)
    publish(draft_id, person)

    with pytest.raises(DraftClosed):
        publish(draft_id, person)


def test_the_same_version_with_other_files_is_refused(session):
    person = make_person()
    publish(make_draft(person.id), person)
    changed = broken({"lessons/why.md": ("same", "very same")})

    with pytest.raises(ReleaseExists):
        publish(make_draft(person.id, changed), person)


def test_a_version_below_the_last_is_refused(session):
    person = make_person()
    publish(make_draft(person.id, next_version("1.10")), person)

    with pytest.raises(VersionNotNewer):
        publish(make_draft(person.id, next_version("1.9")), person)


def test_a_slug_belongs_to_who_published_it_first(session):
    first, second = make_person(), make_person()
    publish(make_draft(first.id), first)

    with pytest.raises(NotYourPackage):
        publish(make_draft(second.id, next_version("2.0")), second)


def test_an_admin_may_publish_anybodys_draft_for_its_owner(session):
    creator, admin = make_person(), make_person()

    publish(make_draft(creator.id), admin, everything=True)

    assert queries.package_of(creator.id, "sample", everything=False).owners == {creator.id}


def test_somebody_elses_draft_is_not_found(session):
    draft_id = make_draft(make_person().id)
    stranger = make_person()

    with pytest.raises(NotFound):
        api.draft_digest(draft_id, person_id=stranger.id, everything=False)
    with pytest.raises(NotFound):
        publish(draft_id, stranger)


def test_a_withdrawn_draft_cannot_be_published_and_leaves_the_list(session):
    person = make_person()
    draft_id = make_draft(person.id)

    with transaction():
        services.withdraw_draft(draft_id, person_id=person.id, everything=False, now=NOW)

    assert queries.open_drafts_of(person.id, everything=False) == []
    with pytest.raises(DraftClosed):
        publish(draft_id, person)


def test_shipped_files_are_recognised_without_a_new_check(session, tmp_path):
    release = make_release()
    path = tmp_path / "sample.zip"
    path.write_bytes(zip_bytes(package_files()))

    assert api.published_from(path) == release


def test_the_kept_source_is_the_same_package(session):
    person = make_person()
    release = publish(make_draft(person.id), person)

    _, source = queries.release_of(person.id, release.id, everything=False)

    assert api.check(storage.get(source)).build.digest == release.digest


def test_the_same_package_from_two_people_is_compiled_once(session):
    one, two = make_person(), make_person()

    first = draft_of(one, make_draft(one.id))
    second = draft_of(two, make_draft(two.id))

    assert first.digest == second.digest


def test_content_survives_the_database_unchanged(session):
    release = make_release()

    assert api.content_of(release.digest) == api.check(zip_bytes(package_files())).build.content


def test_media_are_seen_by_owners_and_by_whom_a_rule_lets(session, monkeypatch):
    owner, trainee, stranger = make_person(), make_person(), make_person()
    release = publish(make_draft(owner.id), owner)
    image = api.content_of(release.digest).step("deck").slides[0].image
    media = queries.find_media(image, "webp")
    monkeypatch.setattr(api, "_media_rules", [])
    api.let_see_media(
        lambda person_id, builds: person_id == trainee.id and release.digest in builds
    )

    assert api.may_see_media(owner.id, media, everything=False)
    assert api.may_see_media(trainee.id, media, everything=False)
    assert not api.may_see_media(stranger.id, media, everything=False)
    assert api.may_see_media(stranger.id, media, everything=True)


def test_what_was_never_published_is_not_found(session):
    with pytest.raises(NotFound):
        api.release(7)
    with pytest.raises(NotFound):
        api.current_release("x")
    with pytest.raises(NotFound):
        api.content_of("0" * 64)
