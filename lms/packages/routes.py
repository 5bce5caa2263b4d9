"""The studio: upload, read the report, preview, publish. And the media that pages show."""

from datetime import date, timedelta
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import jobs, storage
from lms.accounts import api as accounts
from lms.accounts.domain import Role, SignatureFacts, TooManyTries, TryNotCounted, WrongPassword
from lms.clock import utc_now
from lms.db import transaction
from lms.errors import N_, Invalid, NotFound
from lms.packages import api, queries, services
from lms.packages.domain.changes import Difference, differences, digest_of, proposed_class
from lms.packages.domain.releases import (
    Candidate,
    DraftFacts,
    DraftState,
    PackageFacts,
    ReleaseFacts,
    obstacle,
)
from lms.packages.forms import PublishForm, UploadForm
from lms.packages.json_schema import json_schema_text
from lms.packages.reader.source import MOST_BYTES
from lms.web.access import ANYONE, SIGNED_IN, allow
from lms.web.limits import limiter

bp = Blueprint("packages", __name__)

CREATORS = (Role.CREATOR, Role.ADMIN)
FOR_EVER = timedelta(days=365)
MEDIA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


@bp.get("/studio")
@allow(*CREATORS)
def list_packages() -> ResponseReturnValue:
    return render_template(
        "packages/list_packages.html",
        packages=queries.packages_of(current_user.id, everything=sees_everything()),
        drafts=queries.open_drafts_of(current_user.id, everything=sees_everything()),
    )


@bp.get("/studio/upload")
@allow(*CREATORS)
def new_draft() -> ResponseReturnValue:
    return render_template("packages/new_draft.html", form=UploadForm(), limit=MOST_BYTES)


@bp.post("/studio/drafts")
@allow(*CREATORS)
@limiter.limit("60 per hour")
def upload_draft() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate():
        return render_template("packages/new_draft.html", form=form, limit=MOST_BYTES), 422
    data = form.package.data.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Invalid(N_("The file is too large. Make the films smaller and upload again."))
    source = storage.put(data)
    with transaction():
        draft_id = services.upload_draft(
            person_id=current_user.id,
            file_name=form.package.data.filename or "package.zip",
            source=source,
            now=utc_now(),
        )
    jobs.kick()
    return redirect(url_for(".show_draft", draft_id=draft_id), 303)


@bp.get("/studio/drafts/<int:draft_id>")
@allow(*CREATORS)
def show_draft(draft_id: int) -> ResponseReturnValue:
    draft = queries.draft_of(current_user.id, draft_id, everything=sees_everything())
    return render_template("packages/show_draft.html", **draft_page(draft))


@bp.post("/studio/drafts/<int:draft_id>/publication")
@allow(*CREATORS)
def publish_release(draft_id: int) -> ResponseReturnValue:
    draft = queries.draft_of(current_user.id, draft_id, everything=sees_everything())
    if draft_page(draft)["form"] is not None:
        return publish_further(draft)
    with transaction():
        release = services.publish_release(
            draft_id, person_id=current_user.id, everything=sees_everything(), now=utc_now()
        )
    return published(release)


def publish_further(draft: DraftFacts) -> ResponseReturnValue:
    """Publish a release that is not the first: with what it changes, and signed."""
    form = PublishForm()
    page = draft_page(draft, form)
    fits = form.validate()
    page["milder"] = fits and form.change.kind.weight < page["proposed"].weight
    if page["milder"] and not form.milder.data:
        form.kind.errors = [
            _("This is milder than what differs. Choose another class, or say below that you mean "
              "it.")
        ]  # fmt: skip
        fits = False
    if not fits:
        return render_template("packages/show_draft.html", **page), 422
    try:
        with transaction():
            accounts.count_password_try(current_user.id, now=utc_now())
        with transaction():
            release = services.publish_release(
                draft.id,
                person_id=current_user.id,
                everything=sees_everything(),
                change=form.change,
                password=form.password.data,
                now=utc_now(),
            )
    except (TooManyTries, WrongPassword, TryNotCounted) as error:
        form.password.errors = [_(error.message, **error.values)]
        return render_template("packages/show_draft.html", **page), error.status
    jobs.kick()
    return published(release)


def published(release: ReleaseFacts) -> ResponseReturnValue:
    flash(_("%(title)s %(version)s is published.", title=release.title, version=release.version))
    return redirect(url_for(".show_package", slug=release.slug), 303)


@bp.post("/studio/drafts/<int:draft_id>/withdrawal")
@allow(*CREATORS)
def withdraw_draft(draft_id: int) -> ResponseReturnValue:
    with transaction():
        services.withdraw_draft(
            draft_id, person_id=current_user.id, everything=sees_everything(), now=utc_now()
        )
    flash(_("The draft is withdrawn. Nothing was published."))
    return redirect(url_for(".list_packages"), 303)


