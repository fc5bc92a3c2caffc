"""Curators write articles: preview, checked links, sources that are gone, drafts."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.urls import reverse

from articles.checking import check_text
from articles.drafting import body_of, draft_from_text
from articles.models import Article, Author
from articles.rendering import broken_links, render
from articles.schemas import article_record, save_article
from kb.choices import Retraction, State
from kb.models import Source
from kb.schemas.lookup import Lookup
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

ADD = "/admin/articles/article/add/"
PREVIEW = "/admin/articles/article/preview/"
FROM_TEXT = "/admin/articles/article/from-text/"
PROMOTION = (
    "# Relief, naturally\n\nKratom halves withdrawal compared with placebo. [Buy](now) *it*.\n\n"
    "1. Red vein kratom contains more 7-OH than green.\n\nIs kratom safe?"
)


@pytest.fixture
def curator(admin_client):
    return admin_client


@pytest.fixture
def reader_with_account(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("reader", password="x"))
    return client


def form(body: str) -> dict[str, str]:
    return {
        "name": "A new one",
        "slug": "a-new-one",
        "summary": "A lead.",
        "body": body,
        "takeaways": "One.\nTwo.",
        "tags": "",
        "author": "",
        "published_on": "",
        "profile": "",
        "state": "draft",
        "reviewed_by": "",
        "reviewed_on": "",
    }


def test_the_preview_shows_what_readers_will_see(curator):
    page = curator.post(PREVIEW, {"body": "## Hello\n\n[[kratom]] is a tree."}).text

    assert '<a href="/substances/kratom/">Kratom</a>' in page
    assert "Hello" in page


def test_the_preview_names_what_leads_nowhere(curator):
    page = curator.post(PREVIEW, {"body": "[[kratm]] and [@nobody-1999]."}).text

    assert "there is no published record “kratm”. Did you mean “kratom”?" in page
    assert "there is no published source “nobody-1999”" in page


def test_the_preview_shows_markup_as_text(curator):
    page = curator.post(PREVIEW, {"body": "<script>alert(1)</script>"}).text

    assert "<script>alert" not in page
    assert (
        "script-src 'self'"
        in curator.post(PREVIEW, {"body": "x"}).headers["Content-Security-Policy"]
    )


def test_the_preview_and_the_drafts_are_for_curators_alone(client, reader_with_account):
    for address in (PREVIEW, FROM_TEXT):
        assert reader_with_account.post(address, {"body": "x"}).status_code in (
            302,
            403,
        )
    assert not Article.objects.filter(state=State.DRAFT).exists()


def test_staff_without_the_right_get_no_preview(client, django_user_model):
    user = django_user_model.objects.create_user("staff", password="x", is_staff=True)
    client.force_login(user)

    assert client.post(PREVIEW, {"body": "x"}).status_code == 403
    assert client.post(FROM_TEXT, {"text": "Kratom is safe."}).status_code == 403


def test_the_form_has_the_preview_and_works_without_its_script(curator):
    page = curator.get(ADD).text

    assert f'formaction="{PREVIEW}"' in page
    assert "js/article-preview.js" in page


def test_an_article_with_a_broken_link_is_not_saved_and_says_why(curator):
    page = curator.post(ADD, form("[[kratm]] helps nobody.")).text

    assert "Did you mean “kratom”?" in page
    assert not Article.objects.filter(slug="a-new-one").exists()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("[[planet:mars]]", "is no kind of record"),
        ("[@kruegel-2091]", "Did you mean “kruegel-2019”?"),
        ("[[claim:C99]]", "there is no published record “C99”"),
    ],
)
def test_each_kind_of_broken_mark_has_its_sentence(curator, body, told):
    assert told in curator.post(ADD, form(body)).text


def test_an_article_with_good_links_is_saved(curator):
    body = "[[kratom]], [[claim:C10]], [[region:US-OH]] [@stanciu-2022]."

    response = curator.post(ADD, form(body))

    assert response.status_code == 302
    assert Article.objects.get(slug="a-new-one").takeaways == ["One.", "Two."]


def test_retracted_sources_are_flagged_for_readers_and_curators(curator, client):
    article = Article.objects.get(slug="kratom-and-opioid-withdrawal")
    assert (
        "Some of its sources are gone"
        not in client.get(article.get_absolute_url()).text
    )

    source = Source.objects.get(slug="garcia-romeu-2020")
    source.retraction = Retraction.RETRACTED
    source.save()

    page = client.get(article.get_absolute_url()).text
    assert "Some of its sources are gone" in page
    assert f"{source.name}: retracted" in page.replace("&#x27;", "'")
    assert "⚠ 1 gone" in curator.get("/admin/articles/article/").text
    change = reverse("admin:articles_article_change", args=[article.pk])
    assert "has trouble" in curator.get(change).text


def test_a_source_that_is_withdrawn_is_flagged_too(client):
    Source.objects.filter(slug="coe-2019").update(state=State.WITHDRAWN)

    page = client.get("/articles/kratom-and-opioid-withdrawal/").text

    assert "no longer shown here" in page


def test_no_shipped_article_leans_on_what_is_gone(curator):
    assert "⚠" not in curator.get("/admin/articles/article/").text


def test_a_checked_text_becomes_a_draft_with_its_marks(curator):
    response = curator.post(FROM_TEXT, {"text": PROMOTION})

    [draft] = Article.objects.filter(state=State.DRAFT)
    assert response.url == reverse("admin:articles_article_change", args=[draft.pk])
    assert draft.name == "Draft: Relief, naturally"
    assert {claim.slug for claim in draft.claims.all()} == {"C10", "C32"}
    assert "[[claim:C10|C10]]" in draft.body
    assert "kratom" in {each.slug for each in draft.substances.all()}
    assert broken_links(draft) == []


def test_what_was_pasted_stays_text_in_the_draft():
    body = body_of(check_text(PROMOTION))

    html = render(body).html

    assert "[Buy](now) *it*." in html
    assert "<ol" not in html
    assert "<h2" not in html


def test_a_draft_is_not_shown_to_readers(client):
    draft = draft_from_text(PROMOTION)

    assert client.get(draft.get_absolute_url()).status_code == 404
    assert draft_from_text(PROMOTION).slug != draft.slug


@pytest.mark.parametrize("text", ["", " … ", "a" * 200_000])
def test_what_cannot_be_a_draft_is_told_in_a_sentence(curator, text):
    page = curator.post(FROM_TEXT, {"text": text}, follow=True).text

    assert "There is no text" in page or "characters" in page
    assert not Article.objects.filter(state=State.DRAFT).exists()


def test_only_curators_see_the_way_from_a_check_to_a_draft(client, curator):
    assert FROM_TEXT in curator.post("/check/", {"text": PROMOTION}).text


def test_readers_of_a_check_get_no_cookie_and_no_button(client):
    response = client.post("/check/", {"text": PROMOTION})

    assert FROM_TEXT not in response.text
    assert not response.cookies


def test_a_curator_with_the_right_to_add_is_enough(client, django_user_model):
    user = django_user_model.objects.create_user("writer", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="add_article"))
    client.force_login(user)

    assert FROM_TEXT in client.post("/check/", {"text": PROMOTION}).text


def test_an_author_is_shown_with_credentials_and_declared_interests(client):
    author = Author.objects.create(
        name="Dr Ada Reyes",
        credentials="Pharmacist",
        credentials_url="https://register.example.org/4711",
        interests="Owns no shares; paid by a public hospital.",
    )
    article = make.article(profile=author)

    page = client.get(article.get_absolute_url()).text

    assert "Dr Ada Reyes" in page
    assert 'href="https://register.example.org/4711"' in page
    assert "paid by a public hospital" in page


def test_credentials_that_nobody_can_check_are_refused():
    author = Author(name="Dr X", credentials="Doctor of leaves", interests="None.")

    with pytest.raises(ValidationError, match="address where anyone can check"):
        author.full_clean()


def test_a_claim_in_a_sentence_shows_how_it_stands():
    html = render("Some say that it [[claim:C10|halves withdrawal]].").html

    assert 'href="/claims/C10/"' in html
    assert "Unsupported" in html
    assert "under re-check" not in html


def test_a_profile_travels_with_its_articles():
    author = Author.objects.create(
        name="Dr Ada Reyes",
        credentials="Pharmacist",
        credentials_url="https://register.example.org/4711",
        interests="None, as she declared on 1 May 2026.",
    )
    article = make.article(profile=author)
    record = article_record(article)
    Article.objects.filter(pk=article.pk).update(profile=None)
    author.delete()

    again = save_article(record, Lookup())

    assert again.profile is not None
    assert again.profile.interests == "None, as she declared on 1 May 2026."
    assert article_record(again) == record
    assert save_article(record, Lookup()).profile == again.profile
