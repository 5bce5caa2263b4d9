"""The coordinator's pages, through the client."""

import csv
import io
import re

import pytest
from sqlalchemy import func, select

from lms.accounts.domain import Role
from lms.db import db, transaction
from lms.trials import queries, services
from lms.trials.domain import State
from lms.trials.models import Rater
from tests.factories import NOW, make_person
from tests.factories_trials import (
    begin_training,
    days,
    make_certificate,
    make_confirmed_person,
    make_module,
    make_rater,
    make_requirement,
    make_trial,
)

ROSTER = "email;name;site\nada@example.org;Ada;01\nbad;Bo;01\neva@example.org;Eva;07\n"


@pytest.fixture
def trial(log_in):
    """A trial with a requirement and two sites, its coordinator signed in."""
    make_module()
    trial = make_trial("Myolink", sites=("01", "02"))
    make_requirement(trial)
    log_in(trial.coordinator)
    return trial


def send(client, trial, body, *, adds_sites=False, name="roster.csv"):
    data = body if isinstance(body, bytes) else body.encode()
    values = {"file": (io.BytesIO(data), name)} | ({"adds_sites": "y"} if adds_sites else {})
    return client.post(f"/trials/{trial.id}/rosters", data=values)


def words(response):
    """Return the words of a page without its markup."""
    text = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", response.get_data(as_text=True), flags=re.S)
    return " ".join(text.split())


def places_of(trial, rater_id, site_id, requirement_id, upload_id):
    return [
        ("get", ""),
        ("get", "/matrix.csv"),
        ("post", "/certificate-files"),
        ("get", "/facts"),
        ("post", "/facts"),
        ("post", "/closure"),
        ("post", "/reopening"),
        ("get", "/sites"),
        ("post", "/sites"),
        ("get", f"/sites/{site_id}"),
        ("post", f"/sites/{site_id}"),
        ("get", "/requirements"),
        ("post", "/requirements"),
        ("get", f"/requirements/{requirement_id}"),
        ("post", f"/requirements/{requirement_id}/ending"),
        ("get", "/coordinators"),
        ("post", "/coordinators"),
        ("post", "/coordinators/1/ending"),
        ("get", "/raters/new"),
        ("post", "/raters"),
        ("get", f"/raters/{rater_id}"),
        ("post", f"/raters/{rater_id}/ending"),
        ("get", "/rosters/new"),
        ("post", "/rosters"),
        ("get", f"/rosters/{upload_id}"),
        ("post", f"/rosters/{upload_id}/application"),
    ]


def test_nothing_of_another_coordinators_trial_is_found(client, log_in):
    make_module()
    trial = make_trial()
    requirement_id = make_requirement(trial)
    rater_id, _ = make_rater(trial)
    with transaction():
        upload_id = services.keep_roster(
            trial.viewer, trial.id, services.SentFile("r", ROSTER.encode(), True), now=NOW
        )
    log_in(make_person(Role.COORDINATOR))

    places = places_of(trial, rater_id, trial.site_ids["01"], requirement_id, upload_id)
    answers = {
        f"{verb} {place}": getattr(client, verb)(f"/trials/{trial.id}{place}").status_code
        for verb, place in places
    }

    assert {place: status for place, status in answers.items() if status != 404} == {}


def test_things_of_another_trial_are_not_found_through_ones_own(client, trial):
    other = make_trial(coordinator=trial.coordinator)
    rater_id, _ = make_rater(other)

    for place in (f"raters/{rater_id}", f"sites/{other.site_ids['01']}", "requirements/99"):
        assert client.get(f"/trials/{trial.id}/{place}").status_code == 404


def test_a_trainee_has_no_business_with_trials(client, log_in):
    log_in(make_person())

    assert client.get("/trials").status_code == 403
    assert client.get("/trials/mine").status_code == 200


def test_an_administrator_sees_any_trial(client, log_in):
    trial = make_trial("Somebody's")
    log_in(make_person(Role.ADMIN))

    assert "Somebody" in words(client.get("/trials"))
    assert client.get(f"/trials/{trial.id}").status_code == 200


