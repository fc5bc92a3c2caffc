"""The place in a text that answers a query, as pieces that match or do not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from search.engine import Pieces
from search.engine.cards import Body, Card
from search.engine.text import compact, find_odd_chunks, is_plain, lower, match_chunk
from search.engine.whoosh_terms import chunk_terms, terms_of

SNIPPET_LENGTH = 200
# Further into a text nobody looks for the best place; most are shorter.
_FAR_ENOUGH = 6_000
# Weights that differ by less are the same, added up in another order.
_ROUNDING = 1e-9
# "dying" has the stem "die"; every other stem but its last letter begins its word.
_OTHER_BEGINNINGS = {
    stem: (stem[:2], f"{stem[0]}ying") for stem in ("die", "lie", "tie")
}
_LONGEST_BEGINNING = 5
# Terms of one text whose places are remembered.
_MOST_TERMS = 100

Marks = list[tuple[int, int, str]]  # start, end, term
Span = tuple[int, int]


class MarkedText:
    """A text in which terms are looked for, by many queries.

    Of plain words only those are looked at that begin as a wanted term does: to stem
    every word of ten texts is slow the first time.
    """

    __slots__ = ("_known", "_lower", "_odd", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._lower = lower(text)
        # Where the terms stand of all that is no plain word: "7-OH", "5-HT2A", "café".
        self._odd: dict[str, list[Span]] = {}
        self._known: dict[str, list[Span]] = {}
        for match in find_odd_chunks(text):
            for term in _terms(match.group()):
                self._odd.setdefault(term, []).append(match.span())

    def _places(self, term: str) -> list[Span]:
        found = self._known.get(term)
        if found is None:
            if len(self._known) > _MOST_TERMS:
                self._known.clear()
            found = self._known[term] = self._find(term)
        return found

    def _find(self, term: str) -> list[Span]:
        found = self._odd.get(term, [])
        for begins in beginnings(term):
            at = self._lower.find(begins)
            if at >= 0:
                found = [*found, *self._plain_places(term, begins, at)]
        return found

    def _plain_places(self, term: str, begins: str, at: int) -> list[Span]:
        """Return where plain words with a term stand, of all that begin like this; the
        first such beginning is at `at`."""
        found: list[Span] = []
        while at >= 0:
            match = match_chunk(self.text, at)
            if match is not None:
                chunk = match.group()
                if is_plain(chunk) and term in _terms(chunk):
                    found.append(match.span())
            at = self._lower.find(begins, at + 1)
        return found

    def marks(self, wanted: Iterable[str]) -> Marks:
        """Return where the wanted terms stand, in order."""
        found = [
            (start, end, term) for term in wanted for start, end in self._places(term)
        ]
        found.sort()
        return found


@lru_cache(maxsize=16_384)
def beginnings(term: str) -> tuple[str, ...]:
    """Return how plain words begin that have a term."""
    other = _OTHER_BEGINNINGS.get(term)
    return other or (term[: max(2, min(len(term) - 1, _LONGEST_BEGINNING))],)


def _terms(chunk: str) -> Collection[str]:
    whole, stems = chunk_terms(chunk)
    return {whole, *stems} if whole else stems


class Shown(NamedTuple):
    """What a hit shows of its document."""

    title: Pieces
    snippet: Pieces
    matched: str  # "also called ketum", "tagged Opioid receptor", or ""


class MarkedDocument:
    """A document taken apart for showing.

    Title, summary, text and other names are looked through as one text, a line each:
    no term reaches over the end of a line, and one text is taken apart in half the
    time of seven.
    """

    __slots__ = ("_starts", "_whole", "card", "size", "summary", "tags", "text")

    def __init__(self, card: Card, body: Body) -> None:
        self.card = card
        self.tags = body.tags
        self.summary = body.summary
        self.text = body.text
        self.size = len(card.title) + len(body.summary) + len(body.text)
        lines = (card.title, body.summary, body.text[:_FAR_ENOUGH], *card.names)
        self._whole = MarkedText("\n".join(lines))
        # Where each line begins in it, and the end.
        self._starts = [0, *accumulate(len(line) + 1 for line in lines)]

    def shown(self, wanted: Mapping[str, float], whole: str = "") -> Shown:
        """Return it with the wanted terms marked, each worth its weight; `whole` is the
        compact form of the whole query where that names the document."""
        title, summary, text, *names = self._by_line(self._whole.marks(wanted))
        pieces = _pieces(self.card.title, title, 0, len(self.card.title))
        snippet = self._snippet(summary, text, wanted)
        matched = self._called(title, names, wanted, whole)
        if not matched and not any(marks for _, marks in (*snippet, *pieces)):
            matched = self._tagged(wanted)
        return Shown(pieces, snippet, matched)

    def _by_line(self, marks: Marks) -> list[Marks]:
        """Return the marks of each line, by their places in it."""
        found: list[Marks] = [[] for _ in self._starts[1:]]
        line, start, end = 0, 0, self._starts[1]
        for begins, ends, term in marks:
            while begins >= end:
                line += 1
                start, end = end, self._starts[line + 1]
            found[line].append((begins - start, ends - start, term))
        return found

    def _snippet(
        self, summary: Marks, text: Marks, wanted: Mapping[str, float]
    ) -> Pieces:
        """Return some 200 characters with the most of what is wanted, weighed.

        The summary wins unless the text has more. Without a match: how it begins.
        """
        weight, start = _best_start(summary, wanted)
        if text and weight < sum(wanted.values()) - _ROUNDING:
            of_text, start_of_text = _best_start(text, wanted)
            if of_text > weight + _ROUNDING:
                return _cut(self.text, text, start_of_text)
        if not self.summary:
            return _cut(self.text, [], 0)
        return _cut(self.summary, summary, start)

    def _called(
        self,
        title: Marks,
        names: list[Marks],
        wanted: Mapping[str, float],
        whole: str,
    ) -> str:
        """Say which other name made it a hit, where the title does not show it."""
        if whole:
            if whole == compact(self.card.title):
                return ""
            for name in self.card.names:
                if compact(name) == whole:
                    return f"also called {name}"
        best, best_weight = "", 0.0
        in_title = {term for _, _, term in title}
        for name, marks in zip(self.card.names, names, strict=True):
            if marks:
                terms = dict.fromkeys(term for _, _, term in marks)
                weight = sum(wanted[term] for term in terms if term not in in_title)
                if weight > best_weight:
                    best, best_weight = name, weight
        return f"also called {best}" if best else ""

    def _tagged(self, wanted: Mapping[str, float]) -> str:
        """Say which tag has what was wanted, or "" if none has."""
        for tag in self.tags:
            if not wanted.keys().isdisjoint(terms_of(tag)):
                return f"tagged {tag}"
        return ""


def _best_start(marks: Marks, wanted: Mapping[str, float]) -> tuple[float, int]:
    """Return the weight of the best window of marks, and where its first one starts."""
    best = (0.0, 0)
    first = 0
    for last, (_, end, _) in enumerate(marks):
        while end - marks[first][0] > SNIPPET_LENGTH - 20 and first < last:
            first += 1
        terms = dict.fromkeys(term for _, _, term in marks[first : last + 1])
        weight = sum(wanted[term] for term in terms)
        if weight > best[0] + _ROUNDING:
            best = (weight, marks[first][0])
    return best


def _cut(text: str, marks: Marks, first: int) -> Pieces:
    if len(text) <= SNIPPET_LENGTH + 20:
        return _pieces(text, marks, 0, len(text))
    start = max(0, min(first - 40, len(text) - SNIPPET_LENGTH))
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else first
    end = min(len(text), start + SNIPPET_LENGTH)
    if end < len(text):
        space = text.rfind(" ", start + SNIPPET_LENGTH // 2, end)
        end = space if space > 0 else end
    return _pieces(text, marks, start, end)


def _pieces(text: str, marks: Marks, start: int, end: int) -> Pieces:
    pieces: list[tuple[str, bool]] = []
    at = start
    for begins, ends, _ in marks:
        if begins < at or ends > end:
            continue
        if begins > at:
            pieces.append((text[at:begins], False))
        pieces.append((text[begins:ends], True))
        at = ends
    if at < end:
        pieces.append((text[at:end], False))
    if start > 0 and pieces:
        pieces[0] = ("…" + pieces[0][0], False) if not pieces[0][1] else pieces[0]
        if pieces[0][1]:
            pieces.insert(0, ("…", False))
    if end < len(text):
        pieces.append(("…", False))
    return tuple(pieces)
