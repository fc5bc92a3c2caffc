"""What a text says is recognised, and what it does not say is not put in its mouth."""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_right
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.checking import LONGEST_TEXT, UNJUDGED, Checked, TooLong, check_text
from articles.checking.sentences import LONGEST_SENTENCE, clean, split
from kb.folding import fold
from kb.models import Claim
from kb.names import Matcher, Name, words
from search.engine.text import compact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

TEXTS = sorted((Path(__file__).parent / "texts").glob("*.json"))


def made(text: str) -> list[list[str]]:
    """Return the ids of the claims that each sentence makes."""
    return [
        [each.claim.slug for each in one.claims] for one in check_text(text).sentences
    ]


def all_made(text: str) -> set[str]:
    return {each for sentence in made(text) for each in sentence}


def notes(text: str) -> str:
    return " ".join(note for one in check_text(text).sentences for note in one.notes)


def marks(path: Path) -> tuple[set[Any], set[Any], set[Any]]:
    """Return the (sentence, claim) pairs found, wanted, and allowed in one text."""
    content = json.loads(path.read_text(encoding="utf-8"))
    found: set[Any] = set()
    wanted: set[Any] = set()
    allowed: set[Any] = set()
    for one in check_text(content["text"]).sentences:
        for sentences, pairs in ((content["marks"], wanted), (content["may"], allowed)):
            for start, claims in sentences.items():
                if start.strip() in one.sentence.text:
                    pairs |= {(one.sentence.start, claim) for claim in claims}
        found |= {(one.sentence.start, each.claim.slug) for each in one.claims}
    return found, wanted, allowed


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_no_sentence_is_given_a_claim_that_it_does_not_make(path):
    found, wanted, allowed = marks(path)

    assert found <= wanted | allowed


def test_most_of_the_claims_in_the_texts_are_found():
    right = expected = 0
    for path in TEXTS:
        found, wanted, _ = marks(path)
        right += len(found & wanted)
        expected += len(wanted)

    assert right / expected > 0.9


def test_every_claim_is_found_in_its_own_phrasings():
    claims = [
        (claim.slug, phrasing)
        for claim in Claim.objects.published()
        for phrasing in claim.phrasings
    ]
    text, starts = "", []
    for _, phrasing in claims:
        starts.append(len(text))
        text += f"About kratom. {phrasing.rstrip('.')}.\n\n"
    made_from = {}
    for one in check_text(text).sentences:
        place = bisect_right(starts, one.sentence.start) - 1
        made_from.setdefault(place, set()).update(
            each.claim.slug for each in one.claims
        )

    missed = [each for at, each in enumerate(claims) if each[0] not in made_from[at]]

    assert len(claims) > 150
    assert len(missed) < 8, missed


@pytest.mark.parametrize(
    "text",
    [
        "Is kratom safe?",
        "Does kratom stop cravings",
        "Kratom is not safe.",
        "It is a myth that kratom is safe.",
        "There is no evidence that kratom halves withdrawal.",
        "Kratom is addictive.",
        "Vendors say kratom is not addictive.",
        "Kratom is said to relieve opioid withdrawal symptoms.",
        "“Kratom is not addictive,” said the seller.",
        "Methadone halves the severity of opioid withdrawal.",
        "Kava is not addictive.",
        "Buprenorphine, unlike kratom, eases withdrawal.",
        "Kratom worsens withdrawal symptoms.",
        "Kratom eases menstrual pain.",
        "Kratom is not an addiction treatment.",
        "Red kratom does not contain more 7-hydroxymitragynine than green.",
        "Kratom cut withdrawal by half in mice.",
        "Kratom should never be used instead of methadone.",
        "Insomnia and cravings got worse with kratom.",
        "My withdrawal from kratom was eased by buprenorphine.",
        "Contrary to popular belief, kratom is not safe.",
        "Kratom is sold as a safe herbal supplement.",
        "Advertised as non-addictive, kratom can hook people.",
        "Kratom does not reduce cravings.",
        "Kratom failed to ease withdrawal in every case we saw.",
        "I hoped kratom would ease my withdrawal.",
        "50% of kratom users have withdrawal when they stop.",
        "Half of kratom users reported withdrawal.",
        "The red book has more pages on 7-hydroxymitragynine.",
        "Kratom is safe only if nothing else is taken.",
        "The drug eased withdrawal in trials, unlike kratom.",
        "If kratom were safe, nobody would die of it.",
        "You cannot detox at home without methadone.",
        "Some think kratom is safe.",
        "Three years ago I wrote that kratom is a gentle way to detox.",
    ],
)
def test_what_is_asked_denied_reported_or_about_something_else_is_no_claim(text):
    assert all_made(text) == set()


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Kratom halves withdrawal compared with placebo.", "C10"),
        ("KETUM can reduce opiate withdrawal symptoms by up to 50 percent.", "C10"),
        ("Mitragyna speciosa isn’t addictive.", "C13"),
        ("Red vein kratom contains more 7\u2011OH.", "C32"),
        ("Kratom eases withdrawal.", "C09"),
        ("Kratom is 100% safe and natural.", "C23"),
    ],
)
def test_other_names_dashes_and_words_make_the_same_claim(text, claim):
    assert claim in all_made(text)


