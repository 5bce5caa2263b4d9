"""Dictionaries that were damaged at random: read as far as they go, never an exception."""

import random

import pytest

from lms.instruments.api import instrument_from_data, load_library
from lms.instruments.redcap.dictionary import dictionary_csv, dictionary_rows
from lms.instruments.redcap.drafts import read_dictionary
from tests.unit.instruments.redcap.dictionaries import DATA, ORIGIN, PUBLIC

PIECES = [b'"', b",", b"\n", b"|", b";", b"\r", b"\x00", b"\xff", b"=", b"[", b")", b"'", b"-1,"]
PIECES += [b"@CONCORD={", b"9" * 40, b"calc", b"radio", b"[a]+", b"\xef\xbb\xbf", b'""', b"{}"]


def sources():
    for name in PUBLIC:
        yield (DATA / f"{name}.csv").read_bytes()
    for ref in ("cmas@1.0", "physician_global_activity@1.0"):
        yield dictionary_csv(dictionary_rows(load_library(ref))).encode()


def damaged(content, chance):
    """Some bytes taken out, put in, doubled or moved."""
    content = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(content) + 1)
        end = min(len(content), place + chance.randint(0, 60))
        change = chance.randrange(4)
        if change == 0:
            del content[place:end]
        elif change == 1:
            content[place:place] = chance.choice(PIECES)
        elif change == 2:
            content[place:place] = content[place:end]
        else:
            content[place:end] = chance.choice(PIECES) * chance.randint(1, 3)
    return bytes(content)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_dictionary_is_answered_with_findings_or_sound_drafts(seed):
    chance = random.Random(seed)
    for content in sources():
        for _ in range(10):
            found = read_dictionary(damaged(content, chance), ORIGIN)

            assert found.drafts or found.findings
            assert all(str(finding) for finding in found.findings)
            for draft in found.drafts:
                if draft.data is not None:
                    instrument_from_data(draft.data)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_read_of_a_damaged_dictionary_can_be_written_and_read_again(seed):
    chance = random.Random(100 + seed)
    for content in sources():
        found = read_dictionary(damaged(content, chance), ORIGIN)
        for draft in found.drafts:
            if draft.data is None:
                continue
            instrument = instrument_from_data(draft.data)

            text = dictionary_csv(dictionary_rows(instrument))

            again = read_dictionary(text.encode(), ORIGIN).drafts[0]
            assert instrument_from_data(again.data) == instrument


@pytest.mark.parametrize("size", [0, 1, 7, 100, 5000])
def test_bytes_without_sense_are_answered_with_findings(size):
    chance = random.Random(size)

    found = read_dictionary(chance.randbytes(size), ORIGIN)

    assert found.drafts == ()
    assert found.findings
