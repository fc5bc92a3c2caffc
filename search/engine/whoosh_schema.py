"""What Whoosh sees of an index: its fields, and how it writes and reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from whoosh import columns, fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.util.numeric import byte_to_length

from search.engine.scheme import FACET_FIELDS, FIELDS

CARDS = columns.VarBytesColumn()
BODIES = columns.VarBytesColumn()
# A field's length is kept in a byte, rounded: what each byte stands for.
LENGTHS = np.array([byte_to_length(n) for n in range(256)], dtype=np.float32)


def length_codes(lengths: np.ndarray) -> np.ndarray:
    """Return the byte that Whoosh keeps for each length."""
    return np.minimum(np.searchsorted(LENGTHS, lengths), 255).astype(np.uint8)


class Places(formats.Positions):
    """Where a term stands, four bytes a place; Whoosh pickles a list instead."""

    def encode(self, poslist: Iterable[int]) -> bytes:
        return np.array(list(poslist), dtype="<u4").tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        places: list[int] = np.frombuffer(valuestring, dtype="<u4").tolist()
        return places

    def decode_frequency(self, valuestring: bytes) -> int:
        return len(valuestring) // 4


class TermField(fields.FieldType):
    """A scored field, given as terms with their places."""

    def __init__(self) -> None:
        self.format = Places()
        self.scorable = True

    def index(
        self, value: Mapping[str, list[int]], **kwargs: Any
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        for term, found in value.items():
            count = len(found)
            yield term.encode(), count, float(count), self.format.encode(found)


class ValueField(fields.FieldType):
    """A field of whole values, given as a collection of texts."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.scorable = False

    def index(
        self, value: Iterable[str], **kwargs: Any
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        for text in sorted(set(value)):
            if text:
                yield text.encode(), 1, 1.0, b""


def make_codec() -> W3Codec:
    """Return how Whoosh writes postings: nothing for its own scoring, uncompressed."""
    codec = W3Codec(compression=0)
    codec.length_stats = False
    return codec


def make_schema() -> fields.Schema:
    schema = fields.Schema(
        key=ValueField(), card=fields.COLUMN(CARDS), body=fields.COLUMN(BODIES)
    )
    for name in FIELDS:
        schema.add(name, TermField())
    for name in FACET_FIELDS:
        schema.add(name, ValueField())
    return schema
