"""What the words of a sentence say: stems, words that mean the same, numbers, denial.

What single words mean stands in vocabulary.py; here are the turns of phrase around them.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from articles.checking.vocabulary import MEANING, NUMBER_WORDS, STOP_WORDS, stem
from kb.folding import fold
from kb.names import Mention, Word

NEGATORS = frozenset(
    "not no non never neither nor none cannot without dont doesnt didnt isnt arent wasnt werent"
    " wont wouldnt cant couldnt shouldnt hasnt havent hadnt aint nobody nothing hardly"
    " barely".split()
)
_MOST_NEGATIONS = 40  # in one sentence: more is no prose
# "free of risks", "spares you the risks": no negators, and they take away all the same.
_FREE = frozenset(
    "free spare spares spared sparing lacks avoid avoids avoiding minus".split()
)
_NO_NEGATION = re.compile(
    r"\bnot (?:only|just|merely|to mention)\b|\bno (?:doubt|wonder|matter)\b"
    r"|\bwithout (?:a )?doubt\b|^no,",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(
    r"[;:—(){}\[\]]| [–-] |\b(?:but|however|although|though|whereas|while|yet|because|so|which"
    r"|if|when|unless)\b",
    re.IGNORECASE,
)
_EASING = (
    r"(?:eas|reliev|reduc|cut|help|lower|curb|calm|alleviat|improv|mitigat|sooth)\w*"
)
_PART = re.compile(
    r",|\b(?:and|or) (?=(?:is|are|was|can|does|do|has|have|will|may|it|they|not|without"
    rf"|{_EASING})\b)|\bto (?={_EASING}\b)|\bby (?=\w+ing\b)",
    re.IGNORECASE,
)
_AND = re.compile(
    rf"\band (?:{_EASING}|is|can|has|works?|gives?|makes?)\b", re.IGNORECASE
)
# Said of a statement, these take it back.
_DENIAL = re.compile(
    r"\b(?:myths?|doubt\w*|wish(?:es|ed)?|hop(?:e|es|ed|ing)|fail(?:s|ed)?|tried|wanted"
    r"|only (?:if|when)|anything but|wrong to|once thought|who thought|who believed"
    r"|used to (?:think|believe|say|tell|write)|wrote that|(?:was|were|am|are) wrong"
    r"|no longer|untrue|false(?:ly)?|debunk\w*|baseless|unfounded|mislead\w*|unproven"
    r"|refut\w*|unsupported|disproven?|fake|invented"
    r"|no (?:\w+ ){0,3}(?:study|studies|trials?|evidence|proof|research|data|basis)"
    r"|(?:not|never) (?:been |yet |an? |among \w+ )*(?:proven?|shown|known|tested"
    r"|established|true|clear|measured|studied|assessed|examined|compared|outcomes?)"
    r"|(?:isn|wasn|hasn)['’]t (?:been )?(?:proven?|shown|known|clear|true)"
    r"|little (?:\w+ )?evidence|nobody knows|unknown|unclear|doubtful|questionable"
    r"|nothing to do with|far from|(?:lacks?|lack of|insufficient|without) (?:\w+ )?evidence)"
    r"\b",
    re.IGNORECASE,
)
_WHO = (
    r"vendors?|sellers?|shops?|clerks?|owners?|supporters?|advocates?|proponents?|fans|critics"
    r"|they|friends?|(?:some |many |most )?(?:people|users?|customers?|buyers?|residents?)"
    r"|buddy|mate|cousin|brother|sister|sponsor|neighbou?r|he|she|who|one|speakers?|group"
    r"|reports|founder|owner|company|firm|maker|manufacturer|officials?|witness(?:es)?|industry"
    r"|someone|somebody|others?|guys?"
    r"|(?:article|page|site|blog|label|text)(?: that \w+)?"
)
_SAYS = (
    r"(?:like to |tend to |love to |will |would )?(?:say|says|said|claim|claims|claimed|believe"
    r"|believes|believed|argue|argues|argued|report|reported|add|adds|added|told|tell|tells"
    r"|insist|insists|insisted|think|thinks|write|writes|wrote|swear|swears|swore"
    r"|stated|promise|promises|promised|boast|boasts|maintain|maintains|assert|asserts)"
)
# "…, she explained", at a sentence's end or between two halves of what was said.
_SAID_AFTER = (
    r",[\"'”’]? (?:[\w.]+ ){0,4}(?:said|says|explained|explains|added|adds|claimed|claims"
    r"|argued|wrote|writes|told \w+)\b(?: [\w.]+){0,5}[.!]?$"
    r"|, (?:he|she|they|it|some \w+|one \w+) (?:says?|said|explains?|has read|adds?|write)\b"
)
_HEARSAY = re.compile(
    rf"{_SAID_AFTER}"
    rf"|\b(?:(?:{_WHO}) (?:\w+ ){{0,3}}?(?:{_SAYS})\b"
    r"|(?:called|described|describe|calls?) (?:it|kratom|them)"
    r"|(?!study|research|science|evidence|review|trial)[a-z]+ (?:says|swears|insists) (?:that|by)"
    r"|(?:is|are|was|were) (?:often |sometimes |widely )?(?:said|claimed|believed|rumou?red"
    r"|alleged|reported|reputed) (?:to|that)|allegedly|supposedly|reportedly|purported(?:ly)?"
    r"|(?:sold|marketed|advertised|touted|billed|promoted|praised|pitched|hailed|seen) as"
    r"|(?:some|many|most)(?: of \w+| people)? (?:think|believe|say|claim|argue|feel)"
    r"|so-called|if you believe|anecdotal(?:ly)?|anecdotes"
    r"|according to (?:the |its |some |many )?(?:company|vendors?|sellers?|users?|founder"
    r"|manufacturer|label|him|her|them)"
    r"|the (?:claim|idea|notion|belief|rumou?r|saying) that|claims? (?:that|to)"
    r"|(?:article|text|page|story|stories|claim)s? that circulates?"
    r"|told (?:me|us|you|him|her|them|the \w+)|tells? (?:me|us|him|her|them))"
    r"|[\"“”][,.]? ?(?:\w+ ){0,4}(?:said|says|told)\b|[,.!]['”\"] (?:(?:\w+ ){0,3}said|said)",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"^(?:whether|does|do|is|are|can|will|has|did|should|could|would)\b(?! not\b)(?!n['’]t)"
    r"|\b(?:whether|if anyone knows|wonder(?:s|ed)? if|asked if|does anyone know)\b",
    re.IGNORECASE,
)
_ANIMALS = re.compile(
    r"\b(?:mice|mouse|rats?|rodents?|animals?|dogs?|monkeys?|in vitro|cells?|test tubes?"
    r"|laborator(?:y|ies))\b",
    re.IGNORECASE,
)
_IF = re.compile(r"(?:if|unless|suppose)\b[^,;]*", re.IGNORECASE)
_IMPERATIVE_DO = re.compile(
    r"^(?:(?:do|has) (?:not|n't)|do (?:speak|ask|talk|check|see|consult|tell))\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:may|might|could|possibly|perhaps|seems? to|appears? to)\b", re.I
)
_PREPOSED = re.compile(
    r"\b(?:unlike|instead of|than|rather than|compared (?:with|to)|replaces?"
    r"|alternative to|substitute for|like|from|not)\s+(?:\w+ or )?$",
    re.IGNORECASE,
)
_ASSERTIVE = frozenset({"ease", "worsen", "cause", "effective", "safe", "risk", "cure"})
_CURE = frozenset(
    {"cure", "cures", "cured", "heal", "heals", "prevents", "treats", "treat"}
)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a sentence says: a record, a number, or a word by its meaning."""

    key: str  # "substance:kratom", "50%", "ease"
    denied: bool
    clause: int
    segment: int  # as clauses, and split at commas too
    shown: str  # as written
    supposed: bool = False  # in an "if" at the sentence's beginning
    inner: tuple[str, ...] = ()  # what the words of a record's name mean one by one
    goes_with: str = ""  # the noun that follows it at once: "addiction treatment"

    @property
    def is_record(self) -> bool:
        return ":" in self.key

    @property
    def is_number(self) -> bool:
        return self.key[0].isdigit()


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence, read."""

    terms: tuple[Term, ...]
    subjects: tuple[
        str, ...
    ]  # what it is about, first things first; not what it compares
    paired: bool  # the first two are one: "kratom and kava"
    denies: str  # the words that deny or doubt the whole; "" if none
    hearsay: str  # the words that lay it in someone else's mouth; "" if none
    animals: str  # the words that say it is about no people: "in mice"
    asks: bool
    hedge: str  # "may"


def read(
    text: str, words: Sequence[Word], mentions: Sequence[Mention], *, is_question: bool
) -> Wording:
    by_first = {mention.first: mention for mention in mentions}
    commas = [match.start() for match in _PART.finditer(text)]
    boundaries = [match.start() for match in _BOUNDARY.finditer(text)]
    spared = [match.span() for match in _NO_NEGATION.finditer(text)]
    terms: list[Term] = []
    denial, hearsay = _DENIAL.search(text), _HEARSAY.search(text)
    framing = [match.span() for match in (denial, hearsay) if match]
    supposed = _IF.match(text)
    supposing = supposed.end() if supposed else 0
    scope = -1  # up to which character a "not" reaches
    clause = comma = at = 0
    while at < len(words):
        word = words[at]
        while clause < len(boundaries) and boundaries[clause] < word.start:
            clause += 1
        while comma < len(commas) and commas[comma] < word.start:
            comma += 1
        segment = clause + comma
        mention = by_first.get(at)
        if mention:
            key = record_key(mention)
            terms.append(
                Term(
                    key,
                    denied=word.start < scope,
                    clause=clause,
                    segment=segment,
                    shown=text[mention.start : mention.end],
                    supposed=word.start < supposing,
                    inner=tuple(
                        filter(
                            None,
                            (_key(text, each) for each in words[at : mention.last]),
                        )
                    ),
                    goes_with=_noun_at(text, words, mention),
                )
            )
            at = mention.last
            if at < len(words) and words[at].text in ("symptom", "symptoms"):
                at += key.startswith("symptom:")
            continue
        if word.text in NEGATORS:
            if not any(start <= word.start < end for start, end in spared):
                scope = _scope_end(text, word.end, boundaries, clause)
            at += 1
            continue
        key = _key(text, word) if _means_itself(words, at) else ""
        if key and not any(start <= word.start < end for start, end in framing):
            terms.append(
                Term(
                    key,
                    denied=word.start < scope,
                    clause=clause,
                    segment=segment,
                    shown=text[word.start : word.end],
                    supposed=word.start < supposing,
                )
            )
        at += 1
    animals, hedge = _ANIMALS.search(text), _HEDGE.search(text)
    return Wording(
        terms=tuple(terms),
        subjects=_subjects(text, mentions),
        paired=_are_paired(text, mentions),
        denies=denial.group() if denial else "",
        hearsay=" ".join(hearsay.group().split()) if hearsay else "",
        animals=animals.group() if animals else "",
        asks=is_question or bool(_OPEN.search(text) and not _IMPERATIVE_DO.match(text)),
        hedge=hedge.group() if hedge else "",
    )


def negations(
    text: str, words: Sequence[Word], spoken_for: Container[int]
) -> list[tuple[str, int, int]]:
    """Return how far each "not" or "without" reaches: (word, first, last character).

    spoken_for are the words that belong to a name or a phrase: "can't sleep", "no two".
    """
    spared = [match.span() for match in _NO_NEGATION.finditer(text)]
    boundaries = [match.start() for match in _BOUNDARY.finditer(text)]
    reaches: list[tuple[str, int, int]] = []
    for at, word in enumerate(words):
        following = words[at + 1].text if at + 1 < len(words) else ""
        is_negator = word.text in NEGATORS or (
            word.text in _FREE and (word.text != "free" or following in ("of", "from"))
        )
        if not is_negator or at in spoken_for:
            continue
        if len(reaches) == _MOST_NEGATIONS:
            break
        if any(start <= word.start < end for start, end in spared):
            continue
        clause = sum(boundary < word.start for boundary in boundaries)
        end = _scope_end(text, word.end, boundaries, clause)
        reaches.append((word.text, word.end, end))
    return reaches


def supposed_until(text: str) -> int:
    """Return where the "if" at a sentence's beginning ends; 0 if there is none."""
    supposed = _IF.match(text)
    return supposed.end() if supposed else 0


