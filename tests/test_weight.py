"""How much a page weighs: what a reader on a slow line waits for, and pays for."""

from __future__ import annotations

import re

import brotli
import pytest

from config.bundles import BUNDLES, bundled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

# The heaviest of each kind; what a browser gets over https.
ENTRIES = [
    "/substances/kratom/?in=US-OH",
    "/alkaloids/mitragynine/",
    "/symptoms/opioid-withdrawal/",
]
BEFORE_PAINT, WHOLE = 39_000, 120_000


def transferred(client, address):
    response = client.get(address, headers={"accept-encoding": "gzip, br"})
    assert response.status_code == 200, address
    return response["Content-Encoding"], response.content


@pytest.mark.parametrize("address", ENTRIES)
def test_an_entry_page_is_light_before_and_after_its_pictures_come(client, address):
    encoding, page = transferred(client, address)
    assert encoding == "br"
    html = brotli.decompress(page).decode()

    sheets = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)">', html)
    assert sheets == ["css/site.css"], (
        "what is not for the screen has a media of its own"
    )
    style = brotli.compress(bundled(BUNDLES["css/site.css"]).encode())
    first = len(page) + len(style)
    pictures = [
        address.replace("&amp;", "&")
        for address in re.findall(r'<img[^>]* src="([^"]+)"[^>]*loading="lazy"', html)
    ]
    assert len(pictures) == html.count("<img")
    whole = first + sum(len(transferred(client, each)[1]) for each in pictures)

    assert first < BEFORE_PAINT
    assert whole < WHOLE


def test_whoever_takes_only_gzip_or_nothing_gets_the_same_page(client):
    import gzip

    address = "/symptoms/insomnia/"
    _, page = transferred(client, address)
    zipped = client.get(address, headers={"accept-encoding": "gzip;q=1, br;q=0"})
    plain = client.get(address)

    assert zipped["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain
    assert brotli.decompress(page) == gzip.decompress(zipped.content) == plain.content
    assert {zipped["ETag"]} == {plain["ETag"]}