@bp.get("/studio/packages/<slug>")
@allow(*CREATORS)
def show_package(slug: str) -> ResponseReturnValue:
    everything = sees_everything()
    package = queries.package_of(current_user.id, slug, everything=everything)
    content = queries.content_of(package.releases[0].digest)
    return render_template(
        "packages/show_package.html",
        package=package,
        content=content,
        read_on=date.fromisoformat(content.rights.date),
        drafts=queries.open_drafts_of(current_user.id, everything=everything, slug=slug),
        changes={one.release_id: one for one in queries.changes_of(slug)},
        signed=signatures_by_release(package),
        digest_of=digest_of,
    )


def signatures_by_release(package: PackageFacts) -> dict[int, list[SignatureFacts]]:
    found: dict[int, list[SignatureFacts]] = {}
    for one in accounts.signatures_of(*(f"release:{each.id}" for each in package.releases)):
        found.setdefault(int(one.subject.partition(":")[2]), []).append(one)
    return found


@bp.get("/studio/releases/<int:release_id>/source")
@allow(*CREATORS)
def download_release(release_id: int) -> ResponseReturnValue:
    release, source = queries.release_of(current_user.id, release_id, everything=sees_everything())
    response = stored_file(source, "application/zip")
    name = f"{release.slug}-{release.version}.zip"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@bp.get("/content-format.schema.json")
@allow(ANYONE)
def show_schema() -> ResponseReturnValue:
    response = Response(json_schema_text(), mimetype="application/schema+json")
    response.cache_control.max_age = 3600
    return response


@bp.get("/media/<name>")
@allow(SIGNED_IN)
def show_media(name: str) -> ResponseReturnValue:
    """Answer with a picture, film or captions file; it never changes, so browsers may keep it.

    Args:
        name: digest and extension, as `domain.media_url` writes them.
    """
    digest, _dot, extension = name.partition(".")
    media = queries.find_media(digest, extension)
    if media is None or not api.may_see_media(
        current_user.id, media, everything=current_user.has_role(Role.ADMIN)
    ):
        raise NotFound(N_("There is no such file."))
    response = stored_file(digest, media.media_type)
    response.headers["Content-Security-Policy"] = MEDIA_POLICY
    response.cache_control.no_cache = None
    response.cache_control.private = True
    response.cache_control.max_age = int(FOR_EVER.total_seconds())
    response.cache_control.immutable = True
    return response


def stored_file(digest: str, media_type: str) -> Response:
    """Return a file of the store; from the local disk with ranges, so that films can seek."""
    path = storage.path_of(digest)
    if path is not None:
        return send_file(path, mimetype=media_type, conditional=True, etag=digest)
    data = storage.get(digest)
    response = Response(data, mimetype=media_type)
    response.set_etag(digest)
    response.make_conditional(request, accept_ranges=True, complete_length=len(data))
    return response


def draft_page(draft: DraftFacts, form: PublishForm | None = None) -> dict[str, Any]:
    package = queries.find_package(draft.slug) if draft.slug else None
    problem = None
    if draft.state is DraftState.READY and draft.digest is not None:
        problem = obstacle(
            Candidate(draft.slug, draft.version, draft.digest, draft.title),
            package=package,
            allowed=package is None
            or package.may_publish(current_user.id, everything=sees_everything()),
        )
    waits_for = draft.job_id if draft.state is DraftState.CHECKING else None
    progress = jobs.progress(waits_for) if waits_for is not None else None
    comparison = compared(draft, package) if draft.state is DraftState.READY else ()
    proposed = proposed_class(comparison)
    further = draft.state is DraftState.READY and package is not None and problem is None
    return {
        "form": form or (PublishForm(kind=proposed.value) if further else None),
        "milder": False,
        "comparison": [(one, _(one.sentence, about=one.about)) for one in comparison],
        "proposed": proposed,
        "draft": draft,
        "package": package,
        "findings": [(found, *found.told(_)) for found in draft.report.findings]
        if draft.report
        else [],
        "problem": _(problem.message, **problem.values) if problem is not None else "",
        "content": queries.content_of(draft.digest) if draft.digest is not None else None,
        "failed": progress is not None and progress.failed > 0,
    }


def compared(draft: DraftFacts, package: PackageFacts | None) -> tuple[Difference, ...]:
    """Return in what a draft differs from the release that is current."""
    if package is None or not package.releases or draft.digest is None:
        return ()
    return differences(
        queries.content_of(package.releases[0].digest), queries.content_of(draft.digest)
    )


def sees_everything() -> bool:
    return bool(current_user.has_role(Role.ADMIN))
