"""The register on a real database: once for a subject, one file for ever, revoked once."""

import json
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from lms import jobs, storage
from lms.accounts.domain import Role
from lms.audit import api as audit
from lms.certificates import api, authority, queries, services, stamping
from lms.certificates.badges import making, register
from lms.certificates.design import STANDARD
from lms.certificates.domain import (
    AlreadyRevoked,
    CertificateNotFound,
    FileFinding,
    RevocationReason,
    State,
)
from lms.certificates.models import Certificate, File
from lms.certificates.verification import examine
from lms.clock import utc_now
from lms.db import db, transaction
from tests.factories import NOW, make_person
from tests.factories_accounts import empty_outbox
from tests.factories_certificates import issue, make_facts
from tests.stamping_server import stamping_server

pytestmark = pytest.mark.usefixtures("app")


def test_a_subject_gets_one_certificate_however_often_it_is_asked_for():
    holder = make_person()
    first = issue(holder.id, subject="enrolment:5")
    again = issue(holder.id, subject="enrolment:5", facts=make_facts(name="Another Name"))

    assert again == first
    assert db.session.scalar(select(func.count(Certificate.id))) == 1
    assert db.session.scalar(select(func.count(jobs.JobItem.id))) == 1


def test_what_was_issued_is_read_back_as_it_was_frozen():
    facts = make_facts(name="Nguyễn Thị Hồng Ánh", expires_on=None)
    issued = issue(make_person().id, facts=facts)

    assert queries.certificate(issued.id).facts == facts
    assert len(issued.code) == 17
    assert issued.file is None


def test_facts_that_were_changed_in_the_database_are_not_shown():
    issued = issue(make_person().id)
    with transaction():
        row = db.session.get_one(Certificate, issued.id)
        row.facts = make_facts(name="Jane Forger").as_data()

    with pytest.raises(RuntimeError, match="differ from those issued"):
        queries.certificate(issued.id)


