"""Runs the tour: its own server, an empty data folder, steps B to F, one line a step."""

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TypeVar
from zipfile import ZipFile

from lms.certificates.domain import EXIT_CODES
from lms.demo import SIGN_INS
from lms.packages.domain import (
    CertificationStep,
    Content,
    PracticeStep,
    QuizStep,
    SlidesStep,
    TextStep,
    VideoStep,
)
from lms.tour import people
from lms.tour.browser import Browser, Wrong

ROOT = Path(__file__).resolve().parent.parent.parent
TRAINEE = ("Inês Đặng-Παππά", "ines.tour@example.org", "a chair without arms and a mat")
Kind = TypeVar("Kind")
PASSWORDS = {one.role: (one.email, one.password) for one in SIGN_INS}


@dataclass
class Tour:
    """What one step leaves for the next."""

    base: str
    data: Path
    out: Path
    content: Content
    release: str = ""
    code: str = ""
    certificate_id: int = 0
    trainee: Browser | None = None
    pdf: bytes = b""
    trial: str = ""
    lines: list[str] = field(default_factory=list)

    def browser(self) -> Browser:
        return Browser(self.base)

    def as_(self, role: str) -> Browser:
        browser = self.browser()
        browser.sign_in(*PASSWORDS[role])
        return browser


# --- B --------------------------------------------------------------------------------------------


def creator_is_told_every_mistake(tour: Tour) -> str:
    browser = tour.as_("creator")
    page = people.upload(
        browser, people.zip_of(people.CONTENT / "physician-global", version="1.1", spoil=True)
    )
    page.must_say("package.yaml:", "minuets", "nonsense")
    places = re.findall(r"package\.yaml:\d+:\d+", page.words)
    return f"{len(places)} places named in a broken package, as {places[0]}"


def creator_previews_and_publishes(tour: Tour) -> str:
    browser = tour.as_("creator")
    page = people.upload(browser, people.zip_of(people.CONTENT / "cmas", version="9.0"))
    draft = page.number_after("/studio/drafts/")
    preview = browser.get(f"/preview/{draft}").must_be(200)
    preview.must_say("Preview: this is what a trainee will see")
    case = browser.get(f"/preview/{draft}/steps/practice").must_be(200)
    case.must_say("Preview", "Compare with the panel")
    browser.get(page.url)
    refused = browser.post(f"/studio/drafts/{draft}/publication")
    if refused.status == 200:
        raise Wrong("a creator could publish a new release of somebody else's package")
    folder = people.CONTENT / people.MODULE
    page = people.upload(browser, people.zip_of(folder, version="1.0", slug="mmt8-tour"))
    draft = page.number_after("/studio/drafts/")
    browser.get(f"/preview/{draft}").must_say("Preview: this is what a trainee will see")
    browser.get(page.url)
    page = browser.post(f"/studio/drafts/{draft}/publication").must_be(200)
    page.must_say("1.0")
    browser.get("/learning/mmt8-tour").must_be(200)
    return f"previewed as a trainee sees it, published 1.0 as {people.MODULE}-tour"


# --- C --------------------------------------------------------------------------------------------


def trainee_registers(tour: Tour) -> str:
    name, email, password = TRAINEE
    browser = tour.browser()
    browser.get("/register").must_be(200)
    browser.post(
        "/register",
        [("name", name), ("email", email), ("password", password), ("time_zone", "Europe/Lisbon")],
    ).must_be(200)
    link = mailed_link(tour, email, r"/address-confirmation/[\w-]+")
    browser.get(link).must_be(200)
    browser.post(link).must_be(200)
    browser.get("/").must_say("Choose your first module")
    tour.trainee = browser
    return f"{name} registered and confirmed the address by the mailed link"


def trainee_learns(tour: Tour) -> str:
    browser = trainee_of(tour)
    browser.forbidden = people.Secrets(tour.content).all()
    count = len(browser.forbidden)
    browser.get("/learning/mmt8").must_say("What you will do")
    browser.post("/learning/mmt8/enrolment").must_be(200)
    trainee = people.Trainee(browser, tour.content)
    seen = []
    for step in tour.content.steps:
        match step:
            case TextStep():
                trainee.read_text(step.key)
                seen.append("a text")
            case SlidesStep(slides=slides):
                trainee.see_slides(step.key, len(slides))
                seen.append(f"{len(slides)} slides")
            case VideoStep():
                trainee.watch(step)
                seen.append("a film by ranges")
            case _:
                break
    return f"{', '.join(seen)}; {count} texts of the key watched for"


