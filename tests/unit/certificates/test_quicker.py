"""The quick ways say what the libraries' own say, whatever stands there."""

from io import BytesIO

import pytest
from asn1crypto.x509 import NameTypeAndValue
from hypothesis import given
from hypothesis import strategies as some
from pyhanko.pdf_utils import generic

from lms.certificates import quicker
from lms.certificates.verification import examine
from tests.unit.certificates.conftest import NOW

TEXTS = some.text(alphabet="0123456789abcdefABCDEFxg \t\n\r\f\0<>/\xff", max_size=40)


def told_by(read, data):
    stream = BytesIO(data)
    try:
        found = read(stream)
    except Exception as error:  # noqa: BLE001 - what it raises is what is compared
        return type(error), str(error)
    return type(found), found, stream.tell()


@given(TEXTS, some.sampled_from([">", "", "> more", "]"]))
def test_both_ways_say_the_same(text, end):
    data = f"<{text}{end}".encode("latin-1")
    assert told_by(quicker.read_hex_string, data) == told_by(quicker._read_string, data)


@pytest.mark.parametrize("length", [0, 1, quicker.WINDOW - 2, quicker.WINDOW, 200_000])
def test_long_ones_too(length):
    data = b"<" + b"A" * length + b"> 1 0 obj"
    assert told_by(quicker.read_hex_string, data) == told_by(quicker._read_string, data)


@given(some.text(max_size=30) | some.text(alphabet="\u00ad \u1806ßİﬁÅ\ufb01", max_size=8))
def test_a_name_is_prepared_alike(text):
    part = NameTypeAndValue()
    assert told_by(lambda _: quicker.prepare_name(part, text), b"") == told_by(
        lambda _: quicker._prepare_name(part, text), b""
    )


def test_they_are_in_use_where_files_are_checked(sealed, trust, monkeypatch):
    assert generic.read_hex_string_from_stream is quicker.read_hex_string
    assert NameTypeAndValue._ldap_string_prep is quicker.prepare_name
    quick = examine(sealed, trust, now=NOW)
    monkeypatch.setattr(generic, "read_hex_string_from_stream", quicker._read_string)
    monkeypatch.setattr(NameTypeAndValue, "_ldap_string_prep", quicker._prepare_name)
    assert examine(sealed, trust, now=NOW) == quick
