"""A person's practice summed up, and what a certification result tells at each setting."""

import re

import pytest

from lms.accounts.domain import Role
from lms.clock import utc_now
from lms.modules import queries
from tests.factories import make_person
from tests.factories_modules import (
    SLUG,
    answer_and_submit,
    attempt_of,
    begin,
    do_until,
    fail,
    right_answers,
)
from tests.factories_packages import ITEMS, broken, light_files, make_draft, make_release

YOURS = f"/learning/{SLUG}/steps/practice/practice"


@pytest.fixture
def trainee(app, client, log_in):
    make_release(light_files())
    person = make_person(name="Robin Hale")
    do_until(person, "practice", now=utc_now())
    log_in(person)
    return person


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def score(person, step="practice", *, by=0):
    """Hand in a try in which every item differs from the panel by so many points."""
    attempt_id = begin(person, step, now=utc_now())
    answers = right_answers(attempt_of(person, attempt_id))
    moved = {key: {**one, "value": one["value"] + by} for key, one in answers.items()}
    answer_and_submit(person, attempt_id, moved, now=utc_now())
    return attempt_id


# --- practice -------------------------------------------------------------------------------------


def test_who_always_scores_above_the_panel_reads_it_with_where_to_look_again(trainee, client):
    first, second = score(trainee, by=1), score(trainee, by=1)

    for path in (f"/attempts/{second}/result", YOURS):
        answer = client.get(path)
        words = text_of(answer)
        assert "You score high overall: you see people as less affected than the panel." in words
        assert "On average 1 above the panel; 16 of 16 scores lie above it." in words
        assert "Look again: Why" in words
    assert f"/attempts/{first}/result" in answer.text


def test_who_agrees_with_the_panel_reads_that_nothing_goes_one_way(trainee, client):
    attempt_id = score(trainee)

    assert "Nothing goes one way" in text_of(client.get(f"/attempts/{attempt_id}/result"))
    assert "Nothing goes one way" in text_of(client.get(YOURS))


def test_the_tables_hold_the_figures_of_the_drawings(trainee, client):
    for by in (2, 1, 0, 0, 1):
        score(trainee, by=by)

    page = client.get(YOURS)
    rows = [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip()
        for row in re.findall(r"<tr>(.*?)</tr>", page.text, re.DOTALL)
    ]

    assert "Try 1 Person p1 0 of 8 2" in rows or "Try 1 Person p2 0 of 8 2" in rows
    assert any(row.endswith("8 of 8 1") for row in rows)
    totals = [row for row in rows if row.endswith("+16")]
    assert len(totals) == 1  # the first try: eight items, each two above
    assert sum(row.count("+1") == 1 for row in rows) >= 8  # an item's row, one case above
    assert "On average you score 6.4 above the panel." in text_of(page)
    assert "is drawn from 10 scores on; so far there are 5." in text_of(page)


def test_with_few_cases_items_are_drawn_and_limits_from_ten_scores_on(trainee, client):
    score(trainee, by=1)
    assert "so far there are 8" in text_of(client.get(YOURS))
    score(trainee, by=0)

    words = text_of(client.get(YOURS))
    assert "On average you score 0.5 above the panel." in words
    assert "95 of 100 differences are expected from −0.5 to +1.5" in words


def test_equal_differences_have_no_range_to_draw(trainee, client):
    for _ in range(2):
        score(trainee, by=1)

    assert "All differences are the same" in text_of(client.get(YOURS))


def test_without_a_try_the_page_says_what_to_do(trainee, client):
    assert "Score a practice case first" in text_of(client.get(YOURS))


def test_a_step_that_is_no_practice_has_no_such_page(trainee, client):
    assert client.get(f"/learning/{SLUG}/steps/why/practice").status_code == 404


def test_nobody_reads_the_practice_of_somebody_else(trainee, client, new_client, log_in):
    score(trainee, by=1)
    other = make_person()
    do_until(other, "practice", now=utc_now())

    words = text_of(log_in(other, on=new_client()).get(YOURS))

    assert "You score high" not in words
    assert "Score a practice case first" in words


