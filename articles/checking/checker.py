"""The check of one text: its sentences against the names and claims as they stand now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext

from articles.checking import frames, reading
from articles.checking import mentions as naming
from articles.checking.flags import flags
from articles.checking.frames import Thing
from articles.checking.matching import MOST_CLAIMS, Claims, Match, Phrasing
from articles.checking.mentions import Reader
from articles.checking.report import UNJUDGED, CheckedSentence, MadeClaim
from articles.checking.sentences import Sentence
from articles.checking.wording import Wording, is_assertion, read
from kb.choices import SourceKind, State, StudyDesign
from kb.models import Claim, Source
from kb.names import Mention, Word, words

# How many sentences later "it" may still mean a subject that was named.
REACH = 6
MEANT_BY_IT = 2
_OF_KRATOM = frozenset({"alkaloid:mitragynine", "alkaloid:7-hydroxymitragynine"})
# Of a claim that has frames, a phrasing must come closer than of one that has none.
SURE = 0.85


class Checker:
    """Names and claims as they stand now, for one text: 4 queries."""

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
        self._symptoms = {name.slug for name in names if name.kind == "symptom"}
        self._named_at: dict[str, int] = {}  # which subject was last named where
        self._topics: Counter[str] = Counter()  # what the text speaks of most

    def _phrasings(self) -> list[Phrasing]:
        reader = self._reader.of_another_text("")
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
        before: set[str] = set()  # the outcomes of the sentence before
        for number, sentence in enumerate(sentences):
            found = words(sentence.text)
            mentions = self._reader.mentions(sentence.text, found)
            wording = read(
                sentence.text, found, mentions, is_question=sentence.is_question
            )
            near = self._near(wording, number)
            by_phrasing = self._known.find(wording, context=[*sorted(before), *near])
            by_frame = self._framed(
                sentence.text, found, mentions, wording, near, before
            )
            matches = _both(by_frame, by_phrasing)
            self._remember(wording, number)
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
                    flags(
                        sentence.text,
                        names_records=bool(mentions),
                        asks=wording.asks,
                    ),
                    notes,
                )
            )
        return checked

    def _near(self, wording: Wording, number: int) -> list[str]:
        """Return the subjects that "it" may mean here, the last named one last."""
        if wording.subjects:
            return []
        near = [key for key, at in self._named_at.items() if number - at <= REACH]
        return [
            *(key for key, _ in self._topics.most_common(1)),
            *near[-MEANT_BY_IT:],
        ]

    def _remember(self, wording: Wording, number: int) -> None:
        self._topics.update(wording.subjects)
        for subject in wording.subjects:
            self._named_at.pop(subject, None)
            self._named_at[subject] = number

    def _framed(
        self,
        text: str,
        found: Sequence[Word],
        mentions: Sequence[Mention],
        wording: Wording,
        near: Sequence[str],
        before: set[str],
    ) -> list[Match]:
        """Return the claims that the sentence makes or denies by the ideas in it."""
        said = reading.things(text, found, mentions)
        topic = self._topic()
        last_named = next(reversed(self._named_at), "")
        meant = reading.meant(
            said, wording, [topic] if topic else near, topic=topic or last_named
        )
        if "symptom:opioid-withdrawal" in before and not any(
            each.name.removeprefix("@") in self._symptoms for each in said
        ):
            meant.append(Thing("@opioid-withdrawal", -1, -1))
        is_about_withdrawal = "symptom:opioid-withdrawal" in before or any(
            each.name in ("@opioid-withdrawal", "withdrawal", "detox") for each in said
        )
        made = frames.find(
            [*said, *meant],
            reading.subjects(wording, mentions),
            is_about_withdrawal=is_about_withdrawal,
        )
        return [
            Match(
                claim=each.claim,
                score=1.0,
                words=tuple(
                    dict.fromkeys(
                        text[found[thing.first].start : found[thing.last - 1].end]
                        for thing in each.things
                    )
                ),
                phrasing=self._claims[each.claim].name,
                context=tuple(
                    key
                    for key in dict.fromkeys(near)
                    if f"@{reading.slug(key)}" in each.before
                ),
                agrees=each.agrees and not wording.denies,
                keys=frozenset(thing.name for thing in each.things),
                reach=frozenset(),
            )
            for each in made
            if each.claim in self._claims
        ]

    def _topic(self) -> str:
        """Return what the text speaks of at least twice as often as of anything else.

        A plant is spoken of too where one of its alkaloids is: kratom with mitragynine.
        """
        counts = Counter(self._topics)
        for key in _OF_KRATOM & counts.keys():
            if "substance:kratom" in counts:
                counts["substance:kratom"] += counts.pop(key)
        [*first] = counts.most_common(2)
        if not first or (len(first) == 2 and first[0][1] < 2 * first[1][1]):
            return ""
        return first[0][0]

    def _weigh(
        self, wording: Wording, matches: Sequence[Match]
    ) -> tuple[tuple[MadeClaim, ...], tuple[str, ...]]:
        """Tell claims that are made from those that are asked, reported or denied."""
        made: list[MadeClaim] = []
        notes: list[str] = []
        for match in matches:
            claim = self._claims[match.claim]
            verdict = gettext(claim.get_verdict_display()).lower()
            about = f"“{claim.name}” ({claim.slug}, {verdict})"
            if wording.asks:
                notes.append(
                    gettext("Asks, and does not state: %(about)s") % {"about": about}
                )
            elif not match.agrees:
                notes.append(gettext("Denies or doubts: %(about)s") % {"about": about})
            elif (
                wording.hearsay
                and wording.hearsay.lower() not in match.phrasing.lower()
            ):
                notes.append(
                    gettext("Reports what others say (“%(words)s”): %(about)s")
                    % {"words": wording.hearsay, "about": about}
                )
            elif (
                wording.animals
                and wording.animals.lower() not in match.phrasing.lower()
            ):
                notes.append(
                    gettext("Speaks of “%(words)s”, not of people: %(about)s")
                    % {"words": wording.animals, "about": about}
                )
            else:
                made.append(MadeClaim(claim, _best_source(claim), match))
                if match.context:
                    meant = ", ".join(self._titles[key] for key in match.context)
                    said = gettext(
                        "Read as speaking of what was named before: %(meant)s."
                    )
                    notes.append(said % {"meant": meant})
        notes += self._figures(wording, made)
        if made and wording.hedge:
            notes.append(
                gettext("It says “%(words)s”: the claim is judged as it circulates.")
                % {"words": wording.hedge}
            )
        if not made and not notes and is_assertion(wording):
            notes.append(UNJUDGED)
        return tuple(made), tuple(dict.fromkeys(notes))

    def _figures(self, wording: Wording, made: Sequence[MadeClaim]) -> list[str]:
        """Return a note for each percentage that is in none of the claims made."""
        known = {
            term.key for each in made for term in self._read[each.match.phrasing].terms
        }
        return [
            gettext("The figure “%(figure)s” is not part of a claim that we know.")
            % {"figure": f"{term.shown}%"}
            for term in wording.terms
            if made
            and term.key.endswith("%")
            and term.shown[0].isdigit()
            and term.key not in known
        ]


def _both(by_frame: Sequence[Match], by_phrasing: Sequence[Match]) -> list[Match]:
    """Return what either way has found; where a claim has frames these are believed."""
    decided = frames.decided_with(match.claim for match in by_frame)
    sure = [
        match
        for match in by_phrasing
        if match.claim not in decided
        and (
            match.claim not in frames.FRAMED
            or (match.score >= SURE and not match.context)
        )
    ]
    return [*by_frame, *sure][:MOST_CLAIMS]


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
