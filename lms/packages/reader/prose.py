"""Markdown to HTML that is safe to show, with its pictures."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import escape
from mdit_py_plugins.deflist import deflist_plugin

from lms.errors import N_
from lms.packages.reader.bench import Bench
from lms.packages.reader.findings import Place
from lms.packages.reader.pictures import ENDINGS, Pictures
from lms.packages.reader.yaml import decode

LONGEST = 512 * 1024
_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_PARSER.use(deflist_plugin)

_TAGS = set(
    "p br hr h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code em strong s a img figure "
    "figcaption table thead tbody tr th td".split()
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start"},
    "table": {"class"},
    "figure": {"class"},
}
_HTML = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(\s[^<>]*)?/?>")
_LINKS = ("https://", "mailto:", "#")


@dataclass(frozen=True)
class Where:
    """Where a piece of Markdown begins: a whole file, or a value in a YAML file."""

    place: Place
    own_file: bool = False
    lines_before: int = 0

    def at(self, text: str, token: Token | None, needle: str = "") -> Place:
        """Return the place of a block, or of the first `needle` from its beginning on."""
        if not self.own_file or token is None or token.map is None:
            return self.place
        lines = text.split("\n")
        first, last = token.map
        for number in range(first, min(last, len(lines))):
            if needle and needle in lines[number]:
                column = lines[number].index(needle) + 1
                return Place(self.place.file, self.lines_before + number + 1, column)
        return Place(self.place.file, self.lines_before + first + 1, 1)


class Prose:
    def __init__(self, bench: Bench, pictures: Pictures) -> None:
        self.bench = bench
        self.pictures = pictures

    def file(self, path: str, text: str) -> str:
        """Return the HTML of a whole lesson; its greatest heading becomes h2."""
        return self.html(text, Where(Place(path), own_file=True), top=2)

    def html(self, text: str, where: Where, *, top: int = 4) -> str:
        """Return the HTML of a piece of Markdown, with findings where it is not as it must be.

        Args:
            top: the level that its greatest heading becomes, so that pages keep their order.
        """
        try:
            tokens = _PARSER.parse(text)
        except RecursionError:
            self.bench.findings.error(where.place, N_("The text is nested too deeply."))
            return ""
        self._fit_headings(tokens, top)
        block: Token | None = None
        for number, token in enumerate(tokens):
            if token.map is not None:
                block = token
            if token.type == "table_open":
                token.attrSet("class", "table")
            if token.type == "inline":
                self._inline(tokens, number, text, where, block)
        raw = _PARSER.renderer.render(tokens, _PARSER.options, {})
        return nh3.clean(
            raw,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            url_schemes={"https", "mailto"},
            link_rel="noopener noreferrer",
        ).strip()

    def _fit_headings(self, tokens: Sequence[Token], top: int) -> None:
        levels = sorted(
            {
                int(token.tag[1])
                for token in tokens
                if token.type in ("heading_open", "heading_close")
            }
        )
        fitted = {level: min(6, top + place) for place, level in enumerate(levels)}
        for token in tokens:
            if token.type in ("heading_open", "heading_close"):
                token.tag = f"h{fitted[int(token.tag[1])]}"

    def _inline(
        self, tokens: list[Token], number: int, text: str, where: Where, block: Token | None
    ) -> None:
        children = tokens[number].children or []
        for child in children:
            if child.type == "link_open":
                self._check_link(str(child.attrGet("href") or ""), text, where, block)
            elif child.type == "text" and (found := _HTML.search(child.content)):
                self.bench.findings.warn(
                    where.at(text, block, found[0]),
                    N_("%(tag)s is shown as it stands: HTML is not used in packages."),
                    N_("Write Markdown."),
                    tag=found[0],
                )
        alone = len(children) == 1 and tokens[number - 1].type == "paragraph_open"
        for place, child in enumerate(children):
            if child.type == "image":
                children[place] = self._picture(child, text, where, block, as_figure=alone)
        if alone and children[0].type == "html_inline":
            tokens[number - 1].hidden = tokens[number + 1].hidden = True

    def _check_link(self, href: str, text: str, where: Where, block: Token | None) -> None:
        if not href.startswith(_LINKS):
            self.bench.findings.error(
                where.at(text, block, href),
                N_("The link “%(href)s” leads nowhere."),
                N_("Links begin with https:// or mailto:."),
                href=href,
            )

    def _picture(
        self, image: Token, text: str, where: Where, block: Token | None, *, as_figure: bool
    ) -> Token:
        path = str(image.attrGet("src") or "")
        place = where.at(text, block, path)
        drawn = Token("html_inline", "", 0)
        if not image.content.strip():
            self.bench.findings.error(
                place,
                N_("The picture “%(path)s” has no text for who cannot see it."),
                N_("Write what it shows between the square brackets."),
                path=path,
            )
            return drawn
        if path.rpartition(".")[2].lower() not in ENDINGS or "//" in path:
            self.bench.findings.error(
                place,
                N_("“%(path)s” is not a picture of this package."),
                N_("Put an SVG, PNG, JPEG or WebP file into the package and name its path."),
                path=path,
            )
            return drawn
        picture = self.pictures.read(path, place)
        if picture is None:
            return drawn
        shown = picture.shown(image.content.strip(), str(image.attrGet("title") or ""))
        drawn.content = (
            f'<img src="{shown.url}" alt="{escape(shown.alt)}" width="{shown.width}"'
            f' height="{shown.height}" loading="lazy">'
        )
        if as_figure:
            caption = f"<figcaption>{escape(shown.caption)}</figcaption>" if shown.caption else ""
            drawn.content = f'<figure class="figure">{drawn.content}{caption}</figure>'
        return drawn


def read_markdown(bench: Bench, path: str) -> str | None:
    """Return the text of a Markdown file; None, with findings, if it cannot be used."""
    data = bench.data(path)
    if data is None:
        return None
    text = decode(path, data, bench.findings, longest=LONGEST)
    if text is not None and not text.strip():
        bench.findings.error(Place(path, 1, 1), N_("The file is empty."))
        return None
    return text
