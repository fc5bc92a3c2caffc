"""What a name stands for."""

from __future__ import annotations

import re

from django.db.models import Q
from django.utils.translation import gettext

from kb.choices import SynonymKind
from kb.folding import fold
from kb.models import Alkaloid, Record, Substance, Symptom, Synonym
from search.answers.answer import Answer, Quoted, joined, listed, page_of, symptom_of
from search.answers.names import Named
from search.answers.question import Question

MODELS: dict[str, type[Record]] = {
    "substance": Substance,
    "alkaloid": Alkaloid,
    "symptom": Symptom,
}
MOST_NAMES = 4
# A sentence ends where a blank and a capital follow; "M. speciosa" is no end.
_FIRST = re.compile(r".+?(?<![A-Z])[.!?](?=\s+[A-Z0-9]|\s*$)", re.DOTALL)


def identify(question: Question) -> Answer | None:
    """Return its other names and the first sentence of its summary: 2 queries."""
    record = _meant(question)
    summary = (
        MODELS[record.kind]
        .objects.published()
        .filter(slug=record.slug)
        .values_list("summary", flat=True)
        .first()
    )
    if summary is None:
        return None
    return Answer(
        type="identity",
        subject=record.as_json(),
        symptom=symptom_of(record) if record.kind == "symptom" else None,
        parts=joined(
            _called(record),
            Quoted(first_sentence(summary)),
            _namesake(question, record),
        ),
        url=page_of(record),
    )


def _meant(question: Question) -> Named:
    """Return the alkaloid of a name that it shares with a product sold under it."""
    if not question.subjects:
        return question.symptoms[0]
    subject = question.subject
    alkaloid = subject.of_kind("alkaloid")
    if alkaloid and alkaloid.name != subject.taken.name:
        return alkaloid
    return subject.taken


def _namesake(question: Question, record: Named) -> str:
    others = [
        each
        for subject in question.subjects[:1]
        for each in subject.records
        if each != record and each.name != record.name
    ]
    if not others:
        return ""
    said = gettext("What is sold under this name is another thing: %(other)s.")
    return said % {"other": others[0].inside}


def _called(record: Named) -> str:
    condition = Q(**{f"{record.kind}__slug": record.slug})
    rows = Synonym.objects.filter(condition).exclude(kind=SynonymKind.MISSPELLING)
    others: dict[str, str] = {fold(record.name): record.name}
    for name in rows.order_by("pk").values_list("name", flat=True):
        others.setdefault(fold(name), name)
    names = list(others.values())[1 : MOST_NAMES + 1]
    if not names:
        return f"{record.name}."
    said = gettext("%(name)s, also called %(names)s.")
    return said % {"name": record.name, "names": listed(names)}


def first_sentence(text: str) -> str:
    found = _FIRST.match(text.strip())
    return found.group() if found else text.strip()
