"""The public check: a code, a file, many at once; and what a verifier downloads."""

import csv
import re
from dataclasses import replace
from io import BytesIO, StringIO

import page
import pytest
from cryptography import x509
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from lms import jobs, storage
from lms.accounts.domain import Role
from lms.app import create_app
from lms.certificates import queries, services, stamping
from lms.certificates.domain import new_code, shown_code
from lms.clock import utc_now
from lms.db import db, transaction
from lms.web.limits import limiter
from tests.conftest import TEST_CONFIG, Client, settings_for_tests
from tests.factories import NOW, make_person
from tests.factories_certificates import NAMES, issue, make_facts
from tests.stamping_server import stamping_server
from tests.unit.certificates.conftest import run

ABSENT = new_code(lambda count: bytes(range(count)))


@pytest.fixture
def sealed(client):
    issued = issue(make_person(email="robin@example.org").id)
    jobs.run_pending()
    return queries.certificate(issued.id)


def check_file(client, data, name="certificate.pdf"):
    boundary, body = encode_multipart({"file": FileStorage(BytesIO(data), name)})
    return client.post("/v", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def test_the_page_asks_for_a_code_or_a_file(client):
    page = client.get("/v").text
    assert "Check a certificate" in page
    assert 'type="file"' in page


def test_every_printed_fact_is_shown(client, sealed):
    page = client.get(f"/v/{sealed.code}")
    assert page.status_code == 200
    assert "Valid" in page.text
    for fact in (
        "Robin Hale",
        "CMAS rater",
        "Childhood Myositis Assessment Scale",
        "cmas@1.0, 14 items, 0 to 52",
        "cmas 1.1 (abababababab)",
        "Rater",
        "English",
        "14 June 2026",
        "14 June 2028",
        "50 of 56 items within tolerance; 48 were required",
        "2 points, at most 3",
        "Demonstration use only",
        "Concord demonstration authority",
        shown_code(sealed.code),
        "not valid for a trial",
        "untrusted development authority",
    ):
        assert fact in page.text, fact
    assert "robin@example.org" not in page.text


@pytest.mark.parametrize("name", NAMES.values())
def test_names_of_every_script_are_shown(client, name):
    issued = issue(make_person().id, facts=make_facts(name=name))
    assert name in client.get(f"/v/{issued.code}").text.replace("&#39;", "'")


def test_names_stay_out_of_caches_and_search_engines(client, sealed):
    headers = client.get(f"/v/{sealed.code}").headers
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Referrer-Policy"] == "no-referrer"


def test_a_code_as_people_type_it_leads_to_its_page(client, sealed):
    typed = shown_code(sealed.code).lower().replace("-", " ").replace("0", "o")
    answer = client.get("/v", query_string={"code": typed})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/v/{sealed.code}")


def test_an_unknown_and_a_malformed_code_look_the_same(client):
    answers = []
    for typed in (ABSENT, "nonsense", "../../etc/passwd"):
        led = client.get("/v", query_string={"code": typed})
        assert led.status_code == 303
        answers.append(client.get(led.headers["Location"]))
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    # the token of the forms is signed with the second in which it was made
    token = re.compile(r'(?<=name="csrf-token" content=")[^"]+|(?<=X-CSRFToken": ")[^"]+')
    hidden = re.compile(r'(name="csrf_token"[^>]* value=")[^"]+')
    pages = (hidden.sub(r"\1", token.sub("", answer.text)) for answer in answers)
    absent, malformed, _ = pages
    assert absent.replace(ABSENT, "nonsense") == malformed
    assert "Not found" in absent


def test_a_past_day_can_be_asked_about(client, sealed):
    for on, said in (
        ("2026-06-13", "Not issued yet"),
        ("2028-06-14", "Valid"),
        ("2028-06-15", "Expired"),
    ):
        page = client.get(f"/v/{sealed.code}", query_string={"on": on}).text
        assert f'id="verdict">{said}' in page, on


def test_a_day_that_makes_no_sense_is_today(client, sealed):
    assert client.get(f"/v/{sealed.code}?on=yesterday").status_code == 200


def test_a_certificate_without_file_is_valid_by_its_code(client):
    issued = issue(make_person().id)
    assert 'id="verdict">Valid' in client.get(f"/v/{issued.code}").text


def test_the_file_as_it_was_issued_is_valid(client, sealed):
    page = check_file(client, storage.get(sealed.file.digest)).text
    assert 'data-verdict="valid"' in page
    assert "byte for byte" in page
    assert "Robin Hale" in page


def test_nothing_of_an_altered_file_is_shown(client, sealed):
    data = bytearray(storage.get(sealed.file.digest))
    data[5000] ^= 1
    page = check_file(client, bytes(data), name="Robin Hale.pdf").text
    assert 'data-verdict="altered"' in page
    assert "Robin" not in page
    assert sealed.code not in page
    assert shown_code(sealed.code) not in page


def test_bytes_after_the_end_are_an_alteration(client, sealed):
    page = check_file(client, storage.get(sealed.file.digest) + b"\n").text
    assert 'data-verdict="added_to"' in page
    assert "Robin Hale" not in page


@pytest.mark.parametrize(
    "data", [b"hello", b"%PDF-1.7 nothing", b"\x00" * 2000, b"%PDF-" + b"[" * 9999]
)
def test_what_is_no_pdf_gets_a_sentence(client, data):
    answer = check_file(client, data)
    assert answer.status_code == 200
    assert 'data-verdict="unreadable"' in answer.text


def test_a_pdf_without_signature_is_told(client, sealed):
    from lms.certificates import pdf

    drawn = pdf.render(
        make_facts(), sealed.code, base_url="http://localhost", sealed_at=NOW, development=True
    )
    page = check_file(client, drawn).text
    assert 'data-verdict="not_signed"' in page
    assert "Robin Hale" not in page


def test_no_file_is_asked_for_again(client):
    answer = client.post("/v", data={})
    assert answer.status_code == 422
    assert "Choose the file first." in answer.text


def test_a_file_that_is_far_too_large_is_refused_unread(client):
    assert check_file(client, b"%PDF-" + b"x" * 7 * 1024 * 1024).status_code == 413


def test_a_file_a_little_too_large_is_unreadable(client):
    page = check_file(client, b"%PDF-" + b"x" * 5 * 1024 * 1024).text
    assert 'data-verdict="unreadable"' in page


def test_checking_takes_one_look_into_the_register(client, sealed, count_queries):
    client.get(f"/v/{sealed.code}")
    count_queries()
    client.get(f"/v/{sealed.code}")
    assert count_queries() == 1


@pytest.fixture
def limited_client(app, database, tmp_path):
    """A browser at an app whose rate limits are on, as they are outside the tests."""
    limited = create_app(
        settings_for_tests(tmp_path, database.url),
        **{**TEST_CONFIG, "RATELIMIT_ENABLED": True, "WTF_CSRF_ENABLED": False},
    )
    limited.test_client_class = Client
    with limited.app_context():
        yield limited.test_client()
        db.session.remove()
        db.engine.dispose()
    limiter.reset()
    limiter.enabled = False


def test_guessing_is_slowed_down(limited_client):
    answers = [limited_client.get(f"/v/{ABSENT}").status_code for _ in range(61)]
    assert answers == [404] * 60 + [429]


# --- many at once ---


@pytest.fixture
def coordinator(client, log_in):
    return log_in(make_person(Role.COORDINATOR))


def test_many_are_for_coordinators(client, log_in):
    log_in(make_person())
    assert client.get("/check-many").status_code == 403


def test_codes_and_files_are_answered_row_by_row(coordinator, sealed):
    data = storage.get(sealed.file.digest)
    answer = coordinator.post(
        "/check-many",
        data={
            "codes": f"{shown_code(sealed.code)}\nnonsense, {ABSENT}",
            "files": [(BytesIO(data), "good.pdf"), (BytesIO(data + b"\n"), "bad.pdf")],
        },
    )
    page = answer.text
    assert "5 answers" in page
    assert "2 of 5 are valid" in page
    assert "good.pdf" in page and "bad.pdf" in page


def test_the_answer_comes_as_csv(coordinator, sealed):
    answer = coordinator.post(
        "/check-many", data={"codes": f"{sealed.code}\n=cmd()", "csv": "1", "on": "2028-06-15"}
    )
    assert answer.content_type.startswith("text/csv")
    rows = list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["Verdict"] for row in rows] == ["Expired", "Not found"]
    assert rows[0]["Name"] == "Robin Hale"
    assert rows[1]["Asked about"] == "'=cmd()"


