"""The first page counts what readers can see."""

from __future__ import annotations

import re

import pytest

from tests import make

pytestmark = pytest.mark.django_db


def counted(client, path):
    page = client.get("/").text
    found = re.search(rf'<li><a href="{path}">[^<]+</a> <span[^>]*>(\d+)</span>', page)
    assert found
    return int(found[1])


def test_each_kind_is_counted_without_drafts(client):
    for _ in range(3):
        make.substance()
    make.substance(state="draft")
    make.symptom(state="draft")
    make.region()

    assert counted(client, "/substances/") == 3
    assert counted(client, "/symptoms/") == 0
    assert counted(client, "/regions/") == 1


def test_a_new_record_is_counted_at_once(client):
    make.alkaloid()
    assert counted(client, "/alkaloids/") == 1

    make.alkaloid()

    assert counted(client, "/alkaloids/") == 2
