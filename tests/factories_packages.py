"""A small complete package for tests, as files that a test may break in one place."""

import io
import zipfile
from datetime import datetime
from functools import cache
from pathlib import Path

from PIL import Image

from lms import jobs, storage
from lms.db import transaction
from lms.packages import services
from lms.packages.domain.changes import Change
from lms.packages.domain.releases import ReleaseFacts
from lms.packages.reader.check import Build, check_package
from tests.factories import NOW

DATA = Path(__file__).parent / "unit" / "packages" / "data"
ITEMS = (
    "neck_flexors",
    "deltoid_middle",
    "biceps_brachii",
    "wrist_extensors",
    "gluteus_maximus",
    "gluteus_medius",
    "quadriceps",
    "ankle_dorsiflexors",
)

PACKAGE = """\
format: concord-package/1
slug: sample
version: "1.0"
title: A sample module
summary: Shows every kind of step once.
language: en
authors:
  - {name: Test Author}
minutes: 30
objectives:
  - Grade eight muscle groups
demonstration: true
rights:
  holder: Nobody
  status: unresolved
  source: A test
  date: 2026-11-01
licence: CC-BY-4.0
instrument: mmt8_80@1.0
certificate: {title: Sample rater, level: Basic, valid_months: 24}
steps:
  - {key: why, kind: text, title: Why, file: lessons/why.md, minutes: 5}
  - {key: deck, kind: slides, title: Deck, file: lessons/deck.pdf, notes: lessons/deck.md}
  - key: film
    kind: video
    title: Film
    file: media/film.mp4
    captions: media/film.vtt
    poster: figures/poster.png
    required_share: 0.9
  - {key: practice, kind: practice, title: Practice, cases: cases/practice, required: 1}
  - key: quiz
    kind: quiz
    title: Quiz
    draw:
      - {pool: questions/grades.yaml, count: 2}
    pass_mark: 2
    time_limit_minutes: 10
    attempts: 3
    wait_hours: 1
    after_fail: {redo: [deck]}
  - key: certification
    kind: certification
    title: Certification
    forms:
      - {key: a, cases: cases/form-a}
      - {key: b, cases: cases/form-b}
    criteria:
      item_within: {tolerance: 1, items: 7}
      total_within: {total: total, tolerance: 5}
      cases: 1
    attempts: 2
    after_fail: {redo: [practice]}
"""

WHY = """\
# Why it matters

Two people should find the **same** grade.

![A scale with a band](figures/scale.svg "The band of tolerance")

| Grade | Meaning |
|---|---|
| 10 | Strong |
"""

NOTES = """\
## 1
The first slide says hello.

## 2
- The second one has a list.
"""

VTT = """\
WEBVTT

00:00.000 --> 00:02.000
A green field.

00:02.500 --> 00:05.500
It stays green.
"""

SCALE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 80">
  <title>Scale</title>
  <rect x="10" y="30" width="300" height="20" fill="#0a625f"/>
</svg>
"""

POOL = """\
pool: grades
title: Grades
questions:
  - key: grades-01
    kind: one
    text: Which grade is *strong*?
    options:
      - {text: "10", correct: true, feedback: Yes.}
      - {text: no}
    explanation: Ten is the top.
    revisit: {step: deck, slide: 2}
  - key: grades-02
    kind: several
    text: Which are numbers?
    figure: figures/scale.svg
    alt: A scale
    options:
      - {text: Five, correct: true}
      - {text: Six, correct: true}
      - {text: A chair}
  - key: grades-03
    kind: number
    text: How many groups are there?
    answer: {value: 8}
    revisit: {step: film, at: "0:04"}
"""


def case_yaml(key: str, text: str, grade: int, **panel: str) -> str:
    """Return a case on which every item has the same grade; `panel` replaces a rater's ratings."""
    ratings = ", ".join(f"{item}: {grade}" for item in ITEMS)
    raters = "\n".join(
        f"  - {{rater: Panel {n}, ratings: {{{panel.get(f'p{n}', ratings)}}}}}" for n in range(1, 6)
    )
    rationale = "\n".join(f"  {item}: Held as the grade says." for item in ITEMS)
    return f"""\
key: {key}
title: Person {key}
severity: mild
media:
  - {{file: figures/scale.svg, alt: A scale}}
text: |
  {text}
findings:
  - {{item: quadriceps, text: Holds.}}
  - {{heading: Gait, text: Slow.}}
panel:
{raters}
reference: {{method: median}}
rationale:
{rationale}
traps:
  - {{item: quadriceps, text: Not a half grade.}}
revisit:
  quadriceps: {{step: deck, slide: 1}}
"""


