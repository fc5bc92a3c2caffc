"""A file of named arrays, mapped into memory: workers share it, opening it is free.

Eight letters, the length of a header, the header as JSON (`about`, and for each array
its type, shape and place), then the arrays, each at a multiple of 64 bytes.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

_MAGIC = b"PHARRAY1"
_ALIGNED = 64


@dataclass(frozen=True, slots=True)
class Arrays:
    """Arrays by name, and what is known about them."""

    about: dict[str, Any]
    by_name: Mapping[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.by_name[name]


def narrow(values: np.ndarray) -> np.ndarray:
    """Return whole numbers in the smallest unsigned type that holds them."""
    most = int(values.max(initial=0))
    for kind in (np.uint8, np.uint16, np.uint32):
        if most <= np.iinfo(kind).max:
            return values.astype(kind)
    return values.astype(np.uint64)


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write arrays where they survive a power cut before this returns."""
    places: dict[str, list[Any]] = {}
    at = 0
    for name, array in arrays.by_name.items():
        places[name] = [array.dtype.str, list(array.shape), at]
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    header = json.dumps({"about": arrays.about, "arrays": places}).encode()
    start = len(_MAGIC) + 4 + len(header)
    with path.open("wb") as file:
        file.write(_MAGIC + len(header).to_bytes(4, "little") + header)
        file.write(b"\0" * (-start % _ALIGNED))
        for array in arrays.by_name.values():
            file.write(np.ascontiguousarray(array).data)
            file.write(b"\0" * (-array.nbytes % _ALIGNED))
        file.flush()
        os.fsync(file.fileno())


def read_arrays(path: Path) -> Arrays:
    """Map a file of arrays. Raises OSError or ValueError if that is none."""
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if mapped[: len(_MAGIC)] != _MAGIC:
        raise ValueError(f"{path} is no file of arrays")
    start = len(_MAGIC) + 4
    start += int.from_bytes(mapped[len(_MAGIC) : start], "little")
    header = json.loads(mapped[len(_MAGIC) + 4 : start])
    start += -start % _ALIGNED
    return Arrays(
        header["about"],
        {
            name: np.frombuffer(mapped, dtype, prod(shape), start + at).reshape(shape)
            for name, (dtype, shape, at) in header["arrays"].items()
        },
    )
