"""Films and their captions: kind by content, codecs that browsers play, a transcript."""

import dataclasses
import math
import re
from typing import cast

import webvtt

from lms.errors import N_
from lms.packages.domain.content import Cue, Media
from lms.packages.reader.bench import Bench
from lms.packages.reader.findings import Place
from lms.packages.reader.pictures import missing_file
from lms.packages.reader.probing import probe_film
from lms.packages.reader.source import MB
from lms.packages.reader.yaml import decode

MOST_BYTES = 50 * MB
MOST_CAPTION_BYTES = MB
TYPES = {"mp4": "video/mp4", "webm": "video/webm"}
_VIDEO = {"mp4": {"AVC", "AV1"}, "webm": {"VP8", "VP9", "AV1"}}
_AUDIO = {"mp4": {"AAC", "Opus", "MPEG Audio"}, "webm": {"Opus", "Vorbis"}}


class Films:
    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._known: dict[tuple[str, str], Media | None] = {}

    def read(
        self,
        path: str,
        captions: str,
        *,
        alt: str,
        caption: str,
        place: Place,
        captions_place: Place,
    ) -> Media | None:
        """Return the film with its captions; None, with findings, if one of them is unusable."""
        data, text = self.bench.data(path), self.bench.data(captions)
        if data is None:
            missing_file(self.bench, path, place)
        if text is None:
            missing_file(self.bench, captions, captions_place)
        if data is None or text is None:
            return None
        if (path, captions) not in self._known:
            self._known[path, captions] = self._read(path, data, captions, text)
        film = self._known[path, captions]
        return None if film is None else _described(film, alt, caption)

    def _read(self, path: str, data: bytes, captions: str, text: bytes) -> Media | None:
        if not self.bench.in_time():
            return None
        cues = self._captions(captions, text)
        kind = sniff(data)
        ending = path.rpartition(".")[2].lower()
        if kind != ending:
            self._error(
                path,
                N_("The file's content is not %(ending)s."),
                N_("Save the film as MP4 (H.264) or WebM, and let the name say which."),
                ending=ending.upper(),
            )
            return None
        if len(data) > MOST_BYTES:
            self._error(
                path,
                N_("The film is larger than %(most)s MB."),
                N_("Shorten it or compress it more."),
                most=MOST_BYTES // MB,
            )
            return None
        facts = probe_film(data, ending, seconds=self.bench.seconds_left)
        if facts is None or not self._playable(path, ending, facts) or cues is None:
            if facts is None:
                self._error(path, N_("The film cannot be read."), N_("Export it again."))
            return None
        self._check_length(captions, cues, facts["seconds"])
        return Media(
            digest=self.bench.keep(data, ending, TYPES[ending]).digest,
            extension=ending,
            media_type=TYPES[ending],
            alt="",
            caption="",
            width=int(facts["width"]),
            height=int(facts["height"]),
            seconds=facts["seconds"],
            captions=self.bench.keep(text, "vtt", "text/vtt").digest,
            transcript=cues,
        )

    def _playable(self, path: str, ending: str, facts: dict[str, object]) -> bool:
        seconds = facts.get("seconds")
        if "problem" in facts or not isinstance(seconds, float) or not seconds > 0:
            self._error(path, N_("The film has no picture or no length."), N_("Export it again."))
            return False
        audio = cast(list[str], facts["audio"])
        strange = [name for name in audio if name not in _AUDIO[ending]]
        if facts["video"] not in _VIDEO[ending] or strange:
            self._error(
                path,
                N_("Browsers do not play %(codec)s in %(ending)s."),
                N_("Save the film as MP4 with H.264 and AAC, or as WebM with VP9 and Opus."),
                codec=strange[0] if strange else facts["video"],
                ending=ending.upper(),
            )
            return False
        if not facts["streamable"]:
            self.bench.findings.warn(
                Place(path),
                N_("The film must be loaded whole before it plays: its index is at the end."),
                N_("Export it for the web (“fast start”)."),
            )
        return True

    def _captions(self, path: str, data: bytes) -> tuple[Cue, ...] | None:
        text = decode(path, data, self.bench.findings, longest=MOST_CAPTION_BYTES)
        if text is None:
            return None
        try:
            cues = tuple(
                Cue(_seconds(cue.start), _seconds(cue.end), _line(cue.text))
                for cue in webvtt.from_string(text).captions
            )
        except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError, ValueError):
            self._error(
                path,
                N_("These are not WebVTT captions."),
                N_("The first line is WEBVTT; times look like 00:01.000 --> 00:04.000."),
            )
            return None
        if not any(cue.text for cue in cues):
            self._error(path, N_("There are no captions in the file."), N_("Write them."))
            return None
        self._check_times(path, text, cues)
        return cues

    def _check_times(self, path: str, text: str, cues: tuple[Cue, ...]) -> None:
        lines = [n for n, line in enumerate(text.split("\n"), start=1) if "-->" in line]
        for number, cue in enumerate(cues):
            place = Place(path, lines[number] if len(lines) == len(cues) else None, 1)
            if cue.end <= cue.start:
                self.bench.findings.error(
                    place, N_("A caption ends before it begins."), N_("Mend its times.")
                )
            elif number and cue.start < cues[number - 1].start:
                self.bench.findings.error(
                    place, N_("A caption begins before the one above it."), N_("Put them in order.")
                )

    def _check_length(self, path: str, cues: tuple[Cue, ...], seconds: float) -> None:
        if cues[-1].end > seconds + 1:
            self.bench.findings.error(
                Place(path),
                N_("The captions end at %(end)s s, and the film at %(film)s s."),
                N_("Are they captions of another cut? Mend the times."),
                end=math.ceil(cues[-1].end),
                film=math.floor(seconds),
            )
        elif cues[-1].end < seconds / 2:
            self.bench.findings.warn(
                Place(path),
                N_("The captions end at %(end)s s, and the film at %(film)s s."),
                N_("Write captions for the rest, if anything is said or shown there."),
                end=math.ceil(cues[-1].end),
                film=math.floor(seconds),
            )

    def _error(self, path: str, message: str, remedy: str, **values: object) -> None:
        self.bench.findings.error(Place(path), message, remedy, **values)


def sniff(data: bytes) -> str | None:
    """Tell by content whether bytes are MP4 or WebM; None if neither."""
    if data[4:8] == b"ftyp":
        return "mp4"
    if data[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in data[:64]:
        return "webm"
    return None


def _described(film: Media, alt: str, caption: str) -> Media:
    return dataclasses.replace(film, alt=alt, caption=caption)


def _seconds(stamp: str) -> float:
    *before, rest = stamp.split(":")
    hours, minutes = [0, *map(int, before)][-2:] if before else (0, 0)
    return hours * 3600 + minutes * 60 + float(rest)


def _line(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", text).split())
