"""The JSON API as a program sees it: one meaning with the page, shapes as published, no traces."""

import csv
import json
from datetime import timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile

import jsonschema
import pytest

from lms import jobs, storage
from lms.accounts.domain import Role
from lms.app import create_app
from lms.certificates import api as certificates
from lms.certificates import queries, services
from lms.certificates.badges import making
from lms.certificates.domain import (
    RevocationReason,
    SuccessionKind,
    SuspensionReason,
    new_code,
    shown_code,
)
from lms.clock import utc_now
from lms.db import db, transaction
from lms.web.limits import limiter
from tests.conftest import TEST_CONFIG, Client, settings_for_tests
from tests.factories import make_person
from tests.factories_certificates import issue, make_facts

ABSENT = new_code(lambda count: bytes(range(count)))


@pytest.fixture
def issued(client):
    return issue(make_person(name="Robin Hale").id)


@pytest.fixture
def sealed(issued):
    jobs.run_pending()
    return queries.certificate(issued.id)


def published(client, name):
    """Return the published schema of one shape, which refuses keys that it does not name."""
    spec = client.get("/api/v1/openapi.json").get_json()
    shapes = spec["components"]["schemas"]
    for shape in shapes.values():
        shape["additionalProperties"] = False
        shape["required"] = [] if name.endswith("Question") else list(shape["properties"])
    return {"$ref": f"#/components/schemas/{name}", "components": spec["components"]}


def fits(client, name, data):
    jsonschema.validate(data, published(client, name))
    return data


def result_of(data, name):
    (found,) = [one for one in data["checks"] if one["check"] == name]
    return found["result"], found["detail"]


def test_a_code_is_answered_with_state_day_checks_and_record(client, sealed):
    answer = client.get(f"/api/v1/verify/{shown_code(sealed.code)}")
    data = fits(client, "Answer", answer.get_json())
    assert answer.status_code == 200
    assert (data["state"], data["good"], data["exit_code"]) == ("valid", True, 14)
    assert data["as_of"] == utc_now().date().isoformat()
    assert data["record"]["name"] == "Robin Hale"
    assert result_of(data, "authority") == ("warn", "development")
    assert result_of(data, "not_expired") == ("pass", "2028-06-14")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("at", "state"),
    [("2026-06-13", "not_yet"), ("2026-06-14", "valid"), ("2028-06-15", "expired")],
)
def test_a_past_or_future_day_gets_the_answer_that_the_page_gives(client, issued, at, state):
    data = client.get(f"/api/v1/verify/{issued.code}?at={at}").get_json()
    assert (data["state"], data["as_of"]) == (state, at)
    assert (
        data["state"]
        == certificates.verdict_for_code(
            issued.code, on=make_facts().issued_on.fromisoformat(at)
        ).state
    )
    page = client.get(f"/v/{issued.code}?on={at}").text
    assert data["reason"].partition(". ")[0] in page


def become(issued, what):
    admin, now = make_person(Role.ADMIN), utc_now()
    with transaction():
        if what == "revoked":
            services.revoke_certificate(
                issued.id,
                reason_class=RevocationReason.MISCONDUCT,
                reason="Ratings were made up.",
                revoked_by=admin.id,
                now=now,
            )
        elif what == "suspended":
            pause = services.Pause(SuspensionReason.TRAINING_DUE, "Late.")
            services.suspend_certificate(issued.id, pause, suspended_by=admin.id, now=now)
        elif what == "superseded":
            wanted = services.Replacement(SuccessionKind.REISSUE, reason="Code was public.")
            services.succeed(issued.id, wanted, by=admin.id, now=now)
        else:
            services.erase_line(issued.id, reason="Letter", erased_by=admin.id, now=now)


@pytest.mark.parametrize(
    ("what", "state", "failed", "code"),
    [
        ("revoked", "revoked", "not_revoked", 6),
        ("suspended", "suspended", "not_suspended", 5),
        ("superseded", "superseded", "not_superseded", 4),
        ("erased", "revoked", "not_revoked", 6),
    ],
)
def test_every_state_names_what_failed_and_keeps_explanations(
    client, issued, what, state, failed, code
):
    become(issued, what)
    answer = client.get(f"/api/v1/verify/{issued.code}")
    data = fits(client, "Answer", answer.get_json())
    assert (answer.status_code, data["state"], data["exit_code"]) == (200, state, code)
    assert not data["good"]
    assert [one["check"] for one in data["checks"] if one["result"] == "fail"] == [failed]
    assert "made up" not in answer.text
    assert (data["record"] is None) == (what == "erased")
    assert (data["superseded_by"] is not None) == (what == "superseded")


def test_an_unknown_and_a_malformed_code_get_the_same_answer(client, count_queries, monkeypatch):
    moment = utc_now()
    monkeypatch.setattr("lms.api.routes.utc_now", lambda: moment)
    answers, counts = [], []
    for code in (ABSENT, "nonsense", "x" * 500, "O0O0", ABSENT[:-1] + "U"):
        count_queries()
        answer = client.get(f"/api/v1/verify/{code}")
        counts.append(count_queries())
        answers.append((answer.status_code, answer.data, sorted(answer.headers.keys())))
    assert len({repr(one) for one in answers}) == 1
    assert set(counts) == {1}
    assert answers[0][0] == 404
    fits(client, "Answer", json.loads(answers[0][1]))


