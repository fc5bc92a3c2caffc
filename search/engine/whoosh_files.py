"""The files of an index folder, and what must be true of them.

_MAIN_<generation>.toc   Whoosh's list of segments: an index is what its newest one says
_MAIN_<generation>.sum   the checksum of that list
MAIN_<segment>.seg       Whoosh's files of a segment, in one
MAIN_<segment>.arrays    the same postings and more as arrays (docs/search.md)
MAIN_<segment>.sums      the checksums of these two

Whatever a list of segments names is on the disk, whole, before the list is: a process
that dies at any moment leaves the index before or the one after.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC
from whoosh.reading import SegmentReader

from search.engine.whoosh_schema import BODIES, CARDS

_NAME = "MAIN"
_TOC = re.compile(r"_MAIN_(\d+)\.(?:toc|sum)$")


def arrays_path(folder: str | Path, segment: str) -> Path:
    return Path(folder) / f"{segment}.arrays"


def _sums_path(folder: Path, segment: str) -> Path:
    return folder / f"{segment}.sums"


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:32]


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole, or not at all."""
    written = path.with_name(f"{path.name}.new")
    with written.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    written.replace(path)


def write_sums(folder: str | Path, segment: Any) -> None:
    """Write the checksums of a segment whose files are whole."""
    name = segment.segment_id()
    files = [Path(folder) / f"{name}.seg", arrays_path(folder, name)]
    with files[0].open("rb") as file:
        os.fsync(file.fileno())
    sums = {path.name: checksum(path) for path in files}
    _write_whole(_sums_path(Path(folder), name), json.dumps(sums).encode())


def write_toc(
    folder: str | Path, schema: Any, segments: list[Any], generation: int
) -> None:
    """Make these segments the index, in one step."""
    memory = RamStorage()
    TOC(schema, segments, generation).write(memory, _NAME)
    (name,) = memory.list()
    content = memory.files[name]
    path = Path(folder) / name
    digest = hashlib.blake2b(content).hexdigest()[:32]
    _write_whole(path.with_suffix(".sum"), digest.encode())
    _write_whole(path, content)
    for other in Path(folder).iterdir():
        # Whoosh removes old lists, but does not know of their sums.
        found = _TOC.match(other.name)
        if found and other.suffix == ".sum" and int(found[1]) < generation:
            other.unlink(missing_ok=True)


def find_damage(folder: Path) -> Iterator[str]:
    """Yield a line for each file of the index that is not as it was written."""
    tocs = {
        int(found[1]): path
        for path in folder.glob("_MAIN_*.toc")
        if (found := _TOC.match(path.name))
    }
    if not tocs:
        return
    toc = tocs[max(tocs)]
    line = _compare(toc, _read_text(toc.with_suffix(".sum")))
    if line:
        # What segments it names is not to be known then.
        yield line
        return
    for segment in read_toc(folder).segments:
        name = segment.segment_id()
        try:
            sums = json.loads(_read_text(_sums_path(folder, name)) or "")
            expected = [sums[f"{name}{ending}"] for ending in (".seg", ".arrays")]
        except (ValueError, KeyError, TypeError):
            yield f"damaged: {name}.sums: the checksums cannot be read"
            continue
        for ending, digest in zip((".seg", ".arrays"), expected, strict=True):
            if line := _compare(folder / f"{name}{ending}", digest):
                yield line


def _compare(path: Path, expected: str | None) -> str:
    """Return what is wrong with a file, or "" if nothing is."""
    try:
        if expected is None:
            return f"damaged: {path.name}: its checksum is missing"
        if checksum(path) != expected:
            return f"damaged: {path.name} is not as it was written"
    except OSError as error:
        return f"damaged: {path.name} cannot be read: {error.strerror}"
    return ""


def _read_text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def read_toc(folder: Path) -> Any:
    """Return Whoosh's newest list of segments.

    Which is the newest is found here: Whoosh would first make its pattern of names.
    """
    generations = [
        int(found[1])
        for name in os.listdir(folder)
        if (found := _TOC.match(name)) and name.endswith(".toc")
    ]
    newest = max(generations, default=None)
    return TOC.read(FileStorage(str(folder)), _NAME, newest)


class StoredColumns:
    """The stored columns of a segment, mapped: Whoosh's way reads them whole."""

    def __init__(self, folder: Path, segment: Any) -> None:
        self._file = segment.open_compound_file(FileStorage(str(folder)))
        self._starts = {}
        for name in ("card", "body"):
            path = W3Codec.column_filename(segment, name)
            self._starts[name] = self._file.range(path)[0]

    def read(self, column: str, first: int, last: int) -> bytes:
        start = self._starts[column]
        found: bytes = self._file._source[start + first : start + last]
        return found


def read_stored(folder: Path, segment: Any) -> Iterator[tuple[bytes, bytes]]:
    """Yield card and body of each document of a segment, struck-out ones included."""
    storage = FileStorage(str(folder))
    reader = SegmentReader(storage, read_toc(folder).schema, segment)
    try:
        cards = reader._perdoc.column_reader("card", CARDS)
        bodies = reader._perdoc.column_reader("body", BODIES)
        for doc in range(segment.doc_count_all()):
            yield bytes(cards[doc]), bytes(bodies[doc])
    finally:
        reader.close()
