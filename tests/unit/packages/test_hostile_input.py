"""Archives and files made to harm end as findings: nothing is written, nothing runs away."""

import io
import os
import stat
import struct
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.packages.reader import source
from lms.packages.reader.check import check_package
from lms.packages.reader.findings import Findings
from lms.packages.reader.yaml import read_yaml
from tests.factories_packages import light_files, write_folder, zip_bytes


def sentences(given_):
    checked = check_package(given_)
    assert checked.build is None
    return " ".join(finding.sentence for finding in checked.report.errors)


def archive(*entries):
    """Return a zip of (name or ZipInfo, data) entries, beside a sound package."""
    packed = io.BytesIO(zip_bytes(light_files()))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as opened:
        for name, data in entries:
            opened.writestr(name, data)
    return packed.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "a/../../evil.txt",
        "/etc/evil.txt",
        "..\\evil.txt",
        "C:/evil.txt",
        "a//b.txt",
        "./a.txt",
        "a/b/c/d/e/f/g/h/i.txt",
        "x" * 300 + ".txt",
        "a\nb.txt",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    found = sentences(archive((name, b"x")))

    assert "not inside the package" in found or "too long" in found or "cannot be shown" in found
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_a_zip_is_refused():
    entry = zipfile.ZipInfo("lessons/passwd")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16

    assert "a link or a device" in sentences(archive((entry, b"/etc/passwd")))


def test_a_link_in_a_folder_is_refused(tmp_path):
    folder = write_folder(light_files(), tmp_path / "package")
    secret = tmp_path / "secret.md"
    secret.write_text("secret")
    (folder / "lessons" / "secret.md").symlink_to(secret)
    (folder / "linked").symlink_to(tmp_path)

    checked = check_package(folder)

    places = {finding.place for finding in checked.report.errors}
    assert places == {"lessons/secret.md", "linked"}


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    found = sentences(archive(("bomb.txt", b"\0" * (30 * source.MB))))

    assert "more than 200 times" in found


def test_an_archive_that_is_too_large_together_is_refused(monkeypatch):
    monkeypatch.setattr(source, "MOST_BYTES", 10_000)

    found = sentences(archive(*((f"{n}.bin", os.urandom(2000)) for n in range(6))))

    assert "MB together" in found


def test_a_file_that_is_too_large_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(source, "MOST_FILE_BYTES", 10_000)
    data = archive(("large.bin", os.urandom(20_000)))
    folder = write_folder({"large.bin": os.urandom(20_000)}, tmp_path)

    assert "larger than" in sentences(data)
    assert "larger than" in sentences(folder)


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr(source, "MOST_FILES", 20)

    assert "more than 20 files" in sentences(archive(*((f"{n}.txt", b"x") for n in range(30))))


def test_an_encrypted_entry_is_refused():
    data = bytearray(zip_bytes({"package.yaml": b"x"}))
    data[6] |= 1  # the flag in the entry's own head
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1  # and in the directory

    assert "encrypted" in sentences(bytes(data))


def test_two_entries_of_one_name_are_refused():
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = archive(("README.md", b"a"), ("README.md", b"b"), ("Readme.md", b"c"))

    assert "two files of this name" in sentences(data)


def test_a_name_that_is_not_utf8_is_refused():
    data = zip_bytes({"aaaa.txt": b"x"}).replace(b"aaaa.txt", b"a\xff\xfea.txt")

    assert "is not UTF-8" in sentences(data)


def test_a_size_that_lies_is_refused():
    data = bytearray(zip_bytes({"package.yaml": b"x" * 1000}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)

    assert sentences(bytes(data))


def test_a_damaged_entry_is_refused():
    data = bytearray(zip_bytes({"package.yaml": os.urandom(500)}))
    data[100] ^= 0xFF

    assert "cannot be unpacked" in sentences(bytes(data))


def test_a_method_that_is_not_known_is_refused():
    data = bytearray(zip_bytes({"package.yaml": b"x" * 100}))
    data[8:10] = struct.pack("<H", 99)
    at = data.index(b"PK\x01\x02")
    data[at + 10 : at + 12] = struct.pack("<H", 99)

    assert sentences(bytes(data))


def test_a_zip_in_a_zip_is_only_an_unused_file():
    checked = check_package(archive(("inner.zip", zip_bytes({"package.yaml": b"x"}))))

    assert checked.build is not None
    assert [finding.place for finding in checked.findings] == ["inner.zip"]


def test_nothing_at_all_is_told(tmp_path):
    assert "not a zip" in sentences(b"")
    assert "no files" in sentences(tmp_path)
    assert "nothing at" in sentences(tmp_path / "nowhere")


@given(data=st.binary(max_size=2000))
def test_random_bytes_are_never_a_traceback(data):
    assert sentences(data)


@given(data=st.data())
@settings(max_examples=60)
def test_a_zip_with_flipped_bytes_is_never_a_traceback(data):
    packed = bytearray(ZIP)
    for _ in range(data.draw(st.integers(1, 8))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))

    findings = Findings()
    source.read_source(bytes(packed), findings)

    assert all(finding.sentence for finding in findings.entries)


ZIP = zip_bytes({"package.yaml": b"format: x\n" * 20, "a/b.md": b"text"})


@given(text=st.text(max_size=400))
@settings(max_examples=200)
def test_random_text_is_never_a_traceback(text):
    findings = Findings()

    document = read_yaml("x.yaml", text.encode("utf-8", "surrogatepass"), findings)

    assert (document is None) == findings.failed


@given(
    text=st.text(alphabet="ab:- \n\t[]{},&*!|>'\"%@`#?<~.0123456789", max_size=80),
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_yaml_like_noise_is_never_a_traceback(text):
    findings = Findings()

    document = read_yaml("x.yaml", text.encode(), findings)

    assert (document is None) == findings.failed
    for finding in findings.entries:
        assert finding.line is None or 1 <= finding.line <= text.count("\n") + 2


@given(st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_package_with_a_damaged_file_is_never_a_traceback(data):
    files = light_files()
    path = data.draw(st.sampled_from(sorted(files)))
    content = bytearray(files[path])
    at = data.draw(st.integers(0, len(content) - 1))
    content[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=10))
    files[path] = bytes(content)

    checked = check_package(zip_bytes(files))

    assert (checked.build is None) == bool(checked.report.errors)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        "- " * 5_000,
        "a: " * 5_000,
        "a: &a [x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c]\n",
        "a: !!python/object/apply:os.system [echo]\n",
        "<<: {a: 1}\n",
        "a: " + "9" * 5000,
        "? [a, b]\n: c\n",
        "a: 1\n---\nb: 2\n",
    ],
)
def test_yaml_made_to_harm_is_a_finding(text):
    findings = Findings()

    assert read_yaml("x.yaml", text.encode(), findings) is None
    assert findings.failed


def test_a_check_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr("lms.packages.reader.bench.LONGEST_CHECK", -1.0)

    assert "took longer" in sentences(zip_bytes(light_files()))


def test_yaml_says_no_and_times_as_they_are_written():
    document = read_yaml("x.yaml", b"a: no\nb: 12:30\nc: 2026-11-01\nd: 1.10\n", Findings())

    assert document.data["a"] == "no"
    assert document.data["b"] == "12:30"
    assert document.data["c"] == "2026-11-01"
    assert str(document.data["d"]) == "1.10"