def test_a_coordinator_without_trials_reads_what_to_do(client, log_in):
    log_in(make_person(Role.COORDINATOR))

    assert "You look after no trial yet" in words(client.get("/trials"))


def test_a_trial_is_added_and_found_in_the_list(client, log_in):
    log_in(make_person(Role.COORDINATOR))

    answer = client.post("/trials", data={"name": "  Myo  link ", "protocol_code": "ML-1"})

    assert answer.status_code == 303
    page = words(client.get(answer.location))
    assert "Who may rate in Myo link today" in page
    assert "No sites yet" in page
    assert "Myo link" in words(client.get("/trials"))


def test_an_empty_form_is_shown_again_with_its_problems(client, log_in):
    log_in(make_person(Role.COORDINATOR))

    answer = client.post("/trials", data={"name": "", "protocol_code": ""})

    assert answer.status_code == 422
    assert "Enter the protocol code." in words(answer)


def test_a_code_that_is_taken_is_said_beside_the_field(client, trial):
    taken = trial.facts.protocol_code

    answer = client.post("/trials", data={"name": "X", "protocol_code": taken})

    assert answer.status_code == 409
    assert "A trial with this protocol code exists." in words(answer)


def test_the_matrix_shows_who_may_rate(client, trial):
    _, ada = make_rater(trial, name="Ada")
    make_rater(trial, name="Bo", site="02", account=False)
    code = make_certificate(ada)
    assert code

    page = words(client.get(f"/trials/{trial.id}"))

    assert "1 of 2 raters may rate" in page
    assert "Ada May rate Valid to 10 Jan 2028" in page
    assert "Bo no account yet Not yet Not begun" in page
    assert "Site 02 Hospital 02 0 of 1 may rate" in page


def test_the_matrix_answers_on_another_day(client, trial):
    _, ada = make_rater(trial, name="Ada", from_on=days(-400))
    make_certificate(ada, expires=days(10))

    later = words(client.get(f"/trials/{trial.id}?on={days(11)}"))
    before = words(client.get(f"/trials/{trial.id}?on=2026-01-09"))

    assert "Who may rate in Myolink on 2 December 2026" in later
    assert "Ada Must not rate Ended 1 Dec 2026" in later
    assert "Ada Not yet Not begun" in before


