"""What can go wrong with drafts and releases, said in sentences."""

from lms.errors import N_, Conflict, Invalid, NotAllowed


class NotYourPackage(NotAllowed):
    """The package's name belongs to somebody else."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            N_(
                "The package “%(slug)s” belongs to other people. Ask one of its owners, or give "
                "yours another slug in package.yaml."
            ),
            slug=slug,
        )


class DraftNotReady(Invalid):
    """The draft is still being checked, or its report holds errors."""

    def __init__(self) -> None:
        super().__init__(
            N_("This draft cannot be published: mend the errors in its report and upload again.")
        )


class PackageWaits(Invalid):
    """Some of its cases wait for their panel."""

    def __init__(self, cases: str) -> None:
        super().__init__(
            N_(
                "These cases wait for their panel: %(cases)s. Open a panel for them, or write "
                "panel ratings into their files; until then this cannot be published."
            ),
            cases=cases,
        )


class DraftClosed(Conflict):
    """The draft was published or withdrawn before."""

    def __init__(self) -> None:
        super().__init__(N_("This draft was published or withdrawn before. Nothing was changed."))


class ReleaseExists(Conflict):
    """Exactly these files, or this version, are a release already."""

    def __init__(self, slug: str, version: str) -> None:
        super().__init__(
            N_(
                "“%(slug)s” has a release %(version)s already. Releases never change: raise the "
                "version in package.yaml and upload again."
            ),
            slug=slug,
            version=version,
        )


class VersionNotNewer(Conflict):
    """The version is not above the last release."""

    def __init__(self, slug: str, version: str, last: str) -> None:
        super().__init__(
            N_(
                "The last release of “%(slug)s” is %(last)s, and %(version)s is not above it. "
                "Raise the version in package.yaml and upload again."
            ),
            slug=slug,
            version=version,
            last=last,
        )
