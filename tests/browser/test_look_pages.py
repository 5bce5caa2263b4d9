"""Every page that needs no more than an address: axe, width and the browser's own complaints."""

from flask import Flask

from lms.accounts.domain import Role
from tests.factories import make_person


def addresses(app: Flask) -> list[str]:
    """Return the address of every page that takes no part of an address."""
    return sorted(
        str(rule)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and rule.endpoint != "web.show_style_guide"  # test_look.py looks at it
    )


def is_page(headers) -> bool:
    """Tell a page from a file to take along, which has tests of its own."""
    kind, taken = headers.get("content-type", ""), headers.get("content-disposition", "")
    return "text/html" in kind and not taken.startswith("attachment")


def look_at_all(live, page, looks) -> set[str]:
    seen = set()
    for path in addresses(live.app):
        answer = page.context.request.get(live.url + path, max_redirects=0)
        if answer.status != 200 or not is_page(answer.headers):
            continue
        page.goto(live.url + path)
        looks(page)
        seen.add(path)
    return seen


def test_pages_for_everybody_have_no_barriers(live, visit, looks):
    seen = look_at_all(live, visit(), looks)

    assert len(seen) >= 5


def test_pages_of_a_person_with_every_role_have_no_barriers(live, visit, looks):
    with live.app.app_context():
        person = make_person(*Role)
    page = visit()
    live.sign_in(page, person)
    seen = look_at_all(live, page, looks)

    assert len(seen) >= 10
