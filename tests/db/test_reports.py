"""The completion report: what a row says, filters, paging, figures, streams, and what they cost."""

import csv
import io
import tracemalloc
from datetime import date, timedelta

import openpyxl
import pytest
from flask_babel import force_locale
from sqlalchemy import func, select, update

from bench.data import NOW as BENCH_NOW
from bench.data import fill, kind_of, many_rows
from lms import jobs
from lms.accounts.models import Person
from lms.certificates import api as certificates
from lms.certificates.domain import RevocationReason
from lms.db import db, transaction
from lms.errors import Conflict, NotFound
from lms.jobs import JobItem
from lms.modules.models import Enrolment
from lms.reports import exports, services
from lms.reports.domain import Cursor, RowState, Show, Sought
from lms.reports.queries import completion as queries
from lms.reports.queries import jobs as job_queries
from tests.factories import NOW, make_person
from tests.factories_modules import do_all, do_until, enrol, fail
from tests.factories_packages import broken, make_release
from tests.factories_reports import make_job

TODAY = NOW.date()


@pytest.fixture
def release(app):
    return make_release()


@pytest.fixture
def many(release):
    """Three hundred enrolments of forty people in two modules."""
    make_release(broken({"package.yaml": ("slug: sample", "slug: other")}))
    fill(people=40, enrolments=300)


def rows(sought=Sought(), *, today=TODAY, limit=1000, **place):  # noqa: B008 - frozen
    return queries.rows(sought, queries.releases(), today=today, limit=limit, **place)


def only(**sought):
    [row] = rows(Sought(**sought))
    return row


def exported(sought=Sought(), *, today=TODAY):  # noqa: B008 - frozen
    known = queries.releases()
    data = b"".join(exports.csv_chunks(queries.stream(sought, known, today=today), known))
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


# --- what a row says


def test_somebody_who_has_just_enrolled(release):
    person = make_person()
    enrol(person)

    row = only()
    assert (row.name, row.email, row.slug) == (person.name, person.email, "sample")
    assert (row.enrolled_at, row.active_at, row.state) == (NOW, NOW, RowState.TRAINING)
    assert (row.quiz, row.certification, row.quiz_tries, row.tries) == (None, None, 0, 0)
    assert row.certificate_id is row.code is row.ends_on is row.certified_at is None


def test_a_lesson_and_a_begun_try_are_signs_of_life(release):
    person = make_person()
    enrol(person)
    do_until(person, "deck", now=NOW + timedelta(hours=2))
    assert only().active_at == NOW + timedelta(hours=2)

    do_until(person, "certification", now=NOW + timedelta(days=1))
    assert only().active_at == NOW + timedelta(days=1)


def test_a_failed_certification(release):
    person = make_person()
    do_until(person, "certification")
    fail(person, "certification")

    row = only()
    assert row.state is RowState.NOT_PASSED
    assert (row.quiz, row.quiz_tries) == ((2, 2), 1)
    assert (row.certification, row.tries) == ((0, 1), 1)


def test_somebody_certified(release):
    person = make_person()
    do_all(person)

    row = only()
    [held] = certificates.certificates_of(person.id, on=TODAY)
    assert row.state is RowState.VALID
    assert (row.certificate_id, row.code, row.ends_on) == (held.id, held.code, held.expires_on)
    assert (row.certification, row.certified_at) == ((1, 1), NOW)


def test_a_certificate_holds_on_its_last_day_and_not_after(release):
    do_all(make_person())
    last = only().ends_on

    assert rows(today=last)[0].state is RowState.VALID
    assert rows(today=last + timedelta(days=1))[0].state is RowState.ENDED


def test_a_revoked_certificate(release):
    do_all(make_person())
    with transaction():
        certificates.revoke(
            only().certificate_id,
            reason_class=RevocationReason.MISCONDUCT,
            reason="Somebody else rated.",
            revoked_by=make_admin(),
            now=NOW,
        )

    assert only().state is RowState.REVOKED
    assert only().revoked_at == NOW


def make_admin():
    return db.session.scalar(select(Person.id).limit(1))


# --- filters


def test_the_states_divide_the_report(many):
    today = BENCH_NOW.date()
    by_state = {show: {row.id for row in rows(Sought(show=show), today=today)} for show in Show}

    everybody = by_state[Show.ALL]
    assert len(everybody) == 300
    assert by_state[Show.TRAINING] | by_state[Show.CERTIFIED] == everybody
    assert not by_state[Show.TRAINING] & by_state[Show.CERTIFIED]
    assert by_state[Show.NOT_PASSED] < by_state[Show.TRAINING]
    parts = [by_state[show] for show in (Show.VALID, Show.ENDED, Show.REVOKED)]
    assert all(parts)
    assert set().union(*parts) == by_state[Show.CERTIFIED]
    assert sum(map(len, parts)) == len(by_state[Show.CERTIFIED])


