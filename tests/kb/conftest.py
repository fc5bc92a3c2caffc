"""What tests of the records' pages share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from kb.models import Curator, Substance
from tests import make
from tests.page import Page


@pytest.fixture
def read(client: Client) -> Callable[..., Page]:
    """Read the page of an address or a record; other arguments are parameters."""

    def read(address: Any, status: int = 200, **query: str) -> Page:
        if not isinstance(address, str):
            address = address.get_absolute_url()
        response = client.get(address, query)
        assert response.status_code == status, f"{address}: {response.status_code}"
        return Page(response.content.decode())

    return read


@pytest.fixture
def curator(db: None) -> User:
    return User.objects.create_superuser("mitra", password="a long enough one")


@pytest.fixture
def desk(client: Client, curator: User) -> Client:
    """The curators' desk, with somebody at it who may do all."""
    client.force_login(curator)
    return client


@pytest.fixture
def login(client: Client) -> Callable[[str], User]:
    """Log somebody of a role in, who stated their interests, and return them."""

    def login(role: str) -> User:
        made = make.user(is_staff=True, username=role.lower())
        made.groups.add(Group.objects.get(name=role))
        Curator.objects.create(
            user=made, interests="None.", interests_stated_on=timezone.localdate()
        )
        client.force_login(made)
        return made

    return login


@pytest.fixture
def two(db: None) -> tuple[Substance, Substance]:
    """Kratom, entered twice."""
    return (
        make.substance(slug="kratom", name="Kratom"),
        make.substance(slug="biak", name="Biak", synonyms=["Ketum"]),
    )
