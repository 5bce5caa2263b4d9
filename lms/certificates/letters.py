"""The words that go with a mailed certificate."""

from flask import current_app, render_template
from flask_babel import gettext as _

from lms.certificates.domain import IssuedCertificate, shown_code
from lms.certificates.services import Letter


def letter_for(issued: IssuedCertificate) -> Letter:
    """Return subject and text, in the language of the present request or job."""
    text = render_template(
        "certificates/_mail_certificate.txt",
        issued=issued,
        code=shown_code(issued.code),
        address=f"{current_app.config['SETTINGS'].base_url}/v/{issued.code}",
    )
    return Letter(_("Your certificate: %(title)s", title=issued.title), text)