def test_a_number_that_differs_is_another_claim():
    text = "Kratom can reduce opioid withdrawal symptoms by up to 20%."

    assert "C10" not in all_made(text)
    assert "The figure “20%” is not part of a claim that we know." in notes(text)


def test_it_means_what_was_named_before_and_the_report_says_so():
    checked = check_text("Kratom is a tree. It is a gentle yet effective way to detox.")

    [mark] = checked.sentences[1].claims
    assert mark.claim.slug == "C14"
    assert "named before: Kratom" in checked.sentences[1].notes[0]


def test_what_others_say_is_noted_with_its_verdict():
    assert "Reports what others say (“Vendors say”)" in notes(
        "Vendors say kratom is not addictive."
    )
    assert "C13, contradicted" in notes("Vendors say kratom is not addictive.")


def test_a_health_statement_that_nobody_judged_says_so():
    checked = check_text("Kratom relieves anxiety. Kratom grows in Thailand.")

    assert checked.sentences[0].notes == (UNJUDGED,)
    assert checked.sentences[1].notes == ()
    assert checked.summary()["unjudged"] == 1


def test_the_report_has_the_shape_that_is_promised():
    text = "Kratom halves withdrawal compared with placebo. Is kratom safe?"

    report = check_text(text).as_json()

    assert report["summary"] == {
        "sentences": 2,
        "claims": 1,
        "verdicts": {
            "supported": 0,
            "partly-supported": 0,
            "unsupported": 1,
            "contradicted": 0,
            "not-checkable": 0,
        },
        "records": 2,
        "unjudged": 0,
        "wrong_links": 0,
        "bare_figures": 0,
    }
    first = report["sentences"][0]
    assert text[first["start"] : first["end"]] == first["text"]
    assert {"kind": "substance", "slug": "kratom", "name": "Kratom"} in first["records"]
    [claim] = first["claims"]
    assert claim["id"] == "C10"
    assert claim["url"] == "/claims/C10/"
    assert claim["source"]["slug"] == "stanciu-2022"
    assert set(claim) == {
        *("id", "claim", "verdict", "level", "why", "source", "url", "match")
    }
    assert "halves" in claim["match"]["words"]
    json.dumps(report)


def test_a_check_takes_four_queries(django_assert_num_queries):
    # Records' names; synonyms; claims with subject and symptom; the claims' sources.
    with django_assert_num_queries(4):
        check_text("Kratom is safe. " * 50)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thom grows here; we drank tea at MIT.", set()),
        ("We took 500 MG of it. The MP objected.", set()),
        ("Mitragynine (MG) is one of them. MG binds.", {"mitragynine"}),
        ("กินใบกระท่อมทุกวัน", {"kratom"}),
        ("St Johns wort and cat's claw", {"st-johns-wort", "cats-claw"}),
        ("She lives in Georgia.", {"GE", "US-GA"}),
        ("kratomania", set()),
    ],
)
def test_records_are_named_by_whole_words_and_doubtful_names_do_not_count(
    text, expected
):
    assert {each.slug for each in check_text(text).records} == expected


