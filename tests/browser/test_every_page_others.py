"""Every page of creators, coordinators, administrators and strangers, looked at as a trainee's are.

The last test holds all of these modules together, so that no new page can be left out.
"""

from datetime import timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select

from lms import jobs, storage
from lms.accounts import services as accounts
from lms.accounts.domain import Choices, Role
from lms.accounts.services.invitations import Invitee
from lms.certificates import api as certificates
from lms.certificates import queries as registered
from lms.certificates.domain import RevocationReason, new_code
from lms.clock import utc_now
from lms.db import db, transaction
from lms.modules import queries as training
from lms.modules import services as lessons
from lms.packages import services as studio
from lms.panels.domain import PanelMethod
from lms.trials import services as trials
from lms.trials.domain import State
from tests.browser import test_every_page_training, test_looking_back
from tests.factories import PASSWORD, make_person
from tests.factories_accounts import empty_outbox, path_in
from tests.factories_certificates import issue, make_facts
from tests.factories_modules import SLUG, do_all, do_until, fail
from tests.factories_packages import (
    broken,
    light_files,
    make_draft,
    make_release,
    package_files,
    zip_bytes,
)
from tests.factories_panels import close as close_panel
from tests.factories_panels import make_experts, make_panel, score_all, sign, tasks_of
from tests.factories_trials import (
    MadeTrial,
    make_certificate,
    make_confirmed_person,
    make_rater,
    make_requirement,
    make_trial,
)

STUDIO = {
    "packages.show_draft",
    "packages.show_package",
    "modules.preview_module",
    "modules.preview_practice",
    "modules.preview_step",
    "modules.preview_validity",
}
TRIALS = {
    "trials.show_trial",
    "trials.edit_trial",
    "trials.list_sites",
    "trials.edit_site",
    "trials.list_requirements",
    "trials.edit_requirement",
    "trials.list_coordinators",
    "trials.new_rater",
    "trials.show_rater",
    "trials.new_roster",
    "trials.show_roster",
}
PANELS = {
    "panels.show_panel",
    "panels.show_task",
    "panels.show_decisions",
}
OFFICE = {
    "accounts.show_person",
    "certificates.edit_suspension",
    "certificates.new_erasure",
    "certificates.new_successor",
    "certificates.show_certificate",
    "reports.show_enrolment",
    "reports.show_job",
}
OPEN = {
    "certificates.show_code",
    "instruments.show_instrument",
    "accounts.accept_invitation",
    "accounts.confirm_address",
    "accounts.set_new_password",
}
KINDS_OF_FORM = ("mmt8_150@1.0", "cmas@1.0", "physician_global_activity@1.0", "fi3@1.0")
"""One of each kind; the long ones are looked at in test_rating_forms.py."""
NOT_PAGES = {
    "certificates.download_badge",
    "certificates.download_badge_token",
    "certificates.show_status_list",
    "certificates.show_status_list_token",
    "api.verify_code",
    "reports.download_file",
    "certificates.download_evidence",
    "certificates.download_file",
    "certificates.show_authority",
    "certificates.show_picture",
    "certificates.show_revocation_list",
    "packages.download_release",
    "packages.show_media",
    "reports.show_progress",  # a piece of the page of a job
    "trials.export_matrix",
}
FAULTS = {
    "package.yaml": ("pass_mark: 2", "pass_mark: 9"),
    "cases/form-a/a1.yaml": ("quadriceps: 5", "quadriceps: 12"),
}
ROSTER = "email;name;site\nnew@roster.org;New Rater;02\nnot-an-address;Wrong;01\n"


# --- studio ---------------------------------------------------------------------------------------


def test_the_studio_and_the_preview_have_no_barriers(live, visit, eyes):
    person, ready, faulty = live.do(creator)
    eyes.become(person)
    for path in ("/studio", f"/studio/drafts/{faulty}", f"/studio/drafts/{ready}"):
        eyes.at(path)
    eyes.at("/studio/packages/seen")
    eyes.at(f"/preview/{ready}")
    eyes.at(f"/preview/{ready}/validity")
    eyes.at(f"/preview/{ready}/steps/practice/practice")
    for step in ("why", "deck", "film", "quiz", "certification", "practice"):
        eyes.at(f"/preview/{ready}/steps/{step}")
    for item in eyes.page.locator("[data-item]").all():
        item.locator("input[value='2']").check()
    eyes.sent("Compare with the panel", ".item-line")
    eyes.at(f"/studio/drafts/{live.do(lambda: checking(person.id))}")

    assert eyes.seen == STUDIO


