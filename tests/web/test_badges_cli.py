"""`lms certificates badges`: the offline check in a process of its own, and keys."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from lms.certificates.badges import keyring
from tests import commands
from tests.factories_badges import ENTRY, SIGNED_AT, keys_of, make_expired, make_house
from tests.factories_certificates import make_facts


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder with what somebody may be handed, and what they got from the issuer."""
    folder = tmp_path_factory.mktemp("desk")
    house, stranger = make_house(folder / "ours"), make_house(folder / "theirs")
    now = datetime.now(UTC).replace(microsecond=0)
    good, token = house.badge(make_facts(expires_on=None))
    files = {
        "good.json": good,
        "good.jwt": token,
        "expired.json": house.badge(make_expired())[0],
        "altered.json": good.replace(b"Robin Hale", b"Robin Hall"),
        "foreign.json": stranger.badge()[0].replace(b"#badge-2026-1", b"#badge-2020-1"),
        "unsigned.json": json.dumps(house.document()).encode(),
        "letter.txt": b"Dear all,",
        "keys.json": keys_of(house),
    }
    for kind, places in {
        "clean": {},
        "revoked": {"revocation": ENTRY.place},
        "suspended": {"suspension": ENTRY.place},
    }.items():
        house.publish(now=now, **places)
        for purpose, data in zip(("revocation", "suspension"), house.lists.values(), strict=True):
            files[f"{kind}-{purpose}.json"] = data
    house.publish(now=now - timedelta(days=9))
    files["old-revocation.json"] = next(iter(house.lists.values()))
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def lms(folder, *arguments):
    return commands.lms(
        "certificates",
        "badges",
        *arguments,
        env={"PATH": os.environ["PATH"], "CONCORD_DATA": str(folder / "data")},
        cwd=folder,
    )


CLEAN = ("--status", "clean-revocation.json", "--status", "clean-suspension.json")


def check(desk, name, *more, lists=CLEAN, keys=("--keys", "keys.json")):
    return lms(desk, "check", name, *keys, *lists, *more)


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("good.json", 0, "valid"),
        ("good.jwt", 0, "valid"),
        ("expired.json", 3, "expired"),
        ("altered.json", 8, "altered"),
        ("foreign.json", 9, "somebody else"),
        ("unsigned.json", 11, "not signed"),
        ("letter.txt", 12, "not readable"),
    ],
)
def test_the_exit_code_tells_the_verdict(desk, name, code, said):
    done = check(desk, name)

    assert done.returncode == code, done.stderr
    assert said in done.stdout
    assert ("Robin Hale" in done.stdout) == (code in (0, 3))


@pytest.mark.parametrize(
    ("lists", "code"),
    [
        (("revoked-revocation.json", "clean-suspension.json"), 6),
        (("clean-revocation.json", "suspended-suspension.json"), 5),
        (("clean-revocation.json",), 15),
        (("old-revocation.json", "clean-suspension.json"), 15),
        ((), 15),
    ],
)
def test_the_lists_at_hand_decide_the_rest(desk, lists, code):
    named = [part for name in lists for part in ("--status", name)]

    assert check(desk, "good.json", lists=named).returncode == code


def test_a_day_can_be_asked_about(desk):
    assert check(desk, "expired.json", "--at", "2026-07-01").returncode == 0
    assert check(desk, "expired.json", "--at", "2026-06-01").returncode == 16
    assert check(desk, "expired.json", "--at", "soon").returncode == 2


def test_without_named_keys_a_development_key_of_this_machine_is_not_enough(desk):
    authority = desk / "data" / "authority"
    authority.mkdir(parents=True)
    (authority / keyring.LIST).write_bytes((desk / "keys.json").read_bytes())
    try:
        assert check(desk, "good.json", keys=()).returncode == 14
    finally:
        (authority / keyring.LIST).unlink()
    assert check(desk, "good.json", keys=()).returncode == 9


def test_json_answers_for_each_file_and_the_first_bad_one_counts(desk):
    done = lms(desk, "check", "good.json", "altered.json", "--keys", "keys.json", *CLEAN, "--json")
    good, altered = map(json.loads, done.stdout.splitlines())

    assert done.returncode == 8
    assert (good["finding"], good["state"]) == ("intact", "valid")
    assert good["signed_at"] == SIGNED_AT.isoformat()
    assert (altered["finding"], altered["credential"]) == ("tampered", None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "none.json"), "cannot be read"),
        (("check", "good.json", "--keys", "letter.txt"), "no list of badge keys"),
        (("check", "good.json", "--keys", "keys.json", "--status", "letter.txt"), "no"),
        (("rotate", "--to", "new.key"), "--passphrase-file"),
        (("withdraw", "badge-1999-1"), "no badge key badge-1999-1"),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(desk, arguments, said):
    done = lms(desk, *arguments)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_rotating_twice_leaves_a_list_with_dates(tmp_path):
    first, second = lms(tmp_path, "rotate"), lms(tmp_path, "rotate")
    listed = lms(tmp_path, "keys").stdout.splitlines()

    assert first.returncode == second.returncode == 0, first.stderr
    year = datetime.now(UTC).year
    assert [f"badge-{year}-{n}" in line for n, line in enumerate(listed, 1)] == [True] * 3
    assert " to now" in listed[2] and " to now" not in listed[1]
    assert all("UNTRUSTED DEVELOPMENT KEY" in line for line in listed)
    withdrawn = lms(tmp_path, "withdraw", f"badge-{year}-3")
    assert "WITHDRAWN" in withdrawn.stdout


def test_a_key_of_ones_own_is_written_encrypted(tmp_path):
    (tmp_path / "pass").write_text("a passphrase that is long")
    done = lms(tmp_path, "rotate", "--to", "own.key", "--passphrase-file", "pass")

    assert done.returncode == 0, done.stderr
    assert "CONCORD_BADGE_KEY=own.key" in done.stdout
    assert "ENCRYPTED" in (tmp_path / "own.key").read_text()
    again = lms(tmp_path, "rotate", "--to", "own.key", "--passphrase-file", "pass")
    assert again.returncode == 2
    (tmp_path / "pass").write_text("short")
    assert "longer" in lms(tmp_path, "rotate", "--to", "b.key", "--passphrase-file", "pass").stderr
