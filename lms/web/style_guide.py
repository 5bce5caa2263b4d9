"""What the style guide shows: every component once, with made-up data, for developers and tests."""

from datetime import date, timedelta
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional

from lms.clock import utc_now
from lms.web.filters import today
from lms.web.forms import Form
from lms.web.paging import Page


class SampleForm(Form):
    """One field of each kind."""

    email = StringField("Email address", validators=[InputRequired()])
    password = PasswordField("Password", description="Twelve characters or more.")
    site = SelectField("Site", choices={"1": "Site 01", "2": "Site 02"})
    begins = DateField("Begins on", validators=[Optional()])
    file = FileField("Roster", description="A CSV file of up to 5 MB.")
    remark = TextAreaField("Remark", validators=[Optional()])
    answer = RadioField(
        "Which grade is it?",
        choices={"4": "Lets go slowly", "5": "Holds, no pressure added", "6": "Slight pressure"},
    )
    agreed = BooleanField("I have read the words about privacy")


def samples() -> dict[str, Any]:
    """Return what the template needs and cannot make itself."""
    form = SampleForm(formdata=None, answer="5")
    form.email.errors = ["Write an address with an @ in it."]
    form.answer.errors = ["Choose one answer."]
    now = today()
    return {
        "ends_at": utc_now() + timedelta(minutes=18),
        "form": form,
        "page": Page(number=3, size=50, total=412),
        "steps": [
            {"title": "Why agreement matters", "state": "done", "hint": "Text, read 9 November"},
            {"title": "Positions", "state": "done", "hint": "14 slides, seen 14 November"},
            {"title": "Practice cases", "state": "now", "hint": "2 of 4 done", "url": "#path"},
            {"title": "Quiz", "state": "later", "hint": "Opens after 4 practice cases"},
        ],
        "terms": _terms(now),
        "pairs": [(3, 0), (4, 0), (5, 1), (5, 1), (6, 2), (6, 0), (7, -1), (8, 0), (8, 0), (9, 1)],
    }


def _terms(now: date) -> list[dict[str, Any]]:
    """Return state, issue, end, renewal and revocation of certificates."""
    return [
        _term("valid", now - timedelta(160)),
        _term("soon", now - timedelta(680)),
        _term("ended", now - timedelta(800)),
        _term("revoked", now - timedelta(263), now - timedelta(80)),
    ]


def _term(state: str, issued: date, revoked: date | None = None) -> dict[str, Any]:
    ends = issued + timedelta(730)
    renew = ends - timedelta(90)
    return {"state": state, "issued": issued, "ends": ends, "renew": renew, "revoked": revoked}
