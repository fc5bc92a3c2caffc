"""A curator pastes an identifier, and the form fills itself; or sends a file, and chooses.

The services are a server on this machine that answers in their formats.
"""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kb.models import Source
from tests import make
from tests.desk import filled
from tests.kb.publications import CROSSREF, EFETCH, PAGE, serve

pytestmark = pytest.mark.django_db

RIS = b"""TY  - JOUR
AU  - Doe, Jane
TI  - A trial of tea for tiredness
JO  - Tea J
VL  - 3
SP  - 1
EP  - 9
PY  - 2019
DO  - 10.1000/tea
ER  -

TY  - JOUR
AU  - Nobody, A.
ER  -

TY  - JOUR
AU  - Roe, Richard
TI  - Coffee and sleep in shift workers
PY  - 2020
ER  -
"""


@pytest.fixture
def services(settings):
    with serve(settings) as found:
        yield found


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("mira"))
    return client


@pytest.fixture
def contributor():
    person = User.objects.create_user("rita", is_staff=True)
    person.groups.add(Group.objects.get(name="Contributor"))
    client = Client()
    client.force_login(person)
    return client


def find(desk, text):
    return desk.post("/admin/kb/source/find/", {"identifier": text})


def upload(desk, content, name="refs.ris"):
    return desk.post(
        "/admin/kb/source/upload/", {"file": SimpleUploadedFile(name, content)}
    )


def confirm(desk, page, *numbers):
    data = {"records": page.context["records"], "chosen": [str(n) for n in numbers]}
    return desk.post("/admin/kb/source/upload/", data, follow=True)


def test_the_page_to_add_a_source_asks_for_an_identifier(desk):
    page = desk.get("/admin/kb/source/add/").content.decode()

    assert 'action="/admin/kb/source/find/"' in page


def test_a_doi_fills_the_form_and_saves_nothing(desk, services):
    services.pages["/works/10.1021%2Fjacs.6b00360"] = CROSSREF

    page = find(desk, "https://doi.org/10.1021/JACS.6b00360")

    form = filled(page)
    assert form["name"].startswith("Synthetic and Receptor Signaling")
    assert form["doi"] == "10.1021/jacs.6b00360"
    assert form["slug"] == "kruegel-2016"
    assert form["container"] == "J Am Chem Soc 138(21):6754-6764"
    assert form["verification"] == "partial"
    assert not Source.objects.exists()


def test_what_was_found_is_saved_as_a_draft(desk, services):
    services.pages["/works/10.1021%2Fjacs.6b00360"] = CROSSREF
    form = filled(find(desk, "10.1021/jacs.6b00360"))

    desk.post("/admin/kb/source/add/", form)

    made = Source.objects.get()
    assert (made.slug, made.state, str(made.published)) == (
        "kruegel-2016",
        "draft",
        "2016-05-18",
    )
    assert made.authors == ["Kruegel AC", "Gassaway MM"]
    assert made.history.count() == 1


def test_a_contributor_can_look_up(contributor, services):
    services.pages["/eutils/efetch.fcgi"] = EFETCH

    page = find(contributor, "PMID: 27192616")

    assert filled(page)["pmid"] == "27192616"


def test_nobody_else_can(client, services):
    assert find(client, "27192616").status_code == 302
    person = User.objects.create_user("eve", is_staff=True)
    client.force_login(person)

    assert find(client, "27192616").status_code == 403
    assert client.get("/admin/kb/source/upload/").status_code == 403
    assert services.asked == []


def test_one_that_is_here_is_shown_and_nobody_is_asked(desk, services):
    here = make.source(name="Mine", doi="10.1021/jacs.6b00360", state="draft")

    page = find(desk, "10.1021/jacs.6b00360").content.decode()

    assert "This source is here already" in page
    assert f'href="/admin/kb/source/{here.pk}/change/"' in page
    assert services.asked == []


