"""Writes of the register: issue, seal, mail; revoke, suspend, succeed, end, erase."""

from lms.certificates.services.endings import end_certificates, take_back_ends
from lms.certificates.services.erasing import REMOVE, choose_name, erase_line
from lms.certificates.services.issuing import (
    PDF,
    SEAL,
    Letter,
    enqueue_seal,
    file_name,
    issue_certificate,
    mail_file,
    record_seal,
    revoke_certificate,
)
from lms.certificates.services.reporting import REPORT, ask_for_report
from lms.certificates.services.succeeding import Replacement, succeed
from lms.certificates.services.suspending import Pause, lift_suspension, suspend_certificate

__all__ = [
    "PDF",
    "REMOVE",
    "REPORT",
    "SEAL",
    "Letter",
    "Pause",
    "Replacement",
    "ask_for_report",
    "choose_name",
    "end_certificates",
    "enqueue_seal",
    "erase_line",
    "file_name",
    "issue_certificate",
    "lift_suspension",
    "mail_file",
    "record_seal",
    "revoke_certificate",
    "succeed",
    "suspend_certificate",
    "take_back_ends",
]
