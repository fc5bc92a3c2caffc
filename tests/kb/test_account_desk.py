"""An administrator gives roles, but lifts no rule for anybody."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User

from tests import make
from tests.desk import send

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    made = make.user(is_staff=True, username="adam")
    made.groups.add(Group.objects.get(name="Administrator"))
    client.force_login(made)
    return client


def edit(desk, user, **values):
    """Save the form of an account; what was typed last shows that it was taken."""
    address = f"/admin/auth/user/{user.pk}/change/"
    send(desk, address, first_name="Ada", **values)
    user.refresh_from_db()
    assert user.first_name == "Ada"


def test_an_administrator_gives_roles(desk):
    carl = make.user(is_staff=True, username="carl")
    role = Group.objects.get(name="Contributor")

    edit(desk, carl, groups=[str(role.pk)])

    assert list(carl.groups.all()) == [role]


def test_an_administrator_lifts_no_rule_for_themself_or_others(desk):
    for user in (User.objects.get(username="adam"), make.user(username="carl")):
        right = str(user.user_permissions.model.objects.first().pk)
        edit(desk, user, is_superuser="on", user_permissions=[right])

        assert not user.is_superuser
        assert not user.user_permissions.exists()


@pytest.mark.parametrize("page", ["password", "change"])
def test_an_administrator_sets_no_password_of_one_whom_no_rule_binds(desk, page):
    root = User.objects.create_superuser("root", password="a long enough one")
    before = root.password
    sent = {
        "username": "root",
        "password1": "another long one 1",
        "password2": "another long one 1",
        "usable_password": "true",
    }

    response = desk.post(f"/admin/auth/user/{root.pk}/{page}/", sent)

    root.refresh_from_db()
    assert response.status_code == 403
    assert root.password == before
    assert root.is_superuser


def test_an_administrator_does_not_change_what_a_role_may(desk):
    role = Group.objects.get(name="Contributor")
    address = f"/admin/auth/group/{role.pk}/"
    before = role.permissions.count()
    every = [
        str(pk) for pk in role.permissions.model.objects.values_list("pk", flat=True)
    ]

    shown = desk.get(f"{address}change/")
    refused = desk.post(f"{address}change/", {"name": "Mine", "permissions": every})

    text = shown.content.decode()
    assert "<li>add, change, view: activities, alkaloids," in text
    assert "approve and reject changes" not in text
    assert refused.status_code == 403
    assert desk.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    assert desk.get("/admin/auth/group/add/").status_code == 403
    role.refresh_from_db()
    assert (role.name, role.permissions.count()) == ("Contributor", before)


def test_the_list_of_accounts_says_who_has_which_role(desk):
    make.user(username="mira").groups.set(Group.objects.filter(name="Publisher"))
    make.user(username="ada")

    rows = desk.get("/admin/auth/user/").context["cl"].result_list
    page = desk.get("/admin/auth/user/").content.decode()

    assert {row.username for row in rows} == {"adam", "mira", "ada"}
    assert '<td class="field-roles">Publisher</td>' in page
    assert '<td class="field-roles">none</td>' in page


def test_roles_are_ticked_and_said_what_they_may(desk):
    carl = make.user(is_staff=True, username="carl")

    page = desk.get(f"/admin/auth/user/{carl.pk}/change/").content.decode()

    assert page.count('type="checkbox" name="groups"') == 4
    assert "a reviewer also decides on what others propose" in page
    assert "user_permissions" not in page
    assert 'name="last_login' not in page, "the trail is not typed"
