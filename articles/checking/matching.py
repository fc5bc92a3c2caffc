"""Which known claims a sentence makes, by what it says; precision before recall.

Every claim has a name and phrasings. A sentence makes the claim when it says what one of
these says: most of its words by weight (rare ones weigh more), about the same subject,
the same outcome, with the same numbers and the same yes or no.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from articles.checking.vocabulary import OPPOSITES
from articles.checking.wording import Term, Wording

# Found with the texts of tests/articles/texts: lower values let wrong marks in.
ENOUGH = 0.66  # of the phrasing's weight
ENOUGH_WORDS = 0.5  # of the weight of its words that name no record
TOLD = 0.5  # of a sentence's part must be in a phrasing of up to three words
SCORE = 0.65
SCORE_IN_CONTEXT = 0.7  # where the subject or the outcome was named before
HEAVIEST = 2.6  # what a word weighs that only one claim has
NUMBER = 4.0
UNKNOWN_WORD = 1.3
MOST_CLAIMS = 3  # in one sentence


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One way of putting a claim, read."""

    claim: str  # "C10"
    text: str
    wording: Wording
    subject: str  # of the claim: "substance:kratom", "" if none
    symptom: str


@dataclass(frozen=True, slots=True)
class Match:
    """That a sentence says what a claim says, and why we think so."""

    claim: str
    score: float
    words: tuple[str, ...]  # of the sentence
    phrasing: str
    context: tuple[
        str, ...
    ]  # records taken from the sentences before: "substance:kratom"
    agrees: bool  # the same yes or no
    keys: frozenset[str]
    reach: frozenset[str]  # what the sentence shares with any phrasing of the claim

    def as_json(self) -> dict[str, object]:
        return {
            "score": self.score,
            "words": list(self.words),
            "phrasing": self.phrasing,
        }


class Claims:
    """All known claims, indexed by what they say."""

    def __init__(self, phrasings: Iterable[Phrasing]) -> None:
        self._phrasings = list(phrasings)
        claims_with: dict[str, set[str]] = defaultdict(set)
        for phrasing in self._phrasings:
            for term in phrasing.wording.terms:
                claims_with[term.key].add(phrasing.claim)
        count = len({phrasing.claim for phrasing in self._phrasings})
        self._weights = {
            key: NUMBER
            if key[0].isdigit()
            else min(HEAVIEST, math.log(1 + count / len(claims)))
            for key, claims in claims_with.items()
        }
        self._with: dict[str, list[int]] = defaultdict(list)
        self._totals: list[float] = []
        self._vocabulary: dict[str, set[str]] = defaultdict(set)
        for number, phrasing in enumerate(self._phrasings):
            keys = {term.key for term in phrasing.wording.terms}
            self._totals.append(self._weigh(keys))
            self._vocabulary[phrasing.claim] |= keys
            for key in sorted(keys):
                self._with[key].append(number)

    def _weigh(self, keys: Iterable[str]) -> float:
        return sum(self._weights.get(key, UNKNOWN_WORD) for key in keys)

    def find(self, wording: Wording, *, context: Sequence[str] = ()) -> list[Match]:
        """Return what a sentence says, best first.

        context are the records that the sentences before speak of, by key: "it" may mean
        one of these.
        """
        said: dict[str, Term] = {}
        for term in wording.terms:
            for key in (term.key, *term.inner):
                said.setdefault(key, term)
        for key in context:
            said.setdefault(key, Term(key, denied=False, clause=0, segment=0, shown=""))
        reached: dict[int, float] = defaultdict(float)
        for key in said:
            weight = self._weights.get(key, 0.0)
            for number in self._with.get(key, ()):
                reached[number] += weight
        best: dict[tuple[str, bool], Match] = {}
        for number, weight in reached.items():
            if weight < ENOUGH * self._totals[number]:
                continue
            match = self._judge(self._phrasings[number], wording, said)
            if match:
                slot = match.claim, match.agrees
                if slot not in best or match.score > best[slot].score:
                    best[slot] = match
        found = sorted(best.values(), key=lambda each: (-each.score, each.claim))
        return _most_telling(found)

    def _judge(
        self, phrasing: Phrasing, wording: Wording, said: dict[str, Term]
    ) -> Match | None:
        asked = {term.key: term for term in phrasing.wording.terms}
        shared = asked.keys() & said.keys()
        if not (
            _same_subject(phrasing, wording, said)
            and _same_outcome(phrasing, wording, asked, shared)
            and all(key in shared for key, term in asked.items() if term.is_number)
        ) or any(_are_opposite(one, two, asked, said) for one, two in OPPOSITES):
            return None
        words = {key for key, term in asked.items() if not term.is_record}
        if self._weigh(words & shared) < ENOUGH_WORDS * self._weigh(words):
            return None
        if not words and not any(term.denied for term in asked.values()):
            return None
        stated = [said[key] for key in shared if said[key].shown]
        places = {term.clause for term in stated}
        if (
            not stated
            or max(places) - min(places) > 2
            or all(t.supposed for t in stated)
        ):
            return None
        covered = self._weigh(shared) / self._weigh(asked)
        segments = {term.segment for term in stated}
        nearby = {
            term.key
            for term in wording.terms
            if term.segment in segments and not term.is_number
        }
        told = self._weigh(shared) / self._weigh(nearby | shared)
        if len(asked) <= 3 and (told < TOLD or _is_part_of_a_noun(stated, shared)):
            return None
        score = covered * (0.65 + 0.35 * told)
        context = [key for key in shared if not said[key].shown]
        if score < SCORE or (
            context and (score < SCORE_IN_CONTEXT or len(shared) - len(context) < 2)
        ):
            return None
        turned = [key for key in shared if said[key].denied != asked[key].denied]
        agrees = (
            self._weigh(turned) < 0.2 * self._weigh(shared)
            and phrasing.subject not in turned
            and bool(wording.denies) <= bool(phrasing.wording.denies)
        )
        shown = [term.shown for term in wording.terms if term in stated]
        return Match(
            claim=phrasing.claim,
            score=round(min(score, 1.0), 2),
            words=tuple(dict.fromkeys(shown)),
            phrasing=phrasing.text,
            context=tuple(sorted(context)),
            agrees=agrees,
            keys=frozenset(shared),
            reach=frozenset(self._vocabulary[phrasing.claim] & said.keys()),
        )


