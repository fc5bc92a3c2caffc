"""Links in articles follow a merge."""

from __future__ import annotations

import pytest

from kb import merging, uses
from tests import make

pytestmark = pytest.mark.django_db


def test_links_in_articles_follow(two):
    keep, gone = two
    article = make.article(body="[[biak]], [[substance:biak|the tree]], [[biak-tea]]")

    merging.merge(keep, gone)

    article.refresh_from_db()
    assert article.body == "[[kratom]], [[substance:kratom|the tree]], [[biak-tea]]"


BARE = "[[biak]], [[substance:biak|the tree]]"


@pytest.mark.parametrize(
    ("other", "state", "after"),
    [
        ("symptom", "published", "[[kratom]], [[substance:kratom|the tree]]"),
        ("alkaloid", "draft", "[[kratom]], [[substance:kratom|the tree]]"),
    ],
)
def test_a_link_without_a_kind_follows_the_record_that_readers_are_led_to(
    two, other, state, after
):
    keep, gone = two
    getattr(make, other)(slug="biak", state=state)
    article = make.article(body=BARE)

    merging.merge(keep, gone)

    article.refresh_from_db()
    assert article.body == after


@pytest.mark.parametrize("state", ["published", "draft"])
def test_a_link_that_leads_to_another_kind_is_left_alone(state):
    tree = make.substance(slug="biak")
    keep = make.symptom(slug="craving", state=state)
    gone = make.symptom(slug="biak", state=state)
    article = make.article(body="[[biak]], [[symptom:biak]]")
    assert article in [row for rows in uses.uses_of(tree) for row in rows]

    merging.merge(keep, gone)

    article.refresh_from_db()
    assert article.body == "[[biak]], [[symptom:craving]]"


def test_a_draft_does_not_take_the_links_of_what_readers_see():
    make.symptom(slug="biak")
    keep = make.substance(slug="kratom", state="draft")
    gone = make.substance(slug="biak", state="draft")
    article = make.article(body="[[biak]]")

    merging.merge(keep, gone)

    article.refresh_from_db()
    assert article.body == "[[biak]]"


def test_a_link_says_its_kind_where_the_new_slug_alone_would_lead_elsewhere():
    make.substance(slug="craving")
    keep, gone = make.symptom(slug="craving"), make.symptom(slug="longing")
    article = make.article(body="[[longing]] and [[longing|it]], [[symptom:longing]]")

    merging.merge(keep, gone)

    article.refresh_from_db()
    assert article.body == (
        "[[symptom:craving]] and [[symptom:craving|it]], [[symptom:craving]]"
    )


def test_a_link_to_a_source_follows():
    keep, gone = make.source(slug="kruegel-2016"), make.source(slug="kruegel-2016-b")
    article = make.article(body="[[source:kruegel-2016-b]] [@kruegel-2016-b]")

    merging.merge(keep, gone)

    article.refresh_from_db()
    assert article.body == "[[source:kruegel-2016]] [@kruegel-2016]"
