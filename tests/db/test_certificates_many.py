"""Many certificates at once on a real database: each once, whatever dies, and nothing lesser."""

import csv
import io
import json
import random
import signal
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select, update

from lms import jobs, storage
from lms.accounts.domain import Role
from lms.audit import api as audit
from lms.certificates import api, authority, queries, services, stamping
from lms.certificates.domain import FileFinding, State, SuccessionKind, shown_code
from lms.certificates.domain.many import NoneChosen, TooMany
from lms.certificates.models import Certificate, File
from lms.certificates.verification import examine
from lms.clock import utc_now
from lms.db import db, transaction
from tests.factories import NOW, make_person
from tests.factories_certificates import issue, make_facts
from tests.stamping_server import stamping_server
from tests.workers import let_leases_end, start_worker, wait_for

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def admin():
    return make_person(Role.ADMIN)


def make_many(count, **given):
    """Issue certificates to as many people, without queueing their files."""
    made = [
        issue(make_person().id, subject=f"test:{n}", facts=make_facts(**given))
        for n in range(count)
    ]
    with transaction():
        db.session.execute(update(jobs.JobItem).values(state=jobs.DONE, ended_at=NOW))
    return made


def reissue(made, admin):
    with transaction():
        found = queries.held_with([one.code for one in made], on=utc_now().date())
        return services.reissue_many(
            [found[one.code] for one in made], reason="A new frame.", by=admin.id, now=utc_now()
        )


def rows(job_id):
    db.session.rollback()
    return jobs.items_of(job_id)


def count(model, *conditions):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


def words(row):
    return row.result["said"] % row.result["values"]


# --- issued anew ----------------------------------------------------------------------------------


def test_each_gets_one_successor_in_one_row_that_says_so(admin):
    made = make_many(3)
    job_id = reissue(made, admin)
    jobs.run_pending(limit=3)
    assert count(Certificate) == 6, "issued first,"
    assert count(File) == 0, "signed then"
    assert {row.state for row in rows(job_id)} == {"queued"}

    jobs.run_pending()
    for old, row in zip(made, rows(job_id), strict=True):
        new = queries.find_by_code(queries.certificate(old.id).later.succession.code)
        assert new.file is not None
        assert (row.subject, row.state) == (shown_code(old.code), "done")
        assert words(row) == (
            f"Issued as {shown_code(new.code)} in the place of {shown_code(old.code)}, and signed."
        )
    asked = audit.history_of(f"job:{job_id}")
    assert [(event.reason, event.after) for event in asked] == [
        ("A new frame.", {"certificates": 3})
    ]


def test_a_row_that_is_done_again_answers_with_what_it_made(admin):
    (old,) = make_many(1)
    given = {"subject": f"reissue:1:{old.id}", "reason": "Twice.", "by": admin.id, "now": NOW}
    codes = set()
    for _ in range(3):
        with transaction():
            codes.add(services.issue_anew(old.id, **given).code)
    assert len(codes) == 1
    assert count(Certificate) == 2


def test_one_that_another_job_replaced_fails_alone_and_can_be_tried_again(admin):
    made = make_many(3)
    first, second = reissue(made[:1], admin), reissue(made, admin)
    jobs.run_pending()
    assert [row.state for row in rows(first)] == ["done"]
    assert [row.state for row in rows(second)] == ["failed", "done", "done"]
    assert "in the place of this one already" in rows(second)[0].problem
    assert count(Certificate) == 6
    with transaction():
        assert jobs.retry_failed(second, now=utc_now()) == 1
    jobs.run_pending()
    assert count(Certificate) == 6


def test_nothing_and_too_much_are_refused(admin):
    with pytest.raises(NoneChosen), transaction():
        services.reissue_many([], reason="", by=admin.id, now=NOW)
    with pytest.raises(TooMany), transaction():
        services.ask_for_files(["x"] * 20_001, asked_by=admin.id, now=NOW)


def test_a_module_is_chosen_by_those_that_hold(admin):
    made = make_many(3)
    make = make_facts(module_slug="other")
    issue(admin.id, subject="other", facts=make)
    with transaction():
        wanted = services.Replacement(SuccessionKind.REISSUE, "Lost.")
        new = services.succeed(made[0].id, wanted, by=admin.id, now=NOW)
    held = queries.holding_in_module("cmas", on=NOW.date(), limit=10)
    assert [one.id for one in held] == [made[1].id, made[2].id, new.id]
    assert queries.holding_in_module("cmas", on=NOW.date() + timedelta(days=3650), limit=10) == []
    assert queries.modules_with_certificates() == ["cmas", "other"]