def _same_subject(phrasing: Phrasing, wording: Wording, said: dict[str, Term]) -> bool:
    """Tell whether the sentence speaks of what the claim is about, first of all."""
    about = set(phrasing.wording.subjects) or {phrasing.subject}
    if about == {""}:
        return True
    if not wording.subjects:
        return any(key in said for key in about)
    return wording.subjects[0] in about or (
        wording.paired and wording.subjects[1:2] != () and wording.subjects[1] in about
    )


def _same_outcome(
    phrasing: Phrasing, wording: Wording, asked: dict[str, Term], shared: Iterable[str]
) -> bool:
    """Tell whether the sentence names the outcome of the claim.

    An outcome named before counts where the sentence names none, or the same list of them.
    """
    outcomes = {key for key in asked if key.startswith("symptom:")}
    if not outcomes:
        return True
    named = {term.key for term in wording.terms if term.key.startswith("symptom:")}
    here = outcomes & named
    if phrasing.symptom in outcomes and phrasing.symptom not in here:
        return phrasing.symptom in shared and (not named or len(here) > 1)
    return bool(here) or (not named and bool(outcomes & set(shared)))


def _are_opposite(
    one: str, two: str, asked: dict[str, Term], said: dict[str, Term]
) -> bool:
    return (one in asked and one not in said and two in said and two not in asked) or (
        two in asked and two not in said and one in said and one not in asked
    )


def _is_part_of_a_noun(stated: Iterable[Term], shared: Iterable[str]) -> bool:
    """Tell whether an outcome only describes something else: "addiction treatment"."""
    return any(
        term.key.startswith("symptom:")
        and term.goes_with
        and term.goes_with not in shared
        for term in stated
    )


def _most_telling(found: Sequence[Match]) -> list[Match]:
    """Leave out a claim whose words are all part of another's that says more."""
    kept: list[Match] = []
    for match in found:
        if len(kept) == MOST_CLAIMS:
            break
        if not any(match.keys <= other.keys for other in kept):
            kept.append(match)
    return [
        match for match in kept if not any(_says_more(other, match) for other in kept)
    ]


def _says_more(one: Match, other: Match) -> bool:
    """Tell whether `one` is `other` and more: "halves withdrawal" and "eases it"."""
    if any(key[0].isdigit() for key in one.keys - other.keys):
        return other.keys < one.reach
    return other.keys < one.keys
