"""Reads a CSV, TSV or XLSX file row by row, never the whole of it; judges nothing."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import IO, NamedTuple
from zipfile import BadZipFile, ZipFile

LONGEST_CELL = 1_000_000  # characters; a cell that goes on longer is a lost quote
LARGEST_UNPACKED = 100_000_000  # bytes of a workbook


class Unreadable(Exception):
    """The file cannot be read at all; the message says why."""


class Row(NamedTuple):
    line: int  # as an editor counts, or the row of a sheet
    cells: dict[str, str]  # by the name of the column, stripped; "" where empty


def find_file(path: Path, names: Sequence[str]) -> Path:
    """Return the file itself, or the first of `names` in a folder, packed or not."""
    if path.is_dir():
        for name in names:
            for found in (path / name, path / f"{name}.gz"):
                if found.is_file():
                    return found
        raise Unreadable(f"{path} holds none of: {', '.join(names)}.")
    if not path.is_file():
        raise Unreadable(f"There is no file {path}.")
    return path


def open_text(path: Path) -> IO[str]:
    """Open a text file, packed or not, byte-order mark or not."""
    if path.suffix == ".gz":
        packed = gzip.open(path, "rb")  # noqa: SIM115 (the caller closes it)
        return io.TextIOWrapper(packed, encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def rows(path: Path, needed: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a CSV, TSV or XLSX file. Raises Unreadable.

    `needed` are columns without which it is another file.
    """
    plain = path.name.removesuffix(".gz")
    if plain.endswith(".xlsx"):
        yield from _sheet(path, needed)
        return
    try:
        with open_text(path) as file:
            yield from _table(file, "\t" if plain.endswith(".tsv") else ",", needed)
    except (UnicodeDecodeError, csv.Error, OSError, EOFError) as error:
        raise Unreadable(f"{path.name} cannot be read on: {error}.") from error


def _table(file: IO[str], delimiter: str, needed: Sequence[str]) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(file, delimiter=delimiter)
    header = _header(next(reader, []), needed)
    for cells in reader:
        if cells:
            yield Row(reader.line_num, _cells(header, cells))


def _sheet(path: Path, needed: Sequence[str]) -> Iterator[Row]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    # Whatever the library stumbles over; SyntaxError is XML that is none.
    damaged = (
        *(BadZipFile, InvalidFileException, OSError, EOFError, zlib.error),
        *(LookupError, SyntaxError, TypeError, ValueError),
    )
    try:
        with ZipFile(path) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise Unreadable(f"{path.name} unpacks to {unpacked:,} bytes: too many.")
        book = load_workbook(path, read_only=True, data_only=True)
    except damaged as error:
        raise Unreadable(f"{path.name} is no XLSX workbook: {error}.") from error
    try:
        found = book.worksheets[0].iter_rows(values_only=True)
        header = _header([_text(cell) for cell in next(found, ())], needed)
        for number, cells in enumerate(found, start=2):
            if any(cell is not None for cell in cells):
                yield Row(number, _cells(header, [_text(cell) for cell in cells]))
    except damaged as error:
        raise Unreadable(f"{path.name} cannot be read on: {error}.") from error
    finally:
        book.close()


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _header(cells: Sequence[str], needed: Sequence[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    missing = [name for name in needed if name not in names]
    if missing:
        raise Unreadable(f"The first row lacks: {', '.join(missing)}.")
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise Unreadable(f"The first row has more than once: {', '.join(doubled)}.")
    return names


def _cells(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Name the cells of a row; one that stands under no name is "column 5"."""
    if any("\0" in cell for cell in cells):
        raise Unreadable("It holds a NUL byte, which no text has: is it another file?")
    pairs = list(zip_longest(header, cells, fillvalue=""))
    named = {name: cell.strip() for name, cell in pairs if name}
    for number, (name, cell) in enumerate(pairs, start=1):
        if not name and cell.strip():
            named[f"column {number}"] = cell.strip()
    return named