def own_package(version: str) -> dict[str, bytes]:
    files = package_files()
    for old, new in (
        ("slug: sample", "slug: seen"),
        ("title: A sample module", "title: A module to look at"),
        ('version: "1.0"', f'version: "{version}"'),
    ):
        files = broken({"package.yaml": (old, new)}, files)
    return files


def creator() -> tuple[Any, int, int]:
    """Return a creator with a release, a draft of the next one, and one with errors."""
    person = make_person(Role.CREATOR)
    make_release(own_package("1.0"), person_id=person.id, now=utc_now())
    ready = make_draft(person.id, own_package("1.1"), now=utc_now())
    faulty = make_draft(person.id, broken(FAULTS, own_package("1.2")), now=utc_now())
    return person, ready, faulty


def checking(person_id: int) -> int:
    """Upload a package that nobody has looked at yet."""
    source = storage.put(zip_bytes(package_files()))
    with transaction():
        return studio.upload_draft(
            person_id=person_id, file_name="a.zip", source=source, now=utc_now()
        )


# --- panels ---------------------------------------------------------------------------------------


def test_the_pages_of_panels_have_no_barriers(live, visit, eyes):
    made = live.do(panels)
    eyes.become(made["creator"])
    eyes.at("/studio/panels")
    eyes.at("/studio/panels/new?package=seen-by-a-panel")
    eyes.sent("Open the panel", ".errors")
    visit.problems.clear()  # the browser itself notes the 422
    eyes.at(f"/studio/panels/{made['open']}")
    eyes.at(f"/studio/panels/{made['signed']}")
    eyes.at(f"/studio/panels/{made['disputed']}")
    eyes.become(made["expert"])
    eyes.at("/panels")
    eyes.at(f"/panels/tasks/{made['task']}")
    eyes.at(f"/panels/tasks/{made['done']}")
    eyes.become(made["judge"])
    eyes.at(f"/panels/{made['disputed']}/decisions")

    assert eyes.seen == PANELS


def panels() -> dict[str, Any]:
    """Return people, and panels that are open, signed, and waiting for a decision."""
    now, slug = utc_now(), "seen-by-a-panel"
    creator, judge = make_person(Role.CREATOR), make_person()
    named = broken({"package.yaml": ("slug: sample", f"slug: {slug}")}, light_files())
    make_release(named, person_id=creator.id, now=now)
    experts = make_experts()
    signed = make_panel(creator, experts, cases=["p1"], slug=slug, now=now)
    score_all(experts, now=now)
    close_panel(creator, signed, now=now)
    sign(creator, signed, now=now)
    disputed = make_panel(
        creator,
        experts,
        cases=["p2"],
        slug=slug,
        method=PanelMethod.ADJUDICATED,
        adjudicator=judge,
        now=now,
    )
    score_all(experts, now=now, quadriceps=10)
    close_panel(creator, disputed, now=now)
    opened = make_panel(creator, experts[:1], slug=slug, now=now)
    tasks = tasks_of(experts[0], now=now)
    return {
        "creator": creator,
        "expert": experts[0],
        "judge": judge,
        "signed": signed,
        "disputed": disputed,
        "open": opened,
        "task": next(task.id for task in tasks if task.open),
        "done": next(task.id for task in tasks if task.handed_in_at),
    }


# --- trials ---------------------------------------------------------------------------------------


