"""A page that is kept is new as soon as anything on it is."""

from __future__ import annotations

import pytest

from tests import make

pytestmark = pytest.mark.django_db


def test_a_page_is_new_as_soon_as_its_record_is(client):
    kratom = make.substance(summary="As it was.")
    address = kratom.get_absolute_url()
    assert "As it was." in client.get(address).content.decode()

    kratom.summary = "As it is now."
    kratom.save()

    assert "As it is now." in client.get(address).content.decode()


@pytest.mark.parametrize(
    "change",
    [
        lambda kratom: make.safety_note(substance=kratom, finding="NEWS"),
        lambda kratom: make.claim(substance=kratom, name="NEWS"),
        lambda kratom: make.variety(substance=kratom, name="NEWS"),
        lambda kratom: kratom.synonyms.create(name="NEWS"),
        lambda kratom: kratom.tags.add("NEWS"),
        lambda kratom: make.status(
            substance=kratom, region=make.region(name="NEWS"), since="2016"
        ),
        lambda kratom: make.status(
            alkaloid=make.alkaloid(), region=make.region(name="NEWS")
        ).reaches.add(kratom),
        lambda kratom: make.assessment(substance=kratom, conclusion="NEWS"),
    ],
    ids="note claim variety synonym tag status reach assessment".split(),
)
def test_whatever_changes_on_a_page_is_seen_at_once(client, change):
    kratom = make.substance()
    assert "NEWS" not in client.get(kratom.get_absolute_url()).content.decode()

    change(kratom)

    assert "NEWS" in client.get(kratom.get_absolute_url()).content.decode()


def test_who_has_the_page_already_is_told_so(client):
    kratom = make.substance()
    first = client.get(kratom.get_absolute_url())

    again = client.get(
        kratom.get_absolute_url(), headers={"If-None-Match": first["ETag"]}
    )
    kratom.save()
    changed = client.get(
        kratom.get_absolute_url(), headers={"If-None-Match": first["ETag"]}
    )

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