@pytest.mark.parametrize("day", ["soon", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_a_day_that_cannot_be_is_said_and_today_is_shown(client, trial, day):
    answer = client.get(f"/trials/{trial.id}?on={day}")

    assert answer.status_code == 422
    assert "Who may rate in Myolink today" in words(answer)
    assert client.get(f"/trials/{trial.id}/matrix.csv?on={day}").status_code == 422


def test_filters_narrow_the_matrix(client, trial):
    _, ada = make_rater(trial, name="Ada")
    make_rater(trial, name="Bo")
    make_certificate(ada)

    page = words(client.get(f"/trials/{trial.id}?show=may&site={trial.site_ids['01']}"))
    nobody = words(client.get(f"/trials/{trial.id}?show=must_not"))
    odd = client.get(f"/trials/{trial.id}?show=x&site=y&page=z")

    assert "Ada May rate" in page
    assert "Bo Not yet" not in page
    assert "Nobody is in this state" in nobody
    assert odd.status_code == 200


def test_a_large_trial_is_cut_into_pages(client, trial):
    from lms.trials.routes import matrix

    site = trial.site_ids["01"]
    with transaction():
        db.session.add_all(
            Rater(
                trial_id=trial.id,
                site_id=site,
                email=f"r{n}@example.org",
                name=f"Rater {n:04}",
                from_on=days(-5),
                added_by=trial.coordinator.id,
                added_at=NOW,
            )
            for n in range(matrix.ON_A_PAGE + 1)
        )

    first = words(client.get(f"/trials/{trial.id}"))
    second = words(client.get(f"/trials/{trial.id}?page=2"))

    whole = words(client.get(f"/trials/{trial.id}?rows=all"))

    assert "Rater 0099" in whole
    assert "Rater 0100" in whole
    assert "Rater 0099" in first
    assert "Rater 0100" not in first
    assert "Rater 0100" in second
    assert "Rater 0099" not in second
    assert "Site 02 Hospital 02 no raters on this day" in second


@pytest.mark.parametrize("raters", [2, 30])
def test_the_page_takes_as_many_queries_for_many_raters(client, trial, count_queries, raters):
    for n in range(raters):
        _, person = make_rater(trial, site=f"0{n % 2 + 1}")
        make_certificate(person)
    count_queries()

    client.get(f"/trials/{trial.id}")

    assert count_queries() <= 12


def test_the_list_takes_as_many_queries_for_many_trials(client, log_in, count_queries):
    coordinator = make_person(Role.COORDINATOR)
    log_in(coordinator)
    counts = []
    for _round in range(2):
        for _n in range(3):
            make_trial(coordinator=coordinator)
        count_queries()
        client.get("/trials")
        counts.append(count_queries())

    assert counts[0] == counts[1]


def test_the_file_says_what_the_matrix_says(client, trial):
    _, ada = make_rater(trial, "ada@example.org", name="Ada")
    make_rater(trial, name="Bo", site="02", account=False)
    code = make_certificate(ada)

    answer = client.get(f"/trials/{trial.id}/matrix.csv?on={days(0)}")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))

    assert answer.mimetype == "text/csv"
    assert [row["rater"] for row in rows] == ["Ada", "Bo"]
    assert rows[0]["may_rate"] == "may"
    assert rows[0]["mmt8_state"] == "valid"
    assert rows[0]["mmt8_expires"] == "2028-01-10"
    assert rows[0]["mmt8_code"] == code
    assert rows[1]["may_rate"] == "not_yet"


def test_no_cell_of_the_file_is_run_by_a_spreadsheet(client, trial):
    make_rater(trial, name='=HYPERLINK("http://bad.example")', account=False)
    make_rater(trial, name="+1", account=False, role="@SUM(A1)")

    text = client.get(f"/trials/{trial.id}/matrix.csv?on={days(0)}").get_data(as_text=True)
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]

    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "'+1" in cells


def test_a_roster_is_looked_at_applied_and_seen(client, trial, run_jobs):
    looked = send(client, trial, ROSTER, adds_sites=True)
    page = client.get(looked.location)
    assert db.session.scalar(select(func.count(Rater.id))) == 0
    assert "Apply 2 rows and leave out those with errors" in words(page)
    assert "“bad” is not an address that mail can be sent to." in words(page)

    applied = client.post(f"{looked.location}/application")
    assert "0 of 2 rows." in words(client.get(applied.location))
    run_jobs()
    assert "2 of 2 rows." in words(client.get(applied.location))

    again = client.post(f"{looked.location}/application")
    assert again.status_code == 409
    run_jobs()
    matrix = words(client.get(f"/trials/{trial.id}"))
    assert "Ada" in matrix
    assert "Site 07" in matrix


