"""A follow-up visit from the package to the feedback: own scores beside, notes, change."""

import re

import pytest
from click.testing import CliRunner
from sqlalchemy import event

from lms.accounts.domain import Role
from lms.clock import utc_now
from lms.db import db, transaction
from lms.modules import queries, services
from lms.modules.models import Result
from lms.reports.cli import group, redcap_records
from lms.reports.queries.ratings import ratings_of
from tests.factories import make_person
from tests.factories_packages import make_draft, make_release
from tests.factories_panels import make_creator, make_experts, make_panel, tasks_of
from tests.factories_visits import (
    COURSE,
    SLUG,
    answers_of,
    begin,
    enrol,
    make_visits,
    reach_certification,
    save,
    score_next,
    visits_files,
)


@pytest.fixture
def trainee(app, client, log_in):
    make_visits()
    person = make_person(name="Robin Hale")
    log_in(person)
    return person


def text_of(answer):
    text = answer.get_data(as_text=True).replace("&#39;", "'")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def before_of(page, item):
    """What stands in an item's field about the initial visit."""
    field = page.text.split(f'data-item="item-{item}"')[1].split("</fieldset>")[0]
    found = re.search(r'class="item-before"[^>]*>(.*?)</p>', field)
    return found and re.sub(r"<[^>]+>", "", found[1])


def form_of(answers, **more):
    """The answers to one case as its form sends them."""
    fields = {f"item-{key.partition('/')[2]}": one["value"] for key, one in answers.items()}
    return {**fields, **more}


# --- practice -------------------------------------------------------------------------------------


def test_after_the_initial_visit_comes_its_follow_up_with_the_own_scores_beside(trainee, client):
    enrol(trainee)
    first = begin(trainee, "practice")
    page = client.get(f"/attempts/{first.id}")
    assert "Follow-up visit" not in text_of(page)
    assert before_of(page, "fatigue") is None
    save(trainee, first, answers_of("p1", fatigue=3, constitutional_vas=52))
    client.post(f"/attempts/{first.id}/submission")

    later = begin(trainee, "practice")
    page = client.get(f"/attempts/{later.id}")

    assert (first.drawn, later.drawn) == (["p1"], ["p1-later"])
    words = text_of(page)
    assert "Follow-up visit. Your own scores of the initial visit, Person p1 , stand with" in words
    assert "Initial visit: MYOACT 5.2 ;" in words
    assert before_of(page, "fatigue") == "Initial visit: 3"
    assert before_of(page, "constitutional_vas") == "Initial visit: 52"
    assert before_of(page, "myalgia") == "Initial visit: 0"


def test_what_does_not_go_together_is_said_while_scoring_and_once_before_handing_in(
    trainee, client
):
    enrol(trainee)
    score_next(trainee)
    attempt = begin(trainee, "practice")
    url = f"/attempts/{attempt.id}"
    odd = answers_of("p1-later", fatigue=4)  # new, though it was there

    saved = client.post(
        f"{url}/answers?n=1", data={"name": "item-fatigue", "value": "4", "item-fatigue": "4"}
    )
    assert "Fatigue, malaise, lethargy" in saved.json["notes"]
    assert COURSE in saved.json["notes"]
    assert 'value="fatigue"' in saved.json["notes"]

    sent = client.post(f"{url}/parts?n=1", data=form_of(odd, to="submit"))
    assert sent.location.endswith(f"{url}?n=1#look-again")
    page = text_of(client.get(sent.location))
    assert "Look again before you hand in. This decides nothing" in page
    assert f"Fatigue, malaise, lethargy : {COURSE}" in page

    sent = client.post(f"{url}/parts?n=1", data=form_of(odd, to="submit", noted="fatigue"))
    assert sent.location.endswith(f"{url}/result")
    assert queries.attempt_of(trainee.id, attempt.id).submitted is not None


def test_what_is_missing_is_told_before_what_does_not_go_together(trainee, client):
    enrol(trainee)
    score_next(trainee)
    attempt = begin(trainee, "practice")
    sent = client.post(
        f"/attempts/{attempt.id}/parts?n=1", data={"item-fatigue": "4", "to": "submit"}
    )
    assert sent.status_code == 422
    assert "is not scored" in text_of(sent) and COURSE in text_of(sent)


