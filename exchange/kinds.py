"""Every kind of record that travels, in the order of import."""

from __future__ import annotations

from articles.kinds import ARTICLE
from kb import kinds

KINDS: tuple[kinds.Kind, ...] = (*kinds.KINDS, ARTICLE)
BY_NAME = {kind.name: kind for kind in KINDS}
BY_PLURAL = {kind.plural: kind for kind in KINDS}