def trainee_practises(tour: Tour) -> str:
    trainee = people.Trainee(trainee_of(tour), tour.content)
    step = step_of(tour, PracticeStep)
    headlines = trainee.practise(step)
    return f"{len(headlines)} cases compared with the panel item by item"


def trainee_passes_the_quiz(tour: Tour) -> str:
    trainee = people.Trainee(trainee_of(tour), tour.content)
    return f"{trainee.take_quiz(step_of(tour, QuizStep))} answers saved one by one, passed"


def trainee_is_certified_once(tour: Tour) -> str:
    browser = trainee_of(tour)
    trainee = people.Trainee(browser, tour.content)
    page = trainee.certify(step_of(tour, CertificationStep), twice=True)
    page = browser.get(page.link(r"^/certificates/\d+$")).must_be(200)
    tour.certificate_id = page.number_after("/certificates/")
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z*~$=]", page.words)
    if found is None:
        raise Wrong(f"the certificate's page shows no code: {page.words[:400]}")
    tour.code = found[0]
    listed = set(re.findall(r'href="/certificates/(\d+)"', browser.get("/certificates").html))
    if listed != {str(tour.certificate_id)}:
        raise Wrong(f"there are {len(listed)} certificates after a double click, not one")
    return f"handed in twice, one certificate {tour.code}; {browser.requests} pages, no key seen"


# --- D --------------------------------------------------------------------------------------------


def certificate_is_signed_and_mailed(tour: Tour) -> str:
    browser = trainee_of(tour)
    address = f"/certificates/{tour.certificate_id}/file"
    end = time.monotonic() + people.PATIENCE
    answer = browser.get(address)
    while answer.media_type != "application/pdf":
        if time.monotonic() > end:
            raise Wrong(f"the PDF is not there after {people.PATIENCE:.0f} s: {answer.words[:300]}")
        time.sleep(0.3)
        answer = browser.get(address)
    tour.pdf = answer.body
    (tour.out / "certificate.pdf").write_bytes(tour.pdf)
    root = tour.browser().get("/trust-root.pem").must_be(200)
    (tour.out / "trust-root.pem").write_bytes(root.body)
    if browser.get(address).body != tour.pdf:
        raise Wrong("the file changed between two downloads")
    end = time.monotonic() + people.PATIENCE
    while not any(tour.code in text for text in mails_to(tour, TRAINEE[1])):
        if time.monotonic() > end:
            raise Wrong("no mail with the certificate is in the outbox")
        time.sleep(0.3)
    return f"{len(tour.pdf):,} bytes, the same twice; mailed to {TRAINEE[1]}"


# --- E --------------------------------------------------------------------------------------------


def anybody_checks_by_code(tour: Tour) -> str:
    browser = tour.browser()
    page = browser.get(f"/v/{tour.code}").must_be(200)
    page.must_say("Valid", TRAINEE[0], tour.content.certificate.title)
    browser.get("/v/0000-0000-0000-0000-0").must_be(404).must_say("Not found")
    return "valid with every fact that is printed; an unknown code is not found"


