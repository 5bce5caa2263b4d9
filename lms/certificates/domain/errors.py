"""What can be refused in this room."""

from lms.errors import N_, Conflict, Invalid, NotFound


class CertificateNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__(N_("There is no such certificate."))


class AlreadyRevoked(Conflict):
    def __init__(self) -> None:
        super().__init__(N_("This certificate was revoked before. Nothing was changed."))


class NotSealedYet(Conflict):
    def __init__(self) -> None:
        super().__init__(
            N_(
                "The file of this certificate is still being made. "
                "The certificate is issued and can be checked by its code; "
                "come back for the file in a minute."
            )
        )


class TooManyAtOnce(Invalid):
    def __init__(self, most: int) -> None:
        super().__init__(
            N_("At most %(most)s can be checked at once. Check the rest in a second go."), most=most
        )