def test_the_answer_comes_as_a_signed_report(coordinator, sealed, tmp_path):
    """From the form to the file on the page of the job; others judge what it is."""
    data = storage.get(sealed.file.digest)
    answer = coordinator.post(
        "/check-many",
        data={
            "codes": f"{shown_code(sealed.code)}\n{ABSENT}",
            "files": [(BytesIO(data), "good.pdf"), (BytesIO(data + b"\n"), "bad.pdf")],
            "on": "2026-12-24",
            "report": "1",
        },
    )
    assert answer.status_code == 303
    jobs.run_pending()
    told = coordinator.get(answer.location).text
    address = re.search(r'href="(/jobs/\d+/files/\d+)"', told)[1]
    with coordinator.get(address) as report:
        assert report.content_type == "application/pdf"
        data = report.data

    file = tmp_path / "report.pdf"
    file.write_bytes(data)
    text = " ".join(run("pdftotext", "-layout", file, "-").split())
    for said in ("24 December 2026", "Robin Hale", "Not found", "good.pdf", "bad.pdf", "Altered"):
        assert said in text
    assert "2 of 4 are valid" in text
    run("pdfdetach", "-saveall", "-o", tmp_path, file)
    _head, *rows = csv.reader(StringIO((tmp_path / "answers.csv").read_text("utf-8-sig")))
    verdicts = ("Valid", "Not found", "Valid", "Altered")
    assert [verdict in row[1] for row, verdict in zip(rows, verdicts, strict=True)] == [True] * 4
    signed = run("pdfsig", file)
    assert "Signature is Valid" in signed and "Total document signed" in signed
    for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1):
        failures = page.validate_pdf_bytes(data, profile=profile).failures
        assert [(one.rule_id, one.message) for one in failures] == []


