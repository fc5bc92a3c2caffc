"""What makes each known claim: which ideas, about what, said or denied.

A line of the table is one way of making a claim. `+` joins what has to be there, `/` its
alternatives; `@kratom` is a record, the rest are ideas of lexicon.py; `!` is denied
("not addictive"), `~` may be either; `=` has to be named in the sentence itself or
meant by an "it" there; after ` - ` stands what must not be there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_TABLE = """
C01: @kratom/@mitragynine/@7-hydroxymitragynine + act + receptor + opioid
C02: @kratom + how-it-works + documented - partly
C03: @mitragynine/@7-hydroxymitragynine + studied + extensive + addiction/@opioid-withdrawal
C03: @kratom + alkaloids + studied + extensive + addiction/@opioid-withdrawal
C04: @opioid-withdrawal/withdrawal/off-opioids + dopamine + lack - @kratom
C06: @opioid-withdrawal/withdrawal + differ + person - @kratom strain
C07: pain + hardest + @opioid-withdrawal/withdrawal/detox - @kratom
C08: support + vital + ~@opioid-withdrawal/withdrawal/detox/off-opioids - @kratom ease
C09: =@kratom + ease/through + =@opioid-withdrawal/withdrawal - milder-than
C09: =@kratom + effective + =@opioid-withdrawal/withdrawal - milder-than
C09: =@kratom + treats + =@opioid-withdrawal/withdrawal
C10: @kratom + half + ease/milder-than + @opioid-withdrawal/withdrawal/symptoms
C10: @kratom + halves + @opioid-withdrawal/withdrawal/symptoms
C11: @kratom + @quality-of-life + improved - therapy
C12: @kratom + ease + ~craving - milder-than
C12: ~@kratom + !craving - ease worse
C12: =@kratom + ease/better + sleep + @opioid-withdrawal/withdrawal/detox - milder-than
C13: ~@kratom + !addiction - fast
C13: ~@kratom + relief + !addiction - fast
C14: @kratom + gentle + effective + detox/@opioid-withdrawal/withdrawal
C14: @kratom + gentle + detox
C15: @kratom + therapy + better + together/study/professional
C15: @kratom + therapy + better/effective + together
C16: @kratom + retention + treatment/success
C16: @kratom + better + success + treatment
C16: @kratom + better + @treatment-retention
C17: @kratom + lasting + recovery
C18: @kratom + evidence + grow + @opioid-withdrawal/withdrawal
C19: =@kratom + replace + medicine
C19: =@kratom + !need + ~rx
C20: ~off-opioids + !medicine + ~can - @kratom
C20: off-opioids + herbs + only - @kratom
C21: finished + detox/@opioid-withdrawal/withdrawal + over - @kratom
C22: ~@kratom + !risk + ~medicine
C23: @kratom + safe - depend risk unsafe
C24: @kratom + nausea + dizziness/stomach + side-effects/only - grave
C24: @kratom + side-effects + only + nausea/dizziness/stomach - grave
C25: @kratom + depend + dose + product/tolerance-person
C25: @kratom + depend + product + tolerance-person
C26: ~@kratom + !addiction + ~fast/slower
C26: @kratom + slower + addiction
C26: ~@kratom + addiction/tolerance + !fast
C27: @kratom + ask + professional + before
C28: =@kratom + start + low - @kratom-withdrawal
C28: @kratom + start + low + gradual - @kratom-withdrawal
C29: @kratom + strain + differ + dose + tailor
C29: @kratom + strength + differ + dose + tailor
C29: @kratom + strain + dose + tailor
C30: @kratom + relief + gradual + tailor
C31: @kratom + vein + tells + strength
C32: @kratom + red + rich + @7-hydroxymitragynine
C33: @kratom + green + balanced + mix
C34: @kratom + strain + best + @opioid-withdrawal/withdrawal
C34: @kratom + strain + differ + ease + @opioid-withdrawal/withdrawal
C35: @kratom + strain + rich + @mitragynine/@7-hydroxymitragynine/strength + ease/best + physical
C36: @kratom + choose + strain + tailor - dose
C36: @kratom + strain + tailor + treatment/symptoms/your-needs - dose
C37: @kratom + centuries + used/tradition
C37: @kratom + long-history
C38: @kratom + tradition + mood
C39: @kratom + ~law + differ + places
C39: @kratom + banned + allowed + places/elsewhere
C40: @7-hydroxymitragynine/@7-oh-products + good + compound
C40: @7-hydroxymitragynine/@7-oh-products + simply + natural + compound/@kratom
C40: @7-hydroxymitragynine/@7-oh-products + same + =@kratom
C41: own + guide + authority
C42: emily-johnson + alternative-medicine
C43: doctorate + holistic
C43: certified + kratom-therapy
C44: amr + published
C45: jcm
C46: guild + member
C47: nida-site
C48: pubmed-site
C49: aac + authority
C50: hopkins-site
C51: mnt + balanced
C52: nccih + herbal
C53: addiction-center + community
C54: five-to-seven + resources + authority
C55: @kratom + journal-of-pain + trial
C55: @kratom + trial + trial-2023 + pain
"""

# A sentence that says the first says the others only as a part of it.
_SAYS_IT_ALL = {
    "C10": {"C09"},
    "C20": {"C09", "C19"},
    "C14": {"C09"},
    "C12": {"C09"},
    "C22": {"C09", "C19", "C13"},
    "C29": {"C36", "C30", "C25"},
    "C34": {"C09", "C12"},
    "C35": {"C09", "C32", "C12"},
    "C26": {"C13"},
    "C17": {"C16"},
    "C18": {"C09"},
    "C15": {"C09"},
    "C28": {"C36"},
    "C55": {"C09"},
    "C54": {"C41"},
    "C25": {"C23"},
}
_SUBJECTS = frozenset(
    {"@kratom", "@mitragynine", "@7-hydroxymitragynine", "@7-oh-products"}
)
MOST_TIMES = 12  # that a sentence says one thing: more is no prose
WIDEST = 26  # words between the first and the last thing that make a claim
_SYMPTOMS = frozenset("pain nerves sleep low-mood irritable craving".split())
_LEFT_OUT = frozenset(
    "nausea vomiting diarrhoea sweating gooseflesh yawning watery-eyes runny-nose"
    " dilated-pupils fast-pulse fever".split()
)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that must be there: any of `names`, or its denial; None: either."""

    names: frozenset[str]
    is_denied: bool | None
    is_near: bool = False  # in the sentence, by its name or by "it"


