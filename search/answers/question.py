"""What a query asks: the records that it names, and what it wants to know of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from kb import gazetteer
from kb.names import Mention, Word, words
from search.answers.names import FREE_CODES, Named, Names
from search.answers.places import place_named, spans, unrecorded_places
from search.answers.vocabulary import (
    BOTH,
    BRINGS,
    COMPARE,
    DANGER,
    DEFINES,
    DOSE,
    EITHER,
    EVIDENCE,
    HELP,
    HOW_LONG,
    HOW_MUCH,
    LAW,
    MIX,
    PARTNERS,
    SAFETY,
)

# Nobody types a longer question; what is cut off can only be a text that was pasted.
LONGEST_TEXT = 400


@dataclass(frozen=True, slots=True)
class Subject:
    """One place of the query that names a subject; several where the name is shared."""

    mention: Mention
    records: tuple[Named, ...]

    def of_kind(self, kind: str) -> Named | None:
        return next((each for each in self.records if each.kind == kind), None)

    @property
    def taken(self) -> Named:
        """Return what people take: of an alkaloid and a product, the product."""
        return self.of_kind("substance") or self.records[0]

    @property
    def twins(self) -> tuple[Named, ...]:
        """Return the records, that which people take first."""
        return (self.taken, *(each for each in self.records if each != self.taken))


@dataclass(frozen=True)
class Question:
    text: str
    names: Names
    words: tuple[Word, ...]
    subjects: tuple[Subject, ...]
    symptom_mentions: tuple[Mention, ...]
    regions: tuple[tuple[Named, ...], ...]

    def says(self, vocabulary: Iterable[str]) -> bool:
        return any(phrase in self.spoken for phrase in vocabulary)

    @cached_property
    def spoken(self) -> str:
        """Return the words beside the subjects, with blanks around: " legal in ohio "."""
        inside = {
            at
            for subject in self.subjects
            for at in range(subject.mention.first, subject.mention.last)
        }
        kept = (word.text for at, word in enumerate(self.words) if at not in inside)
        return f" {' '.join(kept)} "

    @property
    def subject(self) -> Subject:
        return self.subjects[0]

    @cached_property
    def other(self) -> Subject | None:
        """Return a second subject: not one that stands right beside ("kratom tea")."""
        for each in self.subjects[1:]:
            is_apart = self.between(each).strip() != ""
            if is_apart and set(each.records) - {self.subject.taken}:
                return each
        return None

    def between(self, other: Subject) -> str:
        """Return what stands between the first subject and another, "+" and "&" as and."""
        first, second = self.subject.mention, other.mention
        said = [word.text for word in self.words[first.last : second.first]]
        if re.search(r"[+&]", self.text[first.end : second.start]):
            said.append("and")
        return f" {' '.join(said)} "

    @cached_property
    def asks_law(self) -> bool:
        if self.says(LAW):
            return True
        asks_else = (
            self.symptoms
            or self.asks_safety
            or self.asks_evidence
            or self.is_definition
            or self.compares
            or self.mixes
        )
        return bool(self.regions) and not asks_else

    @cached_property
    def compares(self) -> bool:
        if self.other is None:
            return False
        between = self.between(self.other)
        if self.says(COMPARE) or any(phrase in between for phrase in EITHER):
            return True
        joins = any(phrase in between for phrase in BOTH)
        return joins and bool(self.symptoms) and not self.says(MIX)

    @cached_property
    def mixes(self) -> bool:
        if self.other is None:
            return self.partner is not None
        between = self.between(self.other)
        return self.says(MIX) or any(phrase in between for phrase in BOTH)

    @cached_property
    def partner(self) -> str | None:
        """Return what is taken with it though it is no record: a name of PARTNERS."""
        joined = self.says(BOTH) or self.says(MIX) or re.search(r"[+&]", self.text)
        if not joined:
            return None
        for name, stems in PARTNERS.items():
            if any(word.text.startswith(stem) for word in self.words for stem in stems):
                return name
        return None

    @cached_property
    def asks_dose(self) -> bool:
        """Tell whether an amount is asked for, and not how much it helps."""
        return self.says(DOSE) or (self.says(HOW_MUCH) and not self.asks_evidence)

    @cached_property
    def asks_how_long(self) -> bool:
        return self.says(HOW_LONG)

    @cached_property
    def is_danger(self) -> bool:
        """Tell whether somebody may be in danger now: then help comes first."""
        named = {
            (each.kind, each.slug)
            for mention in self.symptom_mentions
            for each in mention.names
        }
        return self.says(DANGER) or bool(named & self.names.emergencies)

    @cached_property
    def asks_safety(self) -> bool:
        return self.says(SAFETY)

    @cached_property
    def asks_evidence(self) -> bool:
        return self.says(EVIDENCE)

    @cached_property
    def asks_help(self) -> bool:
        return self.says(HELP)

    @cached_property
    def asks_harm(self) -> bool:
        """Tell whether the symptom is meant as what comes of it: "from kratom"."""
        return self.says(BRINGS) and not self.asks_help

    @cached_property
    def is_definition(self) -> bool:
        return self.says(DEFINES)

    @cached_property
    def symptoms(self) -> tuple[Named, ...]:
        """Return the symptoms meant, likeliest first.

        "kratom withdrawal" has two readings: opioid withdrawal for which kratom is
        taken, and withdrawal from kratom, which is a symptom of its own.
        """
        found: list[Named] = []
        for mention in self.symptom_mentions:
            whole = [self.names.records[each.kind, each.slug] for each in mention.names]
            inside = [
                subject.mention
                for subject in self.subjects
                if mention.first <= subject.mention.first < mention.last
            ]
            if not inside:
                own = self._of_subject(mention) if self.asks_harm else []
                found += [*own, *whole]
            elif self.asks_help:
                found += whole
            else:
                rest = self._without(mention, inside[0])
                is_bare = inside[0].first == mention.first and not self.asks_harm
                found += [*rest, *whole] if is_bare else [*whole, *rest]
        return tuple(dict.fromkeys(found))

    @cached_property
    def own_symptoms(self) -> tuple[Named, ...]:
        """Return the symptoms that carry the subject's name: kratom withdrawal."""
        return tuple(
            each
            for mention in self.symptom_mentions
            for each in self._of_subject(mention)
        )

    def _without(self, mention: Mention, subject: Mention) -> list[Named]:
        """Return what a symptom's name says without the subject: "withdrawal"."""
        parts = (
            self.words[mention.first : subject.first],
            self.words[subject.last : mention.last],
        )
        return [each for part in parts for each in self._symptoms_in(self.text, part)]

    def _of_subject(self, mention: Mention) -> list[Named]:
        """Return the symptom called as the subject and the mention: "kratom withdrawal"."""
        if not self.subjects:
            return []
        subject = self.subject.mention
        is_inside = mention.first <= subject.first < mention.last
        said = self.text[mention.start : mention.end]
        text = said if is_inside else f"{self.text[subject.start : subject.end]} {said}"
        found = self.names.symptoms.find(text)
        return [
            self.names.records[name.kind, name.slug]
            for each in found
            if each.end - each.start == len(text)
            for name in each.names
        ]

    def _symptoms_in(self, text: str, part: Sequence[Word]) -> list[Named]:
        return [
            self.names.records[name.kind, name.slug]
            for each in self.names.symptoms.find(text, part)
            for name in each.names
        ]


