"""A sentence read as the things that stand in it: ideas and records, said or denied."""

from __future__ import annotations

from collections.abc import Sequence

from articles.checking.frames import Thing
from articles.checking.lexicon import ideas
from articles.checking.wording import Wording, negations, record_key, supposed_until
from kb.names import Mention, Word

# Withdrawal from these is not the withdrawal that claims are about.
_OTHER_WITHDRAWAL = frozenset(
    {"kratom-withdrawal", "neonatal-withdrawal", "precipitated-withdrawal"}
)


def things(
    text: str, words: Sequence[Word], mentions: Sequence[Mention]
) -> list[Thing]:
    """Return all ideas and records of a sentence with what is denied of them.

    "Not" and "without" take each other back: "do not detox without methadone".
    """
    found = ideas(words)
    stretches = [
        *((each.first, each.last) for each in mentions),
        *((idea.first, idea.last) for idea in found if idea.last - idea.first > 1),
    ]
    spoken_for = {at for first, last in stretches for at in range(first, last)}
    reaches = negations(text, words, spoken_for)
    until = supposed_until(text)

    def thing(name: str, first: int, last: int) -> Thing:
        start = words[first].start
        over = [word for word, begin, end in reaches if begin <= start < end]
        is_denied = ("without" in over) != any(word != "without" for word in over)
        return Thing(name, first, last, is_denied, start < until)

    elsewhere = {
        at
        for mention in mentions
        if any(name.slug in _OTHER_WITHDRAWAL for name in mention.names)
        for at in range(mention.first, mention.last)
    }
    return [
        *(
            thing(idea.name, idea.first, idea.last)
            for idea in found
            if idea.first not in elsewhere
        ),
        *(
            thing(f"@{name.slug}", mention.first, mention.last)
            for mention in mentions
            for name in mention.names
        ),
    ]


def meant(
    said: Sequence[Thing], wording: Wording, near: Sequence[str], *, topic: str
) -> list[Thing]:
    """Return the records that "it", or "our leaf", means in a sentence.

    near are the subjects named shortly before, topic what the text speaks of most.
    """
    if any(thing.name == "@kratom-use-disorder" for thing in said):
        return [Thing("@kratom", -1, -1, is_implied=True)]  # "addicted to kratom"
    is_leaf = any(thing.name == "leaf" for thing in said)
    if not wording.subjects:
        is_implied = is_leaf or any(thing.name == "it" for thing in said)
        return [
            Thing(f"@{slug(key)}", -1, -1, is_implied=is_implied)
            for key in dict.fromkeys(near)
        ]
    if topic and topic not in wording.subjects and is_leaf:
        return [Thing(f"@{slug(topic)}", -1, -1, is_implied=True)]
    return []


def subjects(wording: Wording, mentions: Sequence[Mention]) -> list[tuple[str, int]]:
    """Return what a sentence is about as (slug, number of its word)."""
    at = {record_key(each): each.first for each in reversed(mentions)}
    return [(slug(key), at[key]) for key in wording.subjects]


def slug(key: str) -> str:
    """Return the slug of "substance:kratom"."""
    return key.partition(":")[2]
