"""Names in running text: splitting it into words, and finding the names among them.

Upper and lower case, accents, invisible characters and the kind of dash make no
difference: `7-OH`, `7OH` and `7 oh` are one name, as they are for the search.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kb.folding import APOSTROPHES, DASHES, GREEK, INVISIBLE, fold

# Scripts written without spaces (Thai, Lao, Khmer, Japanese, Chinese): each letter is a
# word of its own there, so that a name is found wherever it stands.
_UNSPACED = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u4e00-\u9fff"
_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u17b4-\u17d3"
# A number with its decimals, a letter of an unspaced script, or a run of letters.
_WORD = re.compile(
    rf"\d+(?:[.,]\d+)*"
    rf"|[{_UNSPACED}][{_MARKS}]*"
    rf"|(?:[^\W\d_]|[\u0300-\u036f{INVISIBLE}]|(?<=[^\W\d_])[{APOSTROPHES}](?=[^\W\d_]))+"
)
_POSSESSIVE = re.compile(rf"(?:[{APOSTROPHES}]s|(?<=s)[{APOSTROPHES}])$", re.IGNORECASE)
_DROPPED = re.compile(f"[{APOSTROPHES}{INVISIBLE}]")


class Word(NamedTuple):
    """A word where it stands: `text` is folded, start and end count characters."""

    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """Return the folded words of `text`; a possessive 's is left out."""
    found = []
    for match in _WORD.finditer(text):
        word = fold(_POSSESSIVE.sub("", match.group()))
        if word:
            found.append(Word(GREEK.get(word, word), match.start(), match.end()))
    return found


@dataclass(frozen=True, slots=True)
class Name:
    """One way of writing a record's name."""

    kind: str  # "substance"
    slug: str  # "kratom"
    title: str  # the record's own name: "Kratom"
    text: str  # as written here: "ketum"
    cased: bool = False  # counts only when written with these capitals
    category: str = ""  # of a subject: "plant", "therapy", "alkaloid"


@dataclass(frozen=True, slots=True)
class Mention:
    """Names found at one place; more than one where a name has several owners."""

    first: int  # number of its first word in the sentence
    last: int  # number of the word after its last
    start: int
    end: int
    names: tuple[Name, ...]


class Matcher:
    """Finds names in text: whole words only, the longest name first."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._names: dict[tuple[str, ...], list[Name]] = defaultdict(list)
        for name in names:
            for form in _forms(name):
                self._names[form].append(name)
        self._lengths: dict[str, list[int]] = defaultdict(list)
        for form in self._names:
            if len(form) not in self._lengths[form[0]]:
                self._lengths[form[0]].append(len(form))
        for lengths in self._lengths.values():
            lengths.sort(reverse=True)

    def find(self, text: str, found: Sequence[Word] | None = None) -> list[Mention]:
        """Return what `text` names, in its order; `found` are its words if known."""
        found = words(text) if found is None else found
        mentions: list[Mention] = []
        at = 0
        while at < len(found):
            mention = self._at(text, found, at)
            if mention:
                mentions.append(mention)
                at = mention.last
            else:
                at += 1
        return mentions

    def _at(self, text: str, found: Sequence[Word], at: int) -> Mention | None:
        for length in self._lengths.get(found[at].text, ()):
            if at + length > len(found):
                continue
            stretch = found[at : at + length]
            start, end = stretch[0].start, stretch[-1].end
            names = self._names.get(tuple(word.text for word in stretch))
            if not names or not _stands_together(text, stretch):
                continue
            written = _POSSESSIVE.sub("", text[start:end])
            fitting = {
                (name.kind, name.slug): name
                for name in names
                if not name.cased or written == name.text
            }
            if fitting:
                return Mention(at, at + length, start, end, tuple(fitting.values()))
        return None


def _forms(name: Name) -> set[tuple[str, ...]]:
    """Return the folded words of a name, in singular, in plural, without apostrophes."""
    form = tuple(word.text for word in words(name.text))
    if not form:
        return set()
    forms = {form, tuple(word.text for word in words(_DROPPED.sub("", name.text)))}
    last = form[-1]
    if not name.cased and last.isalpha() and len(last) > 3:
        other = last.removesuffix("s") if last.endswith("s") else last + "s"
        if not last.endswith(("ss", "us", "is", "as")):
            forms.add((*form[:-1], other))
    return forms


_GAP = re.compile(rf"[\s{DASHES}{APOSTROPHES}{INVISIBLE}.,()/\u00b7+]{{0,4}}")


def _stands_together(text: str, stretch: Sequence[Word]) -> bool:
    """Tell whether nothing but a space or a dash stands between the words of a name."""
    return all(
        _GAP.fullmatch(text, before.end, after.start) is not None
        # "M. speciosa", never "on day 7. Oh no".
        and not (before.text[0].isdigit() and "." in text[before.end : after.start])
        for before, after in itertools.pairwise(stretch)
    )