def test_a_feedback_page_asks_few_questions_of_the_database(trainee, client, count_queries):
    for _ in range(6):
        attempt_id = score(trainee, by=1)
    for path in (f"/attempts/{attempt_id}/result", YOURS):
        client.get(path)
        count_queries()
        client.get(path)
        assert count_queries() <= 8, path


def test_a_preview_shows_the_summary_and_the_short_form(app, client, log_in):
    creator = make_person(Role.CREATOR)
    draft = make_draft(creator.id, light_files())
    log_in(creator)
    step = f"/preview/{draft}/steps/practice"

    summary = text_of(client.get(f"{step}/practice"))
    assert "as the first rater of its panel did" in summary
    assert "From try to try" in summary
    fields = {f"item-{item}": "10" for item in ITEMS}
    feedback = client.post(f"{step}?n=1", data=fields)
    assert "You score high overall" in text_of(feedback)
    assert f"{step}/practice" in feedback.text
    certification = text_of(client.post(f"/preview/{draft}/steps/certification?n=1", data=fields))
    assert "A trainee reads the criteria and the part below" in certification
    assert client.get(f"/preview/{draft}/steps/why/practice").status_code == 404


# --- certification --------------------------------------------------------------------------------


def with_feedback(setting):
    changed = ("    criteria:\n", f"    feedback: {setting}\n    criteria:\n")
    return broken({"package.yaml": changed}, light_files())


def certified(log_in, feedback):
    """Make somebody whose try at a form of one case failed under a setting, and the result."""
    make_release(with_feedback(feedback))
    person = make_person()
    do_until(person, "certification", now=utc_now())
    attempt_id = fail(person, "certification", now=utc_now())
    log_in(person)
    return person, attempt_id


SAYS = {
    "items": "Quadriceps",
    "criteria": "The owner of this module lets the criteria be told, and no more.",
    "domains": "The whole form: 8 of 8 outside the tolerance",
    "direction": "Most of them lie below the panel.",
}


@pytest.mark.parametrize("feedback", list(SAYS))
def test_a_result_tells_as_much_as_the_owner_allows(app, client, log_in, feedback):
    _, attempt_id = certified(log_in, feedback)

    words = text_of(client.get(f"/attempts/{attempt_id}/result"))

    for setting, said in SAYS.items():
        wanted = setting == feedback or (setting, feedback) == ("domains", "direction")
        assert (said.lower() in words.lower()) is wanted, setting


@pytest.mark.parametrize("feedback", ["criteria", "domains", "direction", "items"])
def test_no_result_holds_a_reference_or_what_is_written_about_it(app, client, log_in, feedback):
    person, attempt_id = certified(log_in, feedback)

    page = client.get(f"/attempts/{attempt_id}/result").text

    material = queries.enrolment_of(person.id, SLUG).material
    for case in attempt_of(person, attempt_id).drawn:
        for secret in material.cases[case].rationale.values():
            assert secret not in page
    assert "Panel 1" not in page
    assert "You 0 · panel" not in page


@pytest.mark.parametrize("feedback", ["criteria", "domains", "direction"])
def test_the_page_is_the_same_whichever_items_were_outside(
    app, client, new_client, log_in, feedback
):
    make_release(with_feedback(feedback))
    pages = []
    for missed in (ITEMS[:3], ITEMS[5:]):
        person = make_person(name="Robin Hale")
        do_until(person, "certification", now=utc_now())
        attempt_id = begin(person, "certification", now=utc_now())
        answers = right_answers(attempt_of(person, attempt_id))
        for key in answers:
            if key.rpartition("/")[2] in missed:
                answers[key] = {**answers[key], "value": answers[key]["value"] + 2}
        answer_and_submit(person, attempt_id, answers, now=utc_now())
        answer = log_in(person, on=new_client()).get(f"/attempts/{attempt_id}/result")
        pages.append((text_of(answer), re.findall(r'href="(/learning[^"]*)"', answer.text)))

    assert "5 of 8" in pages[0][0]
    assert pages[0] == pages[1]