# --- a time-stamping authority that is down -------------------------------------------------------


def test_without_time_stamps_all_are_issued_and_wait_and_none_is_sealed_at_a_lower_level(
    admin, app, tmp_path, monkeypatch
):
    monkeypatch.setattr(stamping, "PAUSE", 0.0)
    made = make_many(4)
    with stamping_server(tmp_path) as server:
        chosen = replace(app.config["SETTINGS"], tsa=server.url, tsa_roots=server.roots)
        monkeypatch.setitem(app.config, "SETTINGS", chosen)
        server.fault = "down"
        job_id = reissue(made, admin)
        jobs.run_pending()

        assert count(Certificate) == 8
        assert count(File) == 0
        assert server.asked == stamping.TRIES, "one row asked; the others wait with it"
        for row in rows(job_id):
            assert row.state == "queued"
            assert "does not answer" in row.problem
            assert words(row).endswith("its file waits.")
        new = queries.certificate(made[0].id).later.succession.code
        assert api.verdict_for_code(new, on=utc_now().date()).state is State.VALID

        server.fault = ""
        with transaction():
            assert services.seal_waiting(now=utc_now(), asked_by=admin.id)[0] == 8
        jobs.run_pending()
        assert {row.state for row in rows(job_id)} == {"done"}
        (digest,) = db.session.scalars(select(File.digest).order_by(File.id.desc()).limit(1))
        found = examine(storage.get(digest), authority.trust(), now=utc_now())
        assert (found.finding, found.level) == (FileFinding.INTACT, "B-LT")


def test_what_is_queued_is_not_queued_again():
    issue(make_person().id)
    for _ in range(2):
        with transaction():
            assert services.seal_waiting(now=utc_now()) == (1, None)
    assert count(jobs.JobItem) == 1


# --- one ZIP --------------------------------------------------------------------------------------


def pack(codes, admin):
    with transaction():
        job_id = services.ask_for_files(codes, asked_by=admin.id, now=utc_now())
    jobs.run_pending()
    (row,) = rows(job_id)
    return row


def lists_of(archive):
    told = json.loads(archive.read("manifest.json"))
    table = archive.read("manifest.csv").decode("utf-8-sig")
    return told["certificates"], list(csv.DictReader(io.StringIO(table)))


def test_a_zip_holds_the_very_files_and_says_what_they_are(admin):
    made = [issue(make_person().id, subject=f"zip:{n}") for n in range(2)]
    named = issue(make_person().id, subject="odd", facts=make_facts(name="=2+5"))
    jobs.run_pending()
    waits = issue(make_person().id, subject="waits")
    with transaction():
        db.session.execute(
            update(jobs.JobItem).where(jobs.JobItem.state == "queued").values(state="done")
        )
    codes = [one.code for one in (*made, named, waits)]
    row = pack(codes, admin)
    file = jobs.MadeFile.of(row.result)
    data = storage.get(file.digest)
    assert len(data) == file.size

    with ZipFile(io.BytesIO(data)) as archive:
        told, table = lists_of(archive)
        assert [one["code"] for one in told] == [shown_code(code) for code in codes]
        assert [one["remark"] for one in told] == ["", "", "", "not signed yet"]
        for one in told[:3]:
            assert sha256(archive.read(one["file"])).hexdigest() == one["sha256"]
            assert one["state"] == "valid"
        assert {*archive.namelist()} == {
            "manifest.csv",
            "manifest.json",
            *(one["file"] for one in told if one["file"]),
        }
    assert [line["sha256"] for line in table] == [one["sha256"] for one in told]
    assert table[2]["name"] == "'=2+5", "no spreadsheet may run it"
    stored = queries.certificate(made[0].id).file.digest
    assert told[0]["sha256"] == stored


def test_the_same_zip_is_the_same_bytes(admin):
    issued = issue(admin.id)
    jobs.run_pending()
    with transaction():
        twice = [
            services.ask_for_files([issued.code], asked_by=admin.id, now=NOW) for _ in range(2)
        ]
    jobs.run_pending()
    first, second = (rows(job_id)[0].result for job_id in twice)
    assert first == second