def test_the_pages_of_trials_have_no_barriers(live, sample, visit, eyes):
    trial, places = live.do(busy_trial)
    eyes.become(trial.coordinator)
    for place in places:
        eyes.at(f"/trials/{trial.id}{place}")
    eyes.at("/trials")
    eyes.at("/check-many")
    eyes.page.get_by_label("Codes").fill(f"{live.do(valid_code)}\nnonsense")
    eyes.sent("Check them", "[data-verdict]")
    eyes.at(f"/trials/{trial.id}/sites")
    eyes.sent("Add the site", ".errors")
    visit.problems.clear()  # the browser itself notes the 422
    eyes.become(trial.coordinator)
    live.do(lambda: close(trial))
    eyes.at(f"/trials/{trial.id}/facts")
    eyes.become(live.do(rater_of_a_trial))
    eyes.at("/trials/mine")

    assert eyes.seen == TRIALS


def busy_trial() -> tuple[MadeTrial, list[str]]:
    """Return a trial with raters in every state, and the places in it."""
    today = utc_now().date()
    trial = make_trial("Myolink", sites=("01", "02"))
    requirement = make_requirement(trial, SLUG)
    rater = 0
    for until, revoked in ((400, None), (20, None), (-5, None), (400, today)):
        rater, person = make_rater(trial)
        make_certificate(
            person,
            SLUG,
            issued=today - timedelta(300),
            expires=today + timedelta(until),
            revoked=revoked,
        )
    _entry, learner = make_rater(trial)
    assert learner is not None
    with transaction():
        lessons.enrol(learner, SLUG, now=utc_now())
    make_rater(trial, account=False)
    uploads = [keep(trial, ROSTER), keep(trial, ROSTER.replace("new@", "newer@"))]
    with transaction():
        trials.apply_roster(trial.viewer, trial.id, uploads[0], today=today, now=utc_now())
    jobs.run_pending()
    site = trial.site_ids["01"]
    return trial, [
        "",
        "?show=must_not",
        "/facts",
        "/sites",
        f"/sites/{site}",
        "/requirements",
        f"/requirements/{requirement}",
        "/coordinators",
        "/raters/new",
        f"/raters/{rater}",
        "/rosters/new",
        *(f"/rosters/{upload}" for upload in uploads),
    ]


def keep(trial: MadeTrial, roster: str) -> int:
    sent = trials.SentFile("roster.csv", roster.encode(), True)
    with transaction():
        return trials.keep_roster(trial.viewer, trial.id, sent, now=utc_now())


def close(trial: MadeTrial) -> None:
    with transaction():
        trials.set_state(
            trial.viewer, trial.id, State.CLOSED, reason="The last visit was made", now=utc_now()
        )


def valid_code() -> str:
    today = utc_now().date()
    facts = make_facts(issued_on=today, expires_on=today + timedelta(400))
    return issue(make_person().id, facts=facts, subject="seen:many").code


def rater_of_a_trial() -> Any:
    trial = make_trial()
    make_requirement(trial, SLUG)
    person = make_confirmed_person(email="rater@trial.example")
    make_rater(trial, person.email, account=False)
    return person


# --- office ---------------------------------------------------------------------------------------


def test_the_pages_of_administrators_have_no_barriers(live, sample, eyes):
    person, paths = live.do(office)
    eyes.become(person)
    for path in paths:
        eyes.at(path)
    eyes.at("/certificates/many")
    eyes.page.locator("textarea").fill(f"{live.do(valid_code)}\nnonsense")
    eyes.sent("Look at the choice", "#anew")

    assert eyes.seen == OFFICE


def office() -> tuple[Any, list[str]]:
    """Return an administrator, and pages about people who are certified, stuck and closed."""
    admin = make_person(Role.ADMIN)
    certified, stuck, closed = make_person(), make_person(), make_person()
    do_all(certified, now=utc_now())
    jobs.run_pending()
    do_until(stuck, "certification", now=utc_now())
    fail(stuck, "certification", now=utc_now())
    with transaction():
        accounts.set_roles(
            closed.id,
            {Role.TRAINEE, Role.CREATOR},
            reason="Writes the next module",
            actor_id=admin.id,
            now=utc_now(),
        )
    with transaction():
        accounts.close_account(closed.id, reason="Has left", actor_id=admin.id, now=utc_now())
    enrolments = [training.enrolment_of(one.id, SLUG) for one in (certified, stuck)]
    job = db.session.scalars(select(jobs.Job.id)).first()
    return admin, [
        f"/people/{certified.id}",
        f"/people/{closed.id}",
        *(f"/reports/enrolments/{enrolment.id}" for enrolment in enrolments),
        f"/certificates/{enrolments[0].certificate_id}",
        *(
            f"/certificates/{enrolments[0].certificate_id}/{place}"
            for place in ("suspension", "successor", "erasure")
        ),
        f"/jobs/{job}",
        "/jobs",
        "/reports",
        f"/reports/reliability?module={SLUG}",
        "/people",
    ]


