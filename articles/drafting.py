"""A checked text made into a draft, with its marks, for a curator to go on with."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TypeVar

from django.db import transaction
from django.utils.text import slugify

from articles.checking import Checked, CheckedSentence, check_text
from articles.models import Article
from kb.choices import State
from kb.models import Alkaloid, Claim, Record, Substance, Symptom

LONGEST_NAME = 120
Found = TypeVar("Found", bound=Record)
# What Markdown, or our own marks, would read as more than a letter.
_SIGNS = re.compile(r"([\\`*_\[\]<>#|~])")
_LIST = re.compile(r"^(\d{1,9})([.)])|^([-+=])")


@transaction.atomic
def draft_from_text(text: str) -> Article:
    """Check a text and store it as a draft that carries its marks.

    Raises TooLong, and ValueError where there are no words. Nobody but curators sees a
    draft; what others wrote has to be rewritten before it is published.
    """
    checked = check_text(text)
    if not checked.sentences:
        raise ValueError("There is no text to make an article of.")
    name = _name(checked)
    article = Article(
        slug=_free_slug(name), name=name, body=body_of(checked), state=State.DRAFT
    )
    article.save()
    keys = [record.key for record in checked.records]
    article.substances.set(_named(Substance, keys))
    article.alkaloids.set(_named(Alkaloid, keys))
    article.symptoms.set(_named(Symptom, keys))
    made = {each.claim.pk for one in checked.sentences for each in one.claims}
    article.claims.set(Claim.objects.filter(pk__in=made))
    return article


def body_of(checked: Checked) -> str:
    """Return a checked text as Markdown; a sentence that makes a claim is marked with it."""
    paragraphs = groupby(checked.sentences, key=lambda one: one.sentence.paragraph)
    return "\n\n".join(" ".join(map(_marked, group)) for _, group in paragraphs) + "\n"


def _marked(one: CheckedSentence) -> str:
    plain = _SIGNS.sub(r"\\\1", " ".join(one.sentence.text.split()))
    plain = _LIST.sub(
        lambda match: f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}", plain
    )
    marks = [f"[[claim:{made.claim.slug}|{made.claim.slug}]]" for made in one.claims]
    return " ".join([plain, *marks])


def _name(checked: Checked) -> str:
    first = " ".join(checked.sentences[0].sentence.text.split())
    short = (
        first[:LONGEST_NAME].rsplit(" ", 1)[0] if len(first) > LONGEST_NAME else first
    )
    return f"Draft: {short}"


def _free_slug(name: str) -> str:
    stem = slugify(name)[:60].strip("-") or "draft"
    slug, number = stem, 2
    while Article.objects.filter(slug=slug).exists():
        slug, number = f"{stem}-{number}", number + 1
    return slug


def _named(model: type[Found], keys: list[str]) -> list[Found]:
    slugs = [
        key.partition(":")[2] for key in keys if key.partition(":")[0] == model.KIND
    ]
    return list(model._default_manager.filter(slug__in=slugs))
