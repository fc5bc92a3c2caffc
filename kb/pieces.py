"""Pieces of pages, kept by what they show: the same values are rendered once.

A piece is a template that sees nothing but the values it is given and the language that
is spoken. So what was rendered of the same values is right for ever, whatever else has
changed: the first page after a change renders only what the change is in.

The values are compared by their pickle, which tells "a" from text that is safe already,
and 1 from True. What cannot be pickled is rendered each time.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import blake2b
from threading import Lock
from typing import Any

from django.conf import settings
from django.template import Context, Template
from django.utils.safestring import SafeString

from kb.languages import current

# In letters, a process: the entries of the shipped dataset in each language take a third.
ROOM = 12_000_000


class Kept:
    """Texts by their keys, those that were asked for last."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._held = 0
        self._texts: OrderedDict[bytes, SafeString] = OrderedDict()
        self._lock = Lock()

    def find(self, key: bytes) -> SafeString | None:
        with self._lock:
            text = self._texts.get(key)
            if text is not None:
                self._texts.move_to_end(key)
            return text

    def keep(self, key: bytes, text: SafeString) -> None:
        with self._lock:
            if key in self._texts:  # another thread was quicker
                return
            self._texts[key] = text
            self._held += len(text)
            while self._held > self.room:
                self._held -= len(self._texts.popitem(last=False)[1])

    def clear(self) -> None:
        with self._lock:
            self._texts.clear()
            self._held = 0


kept = Kept(ROOM)


def rendered(template: Template, values: Mapping[str, Any]) -> SafeString:
    key = None if settings.DEBUG else _key(template, values)
    text = None if key is None else kept.find(key)
    if text is None:
        text = template.render(Context(dict(values)))
        if key is not None:
            kept.keep(key, text)
    return text


def _key(template: Template, values: Mapping[str, Any]) -> bytes | None:
    try:
        told = pickle.dumps((template.name, current(), dict(values)), protocol=5)
    except (pickle.PicklingError, TypeError, AttributeError):
        return None
    return blake2b(told, digest_size=16).digest()
