"""Every sentence that a person reads goes through the catalogue, and pages mirror.

All web tests run in the pseudo-language (tests/pseudo.py); here the whole house is walked through
once more, so that no page depends on another test, and what is no page is looked at.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, gettext

from lms import demo, jobs
from lms.accounts import services as accounts
from lms.accounts.domain import Role
from lms.accounts.services.invitations import Invitee
from lms.certificates import queries as registered
from lms.clock import utc_now
from lms.db import transaction
from lms.modules import services as training
from lms.panels.domain import PanelMethod
from lms.trials import services as trials
from lms.web import words
from lms.web.i18n import in_language
from tests import pseudo
from tests.factories import make_person
from tests.factories_accounts import empty_outbox, path_in
from tests.factories_calibration import WEEK, calibrate, calibrated_files
from tests.factories_modules import (
    SLUG,
    attempt_of,
    begin,
    do_all,
    do_until,
    enrol,
    fail,
    right_answers,
)
from tests.factories_packages import broken, make_draft, make_release, next_version
from tests.factories_panels import close, make_experts, make_panel, score_all, sign
from tests.factories_review import WIDER, ask
from tests.factories_trials import (
    make_certificate,
    make_confirmed_person,
    make_rater,
    make_requirement,
    make_trial,
)
from tests.test_house_rules import LMS, TEMPLATES, sources

ROSTER = b"email;name;site\nnew@roster.org;New Rater;02\nnot-an-address;Wrong;01\n"
FAULTS = {
    "package.yaml": ("pass_mark: 2", "pass_mark: 9"),
    "cases/form-a/a1.yaml": ("quadriceps: 5", "quadriceps: 12"),
}
UNLINKED = {
    "accounts.accept_invitation",  # their addresses are secrets, which come by mail
    "accounts.confirm_address",
    "accounts.set_new_password",
    "modules.show_submission",  # comes after a post
    "reports.show_progress",  # a piece of a page
    "web.show_style_guide",  # for people who build pages, and not in production
}
NOT_PAGES = {
    "certificates.download_badge",
    "certificates.download_badge_token",
    "api.show_openapi",
    "api.verify_code",
    "certificates.download_evidence",
    "certificates.download_file",
    "certificates.show_badge_keys",
    "certificates.show_checker",  # a file to take along, in English
    "certificates.show_did_document",
    "certificates.show_picture",
    "certificates.show_trust_bundle",
    "certificates.show_trust_root",
    "certificates.show_authority",
    "certificates.show_revocation_list",
    "certificates.show_status_list",
    "certificates.show_status_list_token",
    "packages.download_release",
    "packages.show_media",
    "packages.show_schema",
    "reports.download_file",
    "reports.export_csv",
    "reports.export_reliability",
    "reports.show_live",
    "reports.show_ready",
    "static",
    "trials.export_example",
    "trials.export_matrix",
    "web.set_language",
    "web.set_theme",
}
SAME_FOR_ALL = ("web.", "instruments.", "accounts.register", "certificates.show_check")

pytestmark = pytest.mark.one_database  # no word depends on where the rows are


# --- the list for translators ---------------------------------------------------------------------


def test_the_list_of_sentences_is_up_to_date():
    new, gone = words.differences(words.catalogue(words.sentences()), words.committed())

    assert (new, gone) == ([], []), "Type: ./concord lms words extract"


def test_a_new_a_changed_and_a_plural_sentence_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr(words, "ROOT", tmp_path)
    page, code = tmp_path / "page.html", tmp_path / "code.py"
    page.write_text("{% block a %}{{ _('A %(b)s.', b=ngettext('%(num)s c', '%(num)s d', 2)) }}")
    code.write_text('record("site added", now=1)\nN_("One")\nPN_("two", "three")\nother("No")\n')

    with pytest.raises(words.Unreadable, match=r"page.html"):
        words.sentences_of(page, "jinja2", {"silent": "false"})
    page.write_text(page.read_text() + "{% endblock %}")
    found = [
        *words.sentences_of(page, "jinja2", {"silent": "false"}),
        *words.sentences_of(code, "python", {}),
    ]

    assert {one.ids for one in found} == {
        ("A %(b)s.",),
        ("%(num)s c", "%(num)s d"),
        ("site added",),
        ("One",),
        ("two", "three"),
    }
    before = words.catalogue(found[1:])
    assert words.differences(words.catalogue(found), before) == ([found[0].ids[0]], [])


# --- every page -----------------------------------------------------------------------------------


class Links(HTMLParser):
    """The addresses to which a page links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        target = dict(attrs).get("href") or ""
        if tag == "a" and re.match(r"/(?!/)", target):
            self.found.append(target.partition("#")[0])


