"""The records that a sentence names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace

from django.db.models import F, Value

from kb.addresses import address
from kb.choices import State, SynonymKind
from kb.folding import fold
from kb.models import Alkaloid, Region, Substance, Symptom, Synonym
from kb.names import Matcher, Mention, Name, Word

# Everyday words that happen to be names: as written here, not at a sentence's beginning.
_CASED = frozenset({"tea", "bia", "biak", "thang", "thom", "kutum", "krypton"})
# Letters that stand for many things: only where the text explains them, "mitragynine (MG)".
_TO_BE_INTRODUCED = frozenset(
    {"MIT", "MG", "MP", "MAT", "OAT", "OST", "NAS", "OD", "SAE"}
)
# Everyday words for a symptom that mostly mean something else in a text.
_TOO_COMMON = frozenset(
    "angry;burning up;being sick;complete detox;fatal;first dose;fit;fitting;flat;flushing"
    ";foggy;freezing;hot;induction;interactions;jerking;killed;lead;mixing;mixing drugs"
    ";nodding;numb;pacing;sad;scared;soaked;sore;starting treatment;stuffy;taking together"
    ";temperature;thin;tired;uneasy;urges;using again;using less;weak;weed;wired;worried"
    ";no joy;feeling better;dying;no fluids;overwhelmed;aggressive;worked up".split(";")
)


# What stands in an address or in a name of something else names no record.
_ANOTHER_NAME = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w-]{1,40}(?:\.[\w-]{1,40}){0,4}\.(?:com|org|net|gov|edu)\b\S*"
    r"|American Addiction Centers?|Addiction Center\b|Journal of Pain"
    r"|(?:Food and|Institute on) Drug \w+",
    re.IGNORECASE,
)
# How a name that begins with such a word is bent: "come off opioids".
_BENT = {
    "coming": ("come", "comes", "came"),
    "getting": ("get", "gets", "got"),
    "quitting": ("quit", "quits"),
    "stopping": ("stop", "stops", "stopped"),
    "kicking": ("kick", "kicks", "kicked"),
    "throwing": ("throw", "throws", "threw"),
}
# Long names of substances are known with a letter too many or too few, and the longest
# with a wrong one; short ones are too near to other words: cytisine, cytosine.
_SHORTEST_NAME = 9
_SHORTEST_MISSPELT = _SHORTEST_NAME - 1
_SHORTEST_CHANGED = 11


@dataclass(frozen=True, slots=True)
class Named:
    """A record that a sentence names."""

    kind: str
    slug: str
    name: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.slug}"

    @property
    def url(self) -> str:
        return address(f"kb:{self.kind}", self.slug)


def load_names() -> list[Name]:
    """Return the names of all published records that a text can name: 2 queries."""
    rows = [
        model.objects.filter(state=State.PUBLISHED)
        .order_by()
        .values_list(Value(model.KIND), "slug", "name", category)
        for model, category in (
            (Substance, F("category")),
            (Alkaloid, Value("alkaloid")),
            (Symptom, Value("")),
        )
    ]
    regions = Region.objects.order_by().values_list(
        Value("region"), "code", "name", Value("")
    )
    names: list[Name] = []
    owners: dict[tuple[str, str], Name] = {}
    for kind, slug, title, category in rows[0].union(*rows[1:], regions, all=True):
        cased = _is_cased(title, kind)
        name = owners[kind, slug] = Name(kind, slug, title, title, cased, category)
        names.append(name)
        names += [replace(name, text=each) for each in _shorter(title)]
    synonyms = Synonym.objects.filter(region__isnull=True).values_list(
        "name", "kind", "substance__slug", "alkaloid__slug", "symptom__slug"
    )
    for text, kind, *slugs in synonyms:
        for owner, slug in zip(
            ("substance", "alkaloid", "symptom"), slugs, strict=True
        ):
            owned = owners.get((owner, slug or ""))
            if owned and not (owner == "symptom" and text.lower() in _TOO_COMMON):
                names += [
                    replace(owned, text=each, cased=_is_cased(each, kind))
                    for each in (text, *_bent(text))
                ]
    return names


def _shorter(title: str) -> list[str]:
    """Return what a title is also called: "Naltrexone (oral)", "Drowsiness or sedation"."""
    bare = re.sub(r" \([^)]*\)$", "", title)
    first, _, second = bare.partition(" or ")
    parts = [second] if second else []
    if second.isalpha() and first.isalpha():
        parts.append(first)
    return [*([bare] if bare != title else []), *parts]


def _bent(name: str) -> list[str]:
    first, _, rest = name.partition(" ")
    return [f"{each} {rest}" for each in _BENT.get(first.lower(), ()) if rest]


def _is_cased(text: str, kind: str) -> bool:
    """Tell whether a name counts only as it is written: "CBD", "Georgia", "Tea"."""
    short = kind == SynonymKind.ABBREVIATION or len(text) < 4
    return (
        kind == "region"
        or text.lower() in _CASED
        or (short and text.isalpha() and text.isupper())
        or len(text) < 3
    )


class Reader:
    """Finds the records that the sentences of one text name."""

    def __init__(self, names: Iterable[Name], text: str = "") -> None:
        self.names = list(names)
        self._matcher = Matcher(self.names)
        self._guesses: dict[str, tuple[Name, ...]] = {}
        self._almost: dict[str, list[tuple[str, Name]]] = defaultdict(list)
        for name in self.names:
            written = fold(name.text)
            if name.category and written.isalpha() and len(written) >= _SHORTEST_NAME:
                for each in (written, *_without_a_letter(written)):
                    self._almost[each].append((written, name))
        self._introduced = _introduced_in(text)

    def of_another_text(self, text: str) -> Reader:
        """Return a reader of the same names: to prepare them takes longest."""
        other = copy(self)
        other._introduced = _introduced_in(text)
        return other

    def mentions(self, sentence: str, words: Sequence[Word]) -> list[Mention]:
        elsewhere = [match.span() for match in _ANOTHER_NAME.finditer(sentence)]
        found = [
            mention
            for mention in self._matcher.find(sentence, words)
            if not any(start <= mention.start < end for start, end in elsewhere)
        ]
        known = {at for each in found for at in range(each.first, each.last)}
        misspelt = (
            self._misspelt(at, word)
            for at, word in enumerate(words)
            if at not in known and len(word.text) >= _SHORTEST_MISSPELT
        )
        return sorted(
            (
                _own(mention)
                for mention in (*found, *filter(None, misspelt))
                if self._counts(sentence, mention)
            ),
            key=lambda mention: mention.first,
        )

    def _misspelt(self, at: int, word: Word) -> Mention | None:
        """Return the one substance whose name this long word misses by a letter."""
        if word.text not in self._guesses:
            owners = {
                (name.kind, name.slug): name
                for shorter in (word.text, *_without_a_letter(word.text))
                for written, name in self._almost.get(shorter, ())
                if abs(len(written) - len(word.text)) == 1
                or (
                    len(written) == len(word.text) >= _SHORTEST_CHANGED
                    and written != word.text
                    and _differs_in_a_letter(written, word.text)
                )
            }
            self._guesses[word.text] = (
                tuple(owners.values()) if len(owners) == 1 else ()
            )
        names = self._guesses[word.text]
        return Mention(at, at + 1, word.start, word.end, names) if names else None

    def _counts(self, sentence: str, mention: Mention) -> bool:
        written = sentence[mention.start : mention.end]
        if written in _TO_BE_INTRODUCED:
            return written in self._introduced
        # "Tea" and "Turkey" begin a sentence with a capital whatever they mean.
        return not (mention.first == 0 and written.lower() in _CASED)


def _introduced_in(text: str) -> set[str]:
    return {short for short in _TO_BE_INTRODUCED if re.search(rf"\w \({short}\W", text)}


def _without_a_letter(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def _differs_in_a_letter(one: str, other: str) -> bool:
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _own(mention: Mention) -> Mention:
    """Leave a name to the record that is called so: "overdose" is no word for breathing."""
    own = tuple(name for name in mention.names if fold(name.text) == fold(name.title))
    return replace(mention, names=own) if own else mention


def named(mentions: Iterable[Mention]) -> tuple[Named, ...]:
    """Return the records of these mentions, each once, in the order of the text."""
    found = {
        (name.kind, name.slug): Named(name.kind, name.slug, name.title)
        for mention in mentions
        for name in mention.names
    }
    return tuple(found.values())
