"""What holds on every page, whatever it is about: policy, headings, links.

Each page is made once; the tests read what came.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings

from search import upkeep
from search.engine import get_engine
from tests import make
from tests.page import Page

pytestmark = pytest.mark.django_db

LISTS = ["substance", "alkaloid", "symptom", "source", "claim", "region", "article"]
# Its page is drawn by a script: it has no text of ours.
DOCS = "/api/v1/docs"

Seen = dict[str, HttpResponse | Exception]


def make_everything() -> list[str]:
    """Make a small knowledge base that fills every section; return each page's address."""
    kratom = make.whole_subject(slug="kratom", name="Kratom", tags=["opioid-receptor"])
    other = make.whole_subject(slug="kava", name="Kava")
    base = make.alkaloid(name="Mitragynine", smiles=make.MITRAGYNINE)
    make.activity(alkaloid=base)
    make.occurrence(alkaloid=base, substance=kratom)
    make.assessment(alkaloid=base, items=1)
    us = make.region("US", name="United States")
    ohio = make.region("US-OH", name="Ohio", parent=us)
    make.status(substance=kratom, region=ohio)
    make.help_resource(region=ohio)
    syndrome = make.symptom(kind="syndrome", synonyms=[("feeling rough", "lay")])
    make.assessment(substance=kratom, symptom=syndrome, items=1)
    make.assessment(
        substance=kratom,
        symptom=make.symptom(slug="mortality", kind="outcome"),
        items=2,
    )
    claim = make.claim(
        substance=kratom, symptom=syndrome, sources=[make.source(retraction="concern")]
    )
    article = make.article(
        body="Kratom is [[kratom]]. It was studied [@doe-2016].",
        takeaways=["One thing."],
        substances=[kratom],
        claims=[claim],
        sources=[make.source(slug="doe-2016")],
    )
    upkeep.rebuild()
    records = [kratom, other, base, us, ohio, syndrome, claim, article]
    return [
        *(record.get_absolute_url() for record in records),
        claim.sources.get().get_absolute_url(),
        *(f"/{kind}s/" for kind in LISTS),
        "/",
        "/search/",
        "/search/?q=kratom",
        "/search/?q=kratom+legal+ohio",
        "/search/?q=zzzz",
        "/tags/opioid-receptor/",
        "/compare/",
        "/compare/?a=kratom&b=kava",
        f"{kratom.get_absolute_url()}?in=US-OH",
        "/method/",
        "/changes/",
        "/help/",
        "/export/",
        "/check/",
        "/substances/nothing/",
        f"{kratom.get_absolute_url()}?in=QQ",
    ]


@pytest.fixture(scope="module")
def index_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("everything") / "index"


@pytest.fixture(scope="module")
def seen(
    django_db_setup: None, django_db_blocker: Any, index_folder: Path
) -> Iterator[Seen]:
    """Keep everything in the database; return what each address answered, or raised."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(SEARCH_URL=f"whoosh://{index_folder}"):
            get_engine.cache_clear()
            answers = {each: answer_of(each) for each in [*make_everything(), DOCS]}
            get_engine.cache_clear()
        yield answers
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def index_of_everything(own_index: None, index_folder: Path, settings: Any) -> None:
    settings.SEARCH_URL = f"whoosh://{index_folder}"


def answer_of(address: str) -> HttpResponse | Exception:
    try:
        answer: HttpResponse = Client().get(address)  # type: ignore[assignment]
        return answer
    except Exception as error:
        return error


def each_page(seen: Seen, *, but: str = "") -> Iterator[tuple[str, HttpResponse, Page]]:
    """Yield address, response and page; what breaks is told by name at the end."""
    broken = []
    for address, answer in seen.items():
        if isinstance(answer, Exception):
            broken.append(f"{address}: {type(answer).__name__}: {answer}")
        elif address != but:
            yield address, answer, Page(answer.content.decode())
    assert not broken, "\n".join(broken)


def test_no_page_sets_a_cookie(seen):
    for address, response, _ in each_page(seen):
        assert not response.cookies, address


def test_every_page_carries_the_strict_policy(seen):
    for address, response, _ in each_page(seen):
        policy = response.headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy, address
        assert "script-src 'self'" in policy, address
        assert "unsafe" not in policy, address
        assert response["X-Content-Type-Options"] == "nosniff", address


def test_no_page_has_anything_inline_that_the_policy_bars(seen):
    pages = each_page(seen)
    found = {address: page.inline for address, _, page in pages}

    assert {address: inline for address, inline in found.items() if inline} == {}


def test_no_page_loads_anything_from_elsewhere(seen):
    for address, _, page in each_page(seen):
        for file in page.loaded:
            assert file.startswith(("/", "data:", "#")), f"{address} loads {file}"
            assert not file.startswith("//"), f"{address} loads {file}"


def test_every_page_has_one_first_heading_and_no_level_left_out(seen):
    for address, _, page in each_page(seen, but=DOCS):
        levels = [int(tag[1]) for tag in page.headings]
        assert levels.count(1) == 1, f"{address}: {levels}"
        for before, after in pairwise(levels):
            assert after <= before + 1, f"{address}: {levels}"


def test_no_page_uses_an_id_twice_or_points_to_one_that_is_not_there(seen):
    for address, _, page in each_page(seen, but=DOCS):
        twice = {each for each in page.ids if page.ids.count(each) > 1}
        assert not twice, f"{address}: {twice}"
        anchors = {link[1:] for link in page.links if link.startswith("#")}
        assert anchors <= set(page.ids), f"{address}: {anchors - set(page.ids)}"


def test_every_page_says_that_it_is_no_medical_advice(seen):
    for address, _, page in each_page(seen, but=DOCS):
        assert "Not medical advice." in page.text, address


def test_every_internal_link_leads_somewhere(client, seen):
    found = {}
    for address, _, page in each_page(seen, but=DOCS):
        for link in page.links:
            if link.startswith("#"):
                continue  # within the page; tested above
            target, anchor = urldefrag(urljoin(address, link))
            if target.startswith("/"):
                found.setdefault(target, {}).setdefault(anchor, address)
    assert len(found) > 60
    broken = []
    for target, anchors in sorted(found.items()):
        origin = next(iter(anchors.values()))
        try:
            response = client.get(target)
        except Exception as error:
            broken.append(f"{target} (on {origin}): {type(error).__name__}")
            continue
        if response.status_code not in (200, 301):
            broken.append(f"{target} (on {origin}): {response.status_code}")
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            ids = Page(response.content.decode()).ids if response.content else []
            broken += [
                f"{target}#{anchor} (on {origin}): no such place"
                for anchor, origin in anchors.items()
                if anchor and response.status_code == 200 and anchor not in ids
            ]
    assert not broken, "\n".join(broken)
