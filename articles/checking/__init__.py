"""Checking a text: which records it names, which known claims it makes, how they stand.

No network and no model: the same text and the same data give the same report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from articles.checking import mentions as naming
from articles.checking.matching import Claims, Match, Phrasing
from articles.checking.mentions import Named, Reader
from articles.checking.sentences import Sentence, clean, split
from articles.checking.wording import Wording, is_assertion, read
from kb.choices import SourceKind, State, StudyDesign, Verdict
from kb.models import Claim, Source
from kb.names import words

LONGEST_TEXT = 102_400
# How many sentences later "it" may still mean a subject that was named.
REACH = 6
MEANT_BY_IT = 2
UNJUDGED = "We have not judged this statement."


class TooLong(ValueError):
    """The text has more characters than are checked at once."""

    def __init__(self, length: int) -> None:
        super().__init__(
            f"The text has {length:,} characters. Up to {LONGEST_TEXT:,} can be checked at"
            " once: please check it in parts."
        )


@dataclass(frozen=True, slots=True)
class MadeClaim:
    """A known claim that a sentence makes."""

    claim: Claim
    source: Source | None
    match: Match

    @property
    def because(self) -> str:
        """Say why we think so, for a reader."""
        said = ", ".join(f"“{word}”" for word in self.match.words)
        return f"It says {said}, much as in “{self.match.phrasing.rstrip('.')}”."

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.claim.slug,
            "claim": self.claim.name,
            "verdict": self.claim.verdict,
            "level": self.claim.level,
            "why": self.claim.why,
            "source": {"slug": self.source.slug, "title": self.source.name}
            if self.source
            else None,
            "url": self.claim.get_absolute_url(),
            "match": self.match.as_json(),
        }


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    sentence: Sentence
    records: tuple[Named, ...]
    mentions: tuple[tuple[int, int, Named], ...]  # where in the sentence
    claims: tuple[MadeClaim, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_unjudged(self) -> bool:
        return UNJUDGED in self.notes

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.sentence.text,
            "start": self.sentence.start,
            "end": self.sentence.end,
            "records": [
                {"kind": each.kind, "slug": each.slug, "name": each.name}
                for each in self.records
            ],
            "claims": [each.as_json() for each in self.claims],
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a text, sentence by sentence."""

    sentences: tuple[CheckedSentence, ...] = field(default=())

    @property
    def records(self) -> tuple[Named, ...]:
        found = {each.key: each for one in self.sentences for each in one.records}
        return tuple(found.values())

    @property
    def verdicts(self) -> dict[str, int]:
        """Return how many marks have each verdict: {"supported": 1, ...}, all five."""
        counts = Counter(
            each.claim.verdict for one in self.sentences for each in one.claims
        )
        return {verdict: counts[verdict] for verdict in Verdict.values}

    def summary(self) -> dict[str, Any]:
        verdicts = self.verdicts
        return {
            "sentences": len(self.sentences),
            "claims": sum(verdicts.values()),
            "verdicts": verdicts,
            "records": len(self.records),
            "unjudged": sum(one.is_unjudged for one in self.sentences),
        }

    def as_json(self) -> dict[str, Any]:
        return {
            "summary": self.summary(),
            "sentences": [one.as_json() for one in self.sentences],
        }


def check_text(text: str) -> Checked:
    """Check any text, in 4 queries. Raises TooLong beyond LONGEST_TEXT characters."""
    if len(text) > LONGEST_TEXT:
        raise TooLong(len(text))
    sentences = split(clean(text))
    if not sentences:
        return Checked()
    return Checked(tuple(_Checker(text).check(sentences)))


