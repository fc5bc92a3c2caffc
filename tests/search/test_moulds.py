"""Templates that are filled in: the same page as if each had been rendered anew."""

from __future__ import annotations

import itertools

import pytest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from search import showing, upkeep
from search.engine import Hit
from search.moulds import Mould, marked
from search.page import card
from search.templatetags.filters import facet_options, place_options
from tests import make

HOSTILE = "\"><script>alert('1')</script>&amp; {{ x }}{% y %} \ue0000\ue001"
SAFE = (
    "&quot;&gt;&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;&amp;amp;"
    " {{ x }}{% y %} \ue0000\ue001"
)


def test_a_card_is_what_its_template_gives():
    texts = ["Kratom & <b>tea</b>", HOSTILE, ""]
    for title, matched, about, level, status in itertools.product(
        texts, texts, texts, ["very-low", "none", ""], ["unclear", "controlled", ""]
    ):
        values = {
            "kind_label": "Substance",
            "title": title,
            "url": "/substances/kratom/?a=1&b=2",
            "rank": 2,
            "matched": matched,
            "matched_why": matched and "a local name",
            "summary": title,
            "level": level,
            "level_label": "Very low" if level == "very-low" else "",
            "about": about,
            "status": status,
            "status_label": "",
            "stale": status == "unclear",
            "region_label": about,
        }

        filled = showing._CARD.filled(values)

        assert filled == render_to_string("components/_card.html", values)


def test_an_answer_is_what_its_template_gives():
    better = [
        {"title": HOSTILE, "url": "/a/", "level": "high", "level_label": "High"},
        {"title": "Methadone", "url": "/b/", "level": "low", "level_label": "Low"},
    ]
    for sentence, level, status, direction, those in itertools.product(
        ["Kratom eases it.", HOSTILE],
        ["low", None],
        ["banned", None],
        ["improves", None],
        [[], better[:1], better],
    ):
        values = {
            "type_label": "Evidence",
            "sentence": sentence,
            "url": "/substances/kratom/",
            "level": level,
            "level_label": "Low" if level else "",
            "about": HOSTILE,
            "status": status,
            "direction": direction,
            "detail": HOSTILE,
            "better": [{**item, "about": HOSTILE} for item in those],
            "source_label": HOSTILE,
            "source_url": "/sources/a/" if level else "",
            "verified": "1 October 2026" if status else "",
            "verified_iso": "2026-10-01" if status else None,
        }

        filled = showing._ANSWER.filled(values)

        assert filled == render_to_string("components/_answer.html", values)


def test_a_hostile_name_is_text_wherever_a_result_shows_it():
    hit = Hit(
        key="substance:x",
        kind="substance",
        slug="x",
        title=HOSTILE,
        url="/substances/x/",
        level="low",
        level_about=HOSTILE,
        score=1.0,
        snippet=((HOSTILE, True), (HOSTILE, False)),
        title_parts=((HOSTILE, False), (HOSTILE, True)),
        matched=f"also called {HOSTILE}",
    )

    html = showing.cards_html([card(hit)])

    assert html.count(SAFE) == 6
    assert "<script" not in html


def test_a_hostile_place_or_tag_is_text_in_the_filters():
    place = {"value": HOSTILE, "label": HOSTILE, "count": 1, "selected": True}
    tag = {"value": HOSTILE, "label": HOSTILE, "count": 0, "checked": False}

    assert (
        place_options([place]) == f'<option value="{SAFE}" selected>{SAFE} (1)</option>'
    )
    assert facet_options("tag", [tag]).count(SAFE) == 2
    assert "<script" not in facet_options("tag", [tag])


def test_what_is_put_in_cannot_move_what_is_put_in_elsewhere():
    mould = Mould("components/_empty.html", texts=("title", "body"))

    for _ in range(2):
        html = mould.filled({"title": "\ue0001\ue001", "body": "<i>second</i>"})

        assert html.count("&lt;i&gt;second&lt;/i&gt;") == 1
        assert '"empty__title">\ue0001\ue001<' in html


def test_what_our_own_code_made_is_not_escaped_twice():
    pieces = marked([("a<b", True), (" & c", False)])

    assert pieces == "<mark>a&lt;b</mark> &amp; c"
    assert isinstance(pieces, SafeString)


@pytest.mark.django_db
def test_a_page_is_the_same_with_and_without_a_place(client):
    """With `in`, even an empty one, the templates are rendered; without, filled in."""
    make.substance(name=f"Kratom {HOSTILE}", summary=f"A tree. {HOSTILE}")
    upkeep.rebuild()
    long = "kratom " + "word " * 30
    for text in ("kratom", f"kratom {HOSTILE}", long, "nothing-like-it", "kratm", ""):
        asked = {"q": text}
        client.get("/search/", asked)

        filled = client.get("/search/", asked).content.decode()

        rendered = client.get("/search/", {**asked, "in": ""}).content.decode()
        assert "<script>alert" not in filled
        assert filled == rendered.replace("&amp;in=", "")
