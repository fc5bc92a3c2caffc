"""Where the index lies, who may write, and how a new one takes its place.

<path>/current                names the folder in use; replaced in one step
<path>/index-2-<name>/        a whole index of format 2; its files: whoosh_files.py
<path>/building-<name>/       one that is not whole yet
<path>/write.lock             one writer at a time
<path>/rebuild.lock           one rebuild at a time
<path>/follow.lock            one at a time reads from the database what it then writes
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh.util.filelock import FileLock

from search.engine import SearchUnavailable
from search.engine.scheme import FORMAT
from search.engine.whoosh_files import write_toc
from search.engine.whoosh_reading import at_the_door
from search.engine.whoosh_schema import make_schema

_TOC = re.compile(r"_MAIN_(\d+)\.toc$")
_STILL = 100_000_000  # ns
_OFTEN_S = 0.02
_REBUILD = "Run: python manage.py search_index rebuild"


class Store:
    # How often any store of this process let go of a lock.
    writes = 0

    def __init__(self, path: str | Path, *, lock_wait_s: float) -> None:
        self.path = Path(path)
        self.lock_wait_s = lock_wait_s
        self._pointer = self.path / "current"
        self._looked = (0, 0.0)
        self._stamp: tuple[tuple[int, int], tuple[Path, int]] | None = None

    def current(self) -> Path | None:
        """Return the folder of the index in use; None if there was never one.

        Raises SearchUnavailable if there was one and it cannot be used.
        """
        try:
            name = (self.path / "current").read_text("utf-8").strip()
        except FileNotFoundError:
            if any(self._folders("index-")):
                raise SearchUnavailable(
                    f"The search index has lost its file {self.path / 'current'}."
                    f" {_REBUILD}"
                ) from None
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise SearchUnavailable(
                f"{self.path / 'current'} cannot be read: {error}. {_REBUILD}"
            ) from error
        if not name.startswith(f"index-{FORMAT}-") or "/" in name:
            raise SearchUnavailable(
                "The search index was made by another version of this program, or its"
                f" file {self.path / 'current'} is damaged. {_REBUILD}"
            )
        return self.path / name

    def stamp(self) -> tuple[Path, int]:
        """Return folder and generation of the index: it moves with every commit.

        What this process writes is seen at once, what others write within _OFTEN_S.
        The folder is not listed again while no file came or went in it; what was
        changed a moment ago is, since a clock of files stands still for some ms.
        """
        known = self._stamp
        now = (Store.writes, time.monotonic())
        if known and now[0] == self._looked[0] and now[1] < self._looked[1] + _OFTEN_S:
            return known[1]
        self._looked = now
        if known is not None:
            times, stamp = known
            is_still = time.time_ns() - max(times) > _STILL
            if is_still and times == self._times(stamp[0]):
                return stamp
        stamp = self._read_stamp()
        times = self._times(stamp[0])
        # Read once more: what changed in between must not pass for what was read.
        again = self._read_stamp()
        self._stamp = (times, stamp) if again == stamp and all(times) else None
        return again

    def _times(self, folder: Path) -> tuple[int, int]:
        try:
            return (
                os.stat(self._pointer).st_mtime_ns,
                os.stat(folder).st_mtime_ns,
            )
        except OSError:
            return (0, 0)

    def _read_stamp(self) -> tuple[Path, int]:
        folder = self.current()
        if folder is None:
            raise SearchUnavailable(f"There is no search index yet. {_REBUILD}")
        try:
            found = [
                int(match.group(1))
                for name in os.listdir(folder)
                if (match := _TOC.match(name))
            ]
        except OSError as error:
            raise SearchUnavailable(
                f"The search index cannot be read: {error}. {_REBUILD}"
            ) from error
        if not found:
            raise SearchUnavailable(
                f"The search index {folder} is damaged: its table of contents is"
                f" missing. {_REBUILD}"
            )
        return folder, max(found)

    def _folders(self, prefix: str) -> Iterator[Path]:
        if self.path.is_dir():
            yield from (p for p in self.path.iterdir() if p.name.startswith(prefix))

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Hold a lock among threads and processes; a killed holder lets go of it."""
        self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self.path / f"{name}.lock"))
        until = time.monotonic() + self.lock_wait_s
        while not lock.acquire():
            if time.monotonic() >= until:
                raise SearchUnavailable(
                    f"Another process has been writing to the search index for"
                    f" {self.lock_wait_s:g} seconds; try again later."
                )
            time.sleep(0.02)
        try:
            yield
        finally:
            Store.writes += 1
            lock.release()

    def start_building(self) -> Path:
        folder = self.path / f"building-{secrets.token_hex(4)}"
        with at_the_door("making an index"):
            folder.mkdir(parents=True)
            write_toc(folder, make_schema(), [], 0)
        return folder

    def put_in_place(self, building: Path) -> Path:
        """Make a whole index the one in use. Wants the lock "write" held.

        The one before stays until the next time: a reader may still be in it.
        """
        try:
            before = self.current()
        except SearchUnavailable:
            before = None
        unused = [p for p in self._folders("index-") if p != before]
        folder = self.path / f"index-{FORMAT}-{building.name.removeprefix('building-')}"
        building.rename(folder)
        written = self.path / "current.new"
        with written.open("w", encoding="utf-8") as file:
            file.write(folder.name + "\n")
            file.flush()
            os.fsync(file.fileno())
        written.replace(self.path / "current")
        for old in unused:
            shutil.rmtree(old, ignore_errors=True)
        return folder

    def sweep(self) -> None:
        """Remove what a killed rebuild left. Wants both locks held."""
        for folder in self._folders("building-"):
            self.discard(folder)

    def discard(self, building: Path) -> None:
        shutil.rmtree(building, ignore_errors=True)