def test_the_file_itself_is_an_exact_copy_and_a_changed_one_says_nothing(client, sealed):
    data = storage.get(sealed.file.digest)
    answer = client.post("/api/v1/verify", data=data, content_type="application/pdf")
    found = fits(client, "Answer", answer.get_json())
    assert (found["state"], result_of(found, "same_file")) == ("valid", ("pass", "byte_for_byte"))
    changed = bytearray(data)
    changed[len(data) // 3] ^= 4
    answer = client.post("/api/v1/verify", data=bytes(changed), content_type="application/pdf")
    found = fits(client, "Answer", answer.get_json())
    assert (found["state"], found["record"], found["code"]) == ("altered", None, None)
    assert found["checks"] == [{"check": "signature", "result": "fail", "detail": "altered"}]


@pytest.mark.parametrize("kind", ["application/vc", "application/vc+jwt"])
def test_a_badge_is_answered_like_the_certificate(client, issued, kind):
    make = making.token_bytes if kind.endswith("jwt") else making.credential_bytes
    data = make(issued, now=utc_now())
    answer = client.post("/api/v1/verify", data=data, content_type=kind)
    found = fits(client, "Answer", answer.get_json())
    assert (found["state"], found["record"]["name"]) == ("valid", "Robin Hale")
    answer = client.post("/api/v1/verify", data=data.replace(b"e", b"3", 3), content_type=kind)
    assert answer.get_json()["good"] is False


def test_a_code_can_be_sent_where_no_log_keeps_it(client, issued):
    asked = {"code": shown_code(issued.code).lower(), "at": "2026-06-13"}
    answer = client.post("/api/v1/verify", json=asked)
    assert answer.get_json()["state"] == "not_yet"


def test_uploads_leave_nothing_behind(client, sealed, whole_app):
    folder = whole_app.extensions["concord_store"].folder
    before = sorted(folder.rglob("*"))
    client.post("/api/v1/verify", data=b"%PDF-1.7 nothing", content_type="application/pdf")
    assert sorted(folder.rglob("*")) == before


BAD = [
    ("get", "/api/v1/verify/X?at=soon", {}, 422, "Write it like 2026-11-21"),
    ("get", "/api/v1/verify/X?at=20260101", {}, 422, "Write it like 2026-11-21"),
    ("get", "/api/v1/verify/X?at=2026-02-30", {}, 422, "Write it like 2026-11-21"),
    ("post", "/api/v1/verify", {"data": b"x", "content_type": "text/html"}, 415, "application/pdf"),
    ("post", "/api/v1/verify", {"data": b"{", "content_type": "application/json"}, 422, "as JSON"),
    ("post", "/api/v1/verify", {"json": {"code": 7}}, 422, "code: Not a valid string."),
    ("post", "/api/v1/verify", {"json": {"kode": "x", "code": "y"}}, 422, "kode"),
    ("post", "/api/v1/verify", {"json": []}, 422, "Invalid input type"),
    ("post", "/api/v1/verify/bulk", {"json": {"codes": []}}, 422, "between 1 and 500"),
    ("post", "/api/v1/verify/bulk", {"json": {"codes": ["x"] * 501}}, 422, "between 1 and 500"),
    ("post", "/api/v1/verify/bulk", {"json": {"codes": "x"}}, 422, "codes: Not a valid list"),
    ("post", "/api/v1/verify/bulk", {"data": b"\xff", "content_type": "text/csv"}, 422, "UTF-8"),
    ("post", "/api/v1/verify/bulk", {"data": b"", "content_type": "text/csv"}, 422, "1 and 500"),
    (
        "post",
        "/api/v1/verify/bulk",
        {"data": b"PK", "content_type": "application/zip"},
        422,
        "plain ZIP",
    ),
    ("post", "/api/v1/verify/bulk", {"data": b"x"}, 415, "text/csv"),
]


@pytest.mark.parametrize(("method", "address", "given", "status", "said"), BAD)
def test_what_cannot_be_read_is_a_problem_with_a_sentence(
    client, method, address, given, status, said
):
    answer = getattr(client, method)(address, **given)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert said in fits(client, "Problem", answer.get_json())["detail"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_too_large_is_not_read(client):
    size = certificates.LARGEST_FILE + 2
    answer = client.post("/api/v1/verify", data=b"%" * size, content_type="application/pdf")
    assert answer.status_code == 413
    assert answer.get_json()["title"]


# --- many -----------------------------------------------------------------------------------------


def test_many_codes_are_answered_in_their_order_with_one_statement(client, issued, count_queries):
    asked = {"codes": [shown_code(issued.code), "nonsense", ABSENT] * 100, "at": "2026-07-01"}
    fits(client, "BulkQuestion", asked)
    count_queries()
    answer = client.post("/api/v1/verify/bulk", json=asked)
    assert count_queries() == 1
    data = fits(client, "BulkAnswer", answer.get_json())
    assert (data["asked"], data["good"], data["as_of"]) == (300, 100, "2026-07-01")
    assert [one["state"] for one in data["results"][:3]] == ["valid", "not_found", "not_found"]
    assert [one["asked"] for one in data["results"]] == asked["codes"]


def as_csv(client, **given):
    answer = client.post("/api/v1/verify/bulk", headers={"Accept": "text/csv"}, **given)
    assert answer.status_code == 200
    assert answer.content_type == "text/csv; charset=utf-8"
    return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    "table", ["{0}\n{1}\n", "site;code\n01;{0}\n02;{1}\n", "\ufeffCode,visit\r\n{0},x\r\n\r\n{1},y"]
)
def test_a_csv_of_codes_is_answered_as_csv(client, issued, table):
    data = table.format(shown_code(issued.code), "=cmd()").encode()
    rows = as_csv(client, data=data, content_type="text/csv")
    assert [row["state"] for row in rows] == ["valid", "not_found"]
    assert [row["name"] for row in rows] == ["Robin Hale", ""]
    assert rows[1]["asked"] == "'=cmd()"


def packed(files):
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def test_an_archive_of_pdfs_is_checked_file_by_file(client, sealed):
    pdf = storage.get(sealed.file.digest)
    files = [("site 01/good.pdf", pdf), ("b.pdf", pdf + b"\n"), ("notes.txt", b"x"), ("f/", b"")]
    data = packed(files)
    answer = client.post("/api/v1/verify/bulk", data=data, content_type="application/zip")
    found = fits(client, "BulkAnswer", answer.get_json())
    assert [(one["asked"], one["state"]) for one in found["results"]] == [
        ("site 01/good.pdf", "valid"),
        ("b.pdf", "added_to"),
        ("notes.txt", "unreadable"),
    ]


def hostile():
    bomb = packed([("a.pdf", b"%PDF-" + b"0" * (8 * 1024 * 1024))])
    plain = packed([("a.pdf", b"x" * 99)])
    locked = bytearray(plain)
    locked[6] |= 1
    locked[plain.index(b"PK\x01\x02") + 8] |= 1
    broken = plain.replace(b"x" * 50, b"y" * 50)
    return [
        ("a file that unpacks too large", bomb, 200, "unreadable"),
        ("too many files", packed([(f"{n}.pdf", b"") for n in range(201)]), 422, "1 and 200"),
        ("no file", packed([]), 422, "1 and 200"),
        ("a password", bytes(locked), 422, "password"),
        ("a wrong sum", broken, 422, "plain ZIP"),
        ("cut off", plain[:-30], 422, "plain ZIP"),
        ("a list that claims to be huge", plain[:-10] + b"\xff" * 4 + plain[-6:], 422, "1 and 200"),
    ]


@pytest.mark.parametrize(("data", "status", "said"), [one[1:] for one in hostile()])
def test_a_hostile_archive_is_refused_with_a_sentence(client, data, status, said):
    answer = client.post("/api/v1/verify/bulk", data=data, content_type="application/zip")
    assert answer.status_code == status
    assert said in answer.text


# --- who asks -------------------------------------------------------------------------------------


def test_no_token_is_asked_for_and_everybody_gets_the_same_answer(
    client, app, log_in, issued, new_client
):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        log_in(make_person(Role.ADMIN))
        signed_in = client.post("/api/v1/verify", json={"code": issued.code})
        refused = client.post(f"/certificates/{issued.id}/revocation", data={})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    stranger = new_client().post("/api/v1/verify", json={"code": issued.code})
    assert signed_in.status_code == stranger.status_code == 200
    assert signed_in.get_json()["record"] == stranger.get_json()["record"]
    assert "Set-Cookie" not in stranger.headers
    assert refused.status_code == 400


def test_who_asks_too_often_has_to_wait(tmp_path, database, languages):
    settings = settings_for_tests(tmp_path, database.url)
    app = create_app(settings, **{**TEST_CONFIG, "RATELIMIT_ENABLED": True}, **languages)
    app.test_client_class = Client
    try:
        with app.app_context():
            client = app.test_client()
            codes = [
                client.post("/api/v1/verify/bulk", json={"codes": ["x"]}).status_code
                for _ in range(7)
            ]
    finally:
        with app.app_context():
            limiter.reset()
            db.engine.dispose()
        limiter.enabled = False
    assert codes == [200] * 6 + [429]


def test_the_description_is_published_and_names_every_address(client, app):
    spec = client.get("/api/v1/openapi.json").get_json()
    served = {
        str(rule).replace("<string:code>", "{code}")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.verify")
    }
    assert set(spec["paths"]) == served
    assert spec["openapi"] == "3.1.0"


def test_a_day_after_tomorrow_is_no_proof(client, issued):
    """It says how it would stand if nothing happened until then, as the page does."""
    later = utc_now().date() + timedelta(days=30)
    assert client.get(f"/api/v1/verify/{issued.code}?at={later}").get_json()["state"] == "valid"
