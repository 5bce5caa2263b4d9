"""What WeasyPrint painted, cut into marks, so that any one of them can be painted anew."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

import pydyf
from weasyprint.document import Page
from weasyprint.draw import draw_replacedbox
from weasyprint.draw.text import draw_text
from weasyprint.formatting_structure import boxes
from weasyprint.images import RasterImage
from weasyprint.pdf.stream import Stream

from lms.certificates.layouts.fonts import Fonts, Used, replayed, unused
from lms.certificates.layouts.shapes import Doubt

STATE: Final = (
    *("_current_color", "_current_color_stroke", "_current_alpha", "_current_alpha_stroke"),
    *("_current_font", "_current_font_size", "_old_font", "_old_font_size"),
)
MOST_DRAWINGS: Final = 48


@dataclass
class Mark:
    """One line of text or picture on the page.

    Args:
        start: where its painting begins among the page's operators; `end` is behind its last.
        before: in what state of colour and font it begins.
        objects: names of the pictures and groups before it.
    """

    box: Any
    tag: str
    start: int
    before: Mapping[str, Any]
    matrices: Sequence[Any]
    objects: Sequence[str]
    end: int = 0


@dataclass(frozen=True)
class Group:
    """Operators that are called by name, as WeasyPrint writes an anchored text of a drawing."""

    operators: tuple[bytes, ...]
    about: Any

    @classmethod
    def of(cls, stream: Any) -> "Group":
        return cls(tuple(stream.stream), duplicate(stream.extra))

    def stream(self) -> Any:
        return pydyf.Stream(list(self.operators), duplicate(self.about), compress=True)


def duplicate(value: Any) -> Any:
    """Copy what describes a stream, because writing a file puts references into it.

    Raises:
        Doubt: if it holds another stream.
    """
    if isinstance(value, pydyf.Stream):
        raise Doubt("a group holds another one")
    if isinstance(value, dict):
        return pydyf.Dictionary({key: duplicate(one) for key, one in value.items()})
    if isinstance(value, list):
        return pydyf.Array([duplicate(one) for one in value])
    return value


def groups_of(resources: Any) -> dict[str, Group]:
    """Return the groups that a stream calls.

    Raises:
        Doubt: if more is painted beside it.
    """
    if resources["Pattern"] or resources["Shading"]:
        raise Doubt("more is painted than lines, areas and pictures")
    return {name: Group.of(one) for name, one in resources["XObject"].items() if one is not None}


@dataclass(frozen=True)
class Painted:
    """A mark, painted: operators, states of transparency that it names, groups and fonts."""

    operators: tuple[bytes, ...]
    states: tuple[str, ...]
    groups: Mapping[str, Group]
    fonts: Mapping[int, Used]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Painted) and (
            (self.operators, self.states, self.groups)
            == (other.operators, other.states, other.groups)
        )


class Recorder(Stream):  # type: ignore[misc]
    """A page's stream that notes where each mark begins and ends."""

    def __init__(self, like: Any) -> None:
        super().__init__(
            like._fonts,
            like.page_rectangle,
            like._resources,
            like._images,
            like._tags,
            like._color_profiles,
            like._output_intent,
            compress=like.compress,
        )
        self._ctm_stack = list(like._ctm_stack)
        self.marks: list[Mark] = []
        self.pictures: list[tuple[int, Any, bool, float]] = []
        self.states: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, Group] = {}

    @contextmanager
    def marked(self, box: Any, tag: str) -> Iterator[None]:
        with super().marked(box, tag):
            before = {name: getattr(self, name) for name in STATE}
            objects = tuple(self._resources["XObject"])
            mark = Mark(box, tag, len(self.stream), before, tuple(self._ctm_stack), objects)
            self.marks.append(mark)
            yield
            mark.end = len(self.stream)

    def add_image(self, image: Any, interpolate: bool, ratio: float) -> Any:
        self.pictures.append((len(self.marks), image, interpolate, ratio))
        return super().add_image(image, interpolate, ratio)


