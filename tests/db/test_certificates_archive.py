"""The archive on a real database: what the night makes, what verify sees, what a proof proves."""

import base64
import json
import subprocess
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, update

from lms import jobs, storage
from lms.accounts.domain import Role
from lms.audit import api as audit
from lms.certificates import api, authority, keys, queries, services, stamping
from lms.certificates.archive import proving, register
from lms.certificates.archive.proving import BadProof, NoProofYet, check_proof
from lms.certificates.archive.verifying import verify
from lms.certificates.cli import group
from lms.certificates.domain import CertificateNotFound, merkle, shown_code
from lms.certificates.models import ArchiveCopy, Certificate, Day, DayLeaf, File
from lms.clock import utc_now
from lms.db import db, transaction
from lms.worker import work_at_night
from tests.factories import make_person
from tests.factories_certificates import issue
from tests.stamping_server import stamping_server

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)


def make_files(count):
    """Seal certificates, as if it had been yesterday."""
    made = [issue(make_person().id, subject=f"test:{n}") for n in range(count)]
    jobs.run_pending()
    move_files(-DAY)
    return [queries.certificate(one.id) for one in made]


def move_files(by):
    with transaction():
        for row in db.session.scalars(select(File)):
            row.sealed_at += by


def night():
    with transaction():
        count = api.archive_tonight(now=utc_now())
    jobs.run_pending()
    return count


def problems():
    db.session.rollback()
    return verify(now=utc_now()).problems


def stored(model=ArchiveCopy):
    db.session.rollback()
    return list(db.session.scalars(select(model).order_by(model.id)))


@pytest.fixture
def archived():
    """Three files with a copy each and their day."""
    made = make_files(3)
    assert night() == 4
    return made


# --- the night ------------------------------------------------------------------------------------


def test_a_night_stamps_copies_and_the_day_and_the_next_has_nothing_to_do(archived):
    copies, (day,) = stored(), stored(Day)
    assert [(one.certificate_id, one.number) for one in copies] == [(one.id, 1) for one in archived]
    for one, copy in zip(archived, copies, strict=True):
        assert storage.get(copy.digest).startswith(storage.get(one.file.digest)), "not touched"
        actions = [event.action for event in audit.history_of(f"certificate:{one.id}")]
        assert actions[-1] == "archive copy stamped"
    digests = [bytes.fromhex(one.file.digest) for one in archived]
    assert day.root == merkle.root_of(digests).hex()
    (event,) = audit.history_of(f"archive-day:{day.day}")
    assert (event.after["root"], event.after["files"]) == (day.root, 3)
    assert night() == 0
    report = verify(now=utc_now())
    assert report.problems == []
    assert (report.files, report.copies, report.days, report.waiting) == (3, 3, 1, 0)


def test_a_year_later_each_is_stamped_again_and_only_the_youngest_copy_is_stored(archived):
    first = stored()
    with transaction():
        db.session.execute(update(ArchiveCopy).values(stamped_at=utc_now() - 366 * DAY))
    assert night() == 3
    copies = stored()
    assert [one.number for one in copies] == [1, 1, 1, 2, 2, 2]
    assert [storage.exists(one.digest) for one in copies] == [False] * 3 + [True] * 3
    youngest = storage.get(copies[3].digest)
    assert sha256(youngest[: first[0].size]).hexdigest() == first[0].digest
    assert problems() == []
    with transaction():
        db.session.execute(
            update(ArchiveCopy).where(ArchiveCopy.number == 1).values(size=ArchiveCopy.size - 1)
        )
    assert {what.partition(" (")[0] for _where, what in problems()} == {"archive copy 1"}


def test_a_file_that_comes_late_stands_in_the_next_tree(archived):
    late = issue(make_person().id, subject="late")
    jobs.run_pending()
    assert night() == 0, "its day is not over, and no list is younger than its signature"
    assert len(stored(DayLeaf)) == 3
    move_files(-DAY)
    with transaction():
        stored_day = db.session.scalars(select(Day)).one()
        stored_day.day -= DAY
    assert register.find_place(late.id) is None
    assert night() == 2, "its copy and its tree"
    day, place = register.find_place(late.id)
    assert (day.leaves, place) == (1, 0)


