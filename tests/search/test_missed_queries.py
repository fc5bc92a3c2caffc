"""What is searched for in vain is counted, and nothing of who searched."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError
from django.utils import timezone

from search import missed, upkeep
from search.models import MissedQuery
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def search(client):
    make.substance(slug="kratom", name="Kratom", summary="Chewed against withdrawal.")
    make.symptom(name="Withdrawal")
    upkeep.rebuild()

    def search(text, **parameters):
        assert client.get("/search/", {"q": text, **parameters}).status_code == 200

    return search


def counted():
    return dict(MissedQuery.objects.values_list("text", "count"))


def test_a_query_without_a_result_is_counted_by_days(search):
    for text in (
        "Quetzalcoatlus",
        " quetzalcoatlus",
        "QUETZALCOATLUS",
        "quetzalcóatlus",
    ):
        search(text)

    row = MissedQuery.objects.get()
    assert (row.text, row.count) == ("quetzalcoatlus", 4)
    assert row.first_on == row.last_on == timezone.localdate()


def test_a_query_found_only_by_another_spelling_is_counted(search):
    search("kratim")
    search("kratom withdrawl")

    assert counted() == {"kratim": 1, "kratom withdrawl": 1}


@pytest.mark.parametrize("text", ["kratom", "KRATOM", "chewed", "", "kind:substance"])
def test_what_is_found_is_not_counted(search, text):
    search(text)

    assert counted() == {}


@pytest.mark.parametrize(
    "text",
    [
        "someone@example.org",
        "ask jane@example.org about it",
        "https://example.org/jane",
        "www.example.org",
        "0170 123 4567",
        "call +49 (170) 1234567 now",
        "4111 1111 1111 1111 expired",
        "1234567890",
        "12345",
        "12/11/1987 quetzal",
        "zq",
        "q" * 81,
        "quetzalcoatlus " * 6,
        "***",
        "?!",
    ],
)
def test_what_may_be_about_a_person_or_says_nothing_is_not_kept(search, text):
    search(text)

    assert counted() == {}


@pytest.mark.parametrize("text", ["7-oh gumies", "cyp2d6 quetzal", "5-ht2a quetzal"])
def test_a_few_digits_are_part_of_a_name(text):
    assert missed.countable(text)


def test_filters_pages_and_exclusions_say_nothing_about_names(search):
    search("quetzalcoatlus", kind="substance")
    search("quetzalcoatlus", page="2")
    search("quetzalcoatlus -kratom")
    search("quetzalcoatlus region:US-OH")

    assert counted() == {}


def test_a_search_costs_no_writing_where_something_is_found(
    search, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20) as queries:
        search("kratom")

    assert not [q for q in queries if not q["sql"].lstrip("(").startswith("SELECT")]


def test_the_page_is_shown_though_the_count_fails(search, monkeypatch):
    def fail():
        raise DatabaseError("locked")

    monkeypatch.setattr(missed, "_ROOM_EVERY", 1)
    monkeypatch.setattr(missed, "_make_room", fail)
    search("quetzalcoatlus")

    assert counted() == {}


def test_a_flood_pushes_out_the_rarest(search, monkeypatch):
    monkeypatch.setattr(missed, "MOST_ROWS", 10)
    monkeypatch.setattr(missed, "_MAKES_ROOM", 5)
    monkeypatch.setattr(missed, "_ROOM_EVERY", 1)
    for _ in range(3):
        search("quetzalcoatlus")
    for number in "abcdefghijkl":
        search(f"zzyzxq{number * 3}")

    assert counted()["quetzalcoatlus"] == 3
    assert MissedQuery.objects.count() <= 10


# The curators' desk


@pytest.fixture
def desk(client):
    user = get_user_model().objects.create_superuser("mira", password="x")
    client.force_login(user)
    return client


def test_the_most_missed_stands_first_with_names_like_it(desk, search):
    day = datetime.date(2026, 11, 1)
    for text, count in (("seldom", 1), ("kratim", 9), ("often", 5)):
        MissedQuery.objects.create(text=text, count=count, first_on=day, last_on=day)

    html = desk.get("/admin/search/missedquery/").content.decode()

    places = [html.index(f">{text}<") for text in ("kratim", "often", "seldom")]
    assert places == sorted(places)
    assert 'href="/substances/kratom/"' in html


def test_one_click_makes_it_a_name(desk, search):
    search("kratim")

    html = desk.get("/admin/search/missedquery/").content.decode()
    address = "/admin/kb/synonym/add/?name=kratim&amp;kind=misspelling"
    assert address in html

    form = desk.get(address.replace("&amp;", "&")).content.decode()
    assert 'value="kratim"' in form
    assert '<option value="misspelling" selected>' in form


def test_nothing_is_typed_into_it_by_hand(desk):
    assert desk.get("/admin/search/missedquery/add/").status_code == 403


def test_what_is_done_can_be_deleted(desk, search):
    search("kratim")
    row = MissedQuery.objects.get()

    desk.post(f"/admin/search/missedquery/{row.pk}/delete/", {"post": "yes"})

    assert counted() == {}


def test_nothing_else_is_kept_of_a_query():
    fields = {field.name for field in MissedQuery._meta.get_fields()}

    assert fields == {"id", "text", "count", "first_on", "last_on"}
