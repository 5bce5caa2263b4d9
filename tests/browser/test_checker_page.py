"""The checker that is one file, opened from a folder in a browser without any network."""

import copy
import json
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lms.certificates.checker import checker_page
from lms.certificates.domain import FileFinding
from lms.certificates.verification import examine
from tests.browser.forgeries import NAME, attacks_on, sound_files
from tests.factories_badges import NOW as AS_OF
from tests.factories_certificates import make_facts
from tests.factories_checker import Institution, make_institution

HOSTILE = "<img src=x onerror=alert(1)>.pdf"
SHOWN = {"valid", "expired", "suspended", "revoked", "not_yet", "unverifiable"}
READ = (
    "() => [...document.querySelectorAll('article')].map((one) => ({"
    "name: one.querySelector('.file').textContent, verdict: one.dataset.verdict,"
    "text: one.textContent}))"
)


@dataclass
class Made:
    """An issuer, somebody with the same names, and files by name: sound ones and attacks."""

    issuer: Institution
    stranger: Institution
    sound: dict[str, bytes]
    attacks: dict[str, bytes]
    found: dict[str, FileFinding]  # what the check by program finds

    def text(self, name: str) -> str:
        return (self.sound | self.attacks)[name].decode("latin-1")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Made:
    def work() -> Made:
        issuer = make_institution(tmp_path_factory.mktemp("issuer"), withdrawn=True)
        stranger = make_institution(tmp_path_factory.mktemp("stranger"))
        good = issuer.seal(make_facts(name=NAME))
        sound, attacks = sound_files(issuer, good), attacks_on(issuer, stranger, good)
        found = {
            name: examine(data, issuer.trust(), now=AS_OF).finding
            for name, data in (sound | attacks).items()
            if not name.startswith("one bit")  # the tests of that check change hundreds
        }
        return Made(issuer, stranger, sound, attacks, found)

    with ThreadPoolExecutor(1) as pool:  # beside Playwright's loop of events none can run
        return pool.submit(work).result()


@pytest.fixture
def checker(made, tmp_path, visit):
    """Open the page from a folder; whoever asks for anything beyond files is noted."""

    def open_page(bundle: dict[str, Any] | None = None, **options: Any) -> Page:
        file = tmp_path / "checker.html"
        file.write_bytes(checker_page(bundle or made.issuer.bundle()))
        page = visit(offline=True, **options)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        page.locator("body[data-ready]").wait_for()
        assert asked == [file.as_uri()]
        return page

    return open_page


def give(page: Page, files: dict[str, bytes]) -> dict[str, tuple[str, str]]:
    """Give files to the page and return the verdict on each, and all that its card says."""
    pdfs = [
        {"name": name, "mimeType": "application/pdf", "buffer": data}
        for name, data in files.items()
    ]
    page.locator("#files").set_input_files(pdfs)
    return answers(page, len(files))


def answers(page: Page, many: int) -> dict[str, tuple[str, str]]:
    done = rf"{many} files checked" if many > 1 else ": "
    expect(page.locator("#said")).to_have_text(re.compile(done), timeout=30_000)
    found = {one["name"]: (one["verdict"], one["text"]) for one in page.evaluate(READ)}
    assert len(found) == many
    return found


def test_every_file_gets_its_verdict_and_no_attack_is_called_valid(made, checker):
    page = checker()
    found = give(page, made.sound | made.attacks)

    assert {name: found[name][0] for name in made.sound} == {
        name: name.partition(" ")[0] for name in made.sound
    }
    for name, python in made.found.items():
        fits = set(SHOWN) if python.trusted else {str(python)}
        if python is FileFinding.UNREADABLE and "/ByteRange" in made.text(name):
            fits |= {"altered", "added_to"}  # the page looks at the signature before the rest
        assert found[name][0] in fits, f"{name}: {found[name][0]}, and {python} by program"
    for name in made.attacks:
        verdict, text = found[name]
        assert verdict not in SHOWN, name
        assert NAME not in text and "CMAS" not in text
    assert NAME in found["valid"][1]
    assert found["no certificate"][0] == "unreadable"


def test_a_good_file_shows_every_fact_and_says_what_it_is_worth(made, checker, looks):
    page = checker()
    sample = [made.attacks[name] for name in ("the same names", "not signed", "a newline behind")]
    files = {f"{place}.pdf": data for place, data in enumerate(sample)}
    found = give(page, {HOSTILE: made.sound["valid"], **made.sound, **files})

    said = page.locator("article").first
    page.get_by_role("link", name=HOSTILE).click()
    expect(said).to_be_in_viewport()
    for fact in (NAME, "CMAS rater", "50 of 56 items, 48 required", "14 June 2028", "7Q4K-M2XD"):
        expect(said).to_contain_text(fact)
    expect(said).to_contain_text("untrusted development authority")
    expect(said).to_contain_text("21 November 2026 at 10:00 UTC")
    assert HOSTILE in found
    assert page.locator("main img").count() == 0
    looks(page)


def test_another_day_has_another_answer(made, checker):
    page = checker()
    files = {"good": made.sound["valid"], "over": made.sound["expired"]}
    give(page, files)
    expected = {
        "2026-06-13": {"good": "not_yet", "over": "not_yet"},
        "2026-08-01": {"good": "valid", "over": "valid"},
        "2026-08-02": {"good": "valid", "over": "expired"},
        "2026-11-22": {"good": "unverifiable", "over": "unverifiable"},
    }
    for day, verdicts in expected.items():
        page.locator("#said").evaluate("(one) => { one.textContent = ''; }")
        page.get_by_label("Day that you ask about").fill(day)
        found = answers(page, 2)
        assert {name: verdict for name, (verdict, _text) in found.items()} == verdicts