_FILTER = re.compile(
    r"(?<!\S)(?:-\S+|(?:kind|level|region|status|tag):\S+)", re.IGNORECASE
)
_CODE = re.compile(r"(?<![\w-])[A-Za-z]{2}-[A-Za-z0-9]{1,3}(?:/[a-z0-9-]+)?(?![\w-])")
# Codes that are words or often stand for something else.
_WORD_CODES = frozenset("AL AS DE HI ID IN LA MA MD ME OH OK OR PA SO NO TO".split())
_SHOUTED = frozenset({"ME", "OK", "NO", "SO", "TO"})


def read(text: str, names: Names) -> Question:
    """Return what a query asks; filters and excluded words are no part of it."""
    text = _FILTER.sub(" ", text[:LONGEST_TEXT])
    found = tuple(words(text))
    subjects = tuple(
        Subject(mention, tuple(names.records[n.kind, n.slug] for n in mention.names))
        for mention in names.subjects.find(text, found)
    )
    symptoms = tuple(
        mention
        for mention in names.symptoms.find(text, found)
        if not any(_covers(subject.mention, mention) for subject in subjects)
    )
    taken = [subject.mention for subject in subjects]
    taken += [mention for mention in symptoms if mention.last - mention.first > 1]
    longer = spans(found) if subjects else []
    recorded = [
        mention
        for mention in names.regions.find(text, found)
        if not any(span.covers(mention.first, mention.last) for span in longer)
    ]
    regions = tuple(_regions(text, found, taken, recorded, names))
    if longer:
        around = {region.slug for named in regions for region in named}
        others = _numbers([*taken, *recorded, *names.symptoms.find(text, found)])
        regions += tuple(unrecorded_places(longer, others, around))
    return Question(text, names, found, subjects, symptoms, regions)


def _numbers(mentions: Iterable[Mention]) -> set[int]:
    """Return the numbers of the words that mentions are made of."""
    return {at for each in mentions for at in range(each.first, each.last)}


def _covers(outer: Mention, inner: Mention) -> bool:
    return outer.first <= inner.first and inner.last <= outer.last


def _regions(
    text: str,
    found: Sequence[Word],
    taken: Sequence[Mention],
    recorded: Sequence[Mention],
    names: Names,
) -> Iterable[tuple[Named, ...]]:
    """Yield the places named, each with all that bear the name: Georgia has two."""
    for match in _CODE.finditer(text):
        country, slash, place = match.group().partition("/")
        code = country.upper() + slash + place
        code = gazetteer.retired().get(code, code)
        if record := names.records.get(("region", code)):
            yield (record,)
        elif code in gazetteer.places():
            yield (place_named(code),)
    for mention in recorded:
        if any(
            mention.first < each.last and each.first < mention.last for each in taken
        ):
            continue
        written = text[mention.start : mention.end]
        if (
            len(written) < 4
            and written.isupper()
            and not _is_code(text, mention, found)
        ):
            continue
        yield tuple(names.records[name.kind, name.slug] for name in mention.names)


def _is_code(text: str, mention: Mention, found: Sequence[Word]) -> bool:
    """Tell whether a few capitals are a place: always after "in", words seldom else."""
    written = text[mention.start : mention.end]
    if mention.first and found[mention.first - 1].text == "in":
        return True
    if written in FREE_CODES or (written == "US" and not text.isupper()):
        return True
    if len(written) == 2 and written not in _WORD_CODES:
        return True
    spoken = f" {' '.join(word.text for word in found)} "
    is_last = mention.last == len(found)
    is_shouted = text.isupper() and written in _SHOUTED
    return is_last and not is_shouted and any(phrase in spoken for phrase in LAW)