class BlankStream(Stream):  # type: ignore[misc]
    """A stream that takes its fonts from those that are kept."""

    blank: Fonts

    def add_font(self, pango_font: Any) -> tuple[Any, float]:
        key, font = self.blank.blank(pango_font)
        return self._fonts.setdefault(key, font), font.font_size

    def clone(self, **given: Any) -> Any:
        made = super().clone(**given)
        made.__class__ = BlankStream  # WeasyPrint names the class of groups itself
        made.blank = self.blank
        return made


class Scratch(BlankStream):
    """A stream for one mark alone, in the state in which the page's stream was."""

    def __init__(self, mark: Mark, used: dict[int, Any], like: "Surroundings") -> None:
        resources = pydyf.Dictionary(
            {kind: pydyf.Dictionary() for kind in ("ExtGState", "Pattern", "Shading")}
        )
        resources["XObject"] = pydyf.Dictionary(dict.fromkeys(mark.objects))
        resources["ColorSpace"] = like.colours
        super().__init__(used, like.rectangle, resources, {}, {}, {}, like.intent, compress=True)
        self.blank = like.fonts
        self._ctm_stack = list(mark.matrices)
        for name, value in mark.before.items():
            setattr(self, name, value)

    def paint(self, box: Any) -> Painted:
        if isinstance(box, boxes.TextBox):
            draw_text(self, box, 0, "clip", "none")
        else:
            draw_replacedbox(self, box)
            if self._images and not isinstance(box.replacement, RasterImage):
                raise Doubt("a drawing holds a picture")
        if any(font.missing for font in self._fonts.values()):
            raise Doubt("no font has one of the letters")
        groups = groups_of(self._resources)
        return Painted(tuple(self.stream), tuple(self._resources["ExtGState"]), groups, {})


@dataclass(frozen=True)
class Surroundings:
    """What is the same for all marks of a page."""

    fonts: Fonts
    rectangle: Any
    colours: Any
    intent: Any


def as_bytes(item: Any) -> bytes:
    """Write a piece of a stream as WeasyPrint's own streams do."""
    written: bytes = pydyf._to_bytes(item)
    return written