@dataclass(frozen=True, slots=True)
class Frame:
    claim: str
    parts: tuple[Part, ...]
    absent: frozenset[str]


@dataclass(frozen=True, slots=True)
class Thing:
    """An idea or a record at its place in a sentence; first is -1 if named before it."""

    name: str
    first: int
    last: int
    is_denied: bool = False
    is_supposed: bool = False
    is_implied: bool = False  # by a word: "our leaf", "it"


@dataclass(frozen=True, slots=True)
class Made:
    """That a sentence makes a claim, or denies it, and by which of its words."""

    claim: str
    things: tuple[Thing, ...]
    before: frozenset[str]  # "@kratom", if that was named before
    agrees: bool


def _read_table() -> tuple[Frame, ...]:
    frames = []
    for line in _TABLE.strip().splitlines():
        claim, _, rest = line.partition(": ")
        there, _, absent = rest.partition(" - ")
        parts = tuple(_read_part(part) for part in there.split(" + "))
        frames.append(Frame(claim, parts, frozenset(absent.split())))
    return tuple(frames)


def _read_part(written: str) -> Part:
    is_denied = None if written.startswith("~") else written.startswith("!")
    names = frozenset(written.lstrip("!~=").split("/"))
    return Part(names, is_denied, written.startswith("="))


FRAMES = _read_table()
FRAMED = frozenset(frame.claim for frame in FRAMES) | {"C05"}
_BY_NAME: dict[str, list[int]] = defaultdict(list)
for _number, _frame in enumerate(FRAMES):
    for _part in _frame.parts:
        for _name in _part.names:
            _BY_NAME[_name].append(_number)