def test_a_file_that_is_not_as_it_was_signed_is_not_handed_out(admin):
    issued = issue(admin.id)
    jobs.run_pending()
    path = storage.path_of(queries.certificate(issued.id).file.digest)
    path.write_bytes(b"something else")
    row = pack([issued.code], admin)
    assert row.state == "queued", "it is tried again: a backup may bring the file back"
    assert shown_code(issued.code) in row.problem
    path.unlink()
    assert "as it was signed" in pack([issued.code], admin).problem


def test_an_erasure_takes_the_zips_back(admin):
    made = [issue(make_person().id, subject=f"zip:{n}") for n in range(2)]
    jobs.run_pending()
    files = [jobs.MadeFile.of(pack([one.code], admin).result) for one in made]
    with transaction():
        services.erase_line(made[0].id, reason="Letter 7.", erased_by=admin.id, now=NOW)
    jobs.run_pending()
    assert [storage.exists(file.digest) for file in files] == [False, True]
    told = pack([made[0].code], admin)
    with ZipFile(io.BytesIO(storage.get(jobs.MadeFile.of(told.result).digest))) as archive:
        ((line,), _table) = lists_of(archive)
    assert (line["name"], line["file"], line["remark"]) == (
        "",
        "",
        "erased at the holder's request",
    )


def test_a_zip_in_the_making_is_made_again_when_somebody_is_erased(admin, monkeypatch):
    from lms.certificates import packing

    issued = issue(make_person().id)
    jobs.run_pending()
    real, made = packing.write_zip, []

    def erase_then(*args, **named):
        inside = real(*args, **named)
        if not made:
            with transaction():
                services.erase_line(issued.id, reason="Letter 7.", erased_by=admin.id, now=NOW)
        made.append(inside)
        return inside

    monkeypatch.setattr(packing, "write_zip", erase_then)
    row = pack([issued.code], admin)
    assert made == [[issued.id], []]
    with ZipFile(io.BytesIO(storage.get(jobs.MadeFile.of(row.result).digest))) as archive:
        assert archive.namelist() == ["manifest.csv", "manifest.json"]


# --- kill -9 --------------------------------------------------------------------------------------

HOW_MANY, KILLED = 30, 3


def test_workers_that_are_killed_at_any_moment_lose_and_double_nothing(admin, app):
    made = make_many(HOW_MANY)
    authority.signer()  # the keys are there before the workers look for them
    authority.stamper()
    job_id = reissue(made, admin)
    chance = random.Random(4711)
    workers = [start_worker(app) for _ in range(2)]
    try:
        for killed in range(1, KILLED + 1):
            wait_for(
                lambda reached=killed: progress(job_id) >= reached * HOW_MANY * 2 // (KILLED + 2)
            )
            time.sleep(chance.random() * 0.2)
            worker = workers.pop(0)
            worker.kill()
            worker.join()
            assert worker.exitcode == -signal.SIGKILL, "it was still at work"
            let_leases_end()
            if killed < KILLED:
                workers.append(start_worker(app))
        jobs.run_pending()
        for worker in workers:
            worker.join(60)
    finally:
        for worker in workers:
            worker.kill()
            worker.join()
    let_leases_end()
    jobs.run_pending()

    assert Counter(row.state for row in rows(job_id)) == {"done": HOW_MANY}
    assert count(Certificate) == 2 * HOW_MANY
    new = [queries.certificate(one.id).later.succession for one in made]
    assert len({one.id for one in new}) == HOW_MANY
    for one in new:
        events = Counter(event.action for event in audit.history_of(f"certificate:{one.id}"))
        assert events == {"certificate issued": 1, "certificate sealed": 1}
        file = queries.certificate(one.id).file
        assert sha256(storage.get(file.digest)).hexdigest() == file.digest
    assert count(File) == HOW_MANY
    assert count(jobs.JobItem, jobs.JobItem.kind == "mail.send") == HOW_MANY
    assert audit.broken_links() == []


def progress(job_id):
    """Count the two steps of each row that are done."""
    return sum({"done": 2}.get(row.state, row.parts_done) for row in rows(job_id))
