"""The studio through the browser's eyes."""

import io
import re

import pytest

from lms import jobs
from lms.accounts.domain import Role
from lms.packages import api, queries
from tests.factories import make_person
from tests.factories_packages import (
    broken,
    make_draft,
    make_release,
    next_version,
    package_files,
    zip_bytes,
)


@pytest.fixture
def creator(client, log_in):
    person = make_person(Role.CREATOR)
    log_in(person)
    return person


def upload(client, data, name="sample.zip"):
    return client.post(
        "/studio/drafts",
        data={"package": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )


def test_an_upload_is_checked_previewed_and_published(client, creator):
    sent = upload(client, zip_bytes(package_files()))
    assert sent.status_code == 303
    page = client.get(sent.location)
    assert "is being checked" in page.text

    jobs.run_pending()
    page = client.get(sent.location)
    assert "No errors and no warnings" in page.text
    preview = re.search(r'href="(/preview/\d+)"', page.text)[1]
    assert client.get(preview).status_code == 200

    published = client.post(sent.location + "/publication")
    assert published.status_code == 303
    assert "Live" in client.get(published.location).text
    assert api.current_release("sample").version == "1.0"


def test_the_report_names_every_place_and_remedy(client, creator):
    files = broken(
        {
            "package.yaml": ("pass_mark: 2", "pass_mark: 9"),
            "cases/form-a/a1.yaml": ("quadriceps: 5", "quadriceps: 12"),
        }
    )
    draft_id = make_draft(creator.id, files)

    page = client.get(f"/studio/drafts/{draft_id}").text

    assert "package.yaml:37:16" in page
    assert re.search(r"cases/form-a/a1\.yaml:12:\d+", page)
    assert "Lower the pass mark" in page
    assert "2 errors" in page
    assert "/publication" not in page


def test_a_finding_shows_what_a_stranger_wrote_as_text(client, creator):
    files = broken(
        {
            "package.yaml": ("slug: sample", "'<img src=x>': 1\nslug: sample"),
            "figures/scale.svg": ("<rect", "<script>x</script><rect"),
            "cases/form-a/a1.yaml": ("quadriceps: 5", "quadriceps: <b>"),
        }
    )
    draft_id = make_draft(creator.id, files)

    page = client.get(f"/studio/drafts/{draft_id}").text

    assert "&lt;img src=x&gt;" in page
    assert "The drawing holds &lt;script&gt;" in page
    assert "&lt;b&gt; is not a level" in page
    for smuggled in ("<img src=x>", "<script>", "<b>"):
        assert smuggled not in page


def test_a_form_without_a_file_comes_back_with_a_sentence(client, creator):
    answer = client.post("/studio/drafts", data={}, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "Choose a zip." in answer.text


def test_a_version_that_is_taken_is_said_before_publishing(client, creator):
    draft_id = make_draft(creator.id)
    client.post(f"/studio/drafts/{draft_id}/publication")
    again = make_draft(creator.id, broken({"lessons/why.md": ("same", "very same")}))

    page = client.get(f"/studio/drafts/{again}").text

    assert "Raise the version" in page or "raise the version" in page
    assert "/publication" not in page
    assert client.post(f"/studio/drafts/{again}/publication").status_code == 409


def test_a_withdrawn_draft_is_gone_from_the_studio(client, creator):
    draft_id = make_draft(creator.id)

    assert client.post(f"/studio/drafts/{draft_id}/withdrawal").status_code == 303

    assert f"/studio/drafts/{draft_id}" not in client.get("/studio").text
    assert "Withdrawn" in client.get(f"/studio/drafts/{draft_id}").text


def test_a_creator_sees_only_their_own(client, creator, log_in, new_client):
    mine = make_draft(creator.id)
    client.post(f"/studio/drafts/{mine}/publication")
    draft_id = make_draft(creator.id, next_version("1.1"))
    release_id = api.current_release("sample").id
    other = log_in(make_person(Role.CREATOR), new_client())

    assert "sample" not in other.get("/studio").text
    for path in (
        f"/studio/drafts/{draft_id}",
        "/studio/packages/sample",
        f"/studio/releases/{release_id}/source",
        f"/preview/{draft_id}",
    ):
        assert other.get(path).status_code == 404, path
    assert other.post(f"/studio/drafts/{draft_id}/publication").status_code == 404


def test_an_admin_sees_everything(client, creator, log_in, new_client):
    draft_id = make_draft(creator.id)
    admin = log_in(make_person(Role.ADMIN), new_client())

    assert f"/studio/drafts/{draft_id}" in admin.get("/studio").text
    assert admin.get(f"/studio/drafts/{draft_id}").status_code == 200


def test_a_trainee_is_not_let_in(client, log_in):
    log_in(make_person())

    assert client.get("/studio").status_code == 403
    assert client.get("/studio/upload").status_code == 403


def test_a_release_is_downloaded_as_the_same_package(client, creator):
    release = make_release(person_id=creator.id)

    with client.get(f"/studio/releases/{release.id}/source") as answer:
        data = answer.data

    assert answer.mimetype == "application/zip"
    assert "sample-1.0.zip" in answer.headers["Content-Disposition"]
    assert api.check(data).build.digest == release.digest


def test_media_are_cached_for_ever_and_served_in_ranges(client, creator):
    release = make_release(person_id=creator.id)
    film = api.content_of(release.digest).step("film").film

    with client.get(film.url) as whole:
        assert whole.status_code == 200
        assert whole.mimetype == "video/mp4"
        assert "immutable" in whole.headers["Cache-Control"]
        assert "private" in whole.headers["Cache-Control"]
    with client.get(film.url, headers={"Range": "bytes=0-99"}) as part:
        assert (part.status_code, len(part.data)) == (206, 100)
    with client.get(film.captions_url) as captions:
        assert captions.mimetype == "text/vtt"


def test_a_drawing_opened_by_itself_can_do_nothing(client, creator):
    release = make_release(person_id=creator.id)
    drawing = api.content_of(release.digest).step("practice").cases[0].media[0]

    with client.get(drawing.url) as answer:
        assert answer.mimetype == "image/svg+xml"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_media_are_not_for_strangers(client, log_in):
    release = make_release()
    film = api.content_of(release.digest).step("film").film

    assert client.get(film.url).status_code == 303
    log_in(make_person())
    assert client.get(film.url).status_code == 404
    assert client.get(f"/media/{'0' * 64}.mp4").status_code == 404
    assert client.get(f"/media/{film.digest}.svg").status_code == 404


def test_the_schema_is_for_everybody(client):
    answer = client.get("/content-format.schema.json")

    assert answer.mimetype == "application/schema+json"
    assert "Package" in answer.json["$defs"]


def test_the_studio_asks_as_much_for_many_as_for_one(client, creator, count_queries):
    make_release(person_id=creator.id)
    make_draft(creator.id, next_version("1.1"))
    client.get("/studio")
    count_queries()
    client.get("/studio")
    few = count_queries()
    for slug in ("second", "third"):
        files = broken({"package.yaml": ("slug: sample", f"slug: {slug}")})
        make_release(files, person_id=creator.id)
        make_draft(creator.id, files)
    count_queries()

    client.get("/studio")

    assert count_queries() == few
    assert len(queries.packages_of(creator.id, everything=False)) == 3