def test_one_that_is_probably_here_is_shown_beside_the_form(desk, services):
    title = "Synthetic and receptor signaling explorations of the Mitragyna alkaloids"
    make.source(name=title, authors=["Kruegel AC"], published="2016")
    services.pages["/works/10.1021%2Fjacs.6b00360"] = CROSSREF

    page = find(desk, "10.1021/jacs.6b00360")

    assert "Probably here already" in page.content.decode()
    assert filled(page)["doi"]


@pytest.mark.parametrize("text", ["", "kratom", "10.abc", "978-0-00-000000-1"])
def test_what_is_no_identifier_is_told(desk, text):
    page = find(desk, text)

    assert "Paste one as" in page.content.decode()
    assert page.status_code == 200


def test_a_title_from_outside_stays_text(desk, services):
    services.pages["/works/10.1000%2Fx"] = (
        200,
        {},
        json.dumps(
            {
                "message": {
                    "title": ["A <script>x()</script>&lt;b&gt; title"],
                    "type": "book",
                }
            }
        ).encode(),
    )

    page = find(desk, "10.1000/x").content.decode()

    assert "<script>x()" not in page


def test_a_page_that_leads_into_the_private_network_is_not_followed(desk, services):
    services.pages["/there"] = (302, {"Location": "http://127.0.0.1:9/"}, b"")

    page = find(desk, f"{services.url}/there").content.decode()

    assert "private network" in page


def test_the_tags_of_a_page_fill_the_form(desk, services):
    services.pages["/article"] = PAGE

    form = filled(find(desk, f"{services.url}/article"))

    assert form["name"] == "Kratom & its users"
    assert form["authors"] == "Doe J\nWorld Health Organization"


def test_a_file_is_shown_before_anything_is_made(desk):
    make.source(name="A trial of tea for tiredness", doi="10.1000/tea")

    page = upload(desk, RIS)

    standing = [(r["number"], r["line"], r["standing"]) for r in page.context["rows"]]
    assert standing == [(1, 1, "same"), (2, 12, "unreadable"), (3, 16, "new")]
    assert "no title" in page.content.decode()
    assert Source.objects.count() == 1


def test_what_is_ticked_becomes_drafts_with_history(contributor):
    page = upload(contributor, RIS)

    answer = confirm(contributor, page, 1)

    made = Source.objects.get()
    assert (made.slug, made.state, made.container) == (
        "doe-2019",
        "draft",
        "Tea J 3:1-9",
    )
    assert made.history.get().history_user.username == "rita"
    assert "refs.ris" in made.history.get().history_change_reason
    assert "1 draft was made" in answer.content.decode()


def test_sending_it_twice_makes_it_once(desk):
    page = upload(desk, RIS)
    confirm(desk, page, 1)

    answer = confirm(desk, page, 1)

    assert Source.objects.count() == 1
    assert "Already here" in answer.content.decode()


def test_a_table_that_somebody_changed_is_refused(desk):
    page = upload(desk, RIS)
    records = page.context["records"][:-2] + "xx"

    answer = desk.post(
        "/admin/kb/source/upload/", {"records": records, "chosen": ["1", "3"]}
    )

    assert "send the file again" in answer.content.decode()
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff\xfe", b"hello", b"%PDF-1.7", b"<a>"]
)
def test_a_file_of_another_kind_is_told(desk, content):
    page = upload(desk, content, "x.bin")

    assert page.status_code == 200
    assert page.context["problem"]


def test_the_table_costs_the_same_for_few_and_many(desk, django_assert_max_num_queries):
    many = b"\n".join(
        b"TY  - JOUR\nTI  - Paper about matter %d\nER  - \n" % number
        for number in range(60)
    )

    # Session, user, the sources; the version and the groups of the desk's frame.
    with django_assert_max_num_queries(8):
        page = upload(desk, many)

    assert page.context["counts"]["new"] == 60