def anybody_checks_a_file(tour: Tour) -> str:
    browser = tour.browser()
    browser.get("/v").must_be(200)
    page = browser.upload("/v", "file", ("certificate.pdf", tour.pdf)).must_be(200)
    page.must_say("Valid", "byte for byte", TRAINEE[0])
    spoilt = bytearray(tour.pdf)
    spoilt[len(spoilt) // 2] ^= 1
    browser.get("/v")
    page = browser.upload("/v", "file", ("certificate.pdf", bytes(spoilt)))
    if TRAINEE[0] in page.words or "Valid " in page.words.split("Check a certificate")[-1][:200]:
        raise Wrong(f"an altered file shows what is in it: {page.words[:400]}")
    page.must_say("Altered")
    return "an exact copy is valid; with one byte changed it is altered and shows nothing"


def the_file_is_checked_offline(tour: Tour) -> str:
    trust = ["--trust", str(tour.out / "trust-root.pem"), "--json"]
    places = (100, len(tour.pdf) // 3, len(tour.pdf) - 20)
    files = [str(spoilt(tour, place)) for place in places]
    with ThreadPoolExecutor(2) as pool:
        of_spoilt = pool.submit(offline, tour, [*files, *trust])
        code, said = offline(tour, [str(tour.out / "certificate.pdf"), *trust])
    if code:
        raise Wrong(f"the offline check ended with {code}: {said}")
    (tour.out / "verdict.json").write_text(said)
    verdict = json.loads(said.splitlines()[0])
    if not verdict["good"] or not verdict["development_authority"]:
        raise Wrong(f"the offline verdict is {verdict}")
    code, said = of_spoilt.result()
    if code == 0 or any(json.loads(line)["good"] for line in said.splitlines()):
        raise Wrong(f"a file with a changed byte passed the offline check: {said}")
    return "exit 0 under the named root, said to be a development one; else for 3 changed bytes"


def the_evidence_is_checked_offline(tour: Tour) -> str:
    """Take the pack away and check it with nothing but the root: file, badge, record, events."""
    file = tour.out / "evidence.zip"
    answer = trainee_of(tour).get(f"/certificates/{tour.certificate_id}/evidence.zip").must_be(200)
    file.write_bytes(answer.body)
    with ZipFile(BytesIO(answer.body)) as pack:
        members = {name: pack.read(name) for name in pack.namelist()}
    if members.get("certificate.pdf") != tour.pdf:
        raise Wrong("the pack holds another PDF than the one that was handed out")
    if tour.code.replace("-", "") not in members["record.json"].decode().replace("-", ""):
        raise Wrong("the record in the pack is of another certificate")
    code, said = offline(tour, [str(file), "--trust", str(tour.out / "trust-root.pem")])
    if code:
        raise Wrong(f"the check of the evidence pack ended with {code}: {said}")
    return f"{len(members)} members, {len(answer.body):,} bytes; exit 0 with nothing but the root"


def spoilt(tour: Tour, place: int) -> Path:
    """Write a copy of the certificate with one bit changed."""
    copy = bytearray(tour.pdf)
    copy[place] ^= 1
    file = tour.data / f"spoilt-{place}.pdf"
    file.write_bytes(copy)
    return file


def offline(tour: Tour, arguments: list[str]) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "lms.cli", "certificates", "check", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", ""), "CONCORD_DATA": str(tour.out / "nowhere")},
        check=False,
    )
    return done.returncode, done.stdout or done.stderr


def coordinator_fills_a_trial(tour: Tour) -> str:
    browser = tour.as_("coordinator")
    browser.get("/trials/new").must_be(200)
    page = browser.post(
        "/trials", [("name", "Tour trial"), ("protocol_code", "TOUR-1"), ("sponsor", "")]
    ).must_be(200)
    number = page.number_after("/trials/")
    tour.trial = f"/trials/{number}"
    today = time.strftime("%Y-%m-%d", time.gmtime())
    browser.get(f"{tour.trial}/sites")
    browser.post(
        f"{tour.trial}/sites", [("number", "01"), ("name", "Recife"), ("country", "BR")]
    ).must_be(200)
    browser.get(f"{tour.trial}/requirements")
    browser.post(
        f"{tour.trial}/requirements", [("module_slug", "mmt8"), ("from_on", today)]
    ).must_be(200)
    roster = (
        "email,name,site\n"
        f"{TRAINEE[1]},{TRAINEE[0]},01\n"
        "new.rater@example.org,New Rater,01\nnot an address,Nobody,01\n"
    ).encode()
    browser.get(f"{tour.trial}/rosters/new")
    page = browser.upload(f"{tour.trial}/rosters", "file", ("roster.csv", roster)).must_be(200)
    page.must_say("to add", "with errors")
    upload = page.number_after("/rosters/")
    before = browser.get(tour.trial).words
    if TRAINEE[0] in before:
        raise Wrong("the dry run wrote the roster")
    browser.get(f"{tour.trial}/rosters/{upload}")
    browser.post(f"{tour.trial}/rosters/{upload}/application").must_be(200)
    return "a site, a requirement, a roster: 3 rows judged, 2 applied, 1 refused with its line"


def coordinator_reads_the_matrix(tour: Tour) -> str:
    browser = tour.as_("coordinator")
    end = time.monotonic() + people.PATIENCE
    page = browser.get(tour.trial)
    while not ("New Rater" in page.words and TRAINEE[0] in page.words and "Valid" in page.words):
        if time.monotonic() > end:
            raise Wrong(f"the matrix does not show both raters: {page.words[:600]}")
        time.sleep(0.3)
        page = browser.get(tour.trial)
    table = browser.get(f"{tour.trial}/matrix.csv").must_be(200)
    rows = table.html.strip().splitlines()
    (tour.out / "matrix.csv").write_bytes(table.body)
    browser.get("/check-many")
    many = browser.post("/check-many", [("codes", f"{tour.code}\nNOT-A-CODE")]).must_be(200)
    many.must_say("Valid", "Not found")
    return f"2 raters, one may rate today; CSV of {len(rows)} lines; 2 codes checked at once"


def another_coordinator_sees_nothing(tour: Tour) -> str:
    trainee_of(tour).get(tour.trial).must_be(403)
    tour.as_("creator").get(tour.trial).must_be(403)
    answer = tour.browser().get(tour.trial)
    if "Sign in" not in answer.words:
        raise Wrong("a stranger could read the trial")
    return "a trainee, a creator and a stranger are kept out"


# --- F --------------------------------------------------------------------------------------------


def admin_exports_completion(tour: Tour) -> str:
    browser = tour.as_("admin")
    browser.get("/reports").must_be(200).must_say(TRAINEE[0])
    csv = browser.get("/reports/completion.csv").must_be(200)
    (tour.out / "completion.csv").write_bytes(csv.body)
    row = next((line for line in csv.html.splitlines() if TRAINEE[1] in line), "")
    if tour.code.replace("-", "") not in row.replace("-", ""):
        raise Wrong(f"the completion CSV does not name the certificate: {row!r}")
    browser.get("/reports")
    job = browser.post("/reports/workbooks").must_be(200)
    link = wait_for_link(browser, job.url, r"/jobs/\d+/files/\d+")
    xlsx = browser.get(link).must_be(200)
    (tour.out / "completion.xlsx").write_bytes(xlsx.body)
    if not xlsx.body.startswith(b"PK"):
        raise Wrong("the XLSX is no spreadsheet")
    return f"CSV of {len(csv.html.splitlines())} lines, XLSX of {len(xlsx.body):,} bytes"


def admin_looks_after_the_house(tour: Tour) -> str:
    browser = tour.as_("admin")
    browser.get("/people").must_be(200).must_say(TRAINEE[0])
    page = browser.get("/health").must_be(200)
    return f"people and health; {page.words.count('OK') or 'all'} checks read"


def admin_revokes(tour: Tour) -> str:
    browser = tour.as_("admin")
    browser.get(f"/certificates/{tour.certificate_id}").must_be(200)
    browser.post(
        f"/certificates/{tour.certificate_id}/revocation",
        [("reason_class", "holders_request"), ("reason", "Asked for on the tour.")],
    ).must_be(200)
    page = tour.browser().get(f"/v/{tour.code}").must_say("Revoked")
    if "Asked for on the tour" in page.words:
        raise Wrong("the full reason of a revocation is public")
    bundle = tour.out / "trust-bundle.zip"
    bundle.write_bytes(tour.browser().get("/trust/bundle.zip").must_be(200).body)
    code, said = offline(tour, [str(tour.out / "certificate.pdf"), "--trust", str(bundle)])
    if code != EXIT_CODES["revoked"]:
        raise Wrong(f"with the new trust bundle the offline check ended with {code}: {said}")
    return "revoked with a reason; the page says so and keeps the reason; the bundle tells: exit 6"


Steps = list[tuple[str, Callable[[Tour], str]]]

CREATOR: Steps = [
    ("B1 creator, broken package", creator_is_told_every_mistake),
    ("B2 creator, preview and publish", creator_previews_and_publishes),
]
TRAINEE_BEGINS: Steps = [
    ("C1 trainee, registers", trainee_registers),
    ("C2 trainee, lessons", trainee_learns),
]
THE_REST: Steps = [
    ("C3 trainee, practice", trainee_practises),
    ("C4 trainee, quiz", trainee_passes_the_quiz),
    ("C5 trainee, certification", trainee_is_certified_once),
    ("D  certificate", certificate_is_signed_and_mailed),
    ("E1 check by code", anybody_checks_by_code),
    ("E2 check by file", anybody_checks_a_file),
    ("E3 check offline", the_file_is_checked_offline),
    ("E4 evidence pack", the_evidence_is_checked_offline),
    ("E5 coordinator, roster", coordinator_fills_a_trial),
    ("E6 coordinator, matrix", coordinator_reads_the_matrix),
    ("E7 others stay out", another_coordinator_sees_nothing),
    ("F1 admin, completion", admin_exports_completion),
    ("F2 admin, people and health", admin_looks_after_the_house),
    ("F3 admin, revocation", admin_revokes),
]


# --- the frame ------------------------------------------------------------------------------------


def trainee_of(tour: Tour) -> Browser:
    if tour.trainee is None:
        raise Wrong("nobody registered")
    return tour.trainee


def step_of(tour: Tour, kind: type[Kind]) -> Kind:
    return next(step for step in tour.content.steps if isinstance(step, kind))


def mails_to(tour: Tour, address: str) -> list[str]:
    """Return the mails to an address as they lie in the outbox, line folds taken out."""
    texts = []
    for file in sorted((tour.data / "outbox").glob("*")):
        text = file.read_text(errors="replace")
        if f"To: {address}" in text:
            texts.append(text.replace("=\n", ""))
    return texts


def mailed_link(tour: Tour, address: str, pattern: str) -> str:
    end = time.monotonic() + people.PATIENCE
    while time.monotonic() < end:
        for text in mails_to(tour, address):
            if found := re.search(pattern, text):
                return found[0]
        time.sleep(0.2)
    raise Wrong(f"no mail to {address} with a link like {pattern}")


def wait_for_link(browser: Browser, page: str, pattern: str) -> str:
    """Look at the page of a job until it links to what was made."""
    end = time.monotonic() + people.PATIENCE
    while time.monotonic() < end:
        if found := re.search(pattern, browser.get(page).html):
            return found[0]
        time.sleep(0.2)
    raise Wrong(f"no link like {pattern} on {page}")


@contextlib.contextmanager
def server(data: Path) -> Iterator[str]:
    """Start Concord on a free port with an empty data folder, and end it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    env = {k: v for k, v in os.environ.items() if not k.startswith(("CONCORD_", "DATABASE_URL"))}
    env |= {
        "CONCORD_DATA": str(data),
        "CONCORD_PORT": str(port),
        "CONCORD_SECRET_KEY": secrets.token_hex(32),
    }
    log = (data.parent / "server.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "lms.serve"], cwd=ROOT, env=env, stdout=log, stderr=log
    )
    try:
        wait_until_ready(base, process, data.parent / "server.log")
        yield base
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


def wait_until_ready(base: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + 180
    while "answers at" not in log.read_text():
        if process.poll() is not None:
            raise Wrong(f"the server ended before it answered: {log.read_text()[-2000:]}")
        if time.monotonic() > end:
            raise Wrong(f"the server did not answer in 180 s: {log.read_text()[-2000:]}")
        time.sleep(0.1)
    Browser(base).get("/words").must_be(200)


def walk(tour: Tour) -> bool:
    """Do all steps; False at the first that is not as it must be.

    The creator and the trainee begin at the same time, as people do: a film takes its time.
    """
    return together(tour, CREATOR, TRAINEE_BEGINS) and together(tour, THE_REST)


def together(tour: Tour, *several: Steps) -> bool:
    """Do lists of steps beside each other, each in its order, and tell of them one by one."""
    pools = [ThreadPoolExecutor(1) for _ in several]
    begun = [
        (name, pool.submit(timed, step, tour))
        for pool, steps in zip(pools, several, strict=True)
        for name, step in steps
    ]
    try:
        for name, saw in begun:
            say(name, saw.result())
    except Wrong as wrong:
        say(name, f"FAILED: {wrong}")
        return False
    finally:
        for pool in pools:
            pool.shutdown(cancel_futures=True)
    return True


def timed(step: Callable[[Tour], str], tour: Tour) -> str:
    began = time.monotonic()
    saw = step(tour)
    return f"{saw} ({time.monotonic() - began:.1f} s)"


def run(out: Path) -> int:
    shutil.rmtree(out, ignore_errors=True)
    (out / "data").mkdir(parents=True)
    started = time.monotonic()
    try:
        with ThreadPoolExecutor(1) as pool:
            content = pool.submit(people.content_of)
            with server(out / "data") as base:
                waited = time.monotonic() - started
                say("A  server", f"answers on an empty folder after {waited:.1f} s")
                if not walk(Tour(base=base, data=out / "data", out=out, content=content.result())):
                    return 1
    except Wrong as wrong:
        say("A  server", f"FAILED: {wrong}")
        return 1
    say("Done", f"in {time.monotonic() - started:.0f} s; {out} holds what the tour leaves")
    return 0


def say(name: str, words: str) -> None:
    print(f"{name:<34} {words}", flush=True)


if __name__ == "__main__":
    sys.exit(run(ROOT / "var" / "tour"))
