"""Long pages have a list of their parts, and each of its links leads to one."""

from __future__ import annotations

import re

import pytest

from tests import make

pytestmark = pytest.mark.django_db
LISTED = re.compile(r'<nav class="toc".*?</nav>', re.DOTALL)


def contents(page):
    lists = LISTED.findall(page)
    return re.findall(r'href="#([^"]+)"', lists[0]) if lists else []


@pytest.fixture
def region():
    region = make.region()
    make.status(region=region, since="2016-05-10")
    make.region(parent=region)
    return region


@pytest.mark.parametrize("language", ["", "/de"])
def test_region_law_and_method_have_one(client, region, language):
    subject = region.statuses.first().subject
    for address in (
        region.get_absolute_url(),
        f"{subject.get_absolute_url()}law/",
        "/method/",
    ):
        page = client.get(language + address).text
        anchors = contents(page)

        assert len(anchors) >= 3, address
        for anchor in anchors:
            assert page.count(f'id="{anchor}"') == 1, f"{address}#{anchor}"
        if language:
            assert ' lang="en"' not in "".join(LISTED.findall(page)), address


def test_a_short_page_has_none(client):
    empty = make.region()

    assert contents(client.get(empty.get_absolute_url()).text) == []
