"""The trust bundle: all that a check without network and server needs, as of one moment."""

from lms.certificates.bundle.model import FORMAT, BadBundle, Bundle
from lms.certificates.bundle.reading import read_bundle
from lms.certificates.bundle.writing import write_bundle

__all__ = ["FORMAT", "BadBundle", "Bundle", "read_bundle", "write_bundle"]
