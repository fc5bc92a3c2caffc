"""Which differences between written letters do not count: case, accents, dashes.

The index, the names found in running text and the help of the forms fold alike, so
that what one of them finds the others find too.
"""

from __future__ import annotations

import re
import unicodedata

_BMP = [chr(code) for code in range(0x10000)]
MARKS = "".join(c for c in _BMP if unicodedata.category(c) in ("Mn", "Mc"))
# Soft hyphens, zero-width and direction marks: nobody sees them, nobody types them.
INVISIBLE = "".join(c for c in _BMP if unicodedata.category(c) == "Cf")
APOSTROPHES = "'\u2018\u2019\u02bc\u02b9\u2032\u00b4`\uff07"
DASHES = "\\-\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
_DROPPED = dict.fromkeys(map(ord, INVISIBLE + APOSTROPHES))
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]")
# Letters that no decomposition takes apart.
_PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"}
)
GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "κ": "kappa",
    "μ": "mu",
    "σ": "sigma",
    "ω": "omega",
}


def fold(text: str) -> str:
    """Return `text` in lower case, without Latin accents and invisible characters."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_DROPPED))
        text = _ACCENTS.sub("", text).casefold().translate(_PLAIN)
        return unicodedata.normalize("NFC", text).translate(_DROPPED)
    return text.lower().replace("'", "").replace("`", "")
