"""Makes the index anew, compares it with the database, mends what differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from search.documents import all_documents, documents_for
from search.engine import Document, SearchUnavailable, get_engine
from search.models import PendingKey


@dataclass
class Drift:
    """Keys that the index lacks, holds in an older version, or should not hold, and
    what of its files is not as it was written."""

    damage: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        parts = (self.damage, self.missing, self.outdated, self.surplus)
        return sum(map(len, parts))

    def lines(self) -> Iterator[str]:
        yield from self.damage
        for word in ("missing", "outdated", "surplus"):
            for key in getattr(self, word):
                yield f"{word}: {key}"


def rebuild() -> int:
    """Replace the index; return how many documents it holds."""
    before = list(PendingKey.objects.values_list("pk", "noted_at"))
    count = 0

    def documents() -> Iterator[Document]:
        # Read once the engine has begun: it keeps what changes from then on.
        nonlocal count
        for document in all_documents():
            count += 1
            yield document

    get_engine().rebuild(documents())
    for pk, noted_at in before:
        PendingKey.objects.filter(pk=pk, noted_at=noted_at).delete()
    return count


def compare() -> Drift:
    indexed = dict(get_engine().versions())
    drift = Drift(get_engine().find_damage())
    for document in all_documents():
        version = indexed.pop(document.key, None)
        if version is None:
            drift.missing.append(document.key)
        elif version != document.version:
            drift.outdated.append(document.key)
    drift.surplus.extend(sorted(indexed))
    return drift


def mend(drift: Drift) -> None:
    if drift.damage:
        # What else was changed in such a file nobody can tell.
        rebuild()
        return
    engine = get_engine()
    with engine.following():
        keys = [*drift.missing, *drift.outdated, *drift.surplus]
        documents, gone = documents_for(keys)
        engine.remove(gone)
        engine.index(documents)


def is_whole() -> bool:
    try:
        return not compare()
    except SearchUnavailable:
        return False
