"""A signed reference into the files of the package, as a draft."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.errors import N_, Conflict, Invalid, NotFound
from lms.packages import api as packages
from lms.packages.domain import ReferenceSigned, is_version, version_key
from lms.panels import queries
from lms.panels.domain import (
    CasesChanged,
    NotReady,
    Viewer,
    file_keys,
)
from lms.panels.queries import PanelFacts, ReferenceFacts
from lms.panels.services.noting import note
from lms.panels.services.opening import workpiece_for
from lms.panels.services.signing import signature_on


@dataclass(frozen=True)
class Taking:
    """What a reference is taken into: the files as they stand, and the version of the next."""

    piece: packages.Workpiece
    version: str
    keys: dict[str, dict[str, Any]]
    reference: ReferenceFacts


def base_for(viewer: Viewer, panel: PanelFacts) -> packages.Workpiece:
    """Return what the reference is taken into: the panel's draft while it is open, else the
    current release.

    Raises:
        NotFound: if neither is there for the viewer.
    """
    if panel.draft_id is not None:
        try:
            return workpiece_for(viewer, draft_id=panel.draft_id, slug="")
        except (Conflict, NotFound):
            return workpiece_for(viewer, draft_id=None, slug=panel.slug)
    return workpiece_for(viewer, draft_id=None, slug=panel.slug)


def plan_taking(viewer: Viewer, panel: PanelFacts, *, version: str) -> Taking:
    """Work out what taking the latest signed reference into the package means.

    Raises:
        NotFound: if the package is not the viewer's.
        NotReady: if no reference is signed.
        Invalid: if the version is none, or a release has to be above it.
        CasesChanged: if the package's cases are not those that the panel rated.
    """
    references = queries.references_of(panel.id)
    signature = signature_on(references[0]) if references else None
    if signature is None:
        raise NotReady(N_("Sign the reference first."))
    piece = base_for(viewer, panel)
    if not is_version(version):
        raise Invalid(N_("“%(version)s” is not a version such as 1.1."), version=version)
    current = packages.find_current_release(piece.slug)
    if current is not None and version_key(version) <= version_key(current.version):
        raise Invalid(
            N_("Choose a version above %(version)s, the last release."), version=current.version
        )
    _refuse_if_changed(panel, piece)
    signed = ReferenceSigned(
        by=signature.printed_name,
        at=signature.signed_at.isoformat(timespec="seconds"),
        method=panel.method.value,
        raters=0,
        version=references[0].version,
        digest=references[0].digest,
    )
    keys = file_keys(references[0].content, signed=signed)
    return Taking(piece, version, keys, references[0])


def _refuse_if_changed(panel: PanelFacts, piece: packages.Workpiece) -> None:
    rated, now_there = panel.content, packages.content_of(piece.digest)
    there = {case.key: case for case in now_there.cases}
    if rated.instrument != now_there.instrument:
        raise CasesChanged(N_("The package has another instrument than the panel scored on."))
    for key in panel.cases:
        old, new = panel.case(key), there.get(key)
        if new is None or (old.html, old.media, old.findings) != (
            new.html,
            new.media,
            new.findings,
        ):
            raise CasesChanged(
                N_(
                    "The case “%(case)s” is not what the panel rated. Open a panel for the new one."
                ),
                case=key,
            )


def take_into_package(
    viewer: Viewer, panel_id: int, taking: Taking, *, source: str, now: datetime
) -> int:
    """Make a draft of the package with the reference in its files, and return the draft's id.

    Args:
        source: digest of the amended zip, which is in the store already.
    """
    draft_id = packages.upload_draft(
        person_id=viewer.person_id,
        file_name=f"{taking.piece.slug}-{taking.version}-panel-{panel_id}.zip",
        source=source,
        now=now,
    )
    note(
        N_("panel reference taken into the package"),
        panel_id,
        viewer,
        now,
        after={
            "slug": taking.piece.slug,
            "version": taking.version,
            "reference": taking.reference.version,
            "draft": draft_id,
        },
    )
    return draft_id