@dataclass
class Walk:
    """Follows every link to a page; the client fails on the first word outside the brackets.

    Attributes:
        seen: the endpoints that were seen so far, by anybody.
    """

    app: Flask
    seen: set[str] = field(default_factory=set)

    def through(self, browser: FlaskClient, *starts: str) -> None:
        match = self.app.url_map.bind("localhost").match
        known, ahead = set(starts), list(starts)
        alike: Counter[tuple[str, str]] = Counter()
        while ahead:
            path = ahead.pop(0)
            endpoint, _values = match(path.partition("?")[0])
            shape = (endpoint, re.sub(r"\d+|=[^&]*", "", path))
            alike[shape] += 1
            if self.enough(endpoint, alike[shape]):
                continue
            answer = browser.get(path, follow_redirects=True)
            assert answer.status_code == 200, f"{path}: {answer.status_code}"
            self.seen.add(endpoint)
            new = dict.fromkeys(Links(answer.text).found)
            ahead += [target for target in new if target not in known]
            known.update(new)

    def enough(self, endpoint: str, times: int) -> bool:
        if endpoint in NOT_PAGES | UNLINKED or times > 4:
            return True
        return endpoint in self.seen and endpoint.startswith(SAME_FOR_ALL)


@pytest.fixture
def house(app):
    """People of every kind in the middle of their work, each with what else is theirs to see."""
    now = utc_now()
    creator = make_person(Role.CREATOR, Role.TRAINEE)
    make_release(person_id=creator.id, now=now)
    make_draft(creator.id, next_version("1.1"), now=now)
    make_draft(creator.id, broken(FAULTS, next_version("1.2")), now=now)
    trainee = make_confirmed_person()
    do_until(trainee, "certification", now=now)
    fail(trainee, "certification", now=now)
    busy = make_confirmed_person()
    do_until(busy, "quiz", now=now)
    fail(busy, "quiz", now=now)
    done = make_confirmed_person()
    do_all(done, now=now)
    make_release(calibrated_files(slug="kept"), person_id=creator.id, now=now)
    demo.complete(done.id, "kept", now=now - 10 * WEEK)
    calibrate(done, at=now - 4 * WEEK, slug="kept")
    under_way = make_confirmed_person()
    do_until(under_way, "certification", now=now)
    begin(under_way, "practice", now=now)
    begin(under_way, "certification", now=now)
    answering = make_confirmed_person()
    do_until(answering, "quiz", now=now)
    begin(answering, "quiz", now=now)
    coordinator = make_person(Role.COORDINATOR)
    trial = make_trial("Myolink", sites=("01", "02", "03"), coordinator=coordinator)
    make_requirement(trial, SLUG)
    for person, site in ((trainee, "01"), (busy, "01"), (done, "02")):
        make_rater(trial, person.email, site=site, account=False)
    _old, other = make_rater(trial, site="02")
    today = now.date()
    make_certificate(other, SLUG, issued=today - timedelta(800), expires=today - timedelta(9))
    make_certificate(other, "cmas", issued=today - timedelta(9), revoked=today)
    with transaction():
        roster = trials.keep_roster(
            trial.viewer, trial.id, trials.SentFile("r.csv", ROSTER, True), now=now
        )
    ask(creator, WIDER, now=now)
    admin = make_person(Role.ADMIN, Role.TRAINEE)
    with transaction():
        accounts.invite(
            Invitee("robin@example.org", "Robin", frozenset({Role.TRAINEE}), "For site 3"),
            invited_by=admin.id,
            now=now,
        )
    judge = panels_of(creator, trainee, now)
    jobs.run_pending()
    return [
        *(
            (person, [])
            for person in (judge, creator, trainee, busy, done, under_way, answering, admin)
        ),
        (coordinator, [f"/trials/{trial.id}/rosters/{roster}"]),
        (make_person(), []),
    ]


