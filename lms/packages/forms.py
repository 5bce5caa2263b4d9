"""The forms of the studio."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from lms.web.forms import Form


class UploadForm(Form):
    package = FileField(
        _l("Package"),
        description=_l("A zip of the folder with your package.yaml."),
        validators=[FileRequired(_l("Choose a zip."))],
    )
