"""Whatever is pasted or piped in gets a clear message or a clean result."""

from __future__ import annotations

import json
import os
import random

import pytest
from django.core.management import CommandError, call_command

from articles.checking import LONGEST_TEXT, check_text
from articles.checking.sentences import LONGEST_SENTENCE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

NOISE = random.Random(7).randbytes(60_000)


def made(text: str) -> list[str]:
    return [
        each.claim.slug for one in check_text(text).sentences for each in one.claims
    ]


def test_binary_data_on_the_page_gives_a_clean_result(client):
    response = client.post("/check/", {"text": NOISE.decode("latin-1")})

    assert response.status_code == 200
    assert "What was found" in response.text


def test_a_picture_on_the_command_line_is_told_in_a_sentence(tmp_path):
    path = tmp_path / "leaf.png"
    path.write_bytes(b"\x89PNG\r\n" + NOISE)

    with pytest.raises(CommandError, match="is not text"):
        call_command("check_text", str(path))


def test_ten_megabytes_on_the_page_are_refused_with_a_clear_message(client):
    response = client.post("/check/", {"text": "kratom is safe. " * 650_000})

    assert response.status_code in (400, 413)
    assert "too long" in response.text.lower() or "too large" in response.text.lower()


def test_ten_megabytes_in_the_api_are_refused_with_a_clear_message(client):
    body = json.dumps({"text": "a" * 10_000_000})

    response = client.post("/api/v1/check", body, content_type="application/json")

    assert response.status_code == 413
    assert "at most" in response.json()["detail"]


def test_ten_megabytes_in_a_file_are_refused_before_they_are_read(tmp_path):
    path = tmp_path / "book.txt"
    with path.open("wb") as file:
        file.seek(10_000_000)
        file.write(b"a")
    assert os.path.getsize(path) > 10_000_000

    with pytest.raises(CommandError, match="too long"):
        call_command("check_text", str(path))


def test_one_endless_sentence_is_cut_and_still_read():
    text = "well " * 15_000 + "kratom is not addictive " + "and so on " * 500

    checked = check_text(text)

    assert all(len(one.sentence.text) <= LONGEST_SENTENCE for one in checked.sentences)
    assert "C13" in {each.claim.slug for s in checked.sentences for each in s.claims}


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<b onclick='x()'>",
        "</textarea><script>alert(1)</script>",
        "{{ 7|add:7 }}{% now 'Y' %}",
        "[x](javascript:alert(1))",
    ],
)
def test_hostile_markup_is_shown_as_text_and_nothing_more(client, markup):
    response = client.post("/check/", {"text": f"Kratom is safe. {markup}"})

    assert response.status_code == 200
    assert "alert(1)</script>" not in response.text
    assert "<img src=x" not in response.text
    assert "<svg/onload" not in response.text
    assert 'href="javascript' not in response.text
    assert "14{%" not in response.text


@pytest.mark.parametrize(
    "text",
    [
        "Кратом безопасен. Kratom is safe. 卡痛叶是安全的。",
        "Kratom is safe. \u202eefas si motarK\u202c",
        "Kr\u200batom is safe.",
        "Kratom\u00a0is\u2003safe.",
        "ＫＲＡＴＯＭ is safe.",
        "กระท่อม is kratom. Kratom is safe.",
        "\ud800 Kratom is safe.",
        "Kratom is safe." + "\u0301" * 5_000,
    ],
)
def test_mixed_scripts_and_odd_signs_leave_the_english_sentence_readable(text):
    assert made(text) == ["C23"]


def test_letters_of_another_alphabet_are_not_taken_for_latin_ones():
    assert made("Krаtom is safe.") == []  # the first a is Cyrillic


@pytest.mark.parametrize(
    "piece",
    [
        "((((",
        "[[[[",
        "kratom not ",
        "said, ",
        "“",
        "http://a.",
        "1%",
        "a.",
        "\r",
        "if ",
    ],
)
def test_text_made_to_be_slow_is_read_to_its_end(piece):
    text = (piece * LONGEST_TEXT)[: LONGEST_TEXT // 4]

    checked = check_text(text)

    assert all(one.sentence.end <= len(text) for one in checked.sentences)
