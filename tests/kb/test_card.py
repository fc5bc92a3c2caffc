"""The safety card: one printable, script-free file that says only what is on record."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from kb.choices import State
from kb.models import Substance
from tests import make

CARD = "/substances/kratom/card/"


@pytest.mark.django_db
class TestShippedCards:
    pytestmark = pytest.mark.usefixtures("shipped")

    def test_it_shows_signs_interactions_and_the_numbers_of_the_region(self, client):
        page = client.get(f"{CARD}?in=US-OH").text

        assert "For Ohio" in page
        assert "911" in page
        assert "1-800-222-1222" in page
        assert "<strong>Jaundice</strong>" in page
        assert "yellow" in page
        assert "<strong>Modafinil</strong>" in page
        assert "naloxone" in page
        assert "not yet reviewed by a second person" in page

    def test_what_was_seen_in_animals_alone_says_so(self, client):
        page = client.get(CARD).text

        breathing = page.partition("Slowed or shallow breathing")[2]
        assert "seen in animals or cells only" in breathing[:300]

    def test_a_number_that_nobody_confirmed_is_not_given(self, client):
        page = client.get(f"{CARD}?in=GB").text

        assert "0300 123 6600" not in page
        assert "the number is not confirmed here" in page

    def test_a_kind_of_help_that_is_not_on_record_is_called_so(self, client):
        page = client.get(f"{CARD}?in=SG").text

        assert "<strong>Poison centre:</strong> no service is on record" in page

    def test_without_a_region_no_number_is_guessed(self, client):
        page = client.get(CARD).text

        assert "No region was chosen" in page
        assert "911" not in page

    def test_an_unknown_region_is_told_as_elsewhere(self, client):
        assert client.get(f"{CARD}?in=XX-99").status_code == 400

    def test_it_is_whole_without_any_other_file_and_without_a_script(self, client):
        page = client.get(CARD).text

        assert "<script" not in page
        assert '<link rel="stylesheet' not in page
        assert not re.search(r"\ssrc=|url\(|@import|\sstyle=", page)

    def test_its_policy_lets_in_its_own_style_and_nothing_else(self, client):
        for _ in range(2):  # the second comes from what is kept
            response = client.get(CARD)

            policy = response["Content-Security-Policy"]
            [style] = re.findall(r"<style>(.*?)</style>", response.text, re.DOTALL)
            digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
            assert f"style-src 'sha256-{digest}'" in policy
            assert "script-src 'none'" in policy
            assert "unsafe" not in policy

    def test_the_code_is_drawn_in_the_page_and_leads_to_the_entry(
        self, client, settings
    ):
        import segno

        page = client.get(CARD).text

        address = f"{settings.SITE_URL}/substances/kratom/"
        code = segno.make(address, error="m", micro=False)
        squares = code.svg_inline(
            border=2, dark="#000", light="#fff", omitsize=True, svgclass=None,
            lineclass=None,
        )  # fmt: skip
        assert squares in page
        assert address in page

    def test_the_entry_links_to_it_with_the_region(self, client):
        assert f'href="{CARD}"' in client.get("/substances/kratom/").text
        assert (
            f'href="{CARD}?in=US-OH"' in client.get("/substances/kratom/?in=US-OH").text
        )
        mitragynine = client.get("/alkaloids/mitragynine/").text
        assert 'href="/alkaloids/mitragynine/card/"' in mitragynine

    def test_every_number_on_it_has_its_source_at_the_end(self, client):
        page = client.get(CARD).text

        cited = set(re.findall(r"\[(\d+)\]", page))
        listed = set(re.findall(r'<li value="(\d+)"', page))
        assert cited == listed

    def test_every_subject_has_one(self, client):
        for slug in Substance.objects.values_list("slug", flat=True):
            assert client.get(f"/substances/{slug}/card/").status_code == 200

    def test_it_takes_few_queries(self, client, django_assert_num_queries):
        # The version of the records; the substance; the regions; its harms and notes; the
        # signs and their names; its interactions; naloxone; help; the region; what is
        # known of the addresses of its sources.
        with django_assert_num_queries(12):
            client.get(f"{CARD}?in=US-OH")


@pytest.mark.django_db
def test_where_the_records_are_silent_it_says_not_assessed(client):
    silent = make.substance()

    page = client.get(f"{silent.get_absolute_url()}card/").text

    assert page.count("Not assessed.") == 2
    assert "Overdose: not assessed." in page
    assert "Silence is not safety" in page


@pytest.mark.django_db
def test_a_draft_has_no_card(client):
    draft = make.substance(state=State.DRAFT)

    assert client.get(f"{draft.get_absolute_url()}card/").status_code == 404
