"""What is indexed of a document, and how much each field counts.

Raise FORMAT when fields, terms, weights or the arrays of a segment change: an index of
another format is refused, with the advice to rebuild, instead of being read wrongly.
"""

from __future__ import annotations

FORMAT = 3

K1 = 1.5
# Field: its weight, and how far length counts against it. A record with many names
# is no worse for it. Tuned on Cranfield (title, text); names follow the title.
FIELDS = {
    "title": (4.0, 0.5),
    "names": (4.0, 0.2),
    "tags": (2.0, 0.2),
    "summary": (2.0, 0.6),
    "text": (1.0, 0.75),
}
# Running text: what the second look takes its terms from.
PROSE = ("title", "summary", "text")
FACET_FIELDS = ("kind", "level", "tag", "place")
