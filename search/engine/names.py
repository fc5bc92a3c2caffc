"""The names of all documents in memory: exact ones, and those that begin like this."""

from __future__ import annotations

from bisect import bisect_left
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from search.engine import KIND_ORDER, Suggestion
from search.engine.spelling import NearMisses, slips_allowed
from search.engine.text import chunks, compact, parts
from search.engine.whoosh_reading import Reading
from search.engine.whoosh_schema import STOP_WORDS, Card, chunk_terms

_KIND_RANK = {kind: rank for rank, kind in enumerate(KIND_ORDER)}
# How a name can fit what was typed, best first. A title comes before other names.
_EXACT, _BEGINS, _HAS_WORD, _NEAR = 0, 2, 4, 5
NAMED_KINDS = ("substance", "alkaloid", "symptom")
_MOST_STEMMED = 5  # words; a longer title is no name


def place_in_order(card: Card) -> tuple[int, str, str]:
    """Return what decides between equals: kind, then slug."""
    return _KIND_RANK.get(card.kind, len(KIND_ORDER)), card.kind, card.slug


def stem_form(words: Iterable[str]) -> str:
    """Return the stems of words as one: "naloxones" is "naloxon"."""
    return "".join(stem for word in words for stem in chunk_terms(word).stems)


class _Entry(NamedTuple):
    """A name from its beginning, or from one of its later words, on."""

    form: str  # compact
    doc: int
    number: int  # 0 is the title, n the n-th other name
    is_inside: bool
    order: tuple[object, ...]  # what decides between equally fitting ones


class SegmentNames:
    """The names in one segment: made once, kept as long as the segment is."""

    def __init__(self, cards: Sequence[Card]) -> None:
        # Compact form: the documents of that name, True where it is the title.
        self.exact: dict[str, dict[int, bool]] = {}
        # The same by stems, where they differ: "naloxon" for "Naloxone".
        self.exact_stems: dict[str, dict[int, bool]] = {}
        # The words of the names: folded, and how each is written.
        self.words: dict[str, str] = {}
        # Those of what people look for by name.
        self.dear: set[str] = set()
        self.entries: list[_Entry] = []
        for doc, card in enumerate(cards):
            for number, name in enumerate((card.title, *card.names)):
                self._add(name, doc, number, card)
        self.entries.sort()
        self.forms = [entry.form for entry in self.entries]
        self._near: NearMisses | None = None

    def _add(self, name: str, doc: int, number: int, card: Card) -> None:
        words: list[str] = []
        for chunk in chunks(name):
            found = parts(chunk)
            words += found
            for word in found:
                if word.isalpha():
                    self.words.setdefault(word, word)
            if len(found) > 1:
                self.words.setdefault("".join(found), chunk.lower())
            if card.kind in NAMED_KINDS:
                self.dear.update((*found, "".join(found)))
        form = "".join(words)
        if not form:
            return
        self.exact.setdefault(form, {}).setdefault(doc, number == 0)
        if len(words) <= _MOST_STEMMED and (stems := stem_form(chunks(name))) != form:
            self.exact_stems.setdefault(stems, {}).setdefault(doc, number == 0)
        kind, _, slug = place_in_order(card)
        start = 0
        for before, word in zip(("", *words), words, strict=False):
            start += len(before)
            if start and word in STOP_WORDS:
                continue
            rest = form[start:]
            order = (-card.boost, kind, start > 0, len(rest), slug, number)
            self.entries.append(_Entry(rest, doc, number, start > 0, order))

    def beginning_with(self, typed: str) -> Iterator[_Entry]:
        place = bisect_left(self.forms, typed)
        while place < len(self.forms) and self.forms[place].startswith(typed):
            yield self.entries[place]
            place += 1

    def near(self, typed: str) -> Iterator[tuple[int, _Entry]]:
        """Yield how many slips apart, and the entry that begins nearly like this."""
        slips = slips_allowed(typed)
        if slips and len(typed) <= 38:
            if self._near is None:
                self._near = NearMisses(self.forms)
            for distance, place in self._near.find(typed, slips, prefix=True):
                yield distance, self.entries[place]


class Names:
    """The names of one reading; only those of new segments are gone through."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._segments: list[tuple[int, SegmentNames]] = []
        for leaf in reading.leaves:
            if "names" not in leaf.kept:
                leaf.kept["names"] = SegmentNames(leaf.cards)
            self._segments.append((leaf.offset, leaf.kept["names"]))

    def exact(self, form: str) -> dict[int, bool]:
        """Return the documents of a compact name, True where it is the title."""
        return {
            offset + doc: is_title
            for offset, segment in self._segments
            for doc, is_title in segment.exact.get(form, {}).items()
            if self._reading.alive[offset + doc]
        }

    def exact_stems(self, form: str) -> dict[int, bool]:
        """Return the documents with a name of these stems, True where it is the title."""
        return {
            offset + doc: is_title
            for offset, segment in self._segments
            for names in (segment.exact_stems, segment.exact)
            for doc, is_title in names.get(form, {}).items()
            if self._reading.alive[offset + doc]
        }

    def words(self) -> Mapping[str, str]:
        """Return the words of all names, folded, and how each is written."""
        return ChainMap(*(segment.words for _, segment in self._segments))

    def dear_words(self) -> set[str]:
        """Return the words of the names that people look for things by."""
        return set().union(*(segment.dear for _, segment in self._segments))

    def suggest(self, text: str, limit: int) -> list[Suggestion]:
        typed = compact(text[:200])
        if not typed or limit <= 0:
            return []
        # Document: how its best name fits, and which name that is.
        best: dict[int, tuple[tuple[object, ...], int]] = {}

        def note(offset: int, entry: _Entry, tier: int) -> None:
            doc = offset + entry.doc
            is_title = tier >= _HAS_WORD or entry.number == 0
            fits = (tier + (not is_title), entry.order)
            if doc not in best or fits < best[doc][0]:
                best[doc] = (fits, entry.number)

        for offset, segment in self._segments:
            for entry in segment.beginning_with(typed):
                whole = _EXACT if entry.form == typed else _BEGINS
                note(offset, entry, _HAS_WORD if entry.is_inside else whole)
        if len(best) < limit:
            for offset, segment in self._segments:
                for slips, entry in segment.near(typed):
                    # Who mistypes rather begins with the right letter of the right word.
                    less = entry.is_inside + (entry.form[0] != typed[0])
                    note(offset, entry, _NEAR + 2 * slips + less)
        alive = [doc for doc in best if self._reading.alive[doc]]
        alive.sort(key=lambda doc: best[doc][0])
        return [self._suggestion(doc, best[doc][1]) for doc in alive[:limit]]

    def _suggestion(self, doc: int, number: int) -> Suggestion:
        card = self._reading.cards[doc]
        name = card.names[number - 1] if number else card.title
        return Suggestion(card.kind, card.slug, card.title, card.url, name)