def panels_of(creator, expert, now):
    """Open a panel that asks one expert, and close one whose disputed item waits for somebody."""
    experts, judge = make_experts(), make_confirmed_person()
    make_panel(creator, [expert, "nobody@example.org"], now=now)
    closed = make_panel(
        creator,
        experts,
        cases=["p1"],
        method=PanelMethod.ADJUDICATED,
        adjudicator=judge,
        now=now,
    )
    score_all(experts, now=now, quadriceps=10)
    close(creator, closed, now=now)
    agreed = make_panel(creator, experts, cases=["p2"], now=now)
    score_all(experts, now=now)
    close(creator, agreed, now=now)
    sign(creator, agreed, now=now)
    return judge


def test_no_page_that_a_link_leads_to_has_a_word_outside_the_catalogue(
    app, client, house, log_in, new_client
):
    walk = Walk(app)
    walk.through(new_client(), "/", "/v", "/learning", "/register", "/password-reset")
    for person, starts in house:
        walk.through(log_in(person, on=new_client()), "/", "/trials/mine", *starts)

    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    assert pages - walk.seen - NOT_PAGES - UNLINKED == set()


# --- what is no page ------------------------------------------------------------------------------


@pytest.fixture
def raw(app):
    """A client that leaves the brackets in."""
    app.config["WTF_CSRF_ENABLED"] = False
    browser = FlaskClient(app)
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en-150"
    return browser


def test_a_refusal_of_the_rules_is_said_in_the_readers_language(raw, log_in):
    log_in(make_person(), on=raw)

    page = raw.get("/attempts/999")
    data = raw.get("/attempts/999", headers={"Accept": "application/json"})

    assert page.status_code == data.status_code == 404
    assert "⟦There is no such attempt.⟧" in page.text
    assert data.json["title"] == "⟦Not found⟧"
    assert data.json["detail"] == "⟦There is no such attempt.⟧"


def test_a_refusal_with_values_is_translated_before_they_are_filled_in(raw, log_in):
    make_release()
    person = make_person()
    enrol(person)
    log_in(person, on=raw)

    answer = raw.post(f"/learning/{SLUG}/steps/quiz/attempts")

    assert "⟦This step opens later. Still missing: Why, Deck, Film, Practice.⟧" in answer.text


def test_what_a_form_library_says_by_itself_is_translated(raw, log_in):
    log_in(make_person(), on=raw)

    answer = raw.post("/account", data={"name": "Robin", "time_zone": "Mars", "language": ""})

    assert answer.status_code == 422
    assert "⟦Not a valid choice.⟧" in answer.text


def test_what_was_done_is_said_in_the_readers_language(raw, log_in):
    log_in(make_person(), on=raw)

    raw.post("/account", data={"name": "Robin", "time_zone": "UTC", "language": ""})

    assert "⟦Saved.⟧" in raw.get("/account").text


def test_mails_and_the_titles_of_their_jobs_are_in_the_readers_language(app, raw):
    outbox = empty_outbox(app)
    raw.post("/password-reset", data={"email": make_person(email="ada@example.org").email})
    raw.post(
        "/register",
        data={
            "name": "Robin",
            "email": "robin@example.org",
            "password": "eleven green herons",
            "time_zone": "UTC",
        },
    )
    jobs.run_pending()

    assert {message.to[0] for message in outbox} >= {"robin@example.org"}
    for message in outbox:
        if message.to[0] != "robin@example.org":
            continue
        subject, body = message.marked
        assert pseudo.without_sentences(subject) == ""
        assert [line for line in pseudo.without_sentences(body).split("\n") if line.strip()] == [
            f"http://localhost{path_in(message)}"
        ]