class _Checker:
    """Names and claims as they stand now, for one text."""

    def __init__(self, text: str) -> None:
        names = naming.load_names()
        self._reader = Reader(names, text)
        self._titles = {f"{name.kind}:{name.slug}": name.title for name in names}
        published = Claim.objects.filter(state=State.PUBLISHED)
        self._claims = {
            claim.slug: claim
            for claim in published.select_related(
                "substance", "alkaloid", "symptom"
            ).prefetch_related("sources")
        }
        self._read: dict[str, Wording] = {}
        self._known = Claims(self._phrasings())

    def _phrasings(self) -> list[Phrasing]:
        reader = Reader(self._reader.names)
        categories = {
            f"{name.kind}:{name.slug}": name.category for name in reader.names
        }
        found = []
        for claim in self._claims.values():
            subject = claim.subject.record_key if claim.subject else ""
            if categories.get(subject) == "therapy":
                subject = ""  # "counselling", "detox": said in too many ways
            symptom = claim.symptom.record_key if claim.symptom else ""
            for text in (claim.name, *claim.phrasings):
                split_up = words(text)
                mentions = reader.mentions(text, split_up)
                wording = read(text, split_up, mentions, is_question=False)
                self._read[text] = wording
                found.append(Phrasing(claim.slug, text, wording, subject, symptom))
        return found

    def check(self, sentences: Sequence[Sentence]) -> list[CheckedSentence]:
        checked = []
        named_at: dict[str, int] = {}  # which subject was last named in which sentence
        topics: Counter[str] = Counter()  # what the text speaks of most
        before: set[str] = set()  # the outcomes of the sentence before
        for number, sentence in enumerate(sentences):
            found = words(sentence.text)
            mentions = self._reader.mentions(sentence.text, found)
            wording = read(
                sentence.text, found, mentions, is_question=sentence.is_question
            )
            context: list[str] = sorted(before)
            if not wording.subjects:
                near = [key for key, at in named_at.items() if number - at <= REACH]
                context += near[-MEANT_BY_IT:]
                context += [key for key, _ in topics.most_common(1)]
            topics.update(wording.subjects)
            for subject in wording.subjects:
                named_at.pop(subject, None)
                named_at[subject] = number
            matches = self._known.find(wording, context=context)
            claims, notes = self._weigh(wording, matches)
            named = {
                term.key for term in wording.terms if term.key.startswith("symptom:")
            }
            before = named or before & set().union(*(each.context for each in matches))
            checked.append(
                CheckedSentence(
                    sentence,
                    naming.named(mentions),
                    tuple(
                        (each.start, each.end, naming.named([each])[0])
                        for each in mentions
                    ),
                    claims,
                    notes,
                )
            )
        return checked

    def _weigh(
        self, wording: Wording, matches: Sequence[Match]
    ) -> tuple[tuple[MadeClaim, ...], tuple[str, ...]]:
        """Tell claims that are made from those that are asked, reported or denied."""
        made: list[MadeClaim] = []
        notes: list[str] = []
        for match in matches:
            claim = self._claims[match.claim]
            about = (
                f"“{claim.name}” ({claim.slug}, {claim.get_verdict_display().lower()})"
            )
            if wording.asks:
                notes.append(f"Asks, and does not state: {about}")
            elif not match.agrees:
                notes.append(f"Denies or doubts: {about}")
            elif (
                wording.hearsay
                and wording.hearsay.lower() not in match.phrasing.lower()
            ):
                notes.append(f"Reports what others say (“{wording.hearsay}”): {about}")
            elif (
                wording.animals
                and wording.animals.lower() not in match.phrasing.lower()
            ):
                notes.append(f"Speaks of “{wording.animals}”, not of people: {about}")
            else:
                made.append(MadeClaim(claim, _best_source(claim), match))
                if match.context:
                    meant = " and ".join(self._titles[key] for key in match.context)
                    notes.append(f"Read as speaking of what was named before: {meant}.")
        known = {
            term.key for each in made for term in self._read[each.match.phrasing].terms
        }
        notes += [
            f"The figure “{term.shown}%” is not part of a claim that we know."
            for term in wording.terms
            if made and term.key.endswith("%") and term.key not in known
        ]
        if made and wording.hedge:
            notes.append(
                f"It says “{wording.hedge}”: the claim is judged as it circulates."
            )
        if not made and not notes and is_assertion(wording):
            notes.append(UNJUDGED)
        return tuple(made), tuple(dict.fromkeys(notes))


_DESIGNS = StudyDesign.values  # the strongest first
_WEAK_SOURCES = (SourceKind.VENDOR, SourceKind.WEB_PAGE, SourceKind.SEARCH_RECORD)


def _best_source(claim: Claim) -> Source | None:
    """Return the source to show beside a verdict: no seller's page where there is better."""
    return min(
        (source for source in claim.sources.all() if source.is_published),
        key=lambda source: (
            source.is_retracted,
            source.kind in _WEAK_SOURCES,
            _DESIGNS.index(source.design) if source.design else len(_DESIGNS),
            source.slug,
        ),
        default=None,
    )


__all__ = ["LONGEST_TEXT", "Checked", "TooLong", "check_text"]