def test_while_no_stamp_is_to_be_had_a_report_waits(
    app, coordinator, sealed, tmp_path, monkeypatch
):
    monkeypatch.setattr(stamping, "PAUSE", 0.0)
    with stamping_server(tmp_path) as server:
        chosen = replace(app.config["SETTINGS"], tsa=server.url, tsa_roots=server.roots)
        monkeypatch.setitem(app.config, "SETTINGS", chosen)
        server.fault = "down"
        answer = coordinator.post("/check-many", data={"codes": sealed.code, "report": "1"})
        jobs.run_pending()
        assert "/files/" not in coordinator.get(answer.location).text
        server.fault = ""
        with transaction():
            jobs.bring_forward(services.REPORT, now=utc_now())
        jobs.run_pending()
        assert "/files/" in coordinator.get(answer.location).text


def test_a_report_is_for_who_asked(coordinator, log_in, new_client, sealed):
    answer = coordinator.post("/check-many", data={"codes": sealed.code, "report": "1"})
    jobs.run_pending()
    other = log_in(make_person(Role.COORDINATOR), on=new_client())
    assert other.get(answer.location).status_code == 404
    assert other.get(f"{answer.location}/files/1").status_code == 404


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Enter codes, or choose files."),
        ({"codes": "x\n" * 501}, "At most 500"),
        ({"codes": "x", "on": "someday"}, "Not a valid date"),
    ],
)
def test_too_many_or_none_are_refused_with_a_sentence(coordinator, data, said):
    answer = coordinator.post("/check-many", data=data)
    assert answer.status_code == 422
    assert said in answer.text


def test_five_hundred_codes_take_few_statements(coordinator, sealed, count_queries):
    coordinator.get("/check-many")
    count_queries()
    answer = coordinator.post("/check-many", data={"codes": "\n".join([sealed.code] * 500)})
    assert "500 answers" in answer.text
    assert count_queries() <= 4


# --- while the register is out of reach ---


@pytest.fixture
def cut_off(tmp_path):
    """A client of an installation whose database does not answer."""
    settings = settings_for_tests(tmp_path, "postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    app = create_app(settings, **TEST_CONFIG, WTF_CSRF_ENABLED=False)
    app.test_client_class = Client
    return app.test_client()


def test_while_the_register_is_out_of_reach_nothing_is_said_to_be_valid(cut_off, sealed):
    data = storage.get(sealed.file.digest)
    for answer in (cut_off.get(f"/v/{sealed.code}"), check_file(cut_off, data)):
        assert answer.status_code == 503
        assert "Cannot be told now" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Robin Hale" not in answer.text

    kinds = {"content_type": "application/pdf"}
    asked = f"/api/v1/verify/{sealed.code}?at=2026-12-24"
    for answer in (cut_off.get(asked), cut_off.post("/api/v1/verify", data=data, **kinds)):
        told = answer.get_json()
        assert answer.status_code == 503
        assert (told["state"], told["good"], told["exit_code"]) == ("unverifiable", False, 15)
        assert told["record"] is None
    many = cut_off.post("/api/v1/verify/bulk", json={"codes": [sealed.code]})
    assert (many.status_code, many.mimetype) == (503, "application/problem+json")


# --- what a verifier downloads ---


def test_the_root_can_be_downloaded(client):
    answer = client.get("/trust-root.pem")
    root = x509.load_pem_x509_certificate(answer.data)
    assert "UNTRUSTED DEVELOPMENT AUTHORITY" in root.subject.rfc4514_string()


@pytest.mark.parametrize("name", ["root", "issuing"])
def test_the_lists_that_certificates_name_are_there(client, name):
    client.get("/trust-root.pem")
    signed = x509.load_der_x509_crl(client.get(f"/trust/{name}.crl").data)
    issuer = x509.load_der_x509_certificate(client.get(f"/trust/{name}.cer").data)
    assert signed.is_signature_valid(issuer.public_key())


@pytest.mark.parametrize("path", ["/trust/signer.crl", "/trust/signer.cer", "/trust/x.crl"])
def test_there_are_no_other_lists(client, path):
    assert client.get(path).status_code == 404
