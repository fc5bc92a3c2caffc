"""The names of a segment's documents as arrays, in the order of their letters."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np

from search.engine import Document
from search.engine.array_file import narrow
from search.engine.cards import place_in_order
from search.engine.near import as_letters, form_hash, tree_of
from search.engine.text import chunks, parts
from search.engine.whoosh_terms import STOP_WORDS, chunk_terms

NAMED_KINDS = ("substance", "alkaloid", "symptom")
MOST_STEMMED = 5  # words; a longer title is no name
# Letters of a name that are compared; of a longer one its card is asked.
WIDTH = 24
# Bytes by which documents of several segments are put in order.
_KEY = "S40"


def stem_form(words: Iterable[str]) -> str:
    """Return the stems of words as one: "naloxones" is "naloxon"."""
    return "".join(stem for word in words for stem in chunk_terms(word).stems)


class _Entries:
    """Names, from their beginning or from one of their later words on."""

    def __init__(self) -> None:
        self.letters: list[str] = []  # WIDTH of each name, joined
        self.docs = array("I")
        self.numbers = array("I")  # 0 is the title, n the n-th other name
        self.inside = array("B")  # 1 from a later word on
        self.sizes = array("I")

    def add(self, form: str, starts: list[int], doc: int, number: int) -> None:
        ends = [form[start : start + WIDTH].ljust(WIDTH, "\0") for start in starts]
        self.letters.append("".join(ends))
        self.docs.extend([doc] * len(starts))
        self.numbers.extend([number] * len(starts))
        self.inside.extend(start > 0 for start in starts)
        self.sizes.extend(len(form) - start for start in starts)


class NameGathering:
    """Takes the names of documents, gives arrays."""

    def __init__(self) -> None:
        self._entries = _Entries()
        self._exact = array("q")  # hash, document, number; and so on
        self._stems = array("q")
        self.words: dict[str, str] = {}  # folded: how it is written
        self.dear: set[str] = set()  # those of what people look for by name
        self._boosts: list[float] = []
        self._orders: list[tuple[int, str, str]] = []
        self._titles: list[str] = []

    def add(self, doc: int, document: Document) -> None:
        self._boosts.append(document.boost)
        self._orders.append(place_in_order(document.kind, document.slug))
        is_dear = document.kind in NAMED_KINDS
        for number, name in enumerate((document.title, *document.names)):
            form = self._add(name, doc, number, is_dear=is_dear)
            if not number:
                self._titles.append(form)

    def _add(self, name: str, doc: int, number: int, *, is_dear: bool) -> str:
        words: list[str] = []
        of_name = chunks(name)
        for chunk in of_name:
            found = parts(chunk)
            words += found
            for word in found:
                if word.isalpha():
                    self.words.setdefault(word, word)
            if len(found) > 1:
                self.words.setdefault("".join(found), chunk.lower())
            if is_dear:
                self.dear.update((*found, "".join(found)))
        form = "".join(words)
        if not form:
            return ""
        self._exact.extend((form_hash(form), doc, number))
        if len(words) <= MOST_STEMMED and (stems := stem_form(of_name)) != form:
            self._stems.extend((form_hash(stems), doc, number))
        start = 0
        starts: list[int] = []
        for before, word in zip(("", *words), words, strict=False):
            start += len(before)
            if not start or word not in STOP_WORDS:
                starts.append(start)
        self._entries.add(form, starts, doc, number)
        return form

    def arrays(self) -> dict[str, np.ndarray]:
        found = {"boosts": np.array(self._boosts, dtype=np.float32)}
        found |= self._orders_of_documents()
        found |= self._beginnings()
        for name, rows in (("exact", self._exact), ("stems", self._stems)):
            table = np.array(rows, dtype=np.int64).reshape(-1, 3).T
            table = table[:, np.lexsort(table[::-1])]
            found[f"{name}.hashes"] = table[0].astype(np.uint32)
            found[f"{name}.docs"] = table[1].astype(np.int32)
            found[f"{name}.numbers"] = narrow(table[2])
        return found

    def _orders_of_documents(self) -> dict[str, np.ndarray]:
        """Return documents among equals, and by title; with keys to join segments."""
        by_place = [(f"{rank:02d}{kind}", slug) for rank, kind, slug in self._orders]
        by_title = [
            (title, *place) for title, place in zip(self._titles, by_place, strict=True)
        ]
        found = {}
        for name, keys in (("order", by_place), ("titles", by_title)):
            order = sorted(range(len(keys)), key=keys.__getitem__)
            written = [" ".join(keys[n]).encode("utf-8", "replace") for n in order]
            found[name] = np.array(order, dtype=np.uint32)
            found[f"{name}.rank"] = np.argsort(found[name]).astype(np.uint32)
            found[f"{name}.keys"] = np.array(written, dtype=_KEY)
        return found

    def _beginnings(self) -> dict[str, np.ndarray]:
        """Return all names, from each of their words on, in order of their letters;
        `rank` is the place of each among those that fit equally well."""
        entries = self._entries
        letters = as_letters("".join(entries.letters), WIDTH)
        docs = np.array(entries.docs, dtype=np.int64)
        numbers = np.array(entries.numbers, dtype=np.int64)
        inside = np.array(entries.inside, dtype=bool)
        sizes = np.array(entries.sizes, dtype=np.int64)
        kinds = np.array([order[0] for order in self._orders], dtype=np.int64)
        slugs = sorted({order[2] for order in self._orders})
        slug_rank = {slug: rank for rank, slug in enumerate(slugs)}
        slug_of = np.array([slug_rank[o[2]] for o in self._orders], dtype=np.int64)
        boosts = np.array(self._boosts)
        order = np.lexsort(
            (numbers, slug_of[docs], sizes, inside, kinds[docs], -boosts[docs])
            if len(docs)
            else (docs,)
        )
        rank = np.empty(len(docs), dtype=np.int64)
        rank[order] = np.arange(len(docs))
        by_letters = np.argsort(flat(letters), kind="stable")
        letters = letters[by_letters]
        return {
            "entries.letters": letters,
            "entries.docs": docs[by_letters].astype(np.uint32),
            "entries.numbers": narrow(numbers[by_letters]),
            "entries.inside": inside[by_letters],
            "entries.sizes": narrow(np.minimum(sizes, 65_535)[by_letters]),
            "entries.rank": rank[by_letters].astype(np.uint32),
            **{f"entries.{name}": made for name, made in tree_of(letters).items()},
        }


def flat(letters: np.ndarray) -> np.ndarray:
    """Return rows of letters as byte strings, which compare as the letters do."""
    width = letters.shape[1] * letters.itemsize
    return np.ascontiguousarray(letters).view(f"S{width}").ravel()
