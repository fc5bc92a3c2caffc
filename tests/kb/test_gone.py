"""An address that was given out once leads somewhere for good, or says that it is over."""

from __future__ import annotations

import pytest

from kb.models import OldSlug
from tests import make

pytestmark = pytest.mark.django_db

MAKE = {
    "substances": make.substance,
    "alkaloids": make.alkaloid,
    "symptoms": make.symptom,
    "sources": make.source,
    "claims": make.claim,
    "articles": lambda **values: make.article(body="Text.", **values),
}
BESIDE = {
    "substances": ("law/", "card/", "law.atom", "law/map-us.svg"),
    "alkaloids": ("law/", "card/", "structure.svg", "law.json"),
}
EVERYWHERE = ("", "history/", "cite/", "cite.bib", "linkset.json")


def addresses(plural, slug):
    return [f"/{plural}/{slug}/{end}" for end in (*EVERYWHERE, *BESIDE.get(plural, ()))]


@pytest.mark.parametrize("plural", MAKE)
def test_a_withdrawn_record_is_gone_on_all_of_its_pages(client, plural):
    record = MAKE[plural](state="withdrawn")

    for address in addresses(plural, record.slug):
        assert client.get(address).status_code == 410, address
    told = client.get(f"/api/v1/{plural}/{record.slug}")
    assert (told.status_code, told.json()["title"]) == (410, "Gone")
    assert told["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("state", ["draft", "in-review"])
def test_what_readers_never_saw_is_not_called_withdrawn(client, state):
    for plural, make_one in MAKE.items():
        record = make_one(state=state)
        for address in addresses(plural, record.slug):
            assert client.get(address).status_code == 404, address
        assert client.get(f"/api/v1/{plural}/{record.slug}").status_code == 404


@pytest.mark.parametrize("plural", MAKE)
def test_an_old_name_leads_to_the_same_page_of_the_record(client, plural):
    record = MAKE[plural]()
    OldSlug.objects.create(kind=record.KIND, slug="before", now=record.slug)
    there = dict(
        zip(addresses(plural, "before"), addresses(plural, record.slug), strict=True)
    )

    for old, new in there.items():
        response = client.get(f"{old}?in=US")
        assert response.status_code == 301, old
        assert response["Location"] == f"{new}?in=US"
    api = client.get(f"/api/v1/{plural}/before")
    assert api.status_code == 301
    assert api["Location"].endswith(f"/api/v1/{plural}/{record.slug}")


def test_an_old_name_leads_on_in_the_language_that_is_read(client):
    record = make.substance()
    OldSlug.objects.create(kind="substance", slug="before", now=record.slug)

    response = client.get("/es/substances/before/")

    assert response["Location"] == f"/es/substances/{record.slug}/"


def test_the_reasons_of_a_level_go_with_their_record(client):
    subject = make.substance()
    why = f"why/{make.assessment(subject=subject).anchor}/"
    OldSlug.objects.create(kind="substance", slug="before", now=subject.slug)
    assert client.get(f"/substances/before/{why}").status_code == 301

    subject.state = "withdrawn"
    subject.save()

    assert client.get(f"/substances/{subject.slug}/{why}").status_code == 410
    # The old name leads to where it now says so.
    assert client.get("/substances/before/", follow=True).status_code == 410
