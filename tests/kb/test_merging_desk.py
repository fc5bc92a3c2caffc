"""The pages of the desk on which two records are merged."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from kb.models import (
    Substance,
)
from tests import make

pytestmark = pytest.mark.django_db


def test_the_page_shows_both_and_what_would_move_and_changes_nothing(admin_client, two):
    keep, gone = two
    make.safety_note(substance=gone)
    address = reverse("admin:kb_substance_merge", args=[keep.pk])

    page = admin_client.get(address, {"other": "biak"}).content.decode()

    assert "Goes: Biak" in page
    assert "1 safety notes" in page
    assert Substance.objects.count() == 2


def test_the_form_merges_and_takes_what_was_ticked(admin_client, two):
    keep, _ = two
    address = reverse("admin:kb_substance_merge", args=[keep.pk])
    sent = {"other": "biak", "sent": "1", "take": ["name"], "reason": "One tree."}

    admin_client.post(address, sent)

    assert Substance.objects.get().name == "Biak"
    assert set(keep.synonyms.values_list("name", flat=True)) == {"Kratom", "Ketum"}


def test_words_of_a_name_find_the_record_and_no_page_holds_all_of_them(
    admin_client, two
):
    keep, _ = two
    for number in range(30):
        make.substance(slug=f"akuamma-{number}", name=f"Akuamma {number}")
    address = reverse("admin:kb_substance_merge", args=[keep.pk])

    assert "akuamma-1" not in admin_client.get(address).text
    many = admin_client.get(address, {"other": "Akuamma"}).text
    one = admin_client.get(address, {"other": "Biak"}).text

    assert many.count('href="?other=akuamma-') == 20
    assert "write more of the name" in many
    assert 'href="?other=biak"' in one
    assert "What differs" not in one
    assert "What differs" in admin_client.get(address, {"other": "biak"}).text


def test_a_slug_that_is_none_is_told_in_a_sentence(admin_client, two):
    address = reverse("admin:kb_substance_merge", args=[two[0].pk])

    page = admin_client.get(address, {"other": "beak"}).content.decode()

    assert "There is no record with the slug “beak”." in page


def test_a_reviewer_is_not_offered_it(client, two):
    made = User.objects.create_user("rita", password="a long enough one", is_staff=True)
    made.groups.add(Group.objects.get(name="Reviewer"))
    client.force_login(made)

    page = client.get(reverse("admin:kb_substance_change", args=[two[0].pk]))
    merge = client.get(reverse("admin:kb_substance_merge", args=[two[0].pk]))

    assert "Merge with another" not in page.content.decode()
    assert merge.status_code == 403
