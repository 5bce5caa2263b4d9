"""Writes of the register: issue, seal, mail; what becomes of it; many at once; the archive."""

from lms.certificates.services.archiving import (
    COPY,
    STAMP_DAY,
    MadeCopy,
    MadeDay,
    archive_due,
    record_copy,
    record_day,
)
from lms.certificates.services.endings import end_certificates, take_back_ends
from lms.certificates.services.erasing import (
    PACK,
    REMOVE,
    choose_name,
    erase_line,
    remove_files,
)
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
from lms.certificates.services.many import (
    REISSUE,
    ask_for_files,
    issue_anew,
    reissue_many,
    seal_waiting,
)
from lms.certificates.services.reporting import REPORT, ask_for_report
from lms.certificates.services.succeeding import Replacement, put_in_place, succeed
from lms.certificates.services.suspending import Pause, lift_suspension, suspend_certificate

__all__ = [
    "COPY",
    "PACK",
    "PDF",
    "REISSUE",
    "REMOVE",
    "REPORT",
    "SEAL",
    "STAMP_DAY",
    "Letter",
    "MadeCopy",
    "MadeDay",
    "Pause",
    "Replacement",
    "archive_due",
    "ask_for_files",
    "ask_for_report",
    "choose_name",
    "end_certificates",
    "enqueue_seal",
    "erase_line",
    "file_name",
    "issue_anew",
    "issue_certificate",
    "lift_suspension",
    "mail_file",
    "put_in_place",
    "record_copy",
    "record_day",
    "record_seal",
    "reissue_many",
    "remove_files",
    "revoke_certificate",
    "seal_waiting",
    "succeed",
    "suspend_certificate",
    "take_back_ends",
]
