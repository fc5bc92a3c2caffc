"""Help at hand on the desk: where a record is used, and its page before it is saved."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.urls import reverse

from kb.admin.base import Desk
from kb.models import Change, Source, Substance
from tests import make
from tests.desk import errors_of, filled

pytestmark = pytest.mark.django_db


def change(row):
    options = row._meta
    return reverse(
        f"admin:{options.app_label}_{options.model_name}_change", args=[row.pk]
    )


def preview(desk, row, **changes):
    data = {**filled(desk.get(change(row))), **changes, "_preview": "1"}
    given = {key: value for key, value in data.items() if value is not None}
    return desk.post(change(row), given)


@pytest.fixture
def contributor(client):
    made = User.objects.create_user(
        "carla", password="a long enough one", is_staff=True
    )
    made.groups.add(Group.objects.get(name="Contributor"))
    client.force_login(made)
    return client


# Where this is used


def test_a_record_says_where_it_is_used(admin_client):
    source = make.source()
    item = make.evidence_item(source=source)
    make.claim(name="Tea heals everything", sources=[source])

    page = admin_client.get(change(source)).content.decode()

    assert "Where this is used" in page
    assert change(item) in page
    assert "Tea heals everything" in page


def test_an_article_that_only_cites_a_source_in_its_text_uses_it(admin_client):
    source = make.source(slug="doe-2020")
    make.article(name="On tea", body="So it is. [@doe-2020]")
    make.article(name="On coffee", body="So it is not. [@doe-2020-b]")

    page = admin_client.get(change(source)).content.decode()

    assert "On tea" in page
    assert "On coffee" not in page


def test_many_uses_are_a_number_and_a_few_links(admin_client):
    source = make.source()
    for _ in range(12):
        make.claim(sources=[source])

    page = admin_client.get(change(source))

    [claims] = [each for each in page.context["uses"] if each["title"] == "Claims"]
    assert (claims["count"], len(claims["rows"]), claims["more"]) == (12, 8, 4)


def test_it_asks_as_much_for_many_uses_as_for_few(
    admin_client, django_assert_max_num_queries
):
    plants = [make.substance(), make.substance()]
    for plant, times in zip(plants, (9, 30), strict=True):
        for _ in range(times):
            make.safety_note(substance=plant)
            make.status(substance=plant)
    admin_client.get(change(plants[0]))
    counts = []
    for plant in plants:
        with django_assert_max_num_queries(90) as captured:
            admin_client.get(change(plant))
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_what_nothing_uses_says_so(admin_client):
    page = admin_client.get(change(make.source())).content.decode()

    assert "Nothing uses it yet." in page


# Preview


def test_the_preview_shows_what_was_typed_and_saves_nothing(admin_client):
    plant = make.substance(state="draft", summary="As it was.")
    lines = plant.history.count()

    page = preview(admin_client, plant, summary="As I just typed it.")

    assert page.status_code == 200
    assert "As I just typed it." in page.content.decode()
    assert "Preview, not saved." in page.content.decode()
    plant.refresh_from_db()
    assert (plant.summary, plant.state) == ("As it was.", "draft")
    assert plant.history.count() == lines


def test_a_preview_is_for_no_search_engine_and_no_cache(admin_client):
    page = preview(admin_client, make.source(state="draft"))

    assert "noindex" in page["X-Robots-Tag"]
    assert "no-store" in page["Cache-Control"]
    assert '<meta name="robots" content="noindex, nofollow">' in page.content.decode()


def test_readers_get_neither_the_draft_nor_its_preview(admin_client, client):
    plant = make.substance(state="draft")
    preview(admin_client, plant)

    assert client.get(plant.get_absolute_url()).status_code == 404


def test_a_preview_of_what_readers_see_proposes_nothing(contributor, client):
    plant = make.substance(summary="As it was.")

    page = preview(contributor, plant, summary="As I would have it.")

    assert "As I would have it." in page.content.decode()
    assert not Change.objects.exists()
    assert "As it was." in client.get(plant.get_absolute_url()).content.decode()


def test_a_fact_is_previewed_on_the_page_of_its_subject(admin_client):
    note = make.safety_note(substance=make.substance(name="Tea", state="draft"))

    page = preview(admin_client, note, finding="It keeps people awake.")

    assert "<h1>Tea" in page.content.decode() or "Tea</h1>" in page.content.decode()
    assert "It keeps people awake." in page.content.decode()


def test_an_article_is_previewed_too(admin_client):
    article = make.article(state="draft", body="As it was.")

    page = preview(admin_client, article, body="As it will be read.")

    assert "As it will be read." in page.content.decode()


def test_a_record_can_be_previewed_before_it_is_there_at_all(admin_client):
    address = reverse("admin:kb_source_add")
    data = {
        **filled(admin_client.get(address)),
        "name": "A study to come",
        "slug": "doe-2030",
        "kind": "journal-article",
        "_preview": "1",
    }

    page = admin_client.post(address, data)

    assert "A study to come" in page.content.decode()
    assert not Source.objects.exists()


def test_what_cannot_be_saved_cannot_be_previewed(admin_client):
    plant = make.substance()

    page = preview(admin_client, plant, name="")

    assert "required" in errors_of(page)
    assert Substance.objects.get().name == plant.name


def test_a_kept_page_never_is_a_preview(admin_client, client):
    plant = make.substance(summary="As it was.")
    address = plant.get_absolute_url()

    preview(admin_client, plant, summary="As I just typed it.")

    assert "As it was." in client.get(address).content.decode()


# Help texts


@pytest.mark.parametrize(
    "model",
    [
        model
        for model, desk in admin.site._registry.items()
        if isinstance(desk, Desk) and model._meta.app_label in ("kb", "articles")
    ],
    ids=lambda model: model.__name__,
)
def test_every_field_of_a_desk_says_what_it_asks_for(rf, admin_user, model):
    request = rf.get("/")
    request.user = admin_user

    form = admin.site._registry[model].get_form(request)

    silent = [name for name, each in form.base_fields.items() if not each.help_text]
    assert not silent