SEVERAL = (Show.ALL, Show.CERTIFIED)
ELSEWHERE = (Show.SUSPENDED,)  # not among the made data; test_reports_life.py makes one


@pytest.mark.parametrize("show", [show for show in Show if show not in SEVERAL + ELSEWHERE])
def test_a_filter_and_the_shown_state_agree(many, show):
    shown = {row.state for row in rows(Sought(show=show), today=BENCH_NOW.date())}
    wanted = {RowState.TRAINING, RowState.NOT_PASSED} if show is Show.TRAINING else {show.value}

    assert shown == wanted


def test_the_module_narrows(many):
    found = rows(Sought(module="other"))

    assert {row.slug for row in found} == {"other"}
    assert len(found) == 140


def test_both_days_are_included(many):
    days = sorted(row.enrolled_at.date() for row in rows())
    since, until = days[50], days[200]
    found = rows(Sought(since=since, until=until))

    assert min(row.enrolled_at.date() for row in found) == since
    assert max(row.enrolled_at.date() for row in found) == until
    assert len(found) == sum(since <= day <= until for day in days)


@pytest.mark.parametrize("words", ["okafor ADA", "rater11@", "100%", "_"])
def test_all_words_must_be_in_the_name_or_the_address(many, words):
    found = {row.id for row in rows(Sought(words=words))}
    wanted = {
        row.id
        for row in rows()
        if all(w.lower() in f"{row.name}\n{row.email}".lower() for w in words.split())
    }

    assert found == wanted


def test_words_that_many_share_are_found_too(many, monkeypatch):
    few_at_most = rows(Sought(words="example.org"))
    monkeypatch.setattr(queries, "FEW", 3)

    assert rows(Sought(words="example.org")) == few_at_most
    assert len(few_at_most) == 300


def test_a_step_key_that_means_something_else_in_another_release_is_not_mixed_up(release):
    other = broken(
        {
            "package.yaml": ("slug: sample", "slug: turned"),
        }
    )
    text = other["package.yaml"].decode()
    text = text.replace("key: quiz", "key: first").replace("key: certification", "key: quiz")
    other["package.yaml"] = text.encode()
    make_release(other)
    person = make_person()
    do_until(person, "certification")
    fill(people=4, enrolments=8)

    row = only(words=person.email)
    assert (row.quiz, row.certification) == ((2, 2), None)
    turned = [row for row in rows(Sought(module="turned")) if row.certification]
    assert {row.certification[1] for row in turned} == {4}
    assert {row.quiz[1] for row in turned} == {20}


# --- paging


@pytest.mark.parametrize("size", [7, 50])
def test_walking_down_and_up_meets_every_row_once(many, size):
    everybody = [row.id for row in rows()]
    down, place = [], None
    while step := rows(limit=size, older_than=place):
        down += [row.id for row in step]
        place = step[-1].cursor
    up, place = [], Cursor(rows()[-1].enrolled_at - timedelta(seconds=1), 0)
    while step := rows(limit=size, newer_than=place):
        up = [row.id for row in step] + up
        place = step[0].cursor

    assert down == up == everybody


def test_equal_moments_are_in_the_order_of_their_ids(many):
    with transaction():
        db.session.execute(update(Enrolment).values(enrolled_at=NOW))
    first = rows(limit=10)
    then = rows(limit=10, older_than=first[-1].cursor)

    ids = [row.id for row in first + then]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 20


# --- figures


def test_the_figures_count_by_module(many):
    figures = queries.figures(Sought(), queries.releases(), today=TODAY)
    certified = sum(kind_of(number).certified for number in range(300))

    assert {one.slug: one.enrolled for one in figures} == {"sample": 160, "other": 140}
    assert sum(one.certified for one in figures) == certified
    assert all(len(one.agreement) == queries.DOTS for one in figures)
    assert all(one.required == 21 / 32 for one in figures)


def test_counting_by_index_and_by_condition_is_the_same(many):
    known = queries.releases()
    long_ago = Sought(since=date(1990, 1, 1))

    for module in ("", "other"):
        quick = queries.figures(Sought(module=module), known, today=TODAY)
        slow = queries.figures(Sought(module=module, since=long_ago.since), known, today=TODAY)
        assert quick == slow


def test_a_state_does_not_narrow_the_figures(many):
    known = queries.releases()

    assert queries.figures(Sought(show=Show.REVOKED), known, today=TODAY) == queries.figures(
        Sought(), known, today=TODAY
    )