def test_the_longest_name_wins():
    found = check_text("Kratom withdrawal is short.").records

    assert [each.key for each in found] == ["symptom:kratom-withdrawal"]


def test_a_text_that_is_too_long_is_refused_in_a_sentence():
    with pytest.raises(
        TooLong, match=r"The text has 102,401 characters\. Up to 102,400"
    ):
        check_text("a" * (LONGEST_TEXT + 1))


@pytest.mark.parametrize(
    "text",
    [
        "kratom. ",
        "kratom eases withdrawal and pain ",
        "a",
        "- kratom\n",
        "no ",
        '"said ',
        "[1]",
        "article that ",
        "7-OH-",
        "<b onclick='x'>kratom is safe.</b> ",
    ],
)
def test_the_longest_text_is_checked_to_its_end(text):
    checked = check_text((text * LONGEST_TEXT)[:LONGEST_TEXT])

    assert all(len(one.sentence.text) <= LONGEST_SENTENCE for one in checked.sentences)


def test_control_characters_lone_surrogates_and_markup_are_only_text():
    checked = check_text("\x00\x1bKratom\ud800 is safe.\x07 <script>x</script>")

    assert [each.claim.slug for one in checked.sentences for each in one.claims] == [
        "C23"
    ]
    assert "\x00" not in json.dumps(checked.as_json(), ensure_ascii=False)


@pytest.mark.parametrize("text", ["", " \n\t ", "…", "\x00"])
def test_a_text_without_words_has_no_sentences(text):
    assert check_text(text) == Checked()


@given(st.text(max_size=300))
def test_sentences_stand_where_they_say(text):
    cleaned = clean(text)
    sentences = split(cleaned)

    assert len(cleaned) == len(text)
    assert all(cleaned[one.start : one.end] == one.text for one in sentences)
    ends = [0, *(one.end for one in sentences)]
    assert all(end <= one.start for end, one in zip(ends, sentences, strict=False))
    kept = "".join(one.text for one in sentences)
    assert sum(map(str.isalpha, kept)) == sum(map(str.isalpha, cleaned))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Dr. Keller took 2.5 mg, e.g. today. Then?", None),
        (
            "See www.example.org/a.b for it. Next.",
            ["See www.example.org/a.b for it.", "Next."],
        ),
        ("P. W. Korthals named M. speciosa. It is a tree.", None),
        ("# Title\nText here.\n- one\n- two", ["Title", "Text here.", "one", "two"]),
        ("It works.Kratom is old.", ["It works.", "Kratom is old."]),
        ("A line that wraps\nin the middle.", ["A line that wraps\nin the middle."]),
        ("He said “Stop.” She left.", ["He said “Stop.”", "She left."]),
        ("Shown before.[12] Next.", ["Shown before.[12]", "Next."]),
    ],
)
def test_text_is_split_into_sentences(text, expected):
    found = [one.text for one in split(text)]

    if expected is None:
        assert len(found) == 2
    else:
        assert found == expected


def test_folding_leaves_what_readers_type():
    assert fold("Üña’s\u00ad ΩX") == "unas ωx"
    assert [word.text for word in words("7‑OH, kratom's 1.5%")] == [
        "7",
        "oh",
        "kratom",
        "1.5",
    ]


@pytest.mark.parametrize("letter", "αβγδκμσω")
def test_a_greek_letter_is_its_name_for_search_and_check_alike(letter):
    spelt_out = unicodedata.name(letter).rpartition(" ")[2].lower()

    assert [word.text for word in words(f"{letter}-opioid")] == [spelt_out, "opioid"]
    assert compact(f"{letter}-opioid") == compact(f"{spelt_out}-opioid")


def test_a_name_is_found_in_any_of_its_spellings():
    matcher = Matcher([Name("alkaloid", "7-oh", "7-OH", "7-OH")])
    others = ("17-OH", "day 7. Oh no", "7-ohm")

    # The last two carry a full-width dash and an invisible direction mark.
    for text in (
        "7-OH",
        "7OH",
        "7 oh",
        "7\u2010OH",
        "7\u2212oh",
        "7\uff0dOH",
        "7\u2066OH",
    ):
        assert len(matcher.find(text)) == 1
    assert not any(matcher.find(text) for text in others)