def test_every_mail_template_holds_sentences_only():
    texts = list(TEMPLATES.rglob("_mail_*.txt"))

    assert len(texts) >= 4
    assert [said for file in texts for said in unmarked(file.read_text())] == []


# --- what a machine can see in the source ---------------------------------------------------------


def unmarked(template: str) -> list[str]:
    """Return each word of a template that stands there as it is and is no content."""
    plain = re.sub(r"{#.*?#}", "", template, flags=re.DOTALL)
    plain = re.sub(r"{%.*?%}", "", plain, flags=re.DOTALL)
    plain = re.sub(r"(</?){{.*?}}", r"\1h3", plain)
    plain = re.sub(r"{{.*?}}", "", plain, flags=re.DOTALL)
    return pseudo.outside_sentences(plain)


def test_no_template_holds_a_word_of_its_own():
    """Every branch of every page, also those to which no test comes."""
    pages = [path for path in TEMPLATES.rglob("*.html") if path.name != "show_style_guide.html"]

    assert len(pages) > 80
    assert [
        f"{path.relative_to(TEMPLATES)}: {said}"
        for path in pages
        for said in unmarked(path.read_text())
    ] == []


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("<p>Hello {{ name }}</p>", 1),
        ("<img alt='A dog'>", 1),
        ("{% if a %}<p>{{ _('Fine') }}</p>{% else %}<p>Forgotten</p>{% endif %}", 1),
        ("<p translate='no'>x@example.org</p>", 0),
        ("{# a remark #}<a href='/v' aria-label='{{ _('Check') }}'>{{ _('Check') }}</a>", 0),
    ],
)
def test_a_word_of_its_own_is_seen(template, said):
    assert len(unmarked(template)) == said


TERMINAL = ("operations/",)  # commands speak English, as logs do


def raised_words(tree: ast.Module) -> Iterator[str]:
    """Give each sentence that is flashed, or put into an error of ours, and is not marked."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        shown = name == "flash" or name in ERRORS
        if shown and isinstance(node.args[0], ast.Constant | ast.JoinedStr):
            yield f"{node.lineno}: {ast.unparse(node)[:80]}"


def error_names() -> set[str]:
    """Return the name of every kind of error that a person may see."""
    parents: dict[str, set[str]] = {}
    for _path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                parents[node.name] = {ast.unparse(base) for base in node.bases}
    found = {"LmsError"}
    while more := {name for name, bases in parents.items() if bases & found} - found:
        found |= more
    return found


ERRORS = error_names()


def test_no_error_and_no_message_is_left_unmarked():
    assert len(ERRORS) > 20
    assert [
        f"{path}:{said}"
        for path, tree in sources()
        if not path.startswith(TERMINAL)
        for said in raised_words(tree)
    ] == []
    assert list(raised_words(ast.parse("raise NotFound('There is none.')")))
    assert list(raised_words(ast.parse("flash(f'{name} is saved.')")))
    assert not list(raised_words(ast.parse("raise NotFound(N_('There is none.'))")))


def test_every_action_of_the_audit_trail_is_in_the_catalogue():
    known = words.ids_of(words.catalogue(words.sentences()))
    actions = {
        part.value
        for _path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record"
        for part in ast.walk(node.args[0])
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }

    assert len(actions) > 15
    assert actions - known == set()


def test_scripts_take_their_sentences_from_the_page():
    """A script has names and selectors; a sentence of two words stands in a data attribute."""
    sentence = re.compile(r"""(["'`])([A-Z][a-z]+ [a-z]+[^"'`\n]*)\1""")

    assert sentence.search('say("Not saved yet")')
    assert [
        f"{path.name}: {found[2]}"
        for path in (LMS / "static" / "js").glob("*.js")
        for found in sentence.finditer(path.read_text())
    ] == []


# --- the brackets themselves ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>⟦All⟧ 12, <b>–</b></p>", []),
        ("<p>⟦Go <a>there</a> now⟧</p>", []),
        ("<p>⟦Seen ⟦2 slides⟧ today⟧</p>", []),
        ("<p>⟦All⟧ but this</p>", ["p: '⟦All⟧ but this'"]),
        ("<h1>⟦A⟧</h1><title>B · Concord</title>", ["title: 'B · Concord'"]),
        ("<h1>⟦A⟧</h1><title>⟦A⟧ · Concord</title>", []),
        ("<p lang=de>Guten Tag <i lang=en-150>here</i></p>", ["i: 'here'"]),
        ("<bdi translate=no>Ada</bdi><img alt=Ada>", []),
        ("<input placeholder='Your name'>", ["input placeholder: 'Your name'"]),
        ("<p>⟦Cut o</p>", ["1 sentences are cut off before their end"]),
        ("<p>Since 21 November 2026, 10:42 UTC</p>", ["p: 'Since 21 November 2026, 10:42 UTC'"]),
        ("<p>21 November 2026, 10:42</p>", []),
    ],
)
def test_what_stands_outside_is_found(html, said):
    assert pseudo.outside_sentences(f"<html lang=en-150>{html}") == said


