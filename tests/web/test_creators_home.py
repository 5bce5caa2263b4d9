"""A creator's home: what waits in the studio, nothing where nothing waits, in few statements."""

import re

import pytest

from lms import jobs
from lms.accounts.domain import Role
from lms.clock import utc_now
from lms.db import transaction
from lms.packages.domain.changes import Change, ChangeClass, Policy
from lms.review import api as review
from lms.review.domain import suspects
from tests.factories import make_person
from tests.factories_packages import broken, light_files, make_draft, make_release
from tests.factories_panels import (
    close,
    make_creator,
    make_experts,
    make_panel,
    score_all,
    sign,
)
from tests.factories_review import rate, stricter_files

HEADING = "In the studio"


@pytest.fixture
def creator(client, log_in):
    person = make_creator()
    log_in(person)
    return person


def told(client):
    """The words of home, without tags and with single blanks."""
    return " ".join(re.sub(r"<[^>]+>", " ", client.get("/").text).split())


def test_nothing_is_said_where_nothing_waits(client, creator, log_in):
    assert HEADING not in told(client)

    make_draft(
        make_person(Role.CREATOR).id, broken({"package.yaml": ("minutes: 30", "minutes: x")})
    )
    make_panel(make_person(Role.ADMIN), make_experts(1), everything=True)
    assert HEADING not in told(client), "nor of what waits for others"


def test_a_draft_with_findings_waits(client, creator):
    faulty = broken({"package.yaml": ("minutes: 30", "minutes: x")}, light_files())
    draft_id = make_draft(creator.id, faulty)

    page = client.get("/").text

    assert f'href="/studio/drafts/{draft_id}"' in page
    assert "Draft with 1 finding" in told(client)


def test_a_panel_waits_for_its_experts_its_owner_and_a_signature(client, creator):
    experts = make_experts()
    panel_id = make_panel(creator, experts, now=utc_now())
    assert "Panel at work 0 of 10 cases are handed in." in told(client)

    score_all(experts, now=utc_now())
    assert "Panel to be closed 10 of 10 cases are handed in." in told(client)

    close(creator, panel_id, now=utc_now())
    assert "Reference to be signed" in told(client)

    sign(creator, panel_id, now=utc_now())
    assert HEADING not in told(client)


def test_references_that_may_be_wrong_wait_since_last_night(client, creator, monkeypatch):
    monkeypatch.setattr(suspects, "LEAST", 2)
    for _ in range(3):
        rate(make_person(), 3)
    look()

    assert re.search(r"A sample module 1 reference may be wrong Looked at on \d", told(client))
    assert 'href="/studio/packages/sample/results#suspects"' in client.get("/").text

    change = Change(ChangeClass.REFERENCE, Policy.FINISH_ON_OLD, "Mended.")
    make_release(stricter_files(), change=change)
    assert "may be wrong" not in told(client), "of the new release nothing is known yet"
    look()
    assert "may be wrong" not in told(client)


def look():
    with transaction():
        review.look_tonight(now=utc_now())
    jobs.run_pending()


def test_home_asks_few_questions_however_much_waits(client, creator, count_queries):
    counts = []
    for _ in range(2):
        make_draft(creator.id, broken({"package.yaml": ("minutes: 30", "minutes: x")}))
        make_panel(creator, make_experts(1), now=utc_now())
        client.get("/")
        count_queries()
        assert HEADING in client.get("/").text
        counts.append(count_queries())

    assert counts[0] == counts[1] <= 6
