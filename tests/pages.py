"""What must hold on every page that any test fetches."""

from collections import Counter
from html.parser import HTMLParser

from werkzeug.test import TestResponse


class Page(HTMLParser):
    """The few things about a page's markup that the checks need."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.h1: list[str] = []
        self.title = ""
        self.script_text: list[str] = []
        self._open: list[str] = []
        self._label_depth = 0
        self.labelled_fields: set[int] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if self._label_depth and tag in ("input", "select", "textarea"):
            self.labelled_fields.add(len(self.tags) - 1)
        if tag == "label":
            self._label_depth += 1
        if tag == "h1":
            self.h1.append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._label_depth -= 1
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "h1" in self._open:
            self.h1[-1] += data
        if "title" in self._open and "svg" not in self._open:
            self.title += data
        if self._open and self._open[-1] in ("script", "style"):
            self.script_text.append(data.strip())


VOID = {"input", "img", "br", "hr", "link", "meta", "track", "source", "path", "circle", "line"}
UNLABELLED = {"hidden", "submit", "button"}


def check(response: TestResponse) -> None:
    """Fail unless a page has one h1, a title that begins with it, unique ids, labels on every
    field, forms that say where they go, and nothing inline."""
    if response.mimetype != "text/html" or response.status_code in (301, 302, 303):
        return
    if response.headers.get("X-Fragment"):
        return
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        return  # a file to take along, with a policy of its own
    html = response.get_data(as_text=True)
    page = Page(html)
    where = f"{response.request.method} {response.request.path}"
    assert len(page.h1) == 1, f"{where}: {len(page.h1)} h1 elements"
    heading = " ".join(page.h1[0].split())
    title = " ".join(page.title.split())
    assert heading, f"{where}: the h1 is empty"
    assert title.startswith(heading), f"{where}: title {title!r} does not begin with {heading!r}"
    ids = Counter(a["id"] for _, a in page.tags if "id" in a)
    assert not [i for i, n in ids.items() if n > 1], (
        f"{where}: ids used twice: {ids.most_common(3)}"
    )
    fors = {a["for"] for tag, a in page.tags if tag == "label" and "for" in a}
    for index, (tag, a) in enumerate(page.tags):
        assert "style" not in a, f"{where}: inline style on <{tag}>"
        assert not [k for k in a if k.startswith("on")], f"{where}: inline handler on <{tag}>"
        if tag == "script":
            assert a.get("src"), f"{where}: inline script"
        if tag == "style":
            raise AssertionError(f"{where}: inline style sheet")
        if tag in ("input", "select", "textarea") and a.get("type") not in UNLABELLED:
            named = (
                index in page.labelled_fields
                or a.get("id") in fors
                or "aria-label" in a
                or "aria-labelledby" in a
            )
            assert named, f"{where}: field {a.get('name')!r} has no label"
        if tag == "form" and (a.get("method") or "get").lower() == "post":
            assert "action" in a, f"{where}: a form without an action"
    assert not any(page.script_text), f"{where}: script or style text inside the page"