def _noun_at(text: str, words: Sequence[Word], mention: Mention) -> str:
    """Return what the word right after a record's name means: "addiction treatment"."""
    if mention.last >= len(words):
        return ""
    after = words[mention.last]
    if text[mention.end : after.start] != " " or after.text.endswith("ly"):
        return ""
    spared = after.text in NEGATORS or after.text in ("symptom", "symptoms")
    return "" if spared else _key(text, after)


_HELPED = frozenset(
    "you people individuals patients users them us me her him to".split()
)
_LEFT_OFF = frozenset("using taking use kratom it".split())


def _means_itself(words: Sequence[Word], at: int) -> bool:
    """Tell "kratom helps" from "helps you choose", "stops cravings" from "stop taking it"."""
    after = [word.text for word in words[at + 1 : at + 3]] + ["", ""]
    if words[at].text in ("help", "helps", "helped", "helping"):
        return after[0] not in _HELPED or after[1] == "with"
    if words[at].text in ("stop", "stops", "stopped", "stopping"):
        return after[0] not in _LEFT_OFF
    return True


def record_key(mention: Mention) -> str:
    """Return "kind:slug"; a name with two owners is the alkaloid's rather."""
    name = min(mention.names, key=lambda name: (name.kind != "alkaloid", name.slug))
    return f"{name.kind}:{name.slug}"


