"""The names of all documents: exact ones, and those that begin like this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from search.engine import Suggestion
from search.engine.cards import Card, place_in_order
from search.engine.greatest import greatest_of
from search.engine.name_arrays import WIDTH, flat, stem_form
from search.engine.near import NearMisses, form_hash, letters_of, slips_allowed
from search.engine.text import chunks, compact
from search.engine.whoosh_reading import Leaf, Reading

# How a name can fit what was typed, best first. A title comes before other names.
_EXACT, _BEGINS, _HAS_WORD, _NEAR = 0, 2, 4, 5
_MOST_REMEMBERED = 40_000
_LONGEST_NEAR = 38

Found = dict[int, bool]  # documents of a name, True where it is the title


def name_of(card: Card, number: int) -> str:
    return card.names[number - 1] if number else card.title


class _Fit(NamedTuple):
    """A name that fits what was typed; `order` says how well, across segments."""

    order: tuple[object, ...]
    doc: int
    number: int
    name: str


class SegmentNames:
    """The names in one segment: arrays, of which little is read for one question."""

    def __init__(self, leaf: Leaf) -> None:
        self._leaf = leaf
        self._arrays = leaf.arrays
        self._forms = flat(leaf.arrays["entries.letters"])

    def named(self, table: str, forms: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """Yield form, document and number of the names that are one of these forms;
        `table` is "exact", or "stems" for names of the same stems."""
        hashes = self._arrays[f"{table}.hashes"]
        wanted = np.array([form_hash(form) for form in forms], dtype=np.uint32)
        first = np.searchsorted(hashes, wanted)
        last = np.searchsorted(hashes, wanted, side="right")
        for place in np.flatnonzero(last > first).tolist():
            for row in range(int(first[place]), int(last[place])):
                doc = int(self._arrays[f"{table}.docs"][row])
                number = int(self._arrays[f"{table}.numbers"][row])
                name = name_of(self._leaf.card(doc), number)
                written = compact(name) if table == "exact" else stem_form(chunks(name))
                if written == forms[place]:  # two forms can have one hash
                    yield forms[place], doc, number

    @cached_property
    def near_misses(self) -> NearMisses:
        return NearMisses.among(self._arrays, "entries")

    def beginning_with(self, typed: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the entries that begin like this, and how each fits."""
        key = flat(letters_of([typed], WIDTH))[0]
        size = 2 * min(len(typed), WIDTH)
        key = key.ljust(size, b"\0")
        last = key + b"\xff" * (2 * WIDTH - size)
        first, end = np.searchsorted(self._forms, np.array([key, last], dtype="S48"))
        arrays = self._arrays
        fits = (arrays["entries.numbers"][first:end] > 0).astype(np.uint8)
        fits += np.uint8(_BEGINS)
        fits[arrays["entries.sizes"][first:end] == len(typed)] -= _BEGINS - _EXACT
        fits[arrays["entries.inside"][first:end]] = _HAS_WORD
        return np.arange(first, end), fits

    def near(self, typed: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the entries that begin nearly like this, and how each fits."""
        slips = slips_allowed(typed)
        nothing = np.empty(0, dtype=np.int64)
        if not slips or len(typed) > _LONGEST_NEAR:
            return nothing, nothing
        distances, places = self.near_misses.find(typed[:WIDTH], slips, prefix=True)
        # Who mistypes rather begins with the right letter of the right word.
        letters = self._arrays["entries.letters"][places, 0]
        less = self._arrays["entries.inside"][places].astype(np.uint8)
        less += letters != ord(typed[0])
        return places, _NEAR + 2 * distances + less

    def best(self, places: np.ndarray, fits: np.ndarray, limit: int) -> list[_Fit]:
        """Return the best of these entries, each document once."""
        if self._leaf.is_alive is not None and len(places):
            living = self._leaf.is_alive[self._arrays["entries.docs"][places]]
            places, fits = places[living], fits[living]
        keys = fits.astype(np.uint64) << np.uint64(32)
        keys |= self._arrays["entries.rank"][places]
        keys = ~keys  # the best is the greatest
        # A document has a few names; if it has many, all entries are put in order.
        for some in (limit * 8, len(keys)):
            chosen = greatest_of(keys, some)
            chosen = chosen[np.argsort(keys[chosen])[::-1]]
            best: dict[int, _Fit] = {}
            for place in chosen.tolist():
                doc = int(self._arrays["entries.docs"][places[place]])
                if doc not in best:
                    best[doc] = self._fit(int(fits[place]), int(places[place]))
                    if len(best) == limit:
                        break
            if len(best) == limit or len(chosen) == len(keys):
                break
        return list(best.values())

    def _fit(self, fit: int, place: int) -> _Fit:
        arrays = self._arrays
        doc = int(arrays["entries.docs"][place])
        number = int(arrays["entries.numbers"][place])
        card = self._leaf.card(doc)
        rank, _, slug = place_in_order(card.kind, card.slug)
        inside = bool(arrays["entries.inside"][place])
        size = int(arrays["entries.sizes"][place])
        order = (fit, -card.boost, rank, inside, size, slug, number)
        return _Fit(order, doc, number, name_of(card, number))


class Names:
    """The names of one reading."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._segments = [(leaf, SegmentNames(leaf)) for leaf in reading.leaves]
        self._known: dict[str, Found] = {}
        self._known_stems: dict[str, Found] = {}

    def exact(self, form: str) -> Found:
        """Return the documents of a compact name, True where it is the title."""
        return self.exact_of([form]).get(form, {})

    def exact_of(self, forms: Iterable[str]) -> dict[str, Found]:
        """Return the documents of those forms that are names: one look into the table
        for all of them."""
        found: dict[str, Found] = {}
        new: list[str] = []
        for form in forms:
            known = self._known.get(form)
            if known is None:
                new.append(form)
            elif known:
                found[form] = known
        if new:
            if len(self._known) > _MOST_REMEMBERED:
                self._known.clear()
            looked_up = self._find(("exact",), new)
            self._known.update(looked_up)
            found |= {form: named for form, named in looked_up.items() if named}
        return found

    def exact_stems(self, form: str) -> Found:
        """Return the documents with a name of these stems, True where it is the title."""
        found = self._known_stems.get(form)
        if found is None:
            if len(self._known_stems) > _MOST_REMEMBERED:
                self._known_stems.clear()
            found = self._find(("stems", "exact"), [form])[form]
            self._known_stems[form] = found
        return found

    def _find(self, tables: Iterable[str], forms: list[str]) -> dict[str, Found]:
        found: dict[str, Found] = {form: {} for form in forms}
        for leaf, segment in self._segments:
            for table in tables:
                for form, doc, number in segment.named(table, forms):
                    if leaf.is_alive is None or leaf.is_alive[doc]:
                        found[form].setdefault(leaf.offset + doc, number == 0)
        return found

    def suggest(self, text: str, limit: int) -> list[Suggestion]:
        typed = compact(text[:200])
        if not typed or limit <= 0:
            return []
        best: dict[int, _Fit] = {}
        for look in (SegmentNames.beginning_with, SegmentNames.near):
            # Twice as many, since the second look finds again what the first has.
            for leaf, segment in self._segments:
                for fit in segment.best(*look(segment, typed), limit * 2):
                    doc = leaf.offset + fit.doc
                    if doc not in best and _can_begin(fit.name, typed):
                        best[doc] = fit
            if len(best) >= limit:
                break
        chosen = sorted(best, key=lambda doc: best[doc].order)[:limit]
        return [self._suggestion(doc, best[doc].number) for doc in chosen]

    def _suggestion(self, doc: int, number: int) -> Suggestion:
        card = self._reading.card(doc)
        name = name_of(card, number)
        return Suggestion(card.kind, card.slug, card.title, card.url, name)


def _can_begin(name: str, typed: str) -> bool:
    """Tell whether a name fits a text longer than the letters that arrays hold."""
    return len(typed) <= WIDTH or typed in compact(name)
