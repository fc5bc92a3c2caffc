"""The page of a source: what it is, and what rests on it here."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kb import links
from kb.bibliography import cite
from kb.bibliography.record import csl_of
from kb.models import SafetyNote, Source
from kb.pages import words

FIRST_STYLE = "vancouver"  # of medicine, and a hundredth of a second to make


def context(source: Source) -> dict[str, Any]:
    """Return all that kb/source.html shows: 11 queries, however much rests on it."""
    evidence = [
        {
            **words.link(item.assessment.subject),
            "about": item.assessment.symptom.name,
            "finding": item.finding,
            "url": f"{item.assessment.subject.get_absolute_url()}"
            f"#why-{item.assessment.anchor}",
        }
        for item in source.evidence_items.select_related(
            "assessment__substance", "assessment__alkaloid", "assessment__symptom"
        )
        if item.assessment.subject.is_published
    ]
    safety = [
        {
            **words.link(note.subject),
            "about": gettext(note.get_kind_display()),
            "finding": note.finding,
            "url": f"{note.subject.get_absolute_url()}#safety",
        }
        for note in SafetyNote.objects.filter(
            Q(source=source) | Q(further_sources=source)
        )
        .select_related("substance", "alkaloid")
        .distinct()
        if note.subject.is_published
    ]
    law = [
        {
            **words.link(status.subject),
            "about": status.region.spoken_name,
            "finding": status.summary,
            "url": status.region.get_absolute_url(),
        }
        for status in source.statuses.select_related("substance", "alkaloid", "region")
        if status.subject.is_published
    ]
    occurrences = [
        {
            **words.link(each.substance),
            "about": each.alkaloid.name if each.alkaloid else gettext("All alkaloids"),
            "finding": words.amount(each.low, each.high, each.unit),
            "url": f"{each.substance.get_absolute_url()}#contents",
        }
        for each in source.occurrences.select_related("substance", "alkaloid")
        if each.substance.is_published
    ]
    laboratory = [
        {
            **words.link(each.alkaloid),
            "about": each.target,
            "finding": f"{each.action} {each.parameter} {each.value} {each.unit}".strip(),
            "url": f"{each.alkaloid.get_absolute_url()}#targets",
        }
        for each in source.activities.select_related("alkaloid")
        if each.alkaloid.is_published
    ]
    kinetics = [
        {
            **words.link(each.subject),
            "about": each.parameter,
            "finding": f"{each.value} {each.unit}".strip(),
            "url": f"{each.subject.get_absolute_url()}#kinetics",
        }
        for each in source.pharmacokinetics.select_related("substance", "alkaloid")
        if each.subject.is_published
    ]
    varieties = [
        {
            **words.link(each.substance),
            "about": each.name,
            "finding": each.finding,
            "url": f"{each.substance.get_absolute_url()}#varieties",
        }
        for each in source.varieties.select_related("substance")
        if each.substance.is_published
    ]
    interactions = [
        {
            **words.link(each.substance),
            "about": str(each.other or each.other_name),
            "finding": each.effect,
            "url": f"{each.substance.get_absolute_url()}#safety",
        }
        for each in source.interactions.select_related("substance", "other")
        if each.substance.is_published
    ]
    claims = [
        {
            **words.link(claim),
            "about": claim.slug,
            "finding": gettext(claim.get_verdict_display()),
        }
        for claim in source.claims.published()
    ]
    articles = [
        {**words.link(article), "about": gettext("Article"), "finding": article.summary}
        for article in source.articles.published()
    ]
    groups = [
        (_("Evidence"), evidence),
        (_("Safety"), safety),
        (_("Interactions"), interactions),
        (_("Law"), law),
        (_("Contents of plants and products"), occurrences),
        (_("What it acts on"), laboratory),
        (_("What the body does with it"), kinetics),
        (_("Sold as"), varieties),
        (_("Claims"), claims),
        (_("Articles"), articles),
    ]
    return {
        "source": source,
        "links": _links(source),
        "authors": source.authors,
        "tags": list(source.tags.all()),
        "citation": cite.formatted(csl_of(source), FIRST_STYLE),
        "styles": [(style, label) for style, (_, label) in cite.STYLES.items()],
        "uses": [{"title": title, "rows": rows} for title, rows in groups if rows],
    }


def _links(source: Source) -> list[dict[str, Any]]:
    """Return what is known of each of its addresses; never checked is said too."""
    addresses = links.addresses_of(source)
    checks = links.checks_of(addresses)
    return [
        {"address": each, "check": checks.get(each), "first": each == source.link}
        for each in addresses
    ]