def test_scores_that_go_together_are_handed_in_at_once(trainee, client):
    enrol(trainee)
    score_next(trainee)
    attempt = begin(trainee, "practice")
    sent = client.post(
        f"/attempts/{attempt.id}/parts?n=1", data=form_of(answers_of("p1-later"), to="submit")
    )
    assert sent.location.endswith("/result")


def rows_of(page):
    table = page.text.split('id="change"')[1].split("</table>")[0]
    rows = re.findall(r"<tr><th scope=\"row\".*?>(.*?)</tr>", table, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]


def test_the_feedback_says_how_the_totals_changed_beside_the_panel_and_what_is_odd(trainee, client):
    enrol(trainee)
    score_next(trainee, constitutional_vas=20)
    attempt_id = score_next(trainee, fatigue=4, constitutional_vas=60)
    page = client.get(f"/attempts/{attempt_id}/result")

    rows = rows_of(page)
    assert rows[0] == "MYOACT 2, then 8.3 6.3 worse 3.7, then 3.5 0.2 better"
    assert rows[2].startswith("Activity outside the muscles, line 0, then 0 the same")
    words = text_of(page)
    assert (
        f"What does not go together in your scores Fatigue, malaise, lethargy : {COURSE}" in words
    )
    assert (
        "What does not go together in the panel's scores The panel's scores go together." in words
    )
    assert "flags_met" not in page.text
    met = db.session.query(Result).filter_by(attempt_id=attempt_id).one().detail["cases"]
    assert met["p1-later"]["met"] is False


def test_a_visit_that_goes_together_is_met_and_its_page_asks_little_of_the_database(
    trainee, client
):
    enrol(trainee)
    first, second = score_next(trainee), score_next(trainee)
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *one: asked.append(one[2]))
    page = client.get(f"/attempts/{second}/result")
    assert "Your scores go together." in text_of(page)
    assert len(asked) <= 8
    assert "Change since the initial visit" not in client.get(f"/attempts/{first}/result").text
    assert client.get(f"/learning/{SLUG}/steps/practice/practice").status_code == 200


# --- certification --------------------------------------------------------------------------------


def test_a_certification_shows_own_scores_and_nothing_of_the_panel(trainee, client):
    attempt = reach_certification(trainee)
    assert attempt.drawn.index("a1-later") == attempt.drawn.index("a1") + 1
    number = attempt.drawn.index("a1-later") + 1
    own = answers_of("a1", heliotrope=3, cutaneous_vas=66)
    save(trainee, attempt, own)
    save(trainee, attempt, answers_of("a1-later", heliotrope=4, cutaneous_vas=67))
    save(trainee, attempt, answers_of("a2", cardiovascular_vas=68))

    page = client.get(f"/attempts/{attempt.id}?n={number}")
    assert before_of(page, "heliotrope") == "Initial visit: 3"
    assert before_of(page, "cutaneous_vas") == "Initial visit: 66"
    assert f"Heliotrope : {COURSE}" in text_of(page)
    end = client.get(f"/attempts/{attempt.id}/submission")
    assert f"Case {number}, Heliotrope : {COURSE}" in text_of(end)
    client.post(f"/attempts/{attempt.id}/submission")
    result = client.get(f"/attempts/{attempt.id}/result")
    assert "1 of your ratings at follow-up visits does not go together" in text_of(result)
    assert "Heliotrope" not in result.text
    for told in (page, end, result):
        for secret in ("secret reason", "Panel 1"):
            assert secret not in told.text
        for reference in (41, 43, "4.1", "4.3", "2.9"):
            assert not re.search(rf"(?<![\d.]){reference}(?![\d.])", text_of(told))


def test_flags_decide_by_the_own_initial_visit(trainee):
    attempt = reach_certification(trainee)
    odd = {
        **answers_of("a1", heliotrope=0, cutaneous_vas=0),
        **answers_of("a1-later"),
        **answers_of("a2"),
    }
    save(trainee, attempt, odd)
    with transaction():
        services.submit_attempt(trainee.id, attempt.id, now=utc_now())
    result = db.session.query(Result).filter_by(attempt_id=attempt.id).one()
    assert result.passed is False
    met = {key: one["met"] for key, one in result.detail["cases"].items()}
    assert met == {"a1": True, "a1-later": False, "a2": True}