def _key(text: str, word: Word) -> str:
    """Return what a word means, "" if nothing here."""
    if word.text[0].isdigit():
        number = word.text.replace(",", "")
        after = text[word.end : word.end + 9].lower().lstrip()
        is_share = after.startswith(("%", "percent", "per cent"))
        return number + "%" if is_share else number
    if word.text in NUMBER_WORDS:
        return NUMBER_WORDS[word.text]
    if (
        word.text in STOP_WORDS
        or word.text in {"percent", "cent"}
        or len(word.text) < 2
    ):
        return ""
    root = stem(word.text)
    return MEANING.get(root, root)


def _scope_end(text: str, start: int, boundaries: Sequence[int], clause: int) -> int:
    """Return where a "not" stops to reach: at the clause's end, or at a comma before it.

    In a list that ends in "or" the commas are no end: "not addictive, toxic or habit-forming".
    """
    end = boundaries[clause] if clause < len(boundaries) else len(text)
    clause_end = _AND.search(text, start, end)
    end = clause_end.start() if clause_end else end
    comma = text.find(",", start, end)
    if comma < 0 or re.search(r"\b(?:or|nor)\b", text[comma : min(comma + 60, end)]):
        return end
    return comma


def _subjects(text: str, mentions: Sequence[Mention]) -> tuple[str, ...]:
    """Return what the sentence speaks of as doing something: no therapy, no comparison."""
    found: list[str] = []
    for mention in mentions:
        key = record_key(mention)
        if mention.names[0].category in ("", "therapy"):
            continue
        compared = _PREPOSED.search(text[max(0, mention.start - 40) : mention.start])
        if not compared or compared.group().lower().startswith("not"):
            found.append(key)
    return tuple(dict.fromkeys(found))


def _are_paired(text: str, mentions: Sequence[Mention]) -> bool:
    subjects = [
        each for each in mentions if each.names[0].category not in ("", "therapy")
    ]
    return len(subjects) > 1 and bool(
        re.fullmatch(
            r"\s*(?:,|and|or|&|/|\(|-)+\s*", text[subjects[0].end : subjects[1].start]
        )
    )


def is_assertion(wording: Wording) -> bool:
    """Tell whether a sentence says that a substance does something to health."""
    if wording.asks or wording.denies or wording.hearsay or not wording.subjects:
        return False
    keys = {term.key for term in wording.terms}
    says = any(t.key in _ASSERTIVE and not t.denied for t in wording.terms) or any(
        fold(t.shown) in _CURE for t in wording.terms
    )
    return says and (
        any(key.startswith("symptom:") for key in keys) or bool(keys & {"safe", "risk"})
    )
