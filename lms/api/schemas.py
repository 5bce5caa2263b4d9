"""The shape of questions and answers; the published OpenAPI file is written from these."""

import datetime
import re
from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from lms.api.domain import FAIL, MOST_CODES, PASS, UNKNOWN, WARN
from lms.certificates.domain import (
    EXIT_CODES,
    RevocationReason,
    SuccessionKind,
    SuspensionReason,
)
from lms.errors import N_

STATES = tuple(name for name in EXIT_CODES if name != "development")
NOT_A_DAY = N_("This is not a day. Write it like 2026-11-21.")


class Day(fields.Field[datetime.date]):
    """A day in the one form YYYY-MM-DD."""

    default_error_messages = {"invalid": NOT_A_DAY, "null": NOT_A_DAY}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_more: Any) -> datetime.date:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise self.make_error("invalid")
        try:
            return datetime.date.fromisoformat(value)
        except ValueError as error:
            raise self.make_error("invalid") from error


def text(said: str, *, nullable: bool = False, **more: Any) -> fields.String:
    return fields.String(allow_none=nullable, metadata={"description": said}, **more)


def day(said: str) -> fields.String:
    return fields.String(allow_none=True, metadata={"description": said, "format": "date"})


def word(said: str, words: Any, *, nullable: bool = False) -> fields.String:
    known = [str(one) for one in words]
    return text(said, nullable=nullable, validate=validate.OneOf(known))


def yes_no(said: str) -> fields.Boolean:
    return fields.Boolean(metadata={"description": said})


class Question(Schema):
    """A code to check."""

    class Meta:
        unknown = RAISE

    code = text(
        "The code as it is printed. Dashes and capitals do not matter.",
        required=True,
        validate=validate.Length(min=1, max=200),
    )
    at = Day(metadata={"description": "The day to answer for; today where it is left out."})


class BulkQuestion(Schema):
    """Many codes to check."""

    class Meta:
        unknown = RAISE

    codes = fields.List(
        fields.String(validate=validate.Length(max=200)),
        required=True,
        validate=validate.Length(
            min=1, max=MOST_CODES, error=N_("Send between {min} and {max} codes.")
        ),
        metadata={"description": "Codes, in the order in which they are answered."},
    )
    at = Day(metadata={"description": "The day to answer for; today where it is left out."})


class Check(Schema):
    """One thing that was checked."""

    check = text("What was checked: signature, register, not_revoked and so on.")
    result = word("How it came out.", (PASS, FAIL, WARN, UNKNOWN))
    detail = text("A word or a day that belongs to it; may be empty.")


class Answer(Schema):
    """The answer about one code or one file, for one day."""

    state = word("The verdict in one word.", STATES)
    good = yes_no("Valid on that day and, for a file, unchanged. The only yes there is.")
    as_of = fields.Date(metadata={"description": "The day that the answer is for."})
    checked_at = fields.DateTime(metadata={"description": "When it was checked, in UTC."})
    reason = text("The same in a sentence, in English.")
    exit_code = fields.Integer(metadata={"description": "What the offline command would end with."})
    checks = fields.List(
        fields.Nested(Check), metadata={"description": "One line for each thing that was checked."}
    )
    code = text("The code without dashes; null where it is unknown.", nullable=True)
    record = fields.Dict(
        allow_none=True,
        metadata={"description": "Everything that is printed; null where nothing may be shown."},
    )
    valid_until = day("The last day of validity, as printed or as decided since.")
    revoked_on = day("The first day on which it did not hold any more.")
    revocation_reason = word("Why it was revoked.", RevocationReason, nullable=True)
    suspended_on = day("Since when it is suspended, if it is on the day asked about.")
    suspension_reason = word("Why it is suspended.", SuspensionReason, nullable=True)
    superseded_on = day("Since when another certificate stands in its place.")
    superseded_by = text("The code of that certificate.", nullable=True)
    succession = word("Why there is another one.", SuccessionKind, nullable=True)
    erased = yes_no("The holder withdrew it and had their data erased.")
    name_shortened = yes_no("The holder lets only initials be shown.")
    development_authority = yes_no("Signed by a development key, which proves nothing.")
    signed_at = text("When the file was signed, in UTC.", nullable=True)


class BulkLine(Answer):
    """The answer to one of many questions."""

    asked = text("The code or the name of the file that was asked about.")


class BulkAnswer(Schema):
    """The answers to many questions, in their order."""

    as_of = fields.Date(metadata={"description": "The day that the answers are for."})
    checked_at = fields.DateTime(metadata={"description": "When it was checked, in UTC."})
    asked = fields.Integer(metadata={"description": "How many questions there were."})
    good = fields.Integer(metadata={"description": "How many of them are valid."})
    results = fields.List(fields.Nested(BulkLine))


class Problem(Schema):
    """Why a question was not answered (RFC 9457)."""

    type = text("Always about:blank.")
    title = text("The kind of problem.")
    status = fields.Integer(metadata={"description": "The HTTP status."})
    detail = text("What was wrong and what to do.")