def test_issuing_that_is_rolled_back_leaves_nothing():
    holder = make_person()

    def issue_and_fail():
        with transaction():
            services.issue_certificate(
                make_facts(), holder_id=holder.id, subject="enrolment:9", now=NOW
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        issue_and_fail()

    assert api.certificate_for("enrolment:9") is None
    assert jobs.run_pending() == 0


def test_the_job_makes_the_file_once_and_mails_it(app):
    sent = empty_outbox(app)
    holder = make_person()
    issued = issue(holder.id)
    jobs.run_pending()

    sealed = queries.certificate(issued.id)
    assert sealed.file is not None
    assert storage.get(sealed.file.digest).startswith(b"%PDF-")
    assert [message.to for message in sent] == [[holder.email]]
    name, content, kind = sent[0].attachments[0]
    assert name == services.file_name(sealed)
    assert content == storage.get(sealed.file.digest)
    assert kind == "application/pdf"


def test_a_second_job_for_the_same_certificate_draws_nothing():
    issued = issue(make_person().id)
    jobs.run_pending()
    before = queries.certificate(issued.id).file
    with transaction():
        services.enqueue_seal([issued.id], now=NOW)
    jobs.run_pending()

    assert queries.certificate(issued.id).file == before
    assert db.session.scalar(select(func.count(File.id))) == 1


def test_a_file_that_was_made_twice_is_kept_once():
    """Two workers may draw at once after a lease has run out; the first to write wins."""
    from lms.certificates.letters import letter_for
    from lms.certificates.sealing import seal

    issued = issue(make_person().id)
    one, two = (seal(issued, now=utc_now() + timedelta(seconds=s)) for s in (0, 5))
    letter = letter_for(issued)
    for made in (one, two):
        with transaction():
            services.record_seal(issued.id, made, letter=letter, now=NOW)

    assert queries.certificate(issued.id).file == one


def test_without_the_drawing_libraries_the_certificate_waits(monkeypatch):
    from lms.certificates import pdf

    def missing(design=STANDARD):
        raise pdf.RendererMissing(pdf.missing_sentence())

    monkeypatch.setattr(pdf, "press", missing)
    issued = issue(make_person().id)
    jobs.run_pending(limit=1)

    assert queries.certificate(issued.id).file is None
    assert api.verdict_for_code(issued.code, on=NOW.date()).state is State.VALID
    problem = db.session.scalar(select(jobs.JobItem.problem))
    assert "libraries that draw certificates are missing" in problem
    assert any("wait" in finding.sentence for finding in api.health(now=NOW))

    monkeypatch.undo()
    with transaction():
        assert api.seal_waiting(now=NOW) == 1
    jobs.run_pending()
    assert queries.certificate(issued.id).file is not None


@pytest.fixture
def stamped_elsewhere(app, tmp_path, monkeypatch):
    """The app with a time-stamping authority over HTTP, which the test can switch off."""
    with stamping_server(tmp_path) as server:
        chosen = replace(app.config["SETTINGS"], tsa=server.url, tsa_roots=server.roots)
        monkeypatch.setitem(app.config, "SETTINGS", chosen)
        monkeypatch.setattr(stamping, "PAUSE", 0.0)
        yield server


def test_while_the_time_stamping_authority_is_down_a_certificate_waits(stamped_elsewhere):
    stamped_elsewhere.fault = "down"
    issued = issue(make_person().id)
    jobs.run_pending(limit=1)

    assert queries.certificate(issued.id).file is None
    assert api.verdict_for_code(issued.code, on=NOW.date()).state is State.VALID
    assert "does not answer" in db.session.scalar(select(jobs.JobItem.problem))

    stamped_elsewhere.fault = ""
    with transaction():
        api.seal_waiting(now=utc_now())
    jobs.run_pending()
    data = storage.get(queries.certificate(issued.id).file.digest)
    found = examine(data, authority.trust(), now=utc_now())
    assert (found.finding, found.level) == (FileFinding.INTACT, "B-LT")


def test_a_certificate_sealed_here_holds_all_that_a_later_check_needs():
    issued = issue(make_person().id)
    jobs.run_pending()
    data = storage.get(queries.certificate(issued.id).file.digest)
    found = examine(data, authority.trust(), now=utc_now())
    assert (found.finding, found.level) == (FileFinding.INTACT, "B-LT")
    assert found.stamped_at is not None


def revoke(certificate_id, by, reason_class=RevocationReason.MISCONDUCT):
    with transaction():
        return api.revoke(
            certificate_id,
            reason_class=reason_class,
            reason="Ratings were made up.",
            revoked_by=by,
            now=NOW,
        )


def test_a_revocation_is_final_and_in_the_audit_trail():
    admin = make_person(Role.ADMIN)
    issued = issue(make_person().id)
    revoked = revoke(issued.id, admin.id)

    assert revoked.state_on(NOW.date()) is State.REVOKED
    with pytest.raises(AlreadyRevoked):
        revoke(issued.id, admin.id)
    events = audit.history_of(f"certificate:{issued.id}")
    assert [event.action for event in events] == ["certificate issued", "certificate revoked"]
    assert events[-1].actor_id == admin.id
    assert events[-1].reason == "Ratings were made up."


def test_the_answer_about_a_day_before_the_revocation_is_valid():
    issued = issue(make_person().id)
    revoke(issued.id, make_person(Role.ADMIN).id)

    before = NOW.date() - timedelta(days=1)
    assert api.verdict_for_code(issued.code, on=before).state is State.VALID
    assert api.verdict_for_code(issued.code, on=NOW.date()).state is State.REVOKED


def test_somebody_elses_certificate_is_not_found():
    issued = issue(make_person().id)
    with pytest.raises(CertificateNotFound):
        queries.certificate_of(make_person().id, issued.id)


def test_lists_do_not_take_more_statements_for_more_certificates(count_queries):
    people = [make_person() for _ in range(3)]
    for person in people:
        for number in range(4):
            issue(person.id, subject=f"{person.id}:{number}")
    on = NOW.date()
    count_queries()

    assert len(api.states_for_people([people[0].id], on)) == 4
    assert count_queries() == 1
    held = api.states_for_people([person.id for person in people], on)
    assert count_queries() == 1
    assert [one.holder_id for one in held] == sorted(one.holder_id for one in held)
    codes = [one.code for one in held]
    count_queries()
    verdicts = api.verdicts_for_codes([*codes, "nonsense"], on=on)
    assert count_queries() == 1
    assert [verdict.good for verdict in verdicts] == [True] * 12 + [False]


def test_states_tell_what_a_matrix_needs():
    holder = make_person()
    issue(holder.id, facts=make_facts(expires_on=date(2026, 12, 24)))
    (held,) = api.certificates_of(holder.id, on=NOW.date())

    assert (held.module_slug, held.level, held.instrument_ref) == ("cmas", "Rater", "cmas@1.0")
    assert held.state is State.VALID
    assert held.ends_soon
    assert held.revoked_on is None
    assert not held.void


@pytest.fixture
def sealed():
    issued = issue(make_person().id)
    jobs.run_pending()
    return queries.certificate(issued.id)


def verdict(data):
    return api.verdict_for_file(data, on=utc_now().date(), now=utc_now())


def test_the_file_itself_is_an_exact_copy_and_valid(sealed):
    found = verdict(storage.get(sealed.file.digest))
    assert found.good
    assert found.finding is FileFinding.EXACT_COPY
    assert found.facts == sealed.facts


def test_a_changed_file_shows_nothing(sealed):
    data = bytearray(storage.get(sealed.file.digest))
    data[len(data) // 3] ^= 4
    found = verdict(bytes(data))
    assert not found.good
    assert found.finding is FileFinding.ALTERED
    assert found.facts is None
    assert found.code is None


def test_the_badge_and_the_facts_travel_inside_the_file(sealed, tmp_path):
    """What is attached is the badge of the register, byte for byte, so that both are checked."""
    file = tmp_path / "certificate.pdf"
    file.write_bytes(storage.get(sealed.file.digest))
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, file], check=True)

    badge = (tmp_path / "credential.json").read_bytes()
    assert badge == making.credential_bytes(sealed, now=utc_now())
    assert sha256(badge).hexdigest() == register.find_badge(sealed.id).digest
    assert json.loads((tmp_path / "certificate.json").read_text("utf-8"))["code"] == sealed.code


