"""What can be refused in this room."""

from lms.errors import N_, Conflict, Invalid, NotFound


class CertificateNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__(N_("There is no such certificate."))


class AlreadyRevoked(Conflict):
    def __init__(self) -> None:
        super().__init__(N_("This certificate was revoked before. Nothing was changed."))


class NotInForce(Conflict):
    """Something can only be done to a certificate that holds today."""

    def __init__(self) -> None:
        super().__init__(
            N_("This can only be done with a certificate that holds today. Nothing was changed.")
        )


class AlreadySuspended(Conflict):
    def __init__(self) -> None:
        super().__init__(N_("This certificate is suspended already. Nothing was changed."))


class NotSuspended(Conflict):
    def __init__(self) -> None:
        super().__init__(N_("This certificate is not suspended. Nothing was changed."))


class AlreadySuperseded(Conflict):
    def __init__(self) -> None:
        super().__init__(
            N_("Another certificate stands in the place of this one already. Nothing was changed.")
        )


class AlreadyErased(Conflict):
    def __init__(self) -> None:
        super().__init__(N_("The data were erased before. Nothing was changed."))


class FileErased(NotFound):
    def __init__(self) -> None:
        super().__init__(N_("The file was erased at the holder's request."))


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
