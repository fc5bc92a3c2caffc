"""What an answer is: the object of the JSON, and a little more for the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kb.choices import Level
from kb.models import Source
from kb.pages import local, words
from search.answers.names import Named

Type = Literal["law", "evidence", "comparison", "safety", "identity"]

TYPE_LABEL: dict[Type, str] = {
    "law": _("The law"),
    "evidence": _("Evidence"),
    "comparison": _("Comparison"),
    "safety": _("What can go wrong"),
    "identity": _("What it is"),
}
IN_JSON = (
    "type subject with region symptom status level direction sentence source verified_on url"
).split()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; what does not apply is None."""

    type: Type
    subject: dict[str, str]  # {"kind": "substance", "slug": "kratom", "name": "Kratom"}
    parts: tuple[str, ...]  # sentences, and what records say: `Quoted`
    url: str  # where the whole of it stands
    with_: dict[str, str | None] | None = (
        None  # a thing that is no record: only its name
    )
    region: dict[str, str] | None = None  # {"code": "US-OH", "name": "Ohio"}
    symptom: dict[str, str] | None = None  # {"slug": "insomnia", "name": "Insomnia"}
    status: str | None = None
    level: str | None = None
    direction: str | None = None
    source: dict[str, str] | None = None  # {"slug": "…", "title": "…"}
    verified_on: str | None = None
    # For the page alone.
    status_label: str = ""
    status_detail: str = ""  # "Schedule I"
    change_coming: bool = False
    stale: bool = False
    stale_since: str = ""  # "10 May 2026"
    better: list[dict[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the object of the search reply, with every key."""
        names = {"with": "with_"}
        return {key: getattr(self, names.get(key, key)) for key in IN_JSON}

    @property
    def sentence(self) -> str:
        return " ".join(self.parts)

    @property
    def type_label(self) -> str:
        return TYPE_LABEL[self.type]

    @property
    def level_label(self) -> str:
        return label_of(self.level) if self.level else ""

    @property
    def direction_label(self) -> str:
        return words.direction(self.direction) if self.direction else ""

    @property
    def about(self) -> str:
        """Return what the level is about."""
        return self.symptom["name"] if self.symptom else ""

    @property
    def source_url(self) -> str:
        return reverse("kb:source", args=[self.source["slug"]]) if self.source else ""

    @property
    def verified(self) -> str:
        return local.day(self.verified_on)


def label_of(level: str) -> str:
    return str(Level(level).label)


def page_of(record: Named) -> str:
    return reverse(f"kb:{record.kind}", args=[record.slug])


def symptom_of(record: Named) -> dict[str, str]:
    return {"slug": record.slug, "name": record.name}


def source_of(source: Source | None) -> dict[str, str] | None:
    return {"slug": source.slug, "title": source.name} if source else None


class Quoted(str):
    """What a record says, in the language of the records."""


def joined(*parts: str) -> tuple[str, ...]:
    return tuple(part for part in parts if part)


def listed(names: Iterable[str]) -> str:
    """Return "a, b and c"."""
    *first, last = names
    if not first:
        return last
    both = {"names": ", ".join(first), "last": last}
    return gettext("%(names)s and %(last)s") % both