def find(
    things: Sequence[Thing],
    subjects: Sequence[tuple[str, int]],
    *,
    is_about_withdrawal: bool,
) -> list[Made]:
    """Return the claims that these things together make or deny, each once.

    subjects are the records that the sentence is about, first things first, each with the
    number of its word: ("kratom", 3).
    """
    by_name: dict[str, list[Thing]] = defaultdict(list)
    for thing in things:
        if len(by_name[thing.name]) < MOST_TIMES:
            by_name[thing.name].append(thing)
    reached: Counter[int] = Counter()
    for name in by_name:
        reached.update(_BY_NAME.get(name, ()))
    found: dict[str, Made] = {}
    for number in sorted(reached):
        frame = FRAMES[number]
        made = (
            _fit(frame, by_name, subjects)
            if reached[number] >= len(frame.parts)
            else None
        )
        if made and (made.claim not in found or made.agrees):
            found[made.claim] = made
    core = _core_symptoms(things)
    if core and is_about_withdrawal and not subjects:
        found["C05"] = Made("C05", core, frozenset(), agrees=True)
    inside = {
        other
        for made in found.values()
        if made.agrees
        for other in _SAYS_IT_ALL.get(made.claim, ())
    }
    return [made for made in found.values() if made.claim not in inside]


def decided_with(claims: Iterable[str]) -> set[str]:
    """Return these claims and what is a part of them."""
    found = set(claims)
    return found.union(*(_SAYS_IT_ALL.get(claim, ()) for claim in found))


def _fit(
    frame: Frame,
    by_name: dict[str, list[Thing]],
    subjects: Sequence[tuple[str, int]],
) -> Made | None:
    if any(
        thing.first >= 0 for name in frame.absent for thing in by_name.get(name, ())
    ):
        return None
    chosen: list[Thing] = []
    agrees = True
    used: set[int] = set()
    for part in frame.parts:
        fitting = [
            thing
            for name in sorted(part.names)
            for thing in by_name.get(name, ())
            if (thing.first < 0 or thing.first not in used)
            and (thing.first >= 0 or thing.is_implied or not part.is_near)
        ]
        if not fitting:
            return None
        best = min(
            fitting,
            key=lambda thing: (
                part.is_denied is not None and thing.is_denied != part.is_denied,
                _far(thing, chosen),
                thing.first,
            ),
        )
        agrees = agrees and part.is_denied in (None, best.is_denied)
        chosen.append(best)
        used.add(best.first)  # a phrase may span others: "took my cravings away"
    stated = [thing for thing in chosen if thing.first >= 0]
    if (
        len(stated) < min(2, len(frame.parts))
        or max(t.last for t in stated) - min(t.first for t in stated) > WIDEST
        or all(thing.is_supposed for thing in stated)
        or not _is_about(chosen, subjects)
    ):
        return None
    return Made(
        frame.claim,
        tuple(sorted(stated, key=lambda thing: thing.first)),
        frozenset(thing.name for thing in chosen if thing.first < 0),
        agrees,
    )


def _is_about(chosen: Sequence[Thing], subjects: Sequence[tuple[str, int]]) -> bool:
    """Tell whether the sentence is about what the claim is about, first of all."""
    if chosen[0].name not in _SUBJECTS or (not subjects and chosen[0].first < 0):
        return True
    names = {thing.name for thing in chosen}
    spoken_of = {f"@{slug}" for slug, _ in subjects}
    if chosen[0].name not in spoken_of:
        # "our leaf" may stand for it; "unlike kratom" does not.
        return chosen[0].is_implied
    slug, first = subjects[0]
    covered = {at for thing in chosen for at in range(thing.first, thing.last)}
    return f"@{slug}" in names or first in covered


def _far(thing: Thing, chosen: Sequence[Thing]) -> int:
    """Return how many words lie between a thing and the nearest one chosen before."""
    return min(
        (abs(thing.first - other.first) for other in chosen if other.first >= 0),
        default=0,
    )


def _core_symptoms(things: Sequence[Thing]) -> tuple[Thing, ...]:
    """Return the symptoms of C05 if a sentence lists these and few of the others."""
    named = {
        thing.name.removeprefix("@"): thing for thing in things if not thing.is_denied
    }
    listed = _SYMPTOMS & named.keys()
    if (
        len(listed) < 4
        or "milder-than" in named
        or len(_LEFT_OUT & named.keys()) >= len(listed)
    ):
        return ()
    return tuple(
        sorted((named[name] for name in listed), key=lambda thing: thing.first)
    )
