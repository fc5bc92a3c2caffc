"""`manage.py check_text`."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

TEXT = "Kratom halves withdrawal compared with placebo. Is kratom safe?"


def check(*arguments: str) -> str:
    out = io.StringIO()
    call_command("check_text", *arguments, stdout=out)
    return out.getvalue()


def test_it_prints_each_claim_with_verdict_level_reason_and_source(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text(TEXT, encoding="utf-8")

    report = check(str(path))

    assert "Sentences: 2\nKnown claims: 1 (1 unsupported)" in report
    assert "1. Kratom halves withdrawal compared with placebo." in report
    assert "C10 Unsupported, moderate certainty:" in report
    assert "Why: No study with this result was found." in report
    assert "Source: " in report
    assert "Note: Asks, and does not state:" in report


def test_json_is_one_object(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text("\ufeff" + TEXT, encoding="utf-8")

    report = json.loads(check(str(path), "--json"))

    assert report["sentences"][0]["start"] == 0
    assert report["sentences"][0]["claims"][0]["id"] == "C10"


def test_a_dash_reads_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))

    assert "Known claims: 1" in check("-")


def test_a_missing_file_is_told_in_a_sentence(tmp_path):
    with pytest.raises(CommandError, match=r"There is no file .*nothing\.txt\."):
        check(str(tmp_path / "nothing.txt"))


def test_a_folder_is_told_in_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="is a folder"):
        check(str(tmp_path))


@pytest.mark.parametrize("content", [b"\xff\xfe\xfa\x80", b"a\x00b"])
def test_what_is_no_text_is_told_in_a_sentence(tmp_path, content):
    path = tmp_path / "picture.jpg"
    path.write_bytes(content)

    with pytest.raises(CommandError, match="is not text"):
        check(str(path))


@pytest.mark.parametrize("length", [102_401, 500_000])
def test_a_text_that_is_too_long_is_told_in_a_sentence(tmp_path, length):
    path = tmp_path / "book.txt"
    path.write_text("a" * length, encoding="utf-8")

    with pytest.raises(CommandError, match=r"Up to 102,400|up to 102,400"):
        check(str(path))
