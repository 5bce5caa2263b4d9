"""The shipped modules become releases, once for each version."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Final

from lms.db import transaction
from lms.errors import N_, LmsError
from lms.packages import api as packages

CONTENT: Final = Path(__file__).resolve().parents[2] / "content"
log = logging.getLogger(__name__)


class BrokenContent(LmsError):
    """A shipped package does not check clean."""


def publish_content(*, now: datetime) -> None:
    """Publish every shipped package that is not a release yet.

    A newer shipped version follows the older one. Where the installation has a release of its own
    under the name, of this version or a later one, that stays the current release.

    Raises:
        BrokenContent: if one does not check clean.
    """
    folders = [
        folder
        for folder in sorted(CONTENT.iterdir())
        if (folder / "package.yaml").is_file()
        and not packages.published_from(folder)
        and not _overtaken(folder)
    ]
    with ThreadPoolExecutor(2) as pool:  # decks and films are read in processes of their own
        for folder, checked in zip(folders, pool.map(packages.check, folders), strict=True):
            if checked.build is None:
                raise BrokenContent(
                    N_("content/%(name)s does not check clean: %(problems)s"),
                    name=folder.name,
                    problems="; ".join(
                        f"{finding.place}: {finding.sentence}"
                        for finding in checked.report.errors[:5]
                    ),
                )
            source = packages.keep_files(checked.build)
            with transaction():
                packages.publish_build(checked.build, source=source, person_id=None, now=now)


def _overtaken(folder: Path) -> bool:
    current = packages.overtaken(folder)
    if current is not None:
        log.warning(
            "content/%s is not published: %s %s is the current release here.",
            folder.name,
            current.slug,
            current.version,
        )
    return current is not None
