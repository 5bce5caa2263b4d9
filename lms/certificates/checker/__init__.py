"""The checker that is one HTML file: it works from a memory stick, without network and server."""

from lms.certificates.checker.embedding import FILE_NAME, NAME, page_data, page_for
from lms.certificates.checker.page import checker_page, content_policy

__all__ = ["FILE_NAME", "NAME", "checker_page", "content_policy", "page_data", "page_for"]
