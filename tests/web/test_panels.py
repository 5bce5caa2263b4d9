"""Panels through the browser's eyes: a creator's, an expert's, an adjudicator's and a trainee's."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms import jobs
from lms.accounts import api as accounts
from lms.accounts.domain import FREE_TRIES, Role
from lms.accounts.models import SignInTries
from lms.audit import api as audit
from lms.clock import utc_now
from lms.db import db, transaction
from lms.packages import api as packages
from lms.packages import queries as built
from lms.panels import queries, services
from lms.panels.domain import PanelMethod
from lms.panels.models import HandedIn, SavedRating
from tests.factories import NOW, PASSWORD, make_person
from tests.factories_accounts import empty_outbox
from tests.factories_modules import begin, do_until
from tests.factories_packages import ITEMS, broken, light_files, make_draft, make_release
from tests.factories_panels import (
    CASES,
    close,
    grades,
    make_creator,
    make_experts,
    make_panel,
    panel_of,
    score,
    score_all,
    sign,
    tasks_of,
    viewer,
)
from tests.unit.packages.test_waiting import waiting_files

CHANGE = {
    "kind": "reference",
    "policy": "finish_on_old",
    "reason": "The reference comes from a panel now.",
    "password": PASSWORD,
}
KEY_WORDS = ("Held as the grade says.", "Not a half grade.", "Panel 1", "Panel 2")


@pytest.fixture
def creator(client):
    return make_creator()


def form_of(grade, **others):
    return {
        f"item-{item}": str(rating["value"]) for item, rating in grades(grade, **others).items()
    }


def opening(asked, **others):
    return {
        "title": "Grades of eight muscles",
        "cases": list(CASES),
        "experts": "\n".join(expert.email for expert in asked),
        "method": "median",
        "limit": "30",
        **others,
    }


def post_signature(client, panel_id, data):
    """Send the form as the page drew it: with the digest of what it showed."""
    page = client.get(f"/studio/panels/{panel_id}").text
    seen = re.search(r'name="seen" value="(\w*)"', page)
    shown = {"seen": seen[1]} if seen else {}
    return client.post(f"/studio/panels/{panel_id}/references", data={**shown, **data})


def still(html):
    """The page without what changes from one request to the next."""
    return re.sub(r'(value|content)="I[\w.-]+"|"X-CSRFToken": "[^"]+"', "", html)


def test_a_panel_makes_the_reference_from_opening_to_publication(client, log_in, creator):
    experts = make_experts()
    log_in(creator)
    sent = client.post("/studio/panels?package=sample", data=opening(experts))
    assert sent.status_code == 303
    page = client.get(sent.location).text
    assert "0 of 10 cases are handed in." in page
    panel_id = int(sent.location.rsplit("/", 1)[1])
    score_all(experts, now=utc_now(), quadriceps=9)

    assert client.post(f"/studio/panels/{panel_id}/closing").status_code == 303
    page = client.get(sent.location).text
    assert "2 items cannot fail anybody." in page
    assert "ICC(A,1)" in page
    signed = post_signature(client, panel_id, {"password": PASSWORD})
    assert signed.status_code == 303
    page = client.get(sent.location).text
    assert re.search(rf"Signed as approved: <strong><bdi[^>]*>{creator.name}</bdi>", page)
    taken = client.post(f"/studio/panels/{panel_id}/drafts", data={"version": "1.1"})
    jobs.run_pending()
    assert "Ready to publish" in client.get(taken.location).text
    assert client.post(taken.location + "/publication", data=CHANGE).status_code == 303

    release = packages.current_release("sample")
    assert release.version == "1.1"
    content = packages.content_of(release.digest)
    case = next(case for case in content.cases if case.key == "p1")
    values = {item: rating["value"] for item, rating in case.reference.items()}
    assert values == {**dict.fromkeys(ITEMS, 5), "quadriceps": 6}
    assert case.cannot_fail == ("quadriceps",)
    assert (case.signed.by, case.signed.raters, case.signed.method) == (creator.name, 5, "median")
    assert [rater.rater for rater in case.panel] == [f"Panel {n}" for n in range(1, 6)]


def test_practice_says_who_stands_for_the_reference_and_what_cannot_fail(client, log_in, creator):
    experts = make_experts()
    panel_id = make_panel(creator, experts)
    score_all(experts, quadriceps=9)
    close(creator, panel_id)
    sign(creator, panel_id)
    log_in(creator)
    taken = client.post(f"/studio/panels/{panel_id}/drafts", data={"version": "1.1"})
    jobs.run_pending()
    client.post(taken.location + "/publication", data=CHANGE)
    trainee = make_person()
    do_until(trainee, "practice")
    attempt = begin(trainee, "practice")
    log_in(trainee)

    before = client.get(f"/attempts/{attempt}").text
    after = client.post(f"/attempts/{attempt}/parts?n=1", data={**form_of(5), "to": "submit"})

    assert creator.name not in before
    assert not any(word in before for word in KEY_WORDS)
    page = client.get(after.location).text
    assert f"Panel of 5, median, signed by {creator.name} on 21 November 2026." in page
    assert "so this item cannot fail anybody" in page


def test_an_expert_scores_by_the_form_and_hands_in_once(client, log_in, creator):
    expert = make_experts(1)[0]
    make_panel(creator, [expert])
    log_in(expert)
    first, second = tasks_of(expert)
    assert "2 cases to be scored" in client.get("/").text

    saved = client.post(f"/panels/tasks/{first.id}/ratings", data={"item-quadriceps": "7"})
    assert saved.status_code == 200
    assert saved.json["saved_at"]
    short = client.post(
        f"/panels/tasks/{first.id}/submission", data={"item-quadriceps": "7", "to": "submit"}
    )
    assert short.status_code == 422
    assert "This item is not scored yet." in short.text
    whole = client.post(f"/panels/tasks/{first.id}/submission", data={**form_of(7), "to": "submit"})
    assert whole.location == f"/panels/tasks/{second.id}"
    again = client.post(f"/panels/tasks/{first.id}/submission", data={**form_of(2), "to": "submit"})
    assert "that rating counts" in client.get(again.location).text
    [kept] = db.session.scalars(select(HandedIn.ratings))
    assert {rating["value"] for rating in kept.values()} == {7}
    assert "1 case to be scored" in client.get("/").text


def test_what_is_scored_later_is_kept_until_then(client, log_in, creator):
    expert = make_experts(1)[0]
    make_panel(creator, [expert])
    log_in(expert)
    task = tasks_of(expert)[0]

    later = client.post(
        f"/panels/tasks/{task.id}/submission", data={"item-quadriceps": "7", "to": "later"}
    )

    assert later.location == "/panels"
    assert db.session.scalars(select(SavedRating.item)).all() == ["quadriceps"]
    assert re.search(
        r'name="item-quadriceps" value="7"[^>]* checked',
        client.get(f"/panels/tasks/{task.id}").text,
    )


def test_an_expert_never_sees_others_scores_nor_the_key(client, log_in, creator):
    experts = make_experts()
    panel_id = make_panel(creator, experts)
    me, *others = experts
    mine = tasks_of(me)[0]
    log_in(me)
    path = f"/panels/tasks/{mine.id}"
    open_before, list_before = client.get(path).text, client.get("/panels").text
    score_all(others, quadriceps=9)
    open_after, list_after = client.get(path).text, client.get("/panels").text
    assert still(open_before) == still(open_after)
    assert still(list_before) == still(list_after)

    score(me, mine, grades(4))
    handed_in = client.get(path).text
    score(me, tasks_of(me)[1], grades(4))
    close(creator, panel_id)
    sign(creator, panel_id)
    closed = client.get(path).text

    for page in (open_after, handed_in, closed, list_after):
        assert not any(word in page for word in KEY_WORDS)
        assert not any(other.name in page or other.email in page for other in others)
    checked = re.findall(r'name="item-\w+" value="(\w+)"[^>]* checked', closed)
    assert checked == ["4"] * len(ITEMS)


def test_the_owner_sees_no_score_before_the_panel_is_closed(client, log_in, creator):
    experts = make_experts()
    panel_id = make_panel(creator, experts)
    log_in(creator)
    score_all(experts)
    as_fives = client.get(f"/studio/panels/{panel_id}").text
    db.session.rollback()

    assert "10 of 10 cases are handed in." in as_fives
    for word in ("ICC(A,1)", "Disagreement", "cannot fail anybody.", "digest"):
        assert word not in as_fives


def test_an_expert_who_is_withdrawn_sees_nothing_more_and_does_not_count(client, log_in, creator):
    experts = make_experts(6)
    panel_id = make_panel(creator, experts)
    score_all(experts, quadriceps=9)
    gone = experts[-1]
    path = task_path(gone)
    log_in(creator)
    page = client.get(f"/studio/panels/{panel_id}").text
    chosen = re.search(r'name="expert"[^>]*value="(\d+)"><span>Panel 6:', page)[1]
    address = f"/studio/panels/{panel_id}/withdrawals"
    form = {"expert": chosen, "because": "Knows one of the patients."}

    for wrong in ({**form, "because": ""}, {**form, "expert": "999"}):
        assert client.post(address, data=wrong).status_code == 422
    assert client.post(address, data=form).status_code == 303

    page = client.get(f"/studio/panels/{panel_id}").text
    assert "10 of 10 cases are handed in." in page
    assert "Does not count" in page
    assert "Panel 6 was withdrawn. What they scored does not count; 5 stay." in page
    assert "Knows one of the patients." in page
    assert client.post(address, data=form).status_code == 422, "nobody is withdrawn twice"
    again = client.post(f"/studio/panels/{panel_id}/experts", data={"experts": gone.email})
    assert "was withdrawn from this panel and is not asked again" in again.text
    assert db.session.scalar(select(func.count()).select_from(HandedIn)) == 12, "kept"
    (event,) = [e for e in audit.history_of(f"panel:{panel_id}") if e.action == "expert withdrawn"]
    assert (event.actor_id, event.reason) == (creator.id, "Knows one of the patients.")

    close(creator, panel_id, now=utc_now())
    page = client.get(f"/studio/panels/{panel_id}").text
    within = "The panel stays within its limit of disagreement on every item."
    assert within in page, "who was withdrawn alone gave a nine"
    assert "Round 1 was closed with 10 of 10 cases handed in." in page
    assert not re.search(rf'name="again_experts"[^>]*value="{chosen}"', page), "nor asked again"
    still_there = str(queries.experts_of(panel_id)[0].id)
    assert client.post(address, data={**form, "expert": still_there}).status_code == 409
    log_in(gone)
    assert client.get(path).status_code == 404
    assert "Grades of eight muscles" not in client.get("/panels").text
    assert "to be scored" not in client.get("/").text


def test_a_panel_with_too_few_experts_says_so(client, log_in, creator):
    experts = make_experts(5)
    panel_id = make_panel(creator, experts)
    log_in(creator)
    assert "Ask further experts." not in client.get(f"/studio/panels/{panel_id}").text
    leaving = queries.experts_of(panel_id)[0]

    sent = client.post(
        f"/studio/panels/{panel_id}/withdrawals", data={"expert": leaving.id, "because": "Ill."}
    )

    sentence = "The panel has 4 experts, and 5 must hand a case in"
    assert client.get(sent.location).text.count(sentence) == 2, "once as an answer, and to stay"
    assert client.get(sent.location).text.count(sentence) == 1


def test_a_withdrawn_expert_is_not_written_to_any_more(app, creator):
    (expert,) = make_experts(1)
    panel_id = make_panel(creator, [expert])
    outbox = empty_outbox(app)
    with transaction():
        services.withdraw_expert(
            viewer(creator), panel_id, queries.experts_of(panel_id)[0].id, reason="Ill.", now=NOW
        )

    jobs.run_pending()

    assert outbox == []


def test_the_page_says_titles_and_sentences_and_no_keys(client, log_in, creator):
    experts, judge = make_experts(), make_person()
    panel_id = make_panel(
        creator, experts, cases=["p1"], method=PanelMethod.ADJUDICATED, adjudicator=judge
    )
    score_all(experts, now=utc_now(), quadriceps=10)
    close(creator, panel_id, now=utc_now())
    with transaction():
        services.decide(judge.id, panel_id, "p1", "quadriceps", 8, reason="Seen.", now=utc_now())
    sign(creator, panel_id, now=utc_now())
    log_in(creator)
    taken = client.post(f"/studio/panels/{panel_id}/drafts", data={"version": "1.1"})
    client.post(
        f"/studio/panels/{panel_id}/rounds",
        data={"again_experts": "1", "again_cases": "p1", "why": "Once more."},
    )

    page = client.get(f"/studio/panels/{panel_id}").text

    told = re.sub(r"<[^>]+>", "", page[page.index('id="history"') :])
    for sentence in (
        "The panel was opened: 1 case, 5 experts. Reference: Median, and one person decides the "
        "disputed items. Limit of disagreement: 30%.",
        "Round 1 was closed with 5 of 5 cases handed in.",
        "The disputed item “Quadriceps” of “Person p1” was decided.",
        "Version 1 of the reference was signed.",
        "Version 1 of the reference was taken into version 1.1 of the package, as a draft.",
        "Round 2 was opened. Asked again: 1 expert, about these cases: Person p1.",
    ):
        assert sentence in " ".join(told.split())
    assert taken.location in page
    assert not re.search(r"[0-9a-f]{64}|>\s*p1\s*<|Limit of disagreement: 0\.3", page)


def pages_of(panel_id, task_id):
    return {
        "get": (f"/studio/panels/{panel_id}",),
        "post": tuple(
            f"/studio/panels/{panel_id}/{part}"
            for part in ("experts", "withdrawals", "closing", "rounds", "references", "drafts")
        ),
        "own": (f"/panels/tasks/{task_id}",),
        "own post": (f"/panels/tasks/{task_id}/ratings", f"/panels/tasks/{task_id}/submission"),
        "decide": (f"/panels/{panel_id}/decisions",),
    }


def test_somebody_elses_panel_looks_absent(client, log_in, creator):
    experts = make_experts()
    panel_id = make_panel(creator, experts)
    paths = pages_of(panel_id, tasks_of(experts[0])[0].id)
    stranger = make_person(Role.CREATOR)
    log_in(stranger)

    gets = [*paths["get"], *paths["own"], *paths["decide"]]
    posts = [*paths["post"], *paths["own post"], *paths["decide"]]
    assert {client.get(path).status_code for path in gets} == {404}
    assert {client.post(path).status_code for path in posts} == {404}
    assert client.get("/studio/panels/new?package=sample").status_code == 404
    assert client.post("/studio/panels?package=sample", data=opening(experts)).status_code == 404
    assert "Grades of eight muscles" not in client.get("/studio/panels").text
    assert "Grades of eight muscles" not in client.get("/panels").text


def test_an_expert_is_no_owner_and_sees_no_other_experts_case(client, log_in, creator):
    me, other = make_experts(2)
    panel_id = make_panel(creator, [me, other])
    log_in(me)

    paths = pages_of(panel_id, tasks_of(other)[0].id)
    assert {client.get(path).status_code for path in paths["get"]} == {403}
    assert {client.post(path).status_code for path in paths["post"]} == {403}
    assert {client.get(path).status_code for path in paths["own"]} == {404}
    assert {client.post(path).status_code for path in paths["own post"]} == {404}


def test_an_administrator_sees_every_panel(client, log_in, creator):
    panel_id = make_panel(creator, make_experts(1))
    log_in(make_person(Role.ADMIN))

    assert client.get(f"/studio/panels/{panel_id}").status_code == 200


def test_pictures_of_the_case_are_shown_to_who_is_asked_and_to_no_one_else(client, log_in, creator):
    expert, stranger = make_experts(2)
    make_panel(creator, [expert])
    log_in(expert)
    picture = re.search(r'src="(/media/[^"]+)"', client.get(task_path(expert)).text)[1]

    with client.get(picture) as shown:
        assert shown.status_code == 200
    log_in(stranger)
    assert client.get(picture).status_code == 404


def task_path(expert):
    return f"/panels/tasks/{tasks_of(expert)[0].id}"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"experts": "nobody"}, "Line 1 holds no email address: nobody"),
        ({"experts": ""}, "Name the experts, one a line."),
        ({"cases": []}, "Choose at least one of the cases."),
        ({"limit": "101"}, "Enter a number from 0 to 100."),
        ({"method": "adjudicated"}, "Nobody with an account has this address."),
        ({"closes_on": "2020-01-01"}, "Choose a day that is still to come."),
    ],
)
def test_a_panel_that_makes_no_sense_is_refused_and_kept_on_the_page(
    client, log_in, creator, change, sentence
):
    log_in(creator)

    answer = client.post(
        "/studio/panels?package=sample",
        data=opening(make_experts(1), **{"title": "My panel", **change}),
    )

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="My panel"' in answer.text


def test_a_wrong_password_signs_nothing_and_loses_nothing(client, log_in, creator):
    experts = make_experts()
    panel_id = make_panel(creator, experts)
    score_all(experts)
    close(creator, panel_id)
    log_in(creator)

    wrong = post_signature(client, panel_id, {"password": "not mine at all", "reason": "because"})
    assert wrong.status_code == 422
    assert "This is not your password. Nothing was signed; try again." in wrong.text
    assert "not mine at all" not in wrong.text
    for _try in range(FREE_TRIES - 1):
        post_signature(client, panel_id, {"password": "not mine at all"})
    locked = post_signature(client, panel_id, {"password": PASSWORD})
    assert locked.status_code == 429
    assert "There were too many wrong passwords." in locked.text
    assert accounts.signatures_of("panel-reference:1") == []


def test_a_reference_needs_five_raters_of_every_case(client, log_in, creator):
    experts = make_experts(4)
    panel_id = make_panel(creator, experts)
    score_all(experts)
    close(creator, panel_id)
    log_in(creator)

    page = client.get(f"/studio/panels/{panel_id}").text

    assert "Fewer than 5 experts handed these cases in: Person p1, Person p2." in page
    assert "Sign version" not in page


def test_a_draft_waits_for_its_panel_and_cannot_be_published_until_then(client, log_in):
    creator = make_person(Role.CREATOR)
    draft_id = make_draft(creator.id, waiting_files())
    log_in(creator)
    page = client.get(f"/studio/drafts/{draft_id}").text
    assert "1 case waits for its panel." in page
    assert "Waits for a panel" in page
    refused = client.post(f"/studio/drafts/{draft_id}/publication")
    assert refused.status_code == 422
    assert "wait for their panel: p1" in refused.text

    experts = make_experts()
    opened = client.post(f"/studio/panels?draft={draft_id}", data=opening(experts, cases=["p1"]))
    panel_id = int(opened.location.rsplit("/", 1)[1])
    score_all(experts, now=utc_now())
    client.post(f"/studio/panels/{panel_id}/closing")
    post_signature(client, panel_id, {"password": PASSWORD})
    taken = client.post(f"/studio/panels/{panel_id}/drafts", data={"version": "1.0"})
    jobs.run_pending()

    assert "No errors" in client.get(taken.location).text
    assert client.post(taken.location + "/publication", data=CHANGE).status_code == 303
    release = packages.current_release("sample")
    assert built.content_of(release.digest).waiting == ()


def test_who_has_no_account_is_invited_and_finds_the_cases_after_that(app, client, log_in, creator):
    known = make_person(email="known@example.org")
    outbox = empty_outbox(app)

    make_panel(creator, [known, "new@example.org"])
    jobs.run_pending()

    mails = {mail.to[0]: mail.body for mail in outbox}
    assert "/panels" in mails["known@example.org"]
    assert "invitation" in mails["new@example.org"]
    newcomer = make_person(email="new@example.org")
    log_in(newcomer)
    assert "Grades of eight muscles" in client.get("/panels").text
    assert client.get(task_path(newcomer)).status_code == 200
    assert "2 cases to be scored" in client.get("/").text


def test_an_address_that_was_not_shown_to_be_theirs_gives_nobody_a_place(client, log_in, creator):
    make_panel(creator, ["new@example.org"])
    log_in(make_person(email="new@example.org", confirmed=False))

    page = client.get("/panels").text

    assert "Grades of eight muscles" not in page
    assert "Confirm your email address" in page


def test_disputed_items_are_decided_by_the_named_person_with_a_reason(client, log_in, creator):
    experts, judge = make_experts(), make_person()
    panel_id = make_panel(
        creator, experts, cases=["p1"], method=PanelMethod.ADJUDICATED, adjudicator=judge
    )
    score_all(experts, quadriceps=10)
    path = f"/panels/{panel_id}/decisions"
    log_in(judge)
    assert client.get(path).status_code == 404
    close(creator, panel_id)
    page = client.get(path).text
    assert "Waits for you" in page
    assert not any(expert.name in page for expert in experts)

    address = f"{path}?case=p1&item=quadriceps"
    missing = client.post(address, data={"d0-item-quadriceps": "8", "d0-reason": ""})
    assert missing.status_code == 422
    assert "Say why; it is kept with the reference." in missing.text
    other = client.post(f"{path}?case=p1&item=neck_flexors", data={"d0-reason": "x"})
    assert other.status_code == 404
    done = client.post(address, data={"d0-item-quadriceps": "8", "d0-reason": "As on the film"})
    assert done.status_code == 303
    assert "Decided" in client.get(path).text

    log_in(creator)
    page = client.get(f"/studio/panels/{panel_id}").text
    assert re.search(rf"{judge.name}</bdi> decided: <bdi[^>]*>As on the film", page)
    sign(creator, panel_id)
    taken = client.post(f"/studio/panels/{panel_id}/drafts", data={"version": "1.1"})
    jobs.run_pending()
    client.post(taken.location + "/publication", data=CHANGE)
    release = packages.current_release("sample")
    case = next(c for c in packages.content_of(release.digest).cases if c.key == "p1")
    assert case.reference_method == "stated"
    assert case.reference["quadriceps"]["value"] == 8
    assert case.reference["neck_flexors"]["value"] == 5


def test_a_later_round_counts_and_a_later_version_says_why(client, log_in, creator):
    experts = make_experts()
    panel_id = make_panel(creator, experts, cases=["p1"])
    score_all(experts)
    close(creator, panel_id)
    log_in(creator)
    post_signature(client, panel_id, {"password": PASSWORD})
    unchanged = post_signature(client, panel_id, {"password": PASSWORD, "reason": "Again"})
    assert unchanged.status_code == 409
    assert "Nothing has changed since version 1." in unchanged.text

    ids = [expert.id for expert in queries.experts_of(panel_id)]
    asked = client.post(
        f"/studio/panels/{panel_id}/rounds",
        data={"again_experts": ids, "again_cases": ["p1"], "why": "The film was mended."},
    )
    assert asked.status_code == 303
    assert "ICC(A,1)" not in client.get(f"/studio/panels/{panel_id}").text
    for expert in experts:
        score(expert, tasks_of(expert, now=utc_now())[0], grades(8), now=utc_now())
    close(creator, panel_id, now=utc_now())
    no_reason = post_signature(client, panel_id, {"password": PASSWORD})
    assert no_reason.status_code == 422
    assert "Say why there is a new version" in no_reason.text
    post_signature(client, panel_id, {"password": PASSWORD, "reason": "After the film was mended"})
    page = client.get(f"/studio/panels/{panel_id}").text
    assert "Version 2" in page
    assert "After the film was mended" in page
    assert panel_of(creator, panel_id, now=utc_now()).round == 2


@pytest.mark.parametrize(
    ("version", "sentence"),
    [("1.0", "Choose a version above 1.0"), ("next", "is not a version such as 1.1")],
)
def test_the_next_version_is_above_the_last(client, log_in, creator, version, sentence):
    experts = make_experts()
    panel_id = make_panel(creator, experts, cases=["p1"])
    score_all(experts)
    close(creator, panel_id)
    sign(creator, panel_id)
    log_in(creator)

    answer = client.post(f"/studio/panels/{panel_id}/drafts", data={"version": version})

    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_case_that_changed_since_takes_no_reference(client, log_in, creator):
    experts = make_experts()
    panel_id = make_panel(creator, experts, cases=["p1"])
    score_all(experts)
    close(creator, panel_id)
    sign(creator, panel_id)
    changes = {
        "package.yaml": ('version: "1.0"', 'version: "1.1"'),
        "cases/practice/p1.yaml": ("a low chair", "a high chair"),
    }
    make_release(broken(changes, light_files()), person_id=creator.id)
    log_in(creator)

    answer = client.post(f"/studio/panels/{panel_id}/drafts", data={"version": "1.2"})

    assert answer.status_code == 409
    assert "is not what the panel rated" in answer.text


def test_nothing_is_taken_after_the_last_day(client, log_in, creator):
    expert = make_experts(1)[0]
    yesterday = utc_now() - timedelta(days=1)
    make_panel(creator, [expert], closes_on=yesterday.date(), now=yesterday)
    log_in(expert)
    task = tasks_of(expert, now=yesterday)[0]

    late = client.post(f"/panels/tasks/{task.id}/submission", data={**form_of(5), "to": "submit"})

    assert "ratings are not taken any more" in client.get(late.location).text
    assert db.session.scalars(select(HandedIn.id)).all() == []


def test_the_lists_ask_no_more_of_the_database_when_they_grow(
    client, log_in, creator, count_queries
):
    expert = make_experts(1)[0]

    def asked(person, path):
        log_in(person)
        client.get(path)  # what is read once in a process is read
        count_queries()
        assert client.get(path).status_code == 200
        return count_queries()

    make_panel(creator, [expert])
    few = asked(creator, "/studio/panels"), asked(expert, "/panels"), asked(expert, "/")
    for _more in range(4):
        make_panel(creator, [expert])

    assert few == (asked(creator, "/studio/panels"), asked(expert, "/panels"), asked(expert, "/"))


def test_only_what_the_page_showed_is_signed(client, log_in, creator):
    experts, judge = make_experts(), make_person()
    panel_id = make_panel(
        creator, experts, cases=["p1"], method=PanelMethod.ADJUDICATED, adjudicator=judge
    )
    score_all(experts, quadriceps=10)
    close(creator, panel_id)
    decided = f"/panels/{panel_id}/decisions?case=p1&item=quadriceps"
    log_in(judge)
    client.post(decided, data={"d0-item-quadriceps": "8", "d0-reason": "As on the film"})
    log_in(creator)
    page = client.get(f"/studio/panels/{panel_id}").text
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    log_in(judge)
    client.post(decided, data={"d0-item-quadriceps": "2", "d0-reason": "I misread it"})
    log_in(creator)

    answer = client.post(
        f"/studio/panels/{panel_id}/references", data={"password": PASSWORD, "seen": seen}
    )

    assert answer.status_code == 409
    assert "has changed since this page was drawn" in answer.text
    assert db.session.scalars(select(SignInTries.tries)).all() == []
    assert queries.references_of(panel_id) == []