def package_files() -> dict[str, bytes]:
    """Return a sound package: path to bytes."""
    texts = {
        "package.yaml": PACKAGE,
        "lessons/why.md": WHY,
        "lessons/deck.md": NOTES,
        "media/film.vtt": VTT,
        "figures/scale.svg": SCALE,
        "questions/grades.yaml": POOL,
        "cases/practice/p1.yaml": case_yaml("p1", "Cannot rise from a low chair.", 6),
        "cases/practice/p2.yaml": case_yaml("p2", "Climbs stairs with a rail.", 7),
        "cases/form-a/a1.yaml": case_yaml("a1", "Falls when the pavement is uneven.", 5),
        "cases/form-b/b1.yaml": case_yaml("b1", "Combs the hair with two hands.", 4),
    }
    return {
        **{path: text.encode() for path, text in texts.items()},
        "lessons/deck.pdf": pdf("Hello, this is one", "This is two"),
        "media/film.mp4": (DATA / "film.mp4").read_bytes(),
        "figures/poster.png": png(),
    }


def light_files() -> dict[str, bytes]:
    """Return a sound package without a deck and a film, which take longest to check."""
    files = package_files()
    gone = "  - {key: deck" + PACKAGE.split("  - {key: deck")[1].split("  - {key: practice")[0]
    package = PACKAGE.replace(gone, "").replace("redo: [deck]", "redo: [why]")
    texts = {path: data.decode() for path, data in files.items() if path.endswith(".yaml")}
    for path, text in texts.items():
        for target in (
            "{step: deck, slide: 2}",
            "{step: deck, slide: 1}",
            '{step: film, at: "0:04"}',
        ):
            text = text.replace(target, "{step: why}")
        files[path] = text.encode()
    files["package.yaml"] = package.encode()
    for path in ("lessons/deck.pdf", "lessons/deck.md", "media/film.mp4", "media/film.vtt"):
        del files[path]
    del files["figures/poster.png"]
    return files


Changes = dict[str, tuple[str, str] | bytes | None]


def broken(changes: Changes, files: dict[str, bytes] | None = None) -> dict[str, bytes]:
    """Return the sound package (or other files) with changes.

    Args:
        changes: path to (old text, new text), to new bytes, or to None to leave it out.
    """
    files = package_files() if files is None else dict(files)
    for path, change in changes.items():
        if change is None:
            del files[path]
        elif isinstance(change, bytes):
            files[path] = change
        else:
            old, new = change
            text = files[path].decode()
            assert text.count(old) >= 1, f"{path} does not hold {old!r}"
            files[path] = text.replace(old, new, 1).encode()
    return files


def write_folder(files: dict[str, bytes], folder: Path) -> Path:
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


def zip_bytes(files: dict[str, bytes], *, top: str = "") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(top + path), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def png(width: int = 32, height: int = 18) -> bytes:
    packed = io.BytesIO()
    Image.new("RGB", (width, height), "#0a625f").save(packed, "PNG")
    return packed.getvalue()


def pdf(*pages: str, width: int = 640, height: int = 360) -> bytes:
    """Return a PDF with a line of text on each page, written by hand."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, text in enumerate(pages):
        stream = f"BT /F1 36 Tf 40 180 Td ({text}) Tj ET" if text else "0 0 10 10 re f"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * n} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    return out


def make_draft(
    person_id: int, files: dict[str, bytes] | None = None, *, now: datetime = NOW
) -> int:
    """Upload a package as a person and let the job check it; return the draft's id."""
    source = storage.put(zip_bytes(package_files() if files is None else files))
    with transaction():
        draft_id = services.upload_draft(
            person_id=person_id, file_name="sample.zip", source=source, now=now
        )
    jobs.run_pending()
    return draft_id


def make_release(
    files: dict[str, bytes] | None = None,
    *,
    person_id: int | None = None,
    now: datetime = NOW,
    change: Change | None = None,
) -> ReleaseFacts:
    """Publish a package straight away; the sound one unless files are given."""
    build = _built(zip_bytes(package_files() if files is None else files))
    source = services.keep_files(build)
    with transaction():
        return services.publish_build(
            build, source=source, person_id=person_id, now=now, change=change
        )


@cache
def _built(data: bytes) -> Build:
    build = check_package(data).build
    assert build is not None
    return build


def next_version(version: str) -> dict[str, bytes]:
    """Return the sound package under another version."""
    return broken({"package.yaml": ('version: "1.0"', f'version: "{version}"')})