@pytest.mark.parametrize("sought", [Sought(), Sought(words="okafor", show=Show.VALID)])
def test_the_number_of_statements_does_not_grow(release, count_queries, sought):
    counts = []
    for enrolments in (20, 200):
        fill(people=enrolments, enrolments=enrolments)
        db.session.rollback()
        queries.releases()
        count_queries()
        known = queries.releases()
        queries.rows(sought, known, today=TODAY, limit=51)
        queries.figures(sought, known, today=TODAY)
        counts.append(count_queries())

    assert counts[0] == counts[1] <= 6


# --- files


def test_the_csv_says_what_the_page_says(many):
    today = BENCH_NOW.date()
    shown = {(row.email, row.slug, row.enrolled_at): row for row in rows(today=today)}
    lines = exported(today=today)

    assert len(lines) == len(shown) == 300
    for row, line in zip(sorted(shown.values(), key=lambda row: row.id), lines, strict=True):
        assert line["person"] == row.name
        assert line["email"] == row.email
        assert line["release"] == "1.0"
        assert line["enrolled"] == f"{row.enrolled_at:%Y-%m-%dT%H:%MZ}"
        assert line["last_activity"] == f"{row.active_at:%Y-%m-%dT%H:%MZ}"
        assert line["quiz_score"] == (f"{row.quiz[0]} of {row.quiz[1]}" if row.quiz else "")
        assert line["certificate_code"] == (row.code or "")
        assert line["expires"] == (row.ends_on.isoformat() if row.ends_on else "")
        assert int(line["certification_tries"]) == row.tries
        held = row.state in (RowState.VALID, RowState.ENDED, RowState.REVOKED)
        assert line["certificate_state"] == (row.state.value if held else "")
        assert (line["state"] == "certified") == held


def test_a_name_that_looks_like_a_formula_is_shown_and_not_run(release):
    for name in ("=HYPERLINK(1)", "+1", "-1", "@x", "\t=1"):
        person = make_person()
        enrol(person)
        with transaction():
            db.session.execute(update(Person).where(Person.id == person.id).values(name=name))

    assert [line["person"] for line in exported()] == [
        "'=HYPERLINK(1)",
        "'+1",
        "-1",
        "'@x",
        "'\t=1",
    ]


def test_the_filter_narrows_the_file_too(many):
    today = BENCH_NOW.date()
    lines = exported(Sought(show=Show.REVOKED), today=today)

    assert {line["certificate_state"] for line in lines} == {"revoked"}
    assert len(lines) == len(rows(Sought(show=Show.REVOKED), today=today))


def test_an_empty_report_has_its_heading(release):
    known = queries.releases()
    data = b"".join(exports.csv_chunks(queries.stream(Sought(), known, today=TODAY), known))

    assert data.decode("utf-8-sig") == ",".join(exports.COLUMNS) + "\r\n"


def test_the_csv_comes_in_pieces_and_holds_one_at_a_time(release):
    fill(people=30, enrolments=300)
    peaks = {}
    for times in (1, 9):
        if times > 1:
            fill(people=30, enrolments=2400)
        known = queries.releases()
        tracemalloc.start()
        pieces = sum(1 for _ in stream_of(known, at_a_time=100))
        peaks[times] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert pieces == 3 * times
    assert peaks[9] < 1.5 * peaks[1]


def stream_of(known, *, at_a_time):
    original = queries.AT_A_TIME
    queries.AT_A_TIME = at_a_time
    try:
        yield from exports.csv_chunks(queries.stream(Sought(), known, today=TODAY), known)
    finally:
        queries.AT_A_TIME = original


def test_a_stream_that_is_given_up_gives_its_connection_back(many):
    known = queries.releases()
    bundles = queries.stream(Sought(), known, today=TODAY)
    pieces = exports.csv_chunks(bundles, known)
    next(pieces)
    pieces.close()

    db.session.rollback()
    assert db.engine.pool.checkedout() == 0


def test_the_workbook_has_a_frozen_heading_filters_dates_and_no_formulas(release, app, tmp_path):
    person = make_person(name="Ada Okafor")
    do_all(person)
    with transaction():
        db.session.execute(update(Person).where(Person.id == person.id).values(name="=1+1"))
    known = queries.releases()
    made = tmp_path / "made.xlsx"
    with app.test_request_context(), force_locale("en"), made.open("wb") as file:
        exports.write_xlsx(file, queries.stream(Sought(), known, today=TODAY), known)
    sheet = openpyxl.load_workbook(made).active

    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:P2"
    heading, cells = (list(row) for row in sheet.iter_rows())
    values = {head.value: cell.value for head, cell in zip(heading, cells, strict=True)}
    assert values["Person"] == "'=1+1"
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert values["Enrolled (UTC)"] == NOW.replace(tzinfo=None)
    assert values["Certified on"].date() == NOW.date()
    assert values["Certification tries"] == 1
    assert values["Cases met"] == "1 of 1"


