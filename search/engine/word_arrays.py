"""The words that a misspelt one may have meant, as arrays, in order of their letters."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Set
from typing import NamedTuple

import numpy as np

from search.engine.array_file import Arrays, narrow
from search.engine.near import NearMisses, form_hash, letters_of, tree_of
from search.engine.sounds import sound

SHORTEST, LONGEST = 4, 30
# Two letters more, in which a slip can end.
_WIDTH = LONGEST + 2
# Looked up here, for the first misspelt word would wait for its import.
_read_letters = codecs.getdecoder("utf-16-be")
# How much a word is worth: one of a text, of a name, of what people look for by name.
IN_TEXT, IN_NAME, DEAR = 0, 1, 2


class Known(NamedTuple):
    """A word of a segment."""

    word: str
    documents: int
    worth: int
    written: str  # how a name has it: "7-oh"


def word_arrays(
    spoken: Mapping[str, int], written: Mapping[str, str], dear: Set[str]
) -> dict[str, np.ndarray]:
    """Return the arrays of words: `spoken` says how many documents have each in their
    texts, `written` how names write theirs, `dear` is what people look for."""
    words = sorted(
        word for word in {*spoken, *written} if SHORTEST <= len(word) <= LONGEST
    )
    letters = letters_of(words, _WIDTH)
    worth = [DEAR if w in dear else IN_NAME if w in written else IN_TEXT for w in words]
    sounds = sorted(
        (form_hash(sound(word)), place)
        for place, word in enumerate(words)
        if worth[place] == DEAR
    )
    heard = np.array(sounds, dtype=np.int64).reshape(len(sounds), 2).T
    return {
        "words.letters": letters,
        "words.sizes": np.array([len(word) for word in words], dtype=np.uint8),
        **{f"words.{name}": made for name, made in tree_of(letters).items()},
        "words.documents": narrow(np.array([spoken.get(w, 0) for w in words])),
        "words.worth": np.array(worth, dtype=np.uint8),
        "sounds.hashes": heard[0].astype(np.uint32),
        "sounds.words": heard[1].astype(np.uint32),
        **_texts([written.get(word, "") for word in words]),
    }


def _texts(texts: list[str]) -> dict[str, np.ndarray]:
    encoded = [text.encode("utf-8", "replace") for text in texts]
    ends = np.cumsum([0, *map(len, encoded)])
    joined = np.frombuffer(b"".join(encoded), dtype=np.uint8)
    return {"words.written": joined, "words.written_start": ends.astype(np.uint32)}


class SegmentWords:
    """The words of one segment."""

    def __init__(self, arrays: Arrays) -> None:
        self._arrays = arrays
        self._near = NearMisses.among(arrays, "words")

    def near(self, typed: str, slips: int) -> Iterator[tuple[int, Known]]:
        """Yield each word within so many slips, and how many they are."""
        distances, places = self._near.find(typed, slips, prefix=False)
        for distance, place in zip(distances.tolist(), places.tolist(), strict=True):
            yield distance, self._known(place)

    def sounding(self, heard: str) -> Iterator[Known]:
        """Yield each word that people look for and that sounds like this."""
        hashes = self._arrays["sounds.hashes"]
        wanted = np.uint32(form_hash(heard))
        first, last = hashes.searchsorted(wanted), hashes.searchsorted(wanted, "right")
        for place in self._arrays["sounds.words"][first:last].tolist():
            yield self._known(place)

    def _known(self, place: int) -> Known:
        size = int(self._arrays["words.sizes"][place])
        letters = self._arrays["words.letters"][place, :size].tobytes()
        start = self._arrays["words.written_start"]
        written = self._arrays["words.written"][start[place] : start[place + 1]]
        return Known(
            _read_letters(letters, "replace")[0],
            int(self._arrays["words.documents"][place]),
            int(self._arrays["words.worth"][place]),
            written.tobytes().decode(),
        )
