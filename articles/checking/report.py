"""What a checked text is reported as: plain values, and their JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from articles.checking.flags import Flag
from articles.checking.matching import Match
from articles.checking.mentions import Named
from articles.checking.sentences import Sentence
from kb.choices import Verdict
from kb.models import Claim, Source

UNJUDGED = _("We have not judged this statement.")


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
        phrasing = self.match.phrasing.rstrip(".")
        text = gettext("It says %(words)s, much as in “%(phrasing)s”.")
        return text % {"words": said, "phrasing": phrasing}

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
    flags: tuple[Flag, ...] = ()  # what a reader should look at twice
    notes: tuple[str, ...] = ()

    @property
    def is_unjudged(self) -> bool:
        return UNJUDGED in self.notes

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return all that is to be said beside the sentence, for a reader."""
        notes = (gettext(note) if note == UNJUDGED else note for note in self.notes)
        return (*notes, *(flag.note for flag in self.flags))

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
            "flags": [each.as_json() for each in self.flags],
            "notes": list(self.remarks),
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
        flags = Counter(flag.kind for one in self.sentences for flag in one.flags)
        return {
            "sentences": len(self.sentences),
            "claims": sum(verdicts.values()),
            "verdicts": verdicts,
            "records": len(self.records),
            "unjudged": sum(one.is_unjudged for one in self.sentences),
            "wrong_links": flags["link"],
            "bare_figures": flags["figure"],
        }

    def as_json(self) -> dict[str, Any]:
        return {
            "summary": self.summary(),
            "sentences": [one.as_json() for one in self.sentences],
        }
