"""The safety card of a substance or an alkaloid: one page to print or to keep.

It says only what the records say, gravest first, and "not assessed" where they are silent.
"""

from __future__ import annotations

from typing import Any

import segno
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from kb import places
from kb.choices import Axis, Level, SafetyKind, Severity, SynonymKind
from kb.languages import current, is_spoken
from kb.models import Assessment, Region, SafetyNote, Symptom
from kb.pages import local
from kb.pages import region as region_page
from kb.pages.citations import Citations
from kb.pages.substance import Subject, interactions

# What fits on one sheet; the rest is told as a number, with the way to it.
MOST_SIGNS = 8
MOST_INTERACTIONS = 7
MOST_NOTES = 2
MOST_SIGN_NAMES = 4
GRAVE = (Severity.LIFE_THREATENING, Severity.SERIOUS)
REVERSAL = "overdose-reversal"


def context(subject: Subject, *, region: Region | None, address: str) -> dict[str, Any]:
    """Return all that kb/card.html shows: 8 queries, of them 1 for the region.

    address is the whole address of the entry, for the QR code.
    """
    citations = Citations()
    tree = places.region_tree()
    signs = danger_signs(subject)
    together = [
        each
        for each in interactions(subject, citations)
        if each["severity"] != Severity.MILD
    ]
    warnings = [
        _warning(note, citations)
        for note in _notes(subject)
        if note.kind == SafetyKind.CONTRAINDICATION
    ][:MOST_NOTES]
    overdoses = [
        _warning(note, citations)
        for note in _notes(subject)
        if note.kind == SafetyKind.OVERDOSE and note.severity in GRAVE and note.figure
    ][:MOST_NOTES]
    shown = together[:MOST_INTERACTIONS]
    cited = {each["cite"]["number"] for each in (*shown, *warnings, *overdoses)}
    helpers = region_page.help_for(tree.chain(region)) if region else []
    return {
        "subject": subject,
        "region": region,
        "region_name": tree.full_name(region) if region else "",
        "signs": signs[:MOST_SIGNS],
        "more_signs": len(signs[MOST_SIGNS:]),
        "interactions": shown,
        "more_interactions": len(together) - len(shown),
        "warnings": warnings,
        "overdoses": overdoses,
        "reversal": _reversal(signs, overdoses),
        "help": helpers,
        "lacks": [
            gettext(str(kind.label))
            for kind in region_page.ORDER
            if kind not in {each["kind"] for each in helpers}
        ],
        "sources": [
            {**note, "number": number}
            for number, note in enumerate(citations.notes, start=1)
            if number in cited
        ],
        "address": address,
        "qr": qr_code(address),
    }


def danger_signs(subject: Subject) -> list[dict[str, Any]]:
    """Return what needs help at once and is on record for a subject: 3 queries.

    On record means a graded harm or a safety note. The best-supported stand first; what
    was only seen in animals or cells says so by its level.
    """
    levels: dict[Symptom, str] = {}
    harms = Assessment.objects.filter(
        **{subject.KIND: subject}, axis=Axis.HARM, symptom__is_emergency=True
    ).select_related("symptom")
    for harm in harms:
        levels[harm.symptom] = _surer(levels.get(harm.symptom), harm.level)
    for note in _notes(subject):
        if note.symptom and note.symptom.is_emergency:
            levels[note.symptom] = _surer(levels.get(note.symptom), note.level)
    symptoms = Symptom.objects.published().filter(pk__in=[each.pk for each in levels])
    order = list(Level.values)
    found = [
        {
            "name": symptom.name,
            "names": said_here(symptom)[:MOST_SIGN_NAMES],
            "summary": symptom.summary,
            "level": levels[symptom],
            "level_label": Level(levels[symptom]).label,
        }
        for symptom in symptoms.prefetch_related("synonyms")
    ]
    return sorted(found, key=lambda sign: (order.index(sign["level"]), sign["name"]))


def said_here(symptom: Symptom) -> list[SafeString]:
    """Return what people call it: in the language of the page, then in English."""
    told = [
        each
        for each in symptom.synonyms.all()
        if is_spoken(each.language) and each.kind != SynonymKind.MISSPELLING
    ]
    told.sort(key=lambda each: each.language != current())
    return [local.named(each.name, each.language) for each in told]


def _surer(one: str | None, other: str) -> str:
    order = list(Level.values)
    return min(filter(None, (one, other)), key=order.index)


def _notes(subject: Subject) -> list[SafetyNote]:
    """Return the safety notes of a subject, once loaded for a card."""
    kept: list[SafetyNote] | None = getattr(subject, "card_notes", None)
    if kept is None:
        rows = SafetyNote.objects.filter(**{subject.KIND: subject})
        kept = sorted(
            rows.select_related("source", "symptom"),
            key=lambda note: list(Severity.values).index(note.severity),
        )
        subject.card_notes = kept  # type: ignore[union-attr]
    return kept


def _warning(note: SafetyNote, citations: Citations) -> dict[str, Any]:
    return {
        "finding": note.finding,
        "figure": note.figure,
        "level_label": note.get_level_display(),
        "cite": citations.cite(note.source),
    }


def _reversal(
    signs: list[dict[str, Any]], overdoses: list[dict[str, Any]]
) -> Assessment | None:
    """Return what is best known to reverse an overdose, where one is a matter here."""
    if not overdoses and not any("breathing" in sign["name"] for sign in signs):
        return None
    found = Assessment.objects.filter(
        symptom__slug=REVERSAL, axis=Axis.BENEFIT, substance__state="published"
    ).select_related("substance")
    order = list(Level.values)
    return min(found, key=lambda each: (order.index(each.level), each.pk), default=None)


def qr_code(address: str) -> SafeString:
    """Return an address as a QR code in SVG, without styles or outside parts."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(
        border=2,
        dark="#000",
        light="#fff",
        omitsize=True,
        svgclass=None,
        lineclass=None,
    )
    return mark_safe(drawn)  # drawn by the library from plain squares
