"""What a verifier downloads: the root, the authority's certificates, and its revocation lists."""

from flask import Response
from flask.typing import ResponseReturnValue

from lms.certificates import authority, checker, keys
from lms.certificates.bundle import own
from lms.certificates.domain import CertificateNotFound
from lms.certificates.routes import bp
from lms.clock import utc_now
from lms.errors import N_, LmsError
from lms.web.access import ANYONE, allow

HOUR = "public, max-age=3600"


class NoBundleNow(LmsError):
    """There is no key to sign it with; the health page says what to do."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            N_("No trust bundle can be made now. The administrators can see why; come back.")
        )


@bp.get("/trust-root.pem")
@allow(ANYONE)
def show_trust_root() -> ResponseReturnValue:
    roots = authority.trust().roots
    if not roots:
        raise CertificateNotFound
    return download(b"".join(map(keys.pem, roots)), "application/x-pem-file", "trust-root.pem")


@bp.get("/trust/<string:name>.crl")
@allow(ANYONE)
def show_revocation_list(name: str) -> ResponseReturnValue:
    data = authority.published(name, ".crl", now=utc_now())
    if data is None:
        raise CertificateNotFound
    return download(data, "application/pkix-crl", f"{name}.crl")


@bp.get("/trust/<string:name>.cer")
@allow(ANYONE)
def show_authority(name: str) -> ResponseReturnValue:
    data = authority.published(name, ".cer", now=utc_now())
    if data is None:
        raise CertificateNotFound
    return download(data, "application/pkix-cert", f"{name}.cer")


@bp.get("/trust/bundle.zip")
@allow(ANYONE)
def show_trust_bundle() -> ResponseReturnValue:
    try:
        data = own.file(now=utc_now())
    except keys.KeysUnusable as error:
        raise NoBundleNow from error
    return download(data, "application/zip", "trust-bundle.zip")


@bp.get("/trust/checker.html")
@allow(ANYONE)
def show_checker() -> ResponseReturnValue:
    """Hand out the checker page; what it does is bound by its own policy, wherever it is opened."""
    try:
        page = checker.page_for(own.bundle(now=utc_now()))
    except keys.KeysUnusable as error:
        raise NoBundleNow from error
    answer = download(page, "text/html; charset=utf-8", checker.FILE_NAME)
    answer.headers["Content-Security-Policy"] = checker.content_policy()
    return answer


def download(data: bytes, media_type: str, name: str) -> Response:
    answer = Response(data, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = HOUR
    return answer
