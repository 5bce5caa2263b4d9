"""Decks, films and captions."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from lms.packages.reader.bench import Bench
from lms.packages.reader.films import Films, sniff
from lms.packages.reader.findings import Findings, Place
from lms.packages.reader.pictures import Pictures
from lms.packages.reader.probe import MOST_IMAGE_BYTES
from lms.packages.reader.prose import Prose, Where
from lms.packages.reader.slides import Decks, read_slides
from lms.packages.reader.source import Source
from tests.factories_packages import DATA, SCALE, VTT, pdf

FILM = (DATA / "film.mp4").read_bytes()
WEBM = (DATA / "film.webm").read_bytes()


def bench(**files):
    named = {path.replace("__", "."): data for path, data in files.items()}
    return Bench(Source(named), Findings())


def slides_of(data, notes=None):
    on = bench(deck__pdf=data, **({"notes__md": notes.encode()} if notes is not None else {}))
    prose = Prose(on, Pictures(on))
    with ThreadPoolExecutor(1) as pool:
        decks = Decks(on, pool)
        return on, read_slides(
            on, prose, decks, "deck.pdf", "notes.md" if notes is not None else None
        )


def film_of(data, captions=VTT, name="film__mp4"):
    on = bench(**{name: data, "film__vtt": captions.encode()})
    place = Place("package.yaml", 1, 1)
    film = Films(on).read(
        name.replace("__", "."),
        "film.vtt",
        alt="",
        caption="",
        place=place,
        captions_place=place,
    )
    return on, film


def said(on):
    return [(finding.place, finding.sentence) for finding in on.findings.entries]


def test_a_deck_becomes_pictures_with_their_text():
    on, slides = slides_of(pdf("One is here", "Two is here"))

    assert said(on) == []
    assert [(slide.number, slide.text) for slide in slides] == [
        (1, "One is here"),
        (2, "Two is here"),
    ]
    assert {(slide.width, slide.height) for slide in slides} == {(1280, 720)}
    for slide in slides:
        image = on.blobs[slide.image]
        assert image.media_type == "image/webp"
        assert image.data[8:12] == b"WEBP"
        assert len(image.data) <= MOST_IMAGE_BYTES
        assert len(on.blobs[slide.thumbnail].data) < len(image.data) + 2000


def test_notes_stand_beside_their_slides():
    on, slides = slides_of(pdf("One", "Two"), "## 2\nThe *second*.\n\n```\n## 1\n```\n")

    assert said(on) == []
    assert slides[0].notes_html == ""
    assert "<em>second</em>" in slides[1].notes_html


@pytest.mark.parametrize(
    ("notes", "place", "part"),
    [
        ("## 1\nx\n\n## 3\ny\n", "notes.md:4:1", "no slide 3"),
        ("## 1\nx\n## 1\ny\n", "notes.md:3:1", "has notes already"),
        ("Hello\n## 1\nx\n", "notes.md:1:1", "before the first section"),
        ("## 1\n\n![](x.svg)\n", "notes.md:3:5", "no text for who cannot see"),
    ],
)
def test_notes_that_do_not_fit_are_told(notes, place, part):
    on, _ = slides_of(pdf("One", "Two"), notes)

    assert [(where, True) for where, sentence in said(on) if part in sentence] == [(place, True)]


def test_a_slide_without_words_needs_notes():
    on, _ = slides_of(pdf("One", ""))
    assert [sentence for _, sentence in said(on)] == ["Slide 2 has no text for who cannot see it."]

    on, _ = slides_of(pdf("One", ""), "## 2\nA square.\n")
    assert said(on) == []


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"hello", "not a PDF"),
        (b"%PDF-1.7\nnonsense", "cannot be read"),
        (pdf("x")[:200], "cannot be read"),
        (pdf(*["x"] * 201), "201 pages"),
        (pdf("x", width=3000, height=100), "cannot be drawn"),
    ],
)
def test_a_deck_that_is_none_is_told(data, part):
    on, _ = slides_of(data)

    assert any(part in sentence for _, sentence in said(on))


def test_a_probe_that_dies_is_a_finding(monkeypatch):
    monkeypatch.setattr("lms.packages.reader.probing.SECONDS", 0.01)

    on, slides = slides_of(pdf("One"))

    assert slides == ()
    assert "too long" in said(on)[0][1]


@pytest.mark.parametrize(("data", "name"), [(FILM, "film__mp4"), (WEBM, "film__webm")])
def test_a_film_is_measured_and_its_captions_are_the_transcript(data, name):
    on, film = film_of(data, name=name)

    assert said(on) == []
    assert film.seconds == pytest.approx(6.0, abs=0.1)
    assert film.media_type == f"video/{name[-4:].lstrip('_')}"
    assert [(cue.start, cue.end, cue.text) for cue in film.transcript] == [
        (0.0, 2.0, "A green field."),
        (2.5, 5.5, "It stays green."),
    ]
    assert film.captions in on.blobs


def test_hours_and_voices_in_captions_are_read():
    _, film = film_of(FILM, "WEBVTT\n\n1\n00:00:01.250 --> 00:00:05.000\n<v Ann>Hello <b>you</b>\n")

    assert [(cue.start, cue.text) for cue in film.transcript] == [(1.25, "Hello you")]


@pytest.mark.parametrize(
    ("captions", "part"),
    [
        ("hello", "not WebVTT"),
        ("", "not WebVTT"),
        ("WEBVTT\n", "no captions in the file"),
        ("WEBVTT\n\n00:00.000 --> 00:09.000\nx\n", "captions end at 9 s, and the film at 6 s"),
        ("WEBVTT\n\n00:04.000 --> 00:01.000\nx\n", "ends before it begins"),
        (
            "WEBVTT\n\n00:04.000 --> 00:05.000\nx\n\n00:01.000 --> 00:02.000\ny\n",
            "before the one above",
        ),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\nx\n", "captions end at 1 s, and the film at 6 s"),
    ],
)
def test_captions_that_do_not_fit_are_told(captions, part):
    on, _ = film_of(FILM, captions)

    assert any(part in sentence for _, sentence in said(on))


def test_the_place_of_a_caption_is_its_line():
    on, _ = film_of(FILM, "WEBVTT\n\n00:00.000 --> 00:01.000\nx\n\n00:04.000 --> 00:03.000\ny\n")

    assert ("film.vtt:6:1", "A caption ends before it begins.") in said(on)


@pytest.mark.parametrize(
    ("data", "name", "part"),
    [
        (b"not a film", "film__mp4", "content is not MP4"),
        (WEBM, "film__mp4", "content is not MP4"),
        (FILM, "film__webm", "content is not WEBM"),
        (FILM[:40], "film__mp4", "no picture or no length"),
    ],
)
def test_a_film_that_is_none_is_told(data, name, part):
    on, film = film_of(data, name=name)

    assert film is None
    assert any(part in sentence for _, sentence in said(on))


def test_kinds_are_told_by_content():
    assert (sniff(FILM), sniff(WEBM), sniff(b""), sniff(b"RIFF1234AVI ")) == (
        "mp4",
        "webm",
        None,
        None,
    )


def html(text, top=4):
    on = bench(figures=b"")
    on.source.files["a.svg"] = SCALE.encode()
    return on, Prose(on, Pictures(on)).html(text, Where(Place("x.md"), own_file=True), top=top)


def test_markdown_cannot_smuggle_markup():
    on, written = html("<script>x</script>\n\n<img src=x onerror=y>\n\n[a](javascript:x)")

    assert "<script" not in written
    assert "<img" not in written
    assert "href" not in written
    assert all("HTML is not used" in sentence for _, sentence in said(on))


def test_headings_follow_one_another_from_the_level_of_the_page():
    _, written = html("# A\n\n### B\n\n## C\n", top=2)

    assert re.findall(r"<(h\d)>", written) == ["h2", "h4", "h3"]


def test_links_to_elsewhere_do_not_hand_over_the_page():
    _, written = html("[x](https://example.org)")

    assert 'rel="noopener noreferrer"' in written


def test_a_picture_alone_is_a_figure_with_its_caption():
    _, written = html('![A & b](a.svg "Its <caption>")')

    assert written.startswith('<figure class="figure"><img src="/media/')
    assert 'alt="A &amp; b"' in written
    assert "<figcaption>Its &lt;caption&gt;</figcaption>" in written