def changed_list(bundle: dict[str, Any]) -> None:
    address = next(one for one in bundle["lists"] if "revocation" in one)
    head, body, signature = bundle["lists"][address].split(".")
    bundle["lists"][address] = f"{head}.{body}.{signature[::-1]}"


def withdrawn_key(bundle: dict[str, Any]) -> None:
    bundle["badge_keys"]["keys"][0]["withdrawn_at"] = "2026-11-20T00:00:00+00:00"


def later_moment(bundle: dict[str, Any]) -> None:
    bundle["as_of"] = "2026-12-24T00:00:00Z"


def no_suspensions(bundle: dict[str, Any]) -> None:
    bundle["lists"] = {name: one for name, one in bundle["lists"].items() if "susp" not in name}


@pytest.mark.parametrize("change", [changed_list, withdrawn_key, later_moment, no_suspensions])
def test_without_sound_lists_no_state_is_known(made, checker, change):
    bundle = copy.deepcopy(made.issuer.bundle())
    change(bundle)
    found = give(checker(bundle), {"good": made.sound["valid"]})

    assert found["good"][0] == "unverifiable"


def test_a_browser_without_ed25519_knows_no_state(made, checker):
    page = checker()
    page.evaluate(
        "() => { const open = crypto.subtle.importKey.bind(crypto.subtle);"
        " crypto.subtle.importKey = (form, data, kind, ...rest) => kind.name === 'Ed25519'"
        " ? Promise.reject(new DOMException('', 'NotSupportedError'))"
        " : open(form, data, kind, ...rest); }"
    )
    found = give(page, {"good": made.sound["valid"]})

    assert found["good"][0] == "unverifiable"
    assert "this browser cannot check" in found["good"][1]


def zipped(bundle: dict[str, Any], *, damaged: bool = False) -> bytes:
    """Write the data of a page as a trust-bundle.zip."""
    files = {f"roots/ROOT-{n}.pem": one.encode() for n, one in enumerate(bundle["roots"], 1)}
    files["badges/badge-keys.json"] = json.dumps(bundle["badge_keys"]).encode()
    for address, token in bundle["lists"].items():
        purpose, number = address.split("/")[-2:]
        files[f"badges/status/{purpose}-{number}.jwt"] = token.encode()
    told = {name: bundle[name] for name in ("format", "issuer", "address", "as_of", "development")}
    digests = {name: sha256(data).hexdigest() for name, data in files.items()}
    if damaged:
        files["badges/badge-keys.json"] += b" "
    files["manifest.json"] = json.dumps({**told, "files": digests}).encode()
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_another_bundle_takes_the_place_of_the_first_unless_it_is_damaged(made, checker, looks):
    page = checker()
    theirs, bundle = {"theirs": made.attacks["the same names"]}, made.stranger.bundle()
    assert give(page, theirs)["theirs"][0] == "unknown_signer"

    page.get_by_text("Use another trust bundle").click()
    use(page, "damaged.zip", zipped(bundle, damaged=True))
    expect(page.locator("#bundle-said")).to_contain_text("badge-keys.json is damaged")
    use(page, "broken.zip", b"PK")
    expect(page.locator("#bundle-said")).to_contain_text("broken.zip cannot be used: not a ZIP")
    use(page, "theirs.zip", zipped(bundle))
    expect(page.locator("#bundle-said")).to_contain_text("theirs.zip is in use")

    assert answers(page, 1)["theirs"][0] == "valid"
    assert give(page, {"ours": made.sound["valid"]})["ours"][0] == "unknown_signer"
    looks(page)


def use(page: Page, name: str, data: bytes) -> None:
    page.get_by_label("Trust bundle of the issuer").set_input_files(
        {"name": name, "mimeType": "application/zip", "buffer": data}
    )


def test_files_can_be_dropped_and_the_table_copied(made, checker):
    page = checker(permissions=["clipboard-read", "clipboard-write"])
    page.evaluate(
        "(bytes) => { const moved = new DataTransfer();"
        " moved.items.add(new File([new Uint8Array(bytes)], '=HYPERLINK(1).pdf'));"
        " document.body.dispatchEvent("
        "new DragEvent('drop', {dataTransfer: moved, bubbles: true, cancelable: true})); }",
        list(made.sound["valid"]),
    )
    assert answers(page, 1)["=HYPERLINK(1).pdf"][0] == "valid"

    page.get_by_role("button", name="Copy the table").click()
    expect(page.locator("#copied")).to_contain_text("Copied")
    head, line = page.evaluate("navigator.clipboard.readText()").split("\n")
    cells = dict(zip(head.split("\t"), line.split("\t"), strict=True))
    assert cells["File"] == "'=HYPERLINK(1).pdf"
    assert (cells["Name"], cells["As of"]) == (NAME, "2026-11-21T10:00:00Z")
    assert cells["SHA-256"] == sha256(made.sound["valid"]).hexdigest()


def test_all_of_it_works_by_keyboard(checker):
    page = checker()
    reached = []
    for _press in range(8):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert reached[:3] == ["A", "files", "day"]
    assert "SUMMARY" in reached


def test_a_page_with_a_broken_bundle_says_so_and_takes_no_files(tmp_path, visit):
    file = tmp_path / "checker.html"
    file.write_bytes(checker_page({"format": "something else"}))
    page = visit()
    page.goto(file.as_uri())

    expect(page.get_by_role("alert")).to_contain_text("cannot be read")
    expect(page.locator("#files")).to_be_disabled()
