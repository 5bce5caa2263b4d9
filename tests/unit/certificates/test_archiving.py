"""When the archive stamps anew; and what a stamped copy is, also to others and to attackers."""

from datetime import timedelta
from hashlib import sha256

import pytest

from lms.certificates import keys, signing
from lms.certificates.archive import copying, stamps
from lms.certificates.archive.stamps import BadStamp
from lms.certificates.domain import FileFinding
from lms.certificates.domain.archiving import LastStamp, Renewing, is_due
from lms.certificates.keys import Trust
from lms.certificates.stamping import LocalStamper
from lms.certificates.verification import examine
from tests.unit.certificates.conftest import NOW, draw, evidence_of, run

DAY = timedelta(days=1)
YEAR = 365 * DAY
HOW = Renewing(every=YEAR, before=90 * DAY, lists_since=NOW)


def last(number, age, ends_in=10 * YEAR):
    return LastStamp(number, NOW - age, NOW + ends_in if number else None)


@pytest.mark.parametrize(
    ("stamp", "how", "due"),
    [
        (last(0, DAY), HOW, True),
        (last(0, -DAY), HOW, False),
        (last(0, DAY), Renewing(YEAR, 90 * DAY, NOW - 2 * DAY), False),
        (last(0, DAY), Renewing(YEAR, 90 * DAY, None), False),
        (last(0, YEAR), Renewing(YEAR, 90 * DAY, None), True),
        (last(1, DAY), HOW, False),
        (last(1, YEAR - DAY), HOW, False),
        (last(1, YEAR), HOW, True),
        (last(1, 40 * DAY, ends_in=91 * DAY), HOW, False),
        (last(1, 40 * DAY, ends_in=90 * DAY), HOW, True),
        (last(1, 40 * DAY, ends_in=-DAY), HOW, True),
        (last(9, 29 * DAY, ends_in=-DAY), HOW, False),
    ],
)
def test_a_file_is_due(stamp, how, due):
    assert is_due(stamp, how, now=NOW) is due


@pytest.fixture(scope="module")
def made(signer, stamper, data_folder):
    """The file as it was handed out, two copies of it, and what they are judged by."""
    lists = keys.read_crls(data_folder / keys.FOLDER)
    evidence = evidence_of(signer, stamper, lists)
    local = LocalStamper(stamper, lambda: NOW)
    file = signing.sign(draw(evidence), signer, signed_at=NOW, stamper=local)
    first = copying.renewed(file, evidence, LocalStamper(stamper, lambda: NOW + YEAR))
    second = copying.renewed(first, evidence, LocalStamper(stamper, lambda: NOW + 2 * YEAR))
    return file, first, second, Trust((signer.root,), stamp_roots=(stamper.root,))


def test_a_copy_begins_with_the_file_and_holds_a_stamp_for_each_year(made):
    file, first, second, trust = made
    judged = copying.judge(second, file, trust)
    assert judged.problem == ""
    assert [one.at for one in judged.stamps] == [NOW + YEAR, NOW + 2 * YEAR]
    assert second.startswith(first) and first.startswith(file)
    assert len(copying.judge(first, file, trust).stamps) == 1


def test_the_file_in_it_is_still_the_certificate_and_a_copy_is_never_taken_for_it(made):
    file, _first, second, trust = made
    assert examine(second[: len(file)], trust, now=NOW).finding is FileFinding.INTACT
    assert examine(second, trust, now=NOW).finding is not FileFinding.INTACT


def test_poppler_reads_all_stamps_and_finds_the_signature_whole(made, tmp_path):
    (tmp_path / "copy.pdf").write_bytes(made[2])
    said = run("pdfsig", "-nocert", tmp_path / "copy.pdf")
    assert "ArchiveStamp1" in said and "ArchiveStamp2" in said
    assert "Signature is Valid." in said


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda file, _first, _second: file, "no time stamp"),
        (lambda file, _first, second: flipped(second, 9), "not begin with the file"),
        (lambda _file, _first, second: second + b"\n", "behind the last time stamp"),
        (lambda _file, first, second: flipped(second, len(first) - 200), "does not fit"),
        (lambda file, _first, second: flipped(second, len(file) + 50), "does not fit|be read"),
        (lambda _file, _first, second: second[:-300], "be read|does not fit|behind"),
    ],
)
def test_a_copy_that_was_changed_is_seen(made, spoil, problem):
    file, first, second, trust = made
    judged = copying.judge(spoil(file, first, second), file, trust)
    assert judged.problem
    assert any(part in judged.problem for part in problem.split("|"))


def test_a_stamp_of_a_stranger_is_not_trusted(made, signer):
    file, _first, second, _trust = made
    assert "no root" in copying.judge(second, file, Trust(())).problem


def test_a_stamp_over_a_root_is_for_that_root_alone(stamper, tmp_path):
    root = sha256(b"a day").digest()
    trust = Trust((), stamp_roots=(stamper.root,))
    token = stamps.stamp_over(root, LocalStamper(stamper, lambda: NOW))
    assert stamps.read_stamp(token, root, trust).at == NOW
    for wrong, trusted in ((bytes(32), trust), (root, Trust(()))):
        with pytest.raises(BadStamp):
            stamps.read_stamp(token, wrong, trusted)
    for broken in (b"", token[:-9], flipped(token, len(token) - 20)):
        with pytest.raises(BadStamp):
            stamps.read_stamp(broken, root, trust)

    (tmp_path / "day.tst").write_bytes(token)
    (tmp_path / "root.pem").write_bytes(keys.pem(stamper.root))
    said = run(
        *("openssl", "ts", "-verify", "-token_in", "-in", tmp_path / "day.tst"),
        *("-digest", root.hex(), "-CAfile", tmp_path / "root.pem"),
        *("-attime", int(NOW.timestamp())),
    )
    assert "Verification: OK" in said


def flipped(data, place):
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