def test_a_page_without_translation_fails(client, app, monkeypatch):
    monkeypatch.setattr("lms.navigation.gettext", lambda sentence: sentence)

    with pytest.raises(AssertionError, match="GET /v: not translated: a: 'Check a certificate'"):
        client.get("/v")


# --- from right to left ---------------------------------------------------------------------------


def test_a_page_in_a_mirrored_language_says_so_and_loads_the_mirrored_sheet(raw):
    raw.environ_base["HTTP_ACCEPT_LANGUAGE"] = "ar"

    for path in ("/v", "/learning", "/sign-in", "/nowhere"):
        page = raw.get(path).text
        assert '<html lang="ar" dir="rtl"' in page
        assert "bootstrap.rtl.min.css" in page
        assert "bootstrap.min.css" not in page
        assert pseudo.OPEN in page


def test_a_language_that_is_not_there_is_english(raw):
    raw.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de-AT, fr;q=0.5"

    assert '<html lang="en" dir="ltr"' in raw.get("/v").text


def test_a_certificate_speaks_the_language_of_its_module_whoever_earned_it(raw, log_in):
    make_release()
    person = make_person()
    do_until(person, "certification", now=utc_now())
    attempt_id = begin(person, "certification", now=utc_now())
    with transaction():
        training.save_answers(
            attempt_of(person, attempt_id),
            right_answers(attempt_of(person, attempt_id)),
            now=utc_now(),
        )
    log_in(person, on=raw)

    raw.post(f"/attempts/{attempt_id}/submission")

    (held,) = registered.held_by([person.id], on=utc_now().date())
    facts = registered.certificate(held.id).facts
    assert facts.language == "en"
    assert [(line.label, line.value) for line in facts.score] == [
        ("Quiz", "2 of 2 right, 2 required"),
        ("Cases in agreement", "1 of 1, 1 required"),
        ("Items within tolerance", "8 of 8"),
        ("Largest gap in a total", "0, at most 5 agrees"),
    ]
    assert facts.agreement is not None
    assert facts.agreement.unit == "items"


@pytest.mark.parametrize(
    ("tag", "said"), [("ar", "⟦Yes⟧"), ("en-150", "⟦Yes⟧"), ("en", "Yes"), ("tlh-x-odd", "Yes")]
)
def test_a_document_is_written_in_its_own_language(app, tag, said):
    with app.test_request_context(headers={"Accept-Language": "ar"}):
        with in_language(tag):
            assert gettext("Yes") == said
        assert gettext("Yes") == "⟦Yes⟧"


def test_plural_forms_follow_the_language(app):
    from lms.web.filters import file_size

    with app.test_request_context(), force_locale("ar"):
        assert file_size(1) == "⟦1 byte⟧"
        assert file_size(11) == "⟦11 bytes⟧"