class Painting:
    """All that was painted on one page.

    Raises:
        Doubt: if painting its marks anew does not give the very same.
    """

    def __init__(self, recorder: Recorder, fonts: Fonts) -> None:
        self.marks = recorder.marks
        self.pictures = recorder.pictures
        self._states = recorder.states
        self._drawings: OrderedDict[str, Painted] = OrderedDict()
        self._around = Surroundings(
            fonts,
            recorder.page_rectangle,
            recorder._resources["ColorSpace"],
            recorder._output_intent,
        )
        self._between = self._gaps(recorder.stream)
        self._painted = self._again(recorder)

    def _gaps(self, operators: Sequence[bytes]) -> list[bytes]:
        ends = [0, *(mark.end for mark in self.marks)]
        starts = [*(mark.start for mark in self.marks), len(operators)]
        if any(end > start for end, start in zip(ends, starts, strict=True)):
            raise Doubt("marks lie in each other")
        return [
            b"\n".join(map(as_bytes, operators[end:start]))
            for end, start in zip(ends, starts, strict=True)
        ]

    def _again(self, recorder: Recorder) -> list[Painted]:
        used: dict[int, Any] = {}
        found = []
        for mark in self.marks:
            painted = self._measured(mark, mark.box, used)
            if painted.operators != tuple(recorder.stream[mark.start : mark.end]):
                raise Doubt("a mark painted anew is not the same")
            found.append(painted)
        groups = {name: group for one in found for name, group in one.groups.items()}
        if groups != recorder.groups or not {x for one in found for x in one.states} <= set(
            self._states
        ):
            raise Doubt("what is painted beside the page is not the same")
        return found

    def _measured(self, mark: Mark, box: Any, used: dict[int, Any]) -> Painted:
        """Paint a box in a mark's place, and note what it takes from which font.

        Args:
            used: the fonts of all marks before it.
        """
        own: dict[int, Any] = {}
        Scratch(mark, own, self._around).paint(box)
        painted = Scratch(mark, used, self._around).paint(box)
        fonts = {
            key: Used(
                unused(font),
                font.to_unicode,
                font.widths,
                {glyph: used[key].widths[glyph] for glyph in font.widths},
            )
            for key, font in own.items()
        }
        return replace(painted, fonts=fonts)

    def repaint(self, stream: Any, instead: Mapping[int, Any], pictures: Mapping[int, Any]) -> None:
        """Paint the page with other boxes in the places of some.

        Args:
            instead: the new box of a mark, by the identity of its old one.
            pictures: the new picture by the identity of the old one.

        Raises:
            Doubt: if a new box needs other states of transparency or groups than the old one.
        """
        for key, state in self._states.items():
            stream._resources["ExtGState"][key] = pydyf.Dictionary(state)
        self._place_pictures(stream, 0, pictures)
        for number, mark in enumerate(self.marks):
            box = instead.get(id(mark.box), mark.box)
            painted = self._painted[number]
            if box is not mark.box or not replayed(painted.fonts, stream._fonts):
                painted = self._anew(mark, box, painted, stream._fonts)
            stream.stream.append(self._between[number])
            stream.stream.extend(painted.operators)
            stream._tags[box] = {"tag": mark.tag, "mcid": number}
            for name, group in painted.groups.items():
                stream._resources["XObject"][name] = group.stream()
            self._place_pictures(stream, number + 1, pictures)
        stream.stream.append(self._between[-1])

    def _anew(self, mark: Mark, box: Any, old: Painted, fonts: dict[int, Any]) -> Painted:
        markup = getattr(box, "markup", None)
        if markup is None:
            painted = Scratch(mark, fonts, self._around).paint(box)
        else:
            painted = self._drawing(mark, box, markup, fonts)
        if painted.states != old.states or list(painted.groups) != list(old.groups):
            raise Doubt("a mark needs another transparency or group")
        return painted

    def _drawing(self, mark: Mark, box: Any, markup: str, fonts: dict[int, Any]) -> Painted:
        """Paint a drawing, and remember it: those of one shape differ in a figure or two."""
        known = self._drawings.get(markup)
        if known is not None and replayed(known.fonts, fonts):
            return known
        painted = self._drawings[markup] = self._measured(mark, box, fonts)
        while len(self._drawings) > MOST_DRAWINGS:
            self._drawings.popitem(last=False)
        return painted

    def _place_pictures(self, stream: Any, after: int, pictures: Mapping[int, Any]) -> None:
        for marks, image, interpolate, ratio in self.pictures:
            if marks == after:
                stream.add_image(pictures.get(id(image), image), interpolate, ratio)


class RecordedPage(Page):  # type: ignore[misc]
    """A page that notes what is painted when WeasyPrint writes it."""

    recorder: Recorder

    def paint(self, stream: Any, scale: float = 1) -> None:
        self.recorder = Recorder(stream)
        super().paint(self.recorder, scale)
        resources = self.recorder._resources
        self.recorder.states = {key: dict(one) for key, one in resources["ExtGState"].items()}
        self.recorder.groups = groups_of(resources)
        stream.stream.extend(self.recorder.stream)


class RepaintedPage(Page):  # type: ignore[misc]
    """A page that is painted from what was noted."""

    def __init__(
        self,
        page_box: Any,
        painting: Painting,
        instead: Mapping[int, Any],
        pictures: Mapping[int, Any],
    ) -> None:
        super().__init__(page_box)
        self._painting, self._instead, self._pictures = painting, instead, pictures

    def paint(self, stream: Any, scale: float = 1) -> None:
        self._painting.repaint(stream, self._instead, self._pictures)
