"""Two functions of libraries, replaced by quicker ones that say the same (docs/decisions/0066).

A check spent a third of its time on reading the signature's container a character at a time, four
times, and a quarter on preparing the same few names for comparison a hundred times. Neither has an
extension point. Whatever is not plain goes back to the library's own way.
"""

from functools import lru_cache
from typing import Any, Final

from asn1crypto.x509 import NameTypeAndValue
from pyhanko.pdf_utils import generic

WINDOW: Final = 128 * 1024
LONGEST_NAME: Final = 500
_read_string: Final = generic.read_hex_string_from_stream
_prepare_name: Final = NameTypeAndValue._ldap_string_prep


def read_hex_string(stream: Any) -> Any:
    """Read a hexadecimal string of a PDF from where the stream stands, as pyHanko does."""
    start = stream.tell()
    ahead = stream.read(WINDOW)
    end = ahead.find(b">")
    try:
        if end < 0:
            raise ValueError("it goes on beyond the window")
        data = bytes.fromhex(ahead[1:end].decode("ascii"))
    except ValueError:
        stream.seek(start)
        return _read_string(stream)
    stream.seek(start + end + 1)
    return generic.pdf_string(data)


def prepare_name(self: NameTypeAndValue, text: str) -> str:
    """Prepare a part of a name for comparison, as asn1crypto does; it depends on the text alone."""
    if len(text) > LONGEST_NAME:
        return str(_prepare_name(self, text))
    return _prepared(text)


@lru_cache(maxsize=2000)
def _prepared(text: str) -> str:
    return str(_prepare_name(NameTypeAndValue(), text))


def install() -> None:
    """Have the two libraries work so in this process. Safe to repeat."""
    generic.read_hex_string_from_stream = read_hex_string
    NameTypeAndValue._ldap_string_prep = prepare_name