# --- open to everybody ----------------------------------------------------------------------------


def test_the_pages_of_strangers_have_no_barriers(live, visit, eyes):
    found, lost, data = live.do(verdicts)
    for code in found:
        eyes.at(f"/v/{code}")
    eyes.at(f"/v/{lost}", status=404)
    visit.problems.clear()  # the browser itself notes the 404
    eyes.at("/v")
    give(eyes.page, data[:5000] + bytes([data[5000] ^ 1]) + data[5001:])
    eyes.sent("Check the file", "[data-verdict=altered]")
    for path in live.do(mailed):
        eyes.at(path)
    for ref in KINDS_OF_FORM:
        eyes.at(f"/instruments/{ref}")

    assert eyes.seen == OPEN


def test_what_was_refused_and_what_is_not_there_have_no_barriers(live, visit, eyes):
    eyes.at("/instruments/response")
    eyes.sent("Compute", "main h2")
    eyes.at("/register")
    eyes.sent("Open my account", ".errors")
    eyes.at("/sign-in")
    eyes.page.get_by_label("Email address").fill("nobody@example.org")
    eyes.page.get_by_label("Password", exact=True).fill("not the password")
    eyes.sent("Sign in", ".errors")
    eyes.at("/learning/nothing", status=404)
    eyes.become(live.do(make_person))
    eyes.at("/people", status=403)
    visit.problems.clear()  # the browser itself notes each 4xx


def verdicts() -> tuple[list[str], str, bytes]:
    """Return the codes of certificates in every state, one of none, and a file."""
    today = utc_now().date()
    admin = make_person(Role.ADMIN)
    codes = []
    for n, (begun, until) in enumerate(((0, 400), (-400, -5), (0, 400))):
        days = {"issued_on": today + timedelta(begun), "expires_on": today + timedelta(until)}
        made = issue(make_person().id, facts=make_facts(**days), subject=f"seen:{n}")
        codes.append(made.code)
    with transaction():
        certificates.revoke(
            made.id,
            reason_class=RevocationReason.SUPERSEDED,
            reason="A test",
            revoked_by=admin.id,
            now=utc_now(),
        )
    jobs.run_pending()
    file = registered.certificate(made.id).file
    assert file is not None
    return codes, new_code(lambda length: bytes(range(length))), storage.get(file.digest)


def give(page: Any, data: bytes) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": data}
    )


def mailed() -> list[str]:
    """Return the addresses that an invitation, a confirmation and a new password were mailed to."""
    outbox = empty_outbox(current_app)
    person = make_person()
    with transaction():
        accounts.invite(Invitee("invited@example.net"), invited_by=None, now=utc_now())
    with transaction():
        newcomer = Choices("New Comer", "UTC", "")
        accounts.register("new@example.net", newcomer, password=PASSWORD, now=utc_now())
    with transaction():
        accounts.request_reset(person.email, now=utc_now())
    jobs.run_pending()
    return sorted({path_in(message) for message in outbox if "http" in message.body})


# --- none is left out -----------------------------------------------------------------------------


def test_every_page_that_belongs_to_something_is_looked_at(whole_app: Flask):
    pages = {
        rule.endpoint
        for rule in whole_app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.arguments and rule.endpoint != "static"
    }
    seen = test_every_page_training.SEEN | STUDIO | PANELS | TRIALS | OFFICE | OPEN
    seen |= test_looking_back.LOOKING_BACK

    assert pages - seen - NOT_PAGES == set(), "look at these pages in a test of this module"
    assert (seen | NOT_PAGES) - pages == set(), "these pages are no more"