def test_made_data_is_what_the_rooms_would_have_written(many):
    counts = dict(many_rows())
    codes = [row.code for row in rows() if row.code]
    verdicts = certificates.verdicts_for_codes(codes[:20], on=BENCH_NOW.date())

    assert counts["modules_enrolments"] == 300
    assert {verdict.state for verdict in verdicts} <= {"valid", "expired", "revoked", "not_yet"}


# --- jobs


def test_failed_rows_are_queued_again_and_it_is_written_down(app):
    job_id = make_job(done=2, failed=3)
    with transaction():
        count = services.retry_failed(job_id, person_id=None, everything=True, now=NOW)

    job = job_queries.job_of(0, job_id, everything=True)
    assert (count, job.failed, job.done, job.ended) == (3, 0, 2, False)


def test_a_job_without_failures_is_not_tried_again(app):
    job_id = make_job(done=2)

    with pytest.raises(Conflict), transaction():
        services.retry_failed(job_id, person_id=None, everything=True, now=NOW)


def test_a_long_row_says_how_far_it_is_and_keeps_its_lease(app):
    seen = []

    @jobs.handler("tests.long", before=lambda _payload, **_: [step(part) for part in (1, 2)])
    def keep(_payload, *, now, prepared):
        return {"parts": len(prepared)}

    def step(part):
        jobs.note_parts(part, 2)
        with db.engine.connect() as connection:
            row = connection.execute(select(JobItem.parts_done, JobItem.parts)).one()
        seen.append(tuple(row))

    with transaction():
        jobs.enqueue("tests.long", [("one", {})], created_by=None, title="Long", now=NOW)
    jobs.run_pending()

    assert seen == [(1, 2), (2, 2)]


def test_parts_outside_a_job_are_nobodys(app):
    jobs.note_parts(1, 2)

    assert db.session.scalar(select(func.count()).select_from(JobItem)) == 0


def test_the_count_of_what_is_sought_is_the_number_of_rows(many):
    known = queries.releases()
    for sought in (Sought(), Sought(show=Show.VALID), Sought(words="example")):
        lines = [
            row for part in queries.stream(sought, known, today=BENCH_NOW.date()) for row in part
        ]
        assert queries.count(sought, known, today=BENCH_NOW.date()) == len(lines)


def test_what_is_sought_goes_through_a_job_unchanged():
    sought = Sought("mmt8", Show.ENDED, TODAY, None, "ada")

    assert Sought.from_data(sought.as_data()) == sought


def test_somebody_elses_job_is_not_found(app):
    owner, other = make_person(), make_person()
    job_id = make_job(failed=1, asked_by=owner)

    assert job_queries.job_of(owner.id, job_id, everything=False).failed == 1
    with pytest.raises(NotFound):
        job_queries.job_of(other.id, job_id, everything=False)
    with pytest.raises(NotFound), transaction():
        services.retry_failed(job_id, person_id=other.id, everything=False, now=NOW)


def test_jobs_are_narrowed_by_state_and_kind(app):
    ended, failed, waiting = make_job(done=1), make_job(failed=1), make_job(queued=1, kind="x.y")

    def found(**sought):
        given = {"show": "", "kind": "", "before": None, "limit": 10} | sought
        return [job.id for job in job_queries.jobs(**given)]

    assert found() == [waiting, failed, ended]
    assert found(show="failed") == [failed]
    assert found(show="under_way") == [waiting]
    assert found(kind="x.y") == [waiting]
    assert found(before=waiting) == [failed, ended]


def test_the_csv_says_what_the_workbook_says_whatever_people_are_called(many):
    """The general writer of the standard library is the oracle."""
    strange = [
        'Hale, "Robin"',
        "=1+1",
        " @x",
        "-5",
        'O"Hara',
        "two\r\nlines",
        "Ελένη",
        "-5,5",
        "\t=",
    ]
    with transaction():
        for person, name in zip(db.session.scalars(select(Person)), strange, strict=False):
            person.name = name
    known = queries.releases()
    bundles = list(queries.stream(Sought(), known, today=TODAY))
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(exports.COLUMNS)
    for cells in exports.lines(bundles, known):
        for place in exports.MOMENTS:
            cells[place] = cells[place].replace(" ", "T") + "Z"
        writer.writerow(cells)

    made = b"".join(exports.csv_chunks((bundle for bundle in bundles), known))
    assert made.decode("utf-8-sig") == written.getvalue()
    assert all(name in made.decode() for name in ('"Hale, ""Robin"""', "'=1+1", '"-5,5"'))
