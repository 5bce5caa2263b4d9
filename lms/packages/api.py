"""The door of the packages room."""

from lms.packages.domain import Content
from lms.packages.domain.findings import Finding, Report, Severity
from lms.packages.reader.check import Build, Checked
from lms.packages.reader.check import check_package as check
from lms.packages.reader.check import quick_digest as digest_of

__all__ = ["Build", "Checked", "Content", "Finding", "Report", "Severity", "check", "digest_of"]
