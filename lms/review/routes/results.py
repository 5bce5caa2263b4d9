"""How the cases and questions of a release did, for its owner."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.packages import api as packages
from lms.packages.domain.releases import PackageFacts, ReleaseFacts
from lms.review import pages
from lms.review.forms import REFERENCE
from lms.review.routes.blueprint import CREATORS, bp, own_package
from lms.web.access import allow


@bp.get("/studio/packages/<slug>/results")
@allow(*CREATORS)
def show_results(slug: str) -> ResponseReturnValue:
    """Show figures without a name: of one release, by first tries unless all are asked for."""
    from lms.review.results import results_of  # numpy is loaded where figures are made

    package = own_package(slug)
    release = release_asked(package)
    every_try = request.args.get("tries") == "all"
    results = results_of(release.id, release.digest, every_try=every_try)
    return render_template(
        "review/show_results.html",
        package=package,
        release=release,
        content=packages.content_of(release.digest),
        every_try=every_try,
        results=results,
        suspects=[
            (
                one,
                _(one.sentence, side=one.side, n=one.item.n),
                url_for(
                    ".new_what_if",
                    slug=slug,
                    step=one.case.step,
                    way=REFERENCE,
                    case=one.case.case.key,
                    item=one.item.item.key,
                    value=pages.plain_value(one.mode),
                )
                if one.case.certifies
                else "",
            )
            for one in results.suspects
        ],
        panel_url=url_for("panels.new_panel", package=slug),
        pages=pages,
    )


def release_asked(package: PackageFacts) -> ReleaseFacts:
    """Return the release that the address names, or the current one."""
    asked = request.args.get("release", "")
    return next((one for one in package.releases if one.version == asked), package.releases[0])
