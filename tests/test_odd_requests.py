"""Whatever is asked, the site answers in its own words, shortly, and never breaks."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange import views
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index")]

# Each public address, with the parameters that it reads.
ADDRESSES = {
    "/": ("in",),
    "/substances/": ("in",),
    "/substances/plant/": ("in", "sort", "on", "as_of"),
    "/substances/plant/law/": ("in", "on", "as_of"),
    "/substances/plant/law/map-us.svg": ("in", "on"),
    "/substances/plant/card/": ("in",),
    "/substances/plant/cite/": (),
    "/substances/plant/why/ache-benefit/": ("without", "people"),
    "/substances/plant/history/": (),
    "/alkaloids/": ("in",),
    "/symptoms/ache/": ("sort",),
    "/sources/": ("page", "kind"),
    "/sources/paper/cite/": ("style",),
    "/claims/": ("about",),
    "/articles/text/": ("in",),
    "/regions/": ("place",),
    "/regions/XA/": ("on", "as_of"),
    "/regions/suggest": ("q",),
    "/compare/": ("a", "b", "c", "in"),
    "/help/": ("in",),
    "/check/": ("text",),
    "/report/": ("about",),
    "/search/": ("q", "kind", "level", "region", "status", "tag", "page", "in"),
    "/search/suggest": ("q",),
    "/search/complete": ("q",),
    "/tags/leaf/": (),
    "/law/changes/": (),
    "/changes.atom": (),
    "/sitemap-sources.xml": ("p",),
    "/export/kb.json": (),
    "/api/v1/search": (
        "q",
        "kind",
        "level",
        "region",
        "status",
        "tag",
        "limit",
        "offset",
    ),
    "/api/v1/suggest": ("q",),
    "/api/v1/sources": ("limit", "offset"),
    "/api/v1/substances/plant": (),
    "/api/v1/substances/plant/regulation": ("region", "on", "as_of"),
    "/api/v1/regions/XA": (),
}
# As they stand in an address: a NUL, half a surrogate, no UTF-8, no number, no HTML.
ODD = (
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF%FE",
    "%",
    "%zz",
    "%F0%9F%98%80",
    "0",
    "-1",
    "9" * 30,
    "1e9",
    "NaN",
    "2024-02-30",
    "0000-00-00",
    "..%2F..%2Fetc",
    "%22%3E%3Cscript%3Ex%3C/script%3E",
    "%27%20OR%201=1--",
    "x" * 10_000,
    "%E2%80%AE",
    "alkaloid:%00",
    "kind:%00%20%22",
)
SLUGS = (*ODD, "plant", "krat%C3%B6m", "", "%20", ".", "..", "plant/..", "/plant")
values = st.sampled_from(ODD) | st.text(max_size=40).map(
    lambda text: quote(text.encode("utf-8", "surrogatepass"))
)
LONGEST_ANSWER = 150_000


@pytest.fixture
def records():
    plant, ache = make.substance(slug="plant"), make.symptom(slug="ache")
    plant.tags.add("leaf")
    make.assessment(subject=plant, symptom=ache)
    make.source(slug="paper")
    make.status(subject=plant, region=make.region(code="XA"))
    make.article(slug="text", body="Text.")


def sensible(response, address):
    """Assert that an answer is one of ours: whole, short, and without what was typed."""
    status = response.status_code
    assert status in (200, 301, 302, 400, 404, 405, 429), (address, status)
    assert len(response.content) < LONGEST_ANSWER, address
    assert b"<script>x" not in response.content, address
    assert not response.cookies, address
    kind = response.get("Content-Type", "")
    if address.startswith("/api/") and status >= 400:
        assert kind == "application/problem+json", address
        assert json.loads(response.content)["status"] == status
    elif status in (400, 404) and kind.startswith("text/html"):
        assert b"<h1>" in response.content, address
        assert b'<a class="wordmark"' in response.content, address


@st.composite
def queries(draw):
    """Return an address with parameters: known ones and others, some of them twice."""
    address = draw(st.sampled_from(sorted(ADDRESSES)))
    names = st.sampled_from([*ADDRESSES[address], "in", "q", "page", "utm_source"])
    pairs = draw(st.lists(st.tuples(names, values), min_size=1, max_size=4))
    prefix = ""
    if not address.startswith(("/api", "/export")) and "." not in address:
        prefix = draw(st.sampled_from(["", "/es", "/de"]))
    return f"{prefix}{address}?" + "&".join(f"{name}={text}" for name, text in pairs)


@pytest.mark.usefixtures("records")
def test_no_parameter_breaks_a_page(client):
    client.raise_request_exception = False

    @settings(
        max_examples=250,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=True,
    )
    @given(queries())
    def ask(address):
        sensible(client.generic("GET", address), address)

    ask()


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("slug", SLUGS, ids=lambda slug: slug[:12])
def test_no_name_breaks_a_page(client, slug):
    client.raise_request_exception = False
    for before, after in (
        ("/substances/", "/"),
        ("/substances/", ""),
        ("/alkaloids/", "/law/"),
        ("/articles/", "/"),
        ("/sources/", "/cite.json"),
        ("/regions/", "/"),
        ("/tags/", "/"),
        ("/substances/plant/why/", "/"),
        ("/sitemap-", ".xml"),
        ("/es/symptoms/", "/"),
        ("/api/v1/substances/", ""),
        ("/api/v1/regions/", ""),
    ):
        address = f"{before}{slug}{after}"
        sensible(client.generic("GET", address), address)


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(
    "method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"]
)
def test_a_page_is_asked_for_and_nothing_else(method):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    for address in ADDRESSES:
        if address in ("/check/", "/report/"):
            continue  # forms
        response = strict.generic(method, address)
        assert response.status_code == 405, address
        assert "GET" in response["Allow"], address
        assert len(response.content) < 1000, address


@pytest.mark.parametrize("host", ["evil.example", "", "127.0.0.1@evil", "a b"])
@pytest.mark.parametrize("address", ["/", "/api/v1/substances", "/search/?q=x"])
def test_under_another_name_the_site_is_not_there(client, host, address):
    client.raise_request_exception = False

    response = client.get(address, headers={"Host": host})

    assert response.status_code == 400
    assert len(response.content) < 500


@pytest.mark.parametrize("address", ["/substances/no/", "/sources/?page=0"])
def test_a_program_gets_its_error_as_json_and_a_reader_as_a_page(client, address):
    told = client.get(address, headers={"Accept": "application/json"})
    shown = client.get(address, headers={"Accept": "text/html, application/json"})

    assert told["Content-Type"] == "application/problem+json"
    assert told.json()["status"] == told.status_code == shown.status_code
    assert shown["Content-Type"].startswith("text/html")
    assert "Accept" in told["Vary"]
    assert "Accept" in shown["Vary"]


def test_what_is_mistyped_is_not_written_to_the_log(client, caplog):
    client.get("/substances/secret-illness/")
    client.get("/help/?in=secret-place")

    assert "secret" not in caplog.text


def test_a_download_that_broke_off_goes_on(client):
    make.substance()
    address = "/export/kb.json"
    whole = client.get(address)
    size = len(whole.content)

    def part(wanted, **headers):
        return client.get(address, headers={"Range": wanted, **headers})

    first, rest = part("bytes=0-99"), part("bytes=100-")
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.content + rest.content == whole.content
    assert rest["Content-Range"] == f"bytes 100-{size - 1}/{size}"
    assert part("bytes=-10").content == whole.content[-10:]
    assert part(f"bytes={size}-").status_code == 416
    for nonsense in ("bytes=5-2", "bytes=-", "lines=1-2", "bytes=0-1,5-6"):
        assert part(nonsense).content == whole.content, nonsense
    assert part("bytes=0-9", **{"If-Range": whole["ETag"]}).status_code == 206
    assert part("bytes=0-9", **{"If-Range": '"older"'}).status_code == 200
    assert client.head(address, headers={"Range": "bytes=0-9"}).status_code == 200


def test_a_packed_download_is_cut_where_it_is_packed(client):
    make.substance()
    packed = {"Accept-Encoding": "gzip"}
    whole = client.get("/export/kb.json", headers=packed).content

    part = client.get("/export/kb.json", headers={**packed, "Range": "bytes=0-9"})

    assert part.content == whole[:10]
    assert part["Content-Encoding"] == "gzip"


def test_every_file_of_the_export_can_be_cut(client):
    names = {"kb.json", "kb.jsonl", "schema.json"}
    page = client.get("/export/").content.decode()
    assert names <= set(re.findall(r"/export/([\w.]+)", page))
    for name in names:
        answer = client.get(f"/export/{name}", headers={"Range": "bytes=0-0"})
        assert (answer.status_code, len(answer.content)) == (206, 1)
        assert views.RANGE.fullmatch("bytes=0-0")