def test_while_no_stamp_is_to_be_had_the_archive_waits(app, tmp_path, monkeypatch):
    make_files(2)
    monkeypatch.setattr(stamping, "PAUSE", 0.0)
    with stamping_server(tmp_path) as server:
        chosen = replace(app.config["SETTINGS"], tsa=server.url, tsa_roots=server.roots)
        monkeypatch.setitem(app.config, "SETTINGS", chosen)
        server.fault = "down"
        night()
        assert (stored(), stored(Day)) == ([], [])
        assert api.archive_waiting() > 0
        assert night() <= 1, "what waits is not queued again"
        server.fault = ""
        with transaction():
            for kind in (services.COPY, services.STAMP_DAY):
                jobs.bring_forward(kind, now=utc_now())
        jobs.run_pending()
        night()
        assert (len(stored()), len(stored(Day))) == (2, 1)
        assert problems() == []


def test_what_stays_out_of_the_archive_is_told_on_the_health_page(app):
    make_files(2)
    assert not told()
    move_files(-3 * DAY)
    assert told() == ["2: ./concord lms certificates archive run"]
    night()
    assert not told()


def told():
    words = "Signed files of earlier days are not in the archive yet."
    return [one.remedy for one in api.health(now=utc_now()) if one.sentence == words]


def test_the_worker_does_it_every_night(app):
    make_files(1)
    work_at_night(app.extensions["concord_queue"])
    jobs.run_pending()
    assert (len(stored()), len(stored(Day))) == (1, 1)


def test_an_erasure_takes_the_archive_copy_and_leaves_the_tree_whole(archived):
    admin = make_person(Role.ADMIN)
    copy = stored()[0]
    with transaction():
        services.erase_line(archived[0].id, reason="Letter 7.", erased_by=admin.id, now=utc_now())
    jobs.run_pending()
    assert not storage.exists(copy.digest)
    assert not storage.exists(archived[0].file.digest)
    report = verify(now=utc_now())
    assert (report.problems, report.erased) == ([], 1)
    with transaction():
        db.session.execute(update(ArchiveCopy).values(stamped_at=utc_now() - 366 * DAY))
    assert night() == 2, "and no new one is made"


# --- what verify sees -----------------------------------------------------------------------------


def spoil_file(one):
    storage.path_of(one.file.digest).write_bytes(b"%PDF-1.7 something else")


def lose_file(one):
    storage.path_of(one.file.digest).unlink()


def spoil_copy(one):
    path = storage.path_of(register.copies_of(one.id)[-1].digest)
    data = path.read_bytes()
    path.write_bytes(data[:-900] + bytes([data[-900] ^ 1]) + data[-899:])


def lose_copy(one):
    storage.path_of(register.copies_of(one.id)[-1].digest).unlink()


def rewrite(model, condition, **values):
    with transaction():
        db.session.execute(update(model).where(condition).values(**values))


def change_facts(one):
    facts = {**one.facts.as_data(), "name": "Somebody Else"}
    rewrite(Certificate, Certificate.id == one.id, facts=facts)


def change_digest(one):
    rewrite(File, File.certificate_id == one.id, digest="ab" * 32)


def change_root(_one):
    rewrite(Day, Day.id > 0, root="cd" * 32)


def change_stamp(_one):
    token = bytearray(base64.b64decode(stored(Day)[0].token))
    token[-5] ^= 1
    rewrite(Day, Day.id > 0, token=base64.b64encode(token).decode())


def take_a_leaf_out(one):
    with transaction():
        file = db.session.scalars(select(File).where(File.certificate_id == one.id)).one()
        db.session.execute(delete(DayLeaf).where(DayLeaf.file_id == file.id))


def take_the_day_out(_one):
    with transaction():
        db.session.execute(delete(DayLeaf))
        db.session.execute(delete(Day))


