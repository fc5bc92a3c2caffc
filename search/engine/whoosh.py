"""The engine for one machine: documents in Whoosh files, scores in arrays.

This module and its neighbours named `whoosh_…` alone import whoosh. What its
predecessors' users met (locks, damaged files, readers of merged segments) is met here.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

from search.engine import Document, Query, Results, SearchUnavailable, Suggestion
from search.engine.cards import document_of, written
from search.engine.view import View
from search.engine.whoosh_files import find_damage
from search.engine.whoosh_reading import Reading, at_the_door
from search.engine.whoosh_store import Store
from search.engine.whoosh_writing import Writer

LOCK_WAIT_S = 10.0
# A merge now and then takes away a file that is just being opened: 1 in 17,000.
_TRIES = 8

Answer = TypeVar("Answer")


class WhooshEngine:
    def __init__(self, path: str | Path, *, lock_wait_s: float = LOCK_WAIT_S) -> None:
        self.store = Store(path, lock_wait_s=lock_wait_s)
        self._view: View | None = None
        self._stamp: tuple[int, Path, int] | None = None
        self._opening = threading.Lock()

    # Reading

    def search(self, query: Query) -> Results:
        return self._ask(lambda view: view.search(query))

    def suggest(self, text: str, *, limit: int = 8) -> list[Suggestion]:
        return self._ask(lambda view: view.suggest(text, limit))

    def versions(self) -> Iterator[tuple[str, str]]:
        def read(view: View) -> list[tuple[str, str]]:
            reading = view.reading
            cards = map(reading.card, reading.living().tolist())
            return sorted((card.key, card.version) for card in cards)

        if self.store.current() is None:
            return
        yield from self._ask(read)

    def find_damage(self) -> list[str]:
        folder = self.store.current()
        if folder is None:
            return []
        with self.store.locked("write"):
            return list(find_damage(folder))

    def document_count(self) -> int:
        return self._ask(lambda view: view.reading.count)

    def is_ready(self) -> bool:
        try:
            self.document_count()
        except SearchUnavailable:
            return False
        return True

    def close(self) -> None:
        """Let go of all files; the next search opens them again."""
        with self._opening:
            self._drop()

    def _ask(self, question: Callable[[View], Answer]) -> Answer:
        """Ask the newest view, one thread at a time; open again what a merge took."""
        missing: FileNotFoundError | None = None
        for _ in range(_TRIES):
            view = self._newest()
            try:
                with view.reading.lock:
                    if not view.reading.is_closed:
                        with at_the_door("searching", retried=True):
                            return question(view)
            except FileNotFoundError as error:
                missing = error
                self.close()
        raise SearchUnavailable(
            f"The search index cannot be read ({missing or 'it changes too fast'})."
            " Run: python manage.py search_index check"
        ) from missing

    def _newest(self) -> View:
        stamp = (os.getpid(), *self.store.stamp())
        view = self._view
        if view is not None and self._stamp == stamp:
            return view
        with self._opening:
            for attempt in range(_TRIES):
                stamp = (os.getpid(), *self.store.stamp())
                if self._view is not None and self._stamp == stamp:
                    return self._view
                try:
                    return self._open(stamp)
                except FileNotFoundError as error:
                    if attempt == _TRIES - 1:
                        raise SearchUnavailable(
                            f"A file of the search index is missing: {error.filename}."
                            " Run: python manage.py search_index rebuild"
                        ) from error
                    time.sleep(0.01 * attempt)
        raise AssertionError("unreachable")

    def _open(self, stamp: tuple[int, Path, int]) -> View:
        if self._stamp is not None and self._stamp[0] != stamp[0]:
            # After a fork: the parent's files and locks are not ours to close.
            self._view = self._stamp = None
        view = View(Reading(stamp[1], self._view.reading if self._view else None))
        self._drop()
        self._view, self._stamp = view, stamp
        return view

    def _drop(self) -> None:
        if self._view is not None:
            self._view.reading.close()
        self._view = self._stamp = None

    # Writing

    def following(self) -> AbstractContextManager[None]:
        return self.store.locked("follow")

    def index(self, documents: Iterable[Document]) -> None:
        # By key, because Whoosh keeps both of two documents written in one batch.
        by_key = {document.key: document for document in documents}
        for document in by_key.values():
            written(document)  # one that fails does so before the lock is taken
        if not by_key:
            return
        with self.store.locked("write"):
            folder = self.store.current()
            if folder is None:
                folder = self.store.put_in_place(self.store.start_building())
            self._write(folder, by_key, by_key.values())

    def remove(self, keys: Iterable[str]) -> None:
        unwanted = set(keys)
        if not unwanted:
            return
        with self.store.locked("write"):
            folder = self.store.current()
            if folder is not None:
                self._write(folder, unwanted, ())

    def rebuild(self, documents: Iterable[Document]) -> None:
        with self.store.locked("rebuild"):
            with self.store.locked("write"):
                self.store.sweep()
            before = self._find_versions()
            building = self.store.start_building()
            try:
                self._fill(building, documents)
                with self.store.locked("write"):
                    self._catch_up(building, before)
                    self.store.put_in_place(building)
            except BaseException:
                self.store.discard(building)
                raise

    def _fill(self, folder: Path, documents: Iterable[Document]) -> None:
        seen: set[str] = set()
        again: dict[str, Document] = {}
        with self._writer(folder) as writer:
            for document in documents:
                if document.key in seen:
                    again[document.key] = document
                    continue
                seen.add(document.key)
                with at_the_door("adding a document"):
                    writer.add(document)
        if again:
            self._write(folder, again, again.values())

    def _catch_up(self, building: Path, before: dict[str, str] | None) -> None:
        """Bring over what was saved or removed while the rebuild was running."""
        after = self._find_versions()
        if before is None or after is None:
            return
        changed = {key for key in after if after[key] != before.get(key)}
        gone = before.keys() - after.keys()
        if not changed and not gone:
            return

        def read(view: View) -> list[Document]:
            reading = view.reading
            return [
                document_of(reading.card(doc), reading.body(doc))
                for doc in reading.living().tolist()
                if reading.card(doc).key in changed
            ]

        documents = self._ask(read) if changed else []
        self._write(building, changed | gone, documents)

    def _find_versions(self) -> dict[str, str] | None:
        """Return key and version of each document; None if the index is broken."""
        try:
            return dict(self.versions())
        except SearchUnavailable:
            return None

    def _write(
        self, folder: Path, replaced: Iterable[str], added: Iterable[Document]
    ) -> None:
        """Strike out the documents of some keys and add others, in one commit."""
        with self._writer(folder) as writer, at_the_door("writing"):
            for key in replaced:
                writer.strike_out(key)
            for document in added:
                writer.add(document)

    @contextmanager
    def _writer(self, folder: Path) -> Iterator[Writer]:
        """Commit what is written within, or nothing of it. Wants the lock held."""
        with at_the_door("opening for writing"):
            writer = Writer(folder)
        try:
            yield writer
        except BaseException:
            writer.cancel()
            raise
        with at_the_door("committing"):
            writer.commit()