def test_another_file_with_our_signature_over_the_same_facts_is_not_what_was_issued(sealed):
    """Nobody was ever handed it, so it can only come from a stolen key."""
    from lms.certificates.sealing import equipment, sealed_bytes

    other = sealed_bytes(
        sealed,
        making.credential_bytes(sealed, now=utc_now()),
        equipment(now=utc_now()),
        base_url="http://localhost",
        now=utc_now() + timedelta(minutes=1),
    )
    assert verdict(other).finding is FileFinding.ALTERED


def test_a_file_of_ours_that_the_register_does_not_know_is_said_to_be_so(sealed):
    from lms.certificates.domain import new_code
    from lms.certificates.sealing import equipment, sealed_bytes

    lost = replace(sealed, code=new_code(lambda count: bytes(count)))
    tools = equipment(now=utc_now())
    badge = making.credential_bytes(sealed, now=utc_now())
    data = sealed_bytes(lost, badge, tools, base_url="http://localhost", now=utc_now())
    found = verdict(data)
    assert (found.state, found.finding) == (State.NOT_FOUND, FileFinding.INTACT)
    assert found.facts is None


def test_a_revoked_certificate_is_revoked_as_a_file_too(sealed):
    revoke(sealed.id, make_person(Role.ADMIN).id)
    found = verdict(storage.get(sealed.file.digest))
    assert not found.good
    assert found.state is State.REVOKED
    assert found.finding is FileFinding.EXACT_COPY