def test_a_file_that_says_what_the_roster_says_has_nothing_to_apply(client, trial):
    make_rater(trial, "ada@example.org", name="Ada")

    page = client.get(send(client, trial, "email,name,site\nADA@example.org,Ada,1\n").location)

    assert "there is nothing to apply" in words(page)
    assert "Apply 1 row" not in words(page)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"PK\x03\x04", "This is an Excel workbook or another zip file."),
        (b"", "The file is empty."),
        (b"a,b\n1,2\n", "the heading has no column for email, name, site"),
        (b"\xff\xfe\x00", "The file is damaged"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_beside_its_field(client, trial, body, sentence):
    answer = send(client, trial, body)

    assert answer.status_code == 422
    assert sentence in words(answer)


def test_without_a_file_the_form_asks_for_one(client, trial):
    answer = client.post(f"/trials/{trial.id}/rosters", data={})

    assert answer.status_code == 422
    assert "Choose a file." in words(answer)


def test_markup_in_a_roster_is_shown_and_not_run(client, trial):
    sent = send(
        client, trial, 'email,name,site\n<script>x</script>,<b>B</b>,"01"\na@x.org,100%,01\n'
    )

    assert sent.status_code == 303
    html = client.get(sent.location).get_data(as_text=True)
    assert "<script>x" not in html
    assert "&lt;script&gt;x" in html


def test_a_rater_is_added_moved_and_ended_by_form(client, trial, run_jobs):
    entry = {"email": "ada@example.org", "name": "Ada", "site": "01", "from_on": str(days(-3))}
    added = client.post(f"/trials/{trial.id}/raters", data=entry)
    assert "Ada is on the roster and is invited by mail." in words(client.get(added.location))

    moved = client.post(
        f"/trials/{trial.id}/raters", data=entry | {"site": "02", "from_on": str(days(0))}
    )
    assert "Ada is moved to the other site." in words(client.get(moved.location))

    rater_id = queries.entries_of(trial.facts, "ada@example.org")[-1].id
    prefilled = client.get(f"/trials/{trial.id}/raters/new?of={rater_id}")
    assert 'value="ada@example.org"' in prefilled.get_data(as_text=True)
    ended = client.post(
        f"/trials/{trial.id}/raters/{rater_id}/ending",
        data={"to_on": str(days(0)), "reason": "Left, 100% sure"},
    )
    page = words(client.get(ended.location))
    assert "Left, 100% sure" in page
    assert "Moved to another site" in page


def test_who_has_an_account_is_told_by_mail(client, trial, run_jobs):
    from flask import current_app

    make_confirmed_person(email="told@example.org")
    client.post(
        f"/trials/{trial.id}/raters",
        data={"email": "TOLD@example.org", "name": "Ada", "site": "01", "from_on": str(days(0))},
    )
    run_jobs()

    (mail,) = (
        mail for mail in current_app.extensions["mailman"].outbox if mail.to == ["told@example.org"]
    )
    assert "http://localhost/trials/mine" in mail.body


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "nonsense"}, "is not an address that mail can be sent to"),
        ({"name": "\u202e"}, "cannot be printed"),
        ({"site": "99"}, "Not a valid choice"),
        ({"from_on": "soon"}, "Not a valid date"),
        ({"from_on": "0001-01-01"}, "Choose a day between 1990 and 2100."),
    ],
)
def test_a_rater_that_cannot_be_is_refused_and_nothing_is_lost(client, trial, changes, sentence):
    entry = {"email": "a@example.org", "name": "Ada", "site": "01", "from_on": str(days(0))}

    answer = client.post(f"/trials/{trial.id}/raters", data=entry | changes)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert db.session.scalar(select(func.count(Rater.id))) == 0


def test_a_rater_who_is_on_the_roster_is_not_added_again(client, trial):
    make_rater(trial, "ada@example.org", name="Ada")

    answer = client.post(
        f"/trials/{trial.id}/raters",
        data={"email": "ada@example.org", "name": "Ada", "site": "01", "from_on": str(days(0))},
    )

    assert answer.status_code == 409
    assert "is on the roster already, at site 01" in words(answer)


def test_sites_are_added_and_corrected(client, trial):
    client.post(f"/trials/{trial.id}/sites", data={"number": "03", "name": "East"})
    taken = client.post(f"/trials/{trial.id}/sites", data={"number": "3"})
    site = queries.sites_of(trial.facts)[-1]
    form = client.get(f"/trials/{trial.id}/sites/{site.id}")
    client.post(f"/trials/{trial.id}/sites/{site.id}", data={"name": "West", "country": "Peru"})

    assert taken.status_code == 409
    assert 'value="East"' in form.get_data(as_text=True)
    assert "03 West Peru" in words(client.get(f"/trials/{trial.id}/sites"))