@pytest.mark.parametrize(
    ("spoil", "where", "what"),
    [
        (spoil_file, "certificate", "is not the one that was signed"),
        (lose_file, "certificate", "is missing from the store"),
        (spoil_copy, "certificate", "is not the one that was stamped"),
        (lose_copy, "certificate", "archive copy * is missing from the store"),
        (change_facts, "certificate", "facts in the register are not those that were issued"),
        (change_digest, "day", "was stamped"),
        (change_root, "day", "the audit trail does not name this root"),
        (change_stamp, "day", "time stamp"),
        (take_a_leaf_out, "day", "3 files were stamped, and the register has 2"),
        (take_the_day_out, "day", "its root stands in the audit trail alone"),
    ],
)
def test_verify_names_what_was_changed_and_where(archived, app, monkeypatch, spoil, where, what):
    day = str(stored(Day)[0].day)
    spoil(archived[1])
    found = problems()
    assert found
    named = {"certificate": shown_code(archived[1].code), "day": day}[where]
    assert any(
        place == f"{where} {named}" and all(part in said for part in what.split(" * "))
        for place, said in found
    ), found
    monkeypatch.setattr("lms.app.create_app", lambda: app)
    done = CliRunner().invoke(group, ["archive", "verify"])
    assert done.exit_code == 1
    assert named in done.output
    assert "are not as they were" in done.output


# --- a proof --------------------------------------------------------------------------------------


def test_a_proof_is_good_for_its_file_alone_and_to_openssl_as_well(
    archived, app, monkeypatch, tmp_path
):
    monkeypatch.setattr("lms.app.create_app", lambda: app)
    runner = CliRunner()
    assert runner.invoke(group, ["archive", "verify"]).output.startswith(
        "All is as it was: 3 files"
    )
    made = runner.invoke(group, ["archive", "proof", shown_code(archived[2].code)])
    told = json.loads(made.output)
    (tmp_path / "proof.json").write_text(made.output)
    (tmp_path / "root.pem").write_bytes(keys.pem(authority.stamper().root))
    for number, one in enumerate(archived):
        (tmp_path / f"{number}.pdf").write_bytes(storage.get(one.file.digest))
    checks = [
        runner.invoke(
            group,
            [
                *("archive", "check-proof", str(tmp_path / "proof.json")),
                *(str(tmp_path / f"{n}.pdf"), "--trust", str(tmp_path / "root.pem")),
            ],
        )
        for n in (2, 1)
    ]
    assert [done.exit_code for done in checks] == [0, 1]
    assert "one of 3 files" in checks[0].output
    assert "for another file" in checks[1].output

    (tmp_path / "day.tst").write_bytes(base64.b64decode(told["stamp"]))
    said = subprocess.run(
        [
            *("openssl", "ts", "-verify", "-token_in", "-in", tmp_path / "day.tst"),
            *("-digest", told["root"], "-CAfile", tmp_path / "root.pem"),
        ],
        capture_output=True,
        text=True,
    )
    assert "Verification: OK" in said.stdout + said.stderr


def test_a_proof_that_was_meddled_with_says_so_in_a_sentence(archived):
    one, trust = archived[0], authority.trust()
    told, data = proving.proof_of(one.code), storage.get(one.file.digest)
    check_proof(json.dumps(told).encode(), data, trust)
    for change in (
        {"place": 1},
        {"leaves": 99},
        {"path": told["path"][:-1]},
        {"path": ["zz"]},
        {"path": None},
        {"root": "ab" * 32},
        {"stamp": "AAAA"},
        {"stamp": "not base64"},
        {"format": "another"},
        {"place": -1},
    ):
        with pytest.raises(BadProof):
            check_proof(json.dumps({**told, **change}).encode(), data, trust)
    for raw in (b"", b"[]", b"\xff", b"[" * 100_000):
        with pytest.raises(BadProof):
            check_proof(raw, data, trust)


def test_there_is_no_proof_before_the_night_or_for_a_stranger():
    issued = issue(make_person().id)
    for _ in range(2):
        with pytest.raises(NoProofYet):
            proving.proof_of(issued.code)
        jobs.run_pending()
    with pytest.raises(CertificateNotFound):
        proving.proof_of("nonsense")
