"""Who may call a route. Every view says so with @allow; the suite refuses one that does not."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lms.errors import N_, LmsError, NotAllowed

P = ParamSpec("P")
R = TypeVar("R", bound=ResponseReturnValue)


class Everybody(StrEnum):
    """Those who need no role."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"


ANYONE: Final = Everybody.ANYONE
SIGNED_IN: Final = Everybody.SIGNED_IN


class SignInFirst(LmsError):
    """Raised for an API caller without a session."""

    status = 401


def allow(*who: StrEnum) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
    """Let only these call the view: roles (any one of them is enough), SIGNED_IN or ANYONE.

    Not signed in: a page leads to the sign-in and back, anything else answers 401.

    Raises:
        ValueError: if nobody is named; a view that is for nobody is a mistake.
    """
    if not who:
        raise ValueError("name who may call the view: a role, SIGNED_IN or ANYONE")

    def decorate(view: Callable[P, Any]) -> Callable[P, Any]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
            if ANYONE not in who:
                if not current_user.is_authenticated:
                    return ask_to_sign_in()
                if SIGNED_IN not in who and not any(current_user.has_role(role) for role in who):
                    raise NotAllowed(
                        N_(
                            "It needs a role that your account does not have. If you think you "
                            "should have it, ask the people who run this site."
                        )
                    )
            return view(*args, **kwargs)

        guarded.access = frozenset(who)  # type: ignore[attr-defined]
        return guarded

    return decorate


def ask_to_sign_in() -> ResponseReturnValue:
    if wants_json():
        raise SignInFirst(N_("Sign in first."))
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=here), 303)


def wants_json() -> bool:
    """Tell whether the caller is a script: it sends or asks for JSON."""
    return (
        request.path.startswith("/api/")
        or request.is_json
        or request.headers.get("X-Requested-With") == "fetch"
        or request.accept_mimetypes.best == "application/json"
    )