def test_requirements_are_added_and_ended(client, trial):
    make_module("cmas", "CMAS")
    added = client.post(
        f"/trials/{trial.id}/requirements",
        data={"module_slug": "cmas", "from_on": str(days(0))},
    )
    twice = client.post(
        f"/trials/{trial.id}/requirements",
        data={"module_slug": "cmas", "from_on": str(days(5))},
    )
    asked = queries.requirements_of(trial.facts)[-1]
    place = f"/trials/{trial.id}/requirements/{asked.id}"
    early = client.post(f"{place}/ending", data={"until_on": str(days(-2))})
    ended = client.post(f"{place}/ending", data={"until_on": str(days(7))})

    assert added.status_code == ended.status_code == 303
    assert (twice.status_code, early.status_code) == (409, 422)
    assert "21 Nov 2026 to 28 Nov 2026" in words(client.get(ended.location))


def test_coordinators_are_added_and_removed(client, trial):
    other = make_person(Role.COORDINATOR, name="Second")
    client.post(f"/trials/{trial.id}/coordinators", data={"email": other.email})
    wrong = client.post(f"/trials/{trial.id}/coordinators", data={"email": "no@example.org"})
    page = words(client.get(f"/trials/{trial.id}/coordinators"))
    own, _ = queries.coordinators_of(trial.facts)
    left = client.post(f"/trials/{trial.id}/coordinators/{own.id}/ending")

    assert "Second" in page
    assert wrong.status_code == 422
    assert left.location.endswith("/trials")
    assert client.get(f"/trials/{trial.id}").status_code == 404


def test_the_last_coordinator_stays(client, trial):
    (own,) = queries.coordinators_of(trial.facts)

    answer = client.post(f"/trials/{trial.id}/coordinators/{own.id}/ending")

    assert answer.status_code == 409
    assert "Add another coordinator first" in words(answer)


def test_a_closed_trial_can_be_read_and_its_history_says_why(client, trial):
    rater_id, _ = make_rater(trial)
    client.post(f"/trials/{trial.id}/closure", data={"reason": "Last patient out, 100%"})

    facts = words(client.get(f"/trials/{trial.id}/facts"))
    matrix = words(client.get(f"/trials/{trial.id}"))
    rater = words(client.get(f"/trials/{trial.id}/raters/{rater_id}"))

    assert "Last patient out, 100%" in facts
    assert trial.coordinator.name in facts
    assert "This trial was closed on" in matrix
    assert "Add raters from a CSV" not in matrix
    assert "Take off the roster" not in rater
    assert send(client, trial, ROSTER).status_code == 409
    client.post(f"/trials/{trial.id}/reopening", data={"reason": "Mistake"})
    assert queries.trial_of(trial.viewer, trial.id).state is State.OPEN


def test_a_rater_reads_what_is_asked_and_how_far_they_are(client, log_in, trial, new_client):
    release = make_module("cmas", "CMAS")
    make_requirement(trial, "cmas")
    make_rater(trial, "ada@example.org", account=False)
    ada = make_confirmed_person(email="ada@example.org")
    make_certificate(ada.id)
    begin_training(ada.id, "cmas", release, on=days(-2))
    browser = log_in(ada, on=new_client())

    page = words(browser.get("/trials/mine"))

    assert "Myolink" in page
    assert "Not yet" in page
    assert "MMT-8 Valid to 10 Jan 2028" in page
    assert "CMAS In training since 19 Nov 2026" in page


def test_an_unconfirmed_address_claims_nothing(client, log_in, trial, new_client):
    make_rater(trial, "eve@example.org", account=False)
    eve = make_person(email="eve@example.org", confirmed=False)
    browser = log_in(eve, on=new_client())

    page = words(browser.get("/trials/mine"))

    assert "Your address is not confirmed yet." in page
    assert "Myolink" not in page


def test_the_example_can_be_read_as_a_roster(client, trial):
    example = client.get("/trials/roster-example.csv").data

    page = words(client.get(send(client, trial, example, adds_sites=True).location))

    assert "Robin Marsh" in page
    assert "Apply 1 row" in page