def test_who_scores_as_the_panel_passes(trainee, client):
    attempt = reach_certification(trainee)
    for case in ("a1", "a1-later", "a2"):
        save(trainee, attempt, answers_of(case))
    client.post(f"/attempts/{attempt.id}/submission")
    result = text_of(client.get(f"/attempts/{attempt.id}/result"))
    assert "Passed: you agree with the panel" in result
    assert "0 of your ratings at follow-up visits do not go together" in result
    assert "Change within 5 of the panel's in 3 of 3 cases in at least 3 cases" in result
    asked = text_of(client.get(f"/learning/{SLUG}"))
    assert "Change since the initial visit MYOACT within 5 of the panel's change" in asked


def test_a_change_that_is_not_the_panels_fails_the_follow_up(trainee, client):
    """The second visit is 5.2 too high: within 20 as a total, not within 5 as a change."""
    attempt = reach_certification(trainee)
    for case, change in (("a1", {}), ("a1-later", {"skeletal_vas": 52, "arthralgia": 4})):
        save(trainee, attempt, answers_of(case, **change))
    save(trainee, attempt, answers_of("a2"))
    client.post(f"/attempts/{attempt.id}/submission")
    result = db.session.query(Result).filter_by(attempt_id=attempt.id).one()
    lines = {line["kind"]: line for line in result.detail["verdict"]}
    assert lines["change_within"]["standing"] == "not_met"
    assert lines["total_within"]["standing"] == "met"  # 5.2 is within 20
    assert result.passed is False


# --- preview --------------------------------------------------------------------------------------


def test_the_preview_shows_a_follow_up_beside_the_panels_first_rater(app, client, log_in):
    creator = make_person(Role.CREATOR)
    log_in(creator)
    draft = make_draft(creator.id, visits_files())
    page = client.get(f"/preview/{draft}/steps/practice?n=2")
    assert before_of(page, "constitutional_vas") == "Initial visit: 37"
    assert "this preview shows those of the panel's first rater" in text_of(page)

    compared = client.post(
        f"/preview/{draft}/steps/practice?n=2", data=form_of(answers_of("p1-later", fatigue=4))
    )
    assert rows_of(compared)[0] == "MYOACT 3.7, then 3.5 0.2 better 3.7, then 3.5 0.2 better"
    assert f"Fatigue, malaise, lethargy : {COURSE}" in text_of(compared)
    for step in ("practice", "certification"):
        for number in (1, 2, 3):
            assert client.get(f"/preview/{draft}/steps/{step}?n={number}").status_code == 200
    assert client.get(f"/preview/{draft}/steps/practice/practice").status_code == 200
    assert client.get(f"/preview/{draft}").status_code == 200


# --- panels and exports ---------------------------------------------------------------------------


def test_an_expert_of_a_panel_sees_their_own_initial_visit_and_nobody_elses(app, client, log_in):
    creator = make_creator()
    make_release(visits_files(), person_id=creator.id)
    expert, other = make_experts(2)
    make_panel(creator, [expert, other], cases=("a1", "a1-later"), slug=SLUG)
    first, later = tasks_of(expert)
    assert (first.case_key, later.case_key) == ("a1", "a1-later")
    for who, value in ((expert, "77"), (other, "88")):
        log_in(who)
        task = tasks_of(who)[0]
        client.post(f"/panels/tasks/{task.id}/ratings", data={"item-cutaneous_vas": value})
    log_in(expert)

    page = client.get(f"/panels/tasks/{later.id}")

    assert before_of(page, "cutaneous_vas") == "Initial visit: 77"
    assert "Your own scores of the initial visit, Person a1 , stand with each item." in text_of(
        page
    )
    assert "88" not in text_of(page)


def test_visits_leave_the_house_as_two_events_of_one_record(trainee):
    enrol(trainee)
    score_next(trainee)
    score_next(trainee)
    found = ratings_of(SLUG)
    assert [one.reference.follows for one in found.ratings] == [None, "p1"]

    apart = redcap_records(found, event="first", later="")
    both = redcap_records(found, event="first", later="second")

    assert [(one.record_id, one.event) for one in apart] == [
        (f"p1-{trainee.id}", "first"),
        (f"p1-later-{trainee.id}", "first"),
    ]
    assert [(one.record_id, one.event) for one in both] == [
        (f"p1-{trainee.id}", "first"),
        (f"p1-{trainee.id}", "second"),
    ]


def test_a_follow_up_event_needs_the_initial_visits_event():
    told = CliRunner().invoke(group, ["export-ratings", SLUG, "--follow-up-event", "second"])
    assert told.exit_code == 2
    assert "Name the event of the initial visit" in told.stderr
