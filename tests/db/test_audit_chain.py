"""The audit trail's chain."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from lms.audit import api
from lms.db import db, transaction
from tests.factories import NOW


def record(action: str) -> None:
    with transaction():
        api.record(action, actor_id=None, subject="thing:1", now=NOW, after={"score": 5})


def test_an_untouched_trail_has_no_broken_link(app):
    record("thing made")
    record("thing changed")

    assert api.broken_links() == []


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_events SET reason = 'x'", "DELETE FROM audit_events"]
)
def test_the_database_refuses_to_change_an_event(app, statement):
    record("thing made")

    with pytest.raises(DatabaseError, match="append-only"), transaction():
        db.session.execute(text(statement))
