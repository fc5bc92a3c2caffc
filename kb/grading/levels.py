"""The levels of GRADE and the two silences below them, in their order."""

from __future__ import annotations

from django.utils.translation import gettext

from kb.choices import Level

LEVEL_ORDER: tuple[Level, ...] = (
    Level.HIGH,
    Level.MODERATE,
    Level.LOW,
    Level.VERY_LOW,
    Level.NONE,
    Level.NOT_ASSESSED,
)
LEVEL_OF_POINTS = {4: Level.HIGH, 3: Level.MODERATE, 2: Level.LOW, 1: Level.VERY_LOW}
GRADED = frozenset(LEVEL_OF_POINTS.values())


def rank(level: str) -> int:
    """Return 4 for high down to 1 for very low, 0 for none, -1 for not assessed."""
    return 4 - LEVEL_ORDER.index(Level(level))


def level_said(level: Level) -> str:
    """Return the word for a level as it stands within a sentence."""
    return gettext(str(level.label)).lower()
