"""Badges for their holders, and for strangers the keys and the status lists of all badges."""

import json

from flask import Response, request
from flask.typing import ResponseReturnValue

from lms.certificates.badges import making, publishing
from lms.certificates.domain import FileErased, IssuedCertificate, shown_code
from lms.certificates.domain.badging import MEDIA_TYPE, Purpose
from lms.certificates.keys import KeysUnusable
from lms.certificates.routes import bp
from lms.certificates.routes.holding import visible
from lms.certificates.statuslists import Published
from lms.clock import utc_now
from lms.errors import N_, LmsError
from lms.web.access import ANYONE, SIGNED_IN, allow

FIVE_MINUTES, HOUR = "public, max-age=300", "public, max-age=3600"
JWT = "application/vc+jwt"


class NoBadgesNow(LmsError):
    """There is no key to sign with; the health page says what to do."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            N_("Badges cannot be signed at the moment. The administrators can see why; come back.")
        )


@bp.get("/certificates/<int:certificate_id>/credential.json")
@allow(SIGNED_IN)
def download_badge(certificate_id: int) -> ResponseReturnValue:
    issued = kept(certificate_id)
    try:
        data = making.credential_bytes(issued, now=utc_now())
    except KeysUnusable as error:
        raise NoBadgesNow from error
    return download(data, MEDIA_TYPE, f"badge-{shown_code(issued.code)}.json")


@bp.get("/certificates/<int:certificate_id>/credential.jwt")
@allow(SIGNED_IN)
def download_badge_token(certificate_id: int) -> ResponseReturnValue:
    issued = kept(certificate_id)
    try:
        data = making.token_bytes(issued, now=utc_now())
    except KeysUnusable as error:
        raise NoBadgesNow from error
    return download(data, JWT, f"badge-{shown_code(issued.code)}.jwt")


def kept(certificate_id: int) -> IssuedCertificate:
    """Return a certificate whose badge may be handed out.

    Raises:
        FileErased: if the holder's data were taken out of it.
    """
    issued = visible(certificate_id)
    if issued.erased:
        raise FileErased
    return issued


@bp.get("/.well-known/did.json")
@bp.get("/did.json")
@allow(ANYONE)
def show_did_document() -> ResponseReturnValue:
    try:
        document = publishing.did_document()
    except KeysUnusable as error:
        raise NoBadgesNow from error
    return public(json.dumps(document, indent=1).encode(), "application/did+ld+json", HOUR)


@bp.get("/trust/badge-keys.json")
@allow(ANYONE)
def show_badge_keys() -> ResponseReturnValue:
    try:
        data = publishing.key_list()
    except KeysUnusable as error:
        raise NoBadgesNow from error
    return public(data, "application/json", HOUR)


@bp.get("/status/<string:purpose>/<int:number>")
@allow(ANYONE)
def show_status_list(purpose: str, number: int) -> ResponseReturnValue:
    return public(published(purpose, number).document, MEDIA_TYPE, FIVE_MINUTES)


@bp.get("/status/<string:purpose>/<int:number>.jwt")
@allow(ANYONE)
def show_status_list_token(purpose: str, number: int) -> ResponseReturnValue:
    return public(published(purpose, number).token, JWT, FIVE_MINUTES)


def published(purpose: str, number: int) -> Published:
    if purpose not in set(Purpose):
        raise publishing.NoSuchList
    try:
        return publishing.published_list(Purpose(purpose), number, now=utc_now())
    except KeysUnusable as error:
        raise NoBadgesNow from error


def download(data: bytes, media_type: str, name: str) -> Response:
    answer = Response(data, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def public(data: bytes, media_type: str, cached: str) -> Response:
    """Answer with what is the same for everybody, so that caches may keep it and pages read it."""
    answer = Response(data, content_type=media_type)
    answer.headers["Cache-Control"] = cached
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
