"""How the scores and slips of the Whoosh engine are reckoned, against the slow way."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import index as whoosh_index
from whoosh import scoring
from whoosh.query import Or, Term

from search.engine import Document, ranking
from search.engine.near import NearMisses, letters_of, tree_of
from search.engine.whoosh import WhooshEngine
from search.engine.whoosh_reading import Reading
from search.query import parse
from tests.search.examples import ALL, make

ROOT = Path(__file__).resolve().parents[2]


def test_scores_are_those_of_bm25f(tmp_path: Path) -> None:
    rng = random.Random(7)
    words = [a + b + "k" for a in "bdfgmn" for b in "aeiou"]
    # At most ten words: longer lengths are rounded in the index.
    texts = {
        str(n): [" ".join(rng.choices(words, k=rng.randint(2, 10))) for _ in range(3)]
        for n in range(60)
    }
    engine = WhooshEngine(tmp_path)
    engine.index(
        make(slug, title, summary=summary, text=text)
        for slug, (title, summary, text) in texts.items()
    )
    engine.index([make("0", "gone")])  # a second segment, and a struck-out document
    texts["0"] = ["gone", "", ""]

    fields = list(zip(("title", "summary", "text"), range(3), strict=True))
    averages = {}
    for field, place in fields:
        lengths = [len(t[place].split()) for t in texts.values() if t[place]]
        averages[field] = sum(lengths) / len(lengths)

    def expected(slug: str, term: str) -> float:
        frequency = sum(term in " ".join(t).split() for t in texts.values())
        joined = 0.0
        for field, place in fields:
            weight, b = ranking.FIELDS[field]
            found = texts[slug][place].split()
            norm = 1 - b + b * len(found) / averages[field]
            joined += weight * found.count(term) / norm
        idf = math.log(1 + (len(texts) - frequency + 0.5) / (frequency + 0.5))
        return idf * (ranking.K1 + 1) * joined / (joined + ranking.K1)

    for term in words[:10]:
        hits = engine.search(parse(term, limit=100, is_plain=True)).hits
        scores = {hit.slug: hit.score for hit in hits}
        assert scores == pytest.approx(
            {s: expected(s, term) for s in texts if expected(s, term)}, rel=1e-3
        )
    engine.close()


def slips_between(a: str, b: str) -> int:
    table = {(-1, -1): 0}
    for i in range(len(a)):
        table[i, -1] = i + 1
    for j in range(len(b)):
        table[-1, j] = j + 1
    for i in range(len(a)):
        for j in range(len(b)):
            best = min(
                table[i - 1, j] + 1,
                table[i, j - 1] + 1,
                table[i - 1, j - 1] + (a[i] != b[j]),
            )
            if i and j and a[i] == b[j - 1] and a[i - 1] == b[j]:
                best = min(best, table[i - 2, j - 2] + 1)
            table[i, j] = best
    return table[len(a) - 1, len(b) - 1]


@given(
    st.text(alphabet="abcกé", min_size=1, max_size=7),
    st.lists(st.text(alphabet="abcกé", min_size=1, max_size=9), max_size=12),
    st.integers(1, 2),
)
@settings(deadline=None)
def test_near_misses_are_those_of_the_edit_table(
    typed: str, words: list[str], slips: int
) -> None:
    words.sort()
    letters = letters_of(words, 12)
    near = NearMisses(letters, tree_of(letters))

    def find(*, prefix: bool) -> dict[str, int]:
        found = zip(*near.find(typed, slips, prefix=prefix), strict=True)
        return {words[place]: int(distance) for distance, place in found}

    whole = find(prefix=False)
    assert whole == {
        word: d for word in words if (d := slips_between(typed, word)) <= slips
    }

    begun = find(prefix=True)
    assert begun == {
        word: d
        for word in words
        if (d := min(slips_between(typed, word[:n]) for n in range(1, len(word) + 1)))
        <= slips
    }


# Whoosh's own reading of the same files


@pytest.fixture(scope="module")
def collection() -> list[Document]:
    """The summaries of all shipped records."""
    records = sorted((ROOT / "data").glob("*/*.json"))
    texts = {
        f"{path.parent.name}-{path.stem}": str(body["summary"])
        for path in records
        if isinstance(body := json.loads(path.read_text("utf-8")), dict)
        and body.get("summary")
    }
    assert len(texts) > 300
    return [
        make(slug, "x", text=f"{text} Document.", version=slug)
        for slug, text in texts.items()
    ]


def opened_by_whoosh(engine: WhooshEngine) -> Any:
    return whoosh_index.open_dir(str(engine.store.current()))


def test_scores_of_one_field_are_those_of_whoosh(
    tmp_path: Path, collection: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild(collection)
    with opened_by_whoosh(engine).searcher(
        weighting=scoring.BM25F(B=0.75, K1=1.5)
    ) as searcher:
        # One field, and Whoosh's older measure of how rare a term is.
        monkeypatch.setattr(ranking, "FIELDS", {"text": (1.0, 0.75)})
        ours = ranking.Ranking(Reading(engine.store.current()))
        count = len(collection)
        monkeypatch.setattr(ours, "rarity", lambda n: math.log(count / (n + 1)) + 1)
        terms = [
            term.decode()
            for term in searcher.reader().lexicon("text")
            if searcher.reader().doc_frequency("text", term) > 1
        ]
        assert len(terms) > 500
        rng = random.Random(7)
        for _ in range(300):
            asked = rng.sample(terms, 4)
            query = Or([Term("text", term) for term in asked])
            theirs = searcher.search(query, limit=None)
            scores = ours.scores([(term, 1.0) for term in asked])

            assert {doc: score for doc, score in enumerate(scores) if score} == (
                pytest.approx(
                    {theirs.docnum(n): theirs.score(n) for n in range(len(theirs))}
                )
            )


def test_whoosh_reads_the_postings_that_the_arrays_hold(
    tmp_path: Path, collection: list[Document]
) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild([*collection, *ALL])
    reading = Reading(engine.store.current())
    (leaf,) = reading.leaves
    reader = opened_by_whoosh(engine).reader()
    for field in ranking.FIELDS:
        for term in reader.lexicon(field):
            number = leaf.term_number(term)
            docs, counts = leaf.postings(field, number)
            places = leaf.places(field, number).tolist()
            of_whoosh = list(matcher_places(reader.postings(field, term)))

            assert [(key >> 32, key & 0xFFFFFFFF) for key in places] == of_whoosh
            assert sum(counts.tolist()) == len(of_whoosh)
            assert docs.tolist() == sorted({doc for doc, _ in of_whoosh})
    reader.close()


def matcher_places(matcher: Any) -> Iterator[tuple[int, int]]:
    while matcher.is_active():
        for place in matcher.value_as("positions"):
            yield matcher.id(), place
        matcher.next()
