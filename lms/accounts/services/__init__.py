"""Writing people, sessions, invitations and mailed links."""

from lms.accounts.services.administration import (
    close_account,
    grant_role,
    reopen_account,
    set_extra_time,
    set_roles,
    withdraw_role,
)
from lms.accounts.services.invitations import (
    Invitee,
    accept_as,
    accept_as_new,
    invite,
    resend,
    revoke,
)
from lms.accounts.services.links import (
    confirm_address,
    request_confirmation,
    request_reset,
    reset_password,
)
from lms.accounts.services.people import add_person, change_choices, change_password, register
from lms.accounts.services.sessions import (
    end_session,
    end_sessions,
    end_sessions_of,
    note_seen,
    open_session,
    sign_in,
)
from lms.accounts.services.signatures import count_password_try, sign
from lms.accounts.services.tries import count_try, forget_tries

__all__ = [
    "Invitee",
    "accept_as",
    "accept_as_new",
    "add_person",
    "change_choices",
    "change_password",
    "close_account",
    "confirm_address",
    "count_password_try",
    "count_try",
    "end_session",
    "end_sessions",
    "end_sessions_of",
    "forget_tries",
    "grant_role",
    "invite",
    "note_seen",
    "open_session",
    "register",
    "reopen_account",
    "request_confirmation",
    "request_reset",
    "resend",
    "reset_password",
    "revoke",
    "set_extra_time",
    "set_roles",
    "sign",
    "sign_in",
    "withdraw_role",
]
