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
    day = {"date_joined_0": "2026-11-24", "date_joined_1": "12:00:00"}
    send(desk, address, first_name="Ada", **day, **values)
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
