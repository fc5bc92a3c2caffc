"""Makes drafts of sources from records; what is made waits for a curator and review."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from kb.bibliography.duplicates import Sources, known
from kb.bibliography.record import Csl, fields_of
from kb.choices import State, Verification
from kb.folding import fold
from kb.models import OldSlug, Source


def initial(csl: Csl) -> dict[str, Any]:
    """Return what a form for a new source begins with. Raises ValueError without a title.

    Nobody has read it yet, so it counts as seen in part.
    """
    fields = fields_of(csl)
    return {
        **fields,
        "slug": free_slug(fields),
        "verification": str(Verification.PARTIAL),
    }


def free_slug(fields: dict[str, Any]) -> str:
    """Return first author and year, with a letter where that is taken: "kruegel-2016-b"."""
    first = fold((fields["authors"] or [""])[0])
    words = [word for word in re.findall(r"[^\W\d_]+", first) if len(word) > 2]
    stem = slugify(words[0] if len(words) == 1 else "-".join(words[:3]))
    stem = stem or slugify("-".join(fold(fields["name"]).split()[:4])) or "source"
    year = str(fields["published"] or "")[:4]
    stem = f"{stem[:60]}-{year}" if year else stem[:60]
    taken = set(
        Source.objects.filter(slug__startswith=stem).values_list("slug", flat=True)
    )
    taken |= set(
        OldSlug.objects.filter(kind=Source.KIND, slug__startswith=stem).values_list(
            "slug", flat=True
        )
    )
    if stem not in taken:
        return stem
    letters = (f"{stem}-{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")
    numbers = (f"{stem}-{number}" for number in range(27, 100_000))
    return next(
        slug for each in (letters, numbers) for slug in each if slug not in taken
    )


def save_draft(csl: Csl, *, reason: str = "") -> Source:
    """Store a draft, with its history. Raises ValidationError, in words for a curator."""
    try:
        source = Source(**initial(csl), state=State.DRAFT)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    source._change_reason = reason[:100]  # type: ignore[attr-defined]
    try:
        source.full_clean()
        with transaction.atomic():
            source.save()
    except IntegrityError as error:
        raise ValidationError("Somebody else made it at the same moment.") from error
    return source


def save_drafts(
    records: Iterable[tuple[int, Csl]], *, probable_too: bool = True, reason: str = ""
) -> tuple[list[Source], list[tuple[int, str]]]:
    """Store what is not here yet; return the drafts, and (number, why not) of the others.

    probable_too: also those that are probably here, since somebody looked and said so.
    """
    sources = Sources()
    made, refused = [], []
    for number, csl in records:
        match = sources.find(csl)
        if match is not None and (match.is_certain or not probable_too):
            refused.append((number, f"Already here: {match.known.label}."))
            continue
        try:
            made.append(save_draft(csl, reason=reason))
        except ValidationError as error:
            refused.append((number, " ".join(error.messages)))
            continue
        sources.add(known(csl))
    return made, refused
