"""How a word is heard, so that "cafeen" finds caffeine."""

from __future__ import annotations

import re
from functools import lru_cache

_HEARD = [
    (re.compile(written), heard)
    for written, heard in (
        ("ph", "f"),
        ("c(?=[eiy])", "s"),
        ("ck|[cq]", "k"),
        ("y", "i"),
        ("z", "s"),
        ("(?<![cst])h", ""),
    )
]
_UNHEARD = re.compile("[aeiouw]")
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """Return the consonants of a word as they are heard: "kafeen" is "kfn"."""
    for written, heard in _HEARD:
        word = written.sub(heard, word)
    return _DOUBLED.sub(r"\1", word[:1] + _UNHEARD.sub("", word[1:]))
