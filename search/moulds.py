"""Templates that are filled in hundreds of times a page: rendered once for each shape.

Two cards with a level and another name differ only in their texts. So a template is
rendered with a blank in place of each text, cut at the blanks and kept; afterwards the
texts are put between the pieces, escaped as the template would. How it looks stands in
the template alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from html import escape
from typing import Any

from django.conf import settings
from django.template import loader
from django.utils.safestring import SafeString, mark_safe

from kb.languages import current

# The shapes of one template are few, but nobody promises it.
_MOST_SHAPES = 500
_BLANK = re.compile("\ue000([0-9]+)\ue001")
_TEXT = object()
# The words of the template are those of one language.
_LANGUAGE = "_language"

Shape = tuple[tuple[str, Any], ...]

# What stands before the first text, then the number of a text and what follows it.
Pieces = tuple[str, tuple[tuple[int, str], ...]]


class Mould:
    """A template that only prints its `texts`, or asks whether they are there.

    A filter that changes a text would be applied to the blank: hand over what is to be
    shown. All other values choose between parts of the template; each choice is a shape.
    """

    def __init__(self, template: str, texts: Collection[str]) -> None:
        self.template = template
        self.texts = frozenset(texts)
        self._kept: dict[Shape, Pieces] = {}

    def filled(self, values: Mapping[str, Any], language: str = "") -> SafeString:
        """Return the template with these values; lists hold such values again.
        `language` is the one spoken now, from who has asked for it already."""
        texts: list[str] = []
        shape = ((_LANGUAGE, language or current()), *self._shape(values, texts))
        pieces = self._kept.get(shape)
        if pieces is None:
            pieces = self._made(shape)
            if len(self._kept) >= _MOST_SHAPES:
                self._kept.clear()
            if not settings.DEBUG:  # then a changed template shows at once
                self._kept[shape] = pieces
        first, others = pieces
        return mark_safe(first + "".join([texts[at] + rest for at, rest in others]))

    def _shape(self, values: Mapping[str, Any], texts: list[str]) -> Shape:
        """Return what the values have in common with others; put their texts aside."""
        shape: list[tuple[str, Any]] = []
        for name, value in values.items():
            if isinstance(value, list):
                parts = tuple([self._shape(part, texts) for part in value])
                shape.append((name, parts))
            elif name not in self.texts:
                shape.append((name, value))
            elif value:
                texts.append(escaped(value))
                shape.append((name, _TEXT))
            else:
                shape.append((name, ""))
        return tuple(shape)

    def _made(self, shape: Shape) -> Pieces:
        html = loader.get_template(self.template).render(_with_blanks(shape, [0]))
        first, *others = _BLANK.split(html)
        return first, tuple(zip(map(int, others[::2]), others[1::2], strict=True))


def _with_blanks(shape: Shape, used: list[int]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in shape:
        if value is _TEXT:
            values[name] = f"\ue000{used[0]}\ue001"
            used[0] += 1
        elif isinstance(value, tuple):
            values[name] = [_with_blanks(part, used) for part in value]
        else:
            values[name] = value
    return values


def escaped(text: Any) -> str:
    """Return a text as a template prints it."""
    return text if isinstance(text, SafeString) else escape(str(text))


def marked(pieces: Iterable[tuple[str, bool]]) -> SafeString:
    """Return pieces of text, those that match within <mark>."""
    return mark_safe(
        "".join(
            [
                f"<mark>{escape(text)}</mark>" if is_match else escape(text)
                for text, is_match in pieces
            ]
        )
    )
