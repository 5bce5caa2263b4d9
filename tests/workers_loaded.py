"""What workers of tests have in memory when they are forked: the code, and fonts read once."""

import lms.app
import lms.certificates.jobs
import lms.cli
import lms.operations.jobs
from lms.certificates import pdf, signing
from tests.factories import NOW
from tests.factories_certificates import CODE, make_facts

pdf.render(
    make_facts(),
    CODE,
    base_url="http://localhost",
    sealed_at=NOW,
    development=True,
    finisher=signing.finisher(None),
)

__all__ = ["lms"]
