"""The words that go with a mailed certificate."""

from flask import current_app
from flask_babel import gettext as _

from lms.certificates.domain import IssuedCertificate, shown_code
from lms.certificates.services import Letter


def letter_for(issued: IssuedCertificate) -> Letter:
    """Return subject and text, in the language of the present request or job."""
    # not render_template: what a page's frame needs is not there in a job
    template = current_app.jinja_env.get_template("certificates/_mail_certificate.txt")
    text = template.render(
        issued=issued,
        code=shown_code(issued.code),
        address=f"{current_app.config['SETTINGS'].base_url}/v/{issued.code}",
    )
    return Letter(_("Your certificate: %(title)s", title=issued.title), text)
