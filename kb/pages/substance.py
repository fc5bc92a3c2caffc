"""The page of a substance or an alkaloid."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Prefetch, Q, Value, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kb import law, places
from kb.choices import Axis, SafetyKind, Severity, SynonymKind
from kb.models import (
    Alkaloid,
    Assessment,
    Claim,
    EvidenceItem,
    ExternalId,
    Interaction,
    Region,
    SafetyNote,
    Substance,
    Synonym,
    TaggedRecord,
)
from kb.pages import (
    charts,
    map_picture,
    matrix,
    plain,
    studies,
    subject_law,
    words,
)
from kb.pages import evidence as evidence_page
from kb.pages import law as law_page
from kb.pages.citations import Citations
from kb.pages.contents import Contents
from kb.version import Version

Subject = Substance | Alkaloid
SEVERITIES = list(Severity.values)


def context(
    subject: Subject,
    *,
    region: Region | None,
    data_version: Version | None = None,
    moment: law.Moment = law.NOW,
    sort: str = "",
) -> dict[str, Any]:
    """Return all that kb/subject.html shows. Queries: tests/kb/test_query_counts.py."""
    citations = Citations()
    told = plain.context(subject, citations)
    own, everywhere = assessments_for(subject)
    benefits = sorted(
        (each for each in own if each.axis == Axis.BENEFIT), key=matrix.sort_key
    )
    harms = sorted(
        (each for each in own if each.axis == Axis.HARM), key=matrix.harm_key
    )
    tree = places.region_tree(data_version)
    rules = law.rules_bearing_on(subject, as_of=moment.as_of)
    holdings = law.everywhere(
        subject, on=moment.on, as_of=moment.as_of, tree=tree, rules=rules
    )
    together = interactions(subject, citations)
    safety = safety_groups(
        subject, citations, told={each["cite"]["url"] for each in together}
    )
    laboratory = evidence_page.laboratory_items(own, citations)
    better = evidence_page.better_elsewhere(benefits, everywhere)
    here = {"in": region.code} if region else {}
    claims = list(
        Claim.objects.published().filter(**{subject.KIND: subject}).order_by("slug")
    )
    page: dict[str, Any] = {
        "subject": subject,
        "told": told,
        "kind_label": words.KIND_LABEL[subject.KIND],
        **names_and_ids(subject),
        "glance": [
            help_tile(benefits, better),
            harm_tile(harms, safety),
            law_tile(subject, holdings, rules, region, tree, moment),
        ],
        "matrix": matrix.of_subject(benefits, harms, sort=sort),
        "is_studied": bool(own),
        "columns": matrix.columns(
            f"{subject.get_absolute_url()}#evidence",
            sort,
            here,
        ),
        "studies": studies.of(own),
        "laboratory": laboratory,
        "better": better,
        "safety": safety,
        "interactions": together,
        "law_url": f"{subject.get_absolute_url()}law/",
        "law_tally": subject_law.tally(holdings),
        "maps": map_picture.pictures(
            subject, holdings, tree, asked=moment.asked | here
        ),
        "timeline": law_page.timeline(rules, limit=5),
        "pending": law_page.pending(rules),
        "claims": claims,
        "region": region,
        "region_name": tree.full_name(region) if region else "",
        "moment": law_page.moment_note(moment, subject.get_absolute_url(), here),
    }
    if isinstance(subject, Alkaloid):
        page |= alkaloid_parts(subject, citations)
    else:
        page |= substance_parts(subject, citations)
    page["sources"] = citations.notes
    page["contents"] = contents(page)
    return page


def assessments_for(subject: Subject) -> tuple[list[Assessment], list[Assessment]]:
    """Return a subject's own assessments with their items, and all for the same needs,
    with what is known about staying alive.

    2 queries: one for the assessments, one for the items of its own.
    """
    mine = Q(**{subject.KIND: subject})
    symptoms = Assessment.objects.filter(mine).values("symptom")
    found = list(
        Assessment.objects.filter(
            mine
            | Q(symptom__in=symptoms, axis=Axis.BENEFIT)
            | Q(symptom__slug=matrix.SURVIVAL, axis=Axis.BENEFIT)
        )
        .of_published()
        .select_related("symptom", "substance", "alkaloid")
    )
    own = [each for each in found if getattr(each, f"{subject.KIND}_id") == subject.pk]
    prefetch_related_objects(
        own, Prefetch("items", EvidenceItem.objects.of_published_sources())
    )
    return own, found


def names_and_ids(subject: Subject) -> dict[str, Any]:
    """Return its other names, misspellings left out, its identifiers and tags: 1 query."""
    mine = {subject.KIND: subject}
    synonyms = Synonym.objects.filter(**mine).order_by()
    rows = synonyms.values_list("name", "kind", "language", Value("name")).union(
        ExternalId.objects.filter(**mine)
        .order_by()
        .values_list("value", "scheme", "verification", Value("id")),
        TaggedRecord.objects.filter(
            content_type=ContentType.objects.get_for_model(subject),
            object_id=subject.pk,
        )
        .order_by()
        .values_list("tag__name", "tag__slug", Value(""), Value("tag")),
        all=True,
    )
    names, ids, tags = [], [], []
    own = {subject.name.casefold(), getattr(subject, "scientific_name", "").casefold()}
    order = {kind: place for place, kind in enumerate(SynonymKind.values)}
    for value, kind, detail, is_what in sorted(
        rows, key=lambda row: (order.get(row[1], 0), row[1], row[0])
    ):
        if is_what == "tag":
            tags.append({"name": value, "slug": kind})
        elif is_what == "id":
            ids.append(ExternalId(scheme=kind, value=value, verification=detail))
        elif kind != SynonymKind.MISSPELLING and value.casefold() not in own:
            label = str(SynonymKind(kind).label).lower()
            names.append({"name": value, "kind": label, "language": detail})
    return {"names": names, "external_ids": ids, "tags": tags}


def help_tile(
    benefits: list[Assessment], better: list[dict[str, Any]]
) -> dict[str, Any]:
    best = evidence_page.best_benefit(benefits)
    tile: dict[str, Any] = {"title": _("Does it help?"), "url": "#evidence"}
    if best is None:
        level = evidence_page.level_of(benefits)
        looked = level["level"] == "none"
        tile |= {
            "empty": True,
            "level": level["level"],
            "level_label": level["level_label"],
            "body": _(
                "Only animals or cells were studied; nothing is known about people."
            )
            if looked
            else _(
                "Nobody has assessed this here yet. That is not a sign that it helps."
            ),
        }
        return tile
    return tile | {
        "body": best.conclusion,
        "quoted": True,
        "level": best.level,
        "level_label": best.get_level_display(),
        "about": best.symptom.name,
        "direction": best.direction,
        "direction_label": words.direction(best.direction),
        "url": best.get_absolute_url(),
        "url_label": _("Why this level"),
        "better": next(
            (
                need["better"][:3]
                for need in better
                if need["symptom"]["title"] == best.symptom.name
            ),
            [],
        ),
    }


def harm_tile(harms: list[Assessment], safety: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the gravest graded harm; where none is graded, the gravest safety note."""
    worst = evidence_page.most_serious(harms)
    tile: dict[str, Any] = {"title": _("What can go wrong?"), "url": "#safety"}
    notes = [note for group in safety for note in group["rows"]]
    if worst is None and notes:
        gravest = min(notes, key=lambda note: SEVERITIES.index(note["severity"]))
        return tile | {
            "body": gravest["finding"],
            "quoted": True,
            "level": "not-assessed",
            "level_label": _("Not graded"),
            "url_label": _("All safety notes"),
        }
    if worst is None:
        return tile | {
            "empty": True,
            "level": "not-assessed",
            "level_label": _("Not assessed"),
            "body": _(
                "No harm has been assessed here yet. That does not mean that it is harmless."
            ),
        }
    return tile | {
        "body": worst.conclusion,
        "quoted": True,
        "level": worst.level,
        "level_label": worst.get_level_display(),
        "about": worst.symptom.name,
        "direction": worst.direction,
        "direction_label": words.direction(worst.direction),
        "url": "#harms",
        "url_label": _("All harms on record"),
    }


def law_tile(
    subject: Subject,
    holdings: list[law.Holding],
    rules: list[Any],
    region: Region | None,
    tree: places.RegionTree,
    moment: law.Moment,
) -> dict[str, Any]:
    tile: dict[str, Any] = {"title": _("What does the law say?"), "url": "#law"}
    if region is not None:
        effective = law.effective_with(
            subject, region, on=moment.on, as_of=moment.as_of, rules=rules, tree=tree
        )
        return tile | {
            "region_label": region.spoken_name,
            **law_page.status_of(effective, tree),
            "body": law_page.sentence(
                effective, subject.name, region.spoken_name, moment=moment
            ),
            "url_label": _("The rule, its source, and other places"),
        }
    if not holdings:
        return tile | {
            "empty": True,
            "status": "not-checked",
            "status_label": _("Not checked"),
            "body": _(
                "Nobody has checked the law on it anywhere. Not checked is not allowed."
            ),
        }
    strict = sum(
        1 for each in holdings if each.effective.status in ("controlled", "banned")
    )
    return tile | {
        "body": gettext(
            "It differs from place to place: controlled or banned in %(strict)s of the"
            " %(total)s places checked. Choose yours."
        )
        % {"strict": strict, "total": len(holdings)},
        "url": "#where",
        "url_label": _("Choose a place"),
    }


def interactions(subject: Subject, citations: Citations) -> list[dict[str, Any]]:
    """Return what can happen when it meets another, gravest first: 1 query."""
    if isinstance(subject, Alkaloid):
        return []
    rows = Interaction.objects.filter(Q(substance=subject) | Q(other=subject))
    found = []
    for each in rows.select_related("substance", "other", "source"):
        other = each.other if each.substance == subject else each.substance
        if other is not None and not other.is_published:
            continue
        found.append(
            {
                "name": other.name if other else each.other_name,
                "url": other.get_absolute_url() if other else "",
                "effect": each.effect,
                "mechanism": each.mechanism,
                "figure": each.figure,
                "severity": each.severity,
                "severity_label": each.get_severity_display(),
                "likelihood_label": each.get_likelihood_display(),
                "level": each.level,
                "level_label": each.get_level_display(),
                "verification": each.verification,
                "cite": citations.cite(each.source),
            }
        )
    return sorted(
        found, key=lambda row: (SEVERITIES.index(row["severity"]), row["name"])
    )


def safety_groups(
    subject: Subject, citations: Citations, *, told: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Return the safety notes by kind, gravest first: 1 query, 2 with second sources.

    Notes of an interaction whose source is `told` already are left out.
    """
    notes = list(
        SafetyNote.objects.filter(**{subject.KIND: subject})
        .select_related("source", "symptom")
        .annotate(further_count=Count("further_sources"))
    )
    prefetch_related_objects(
        [note for note in notes if note.further_count], "further_sources"
    )
    groups = []
    by_gravity = sorted(notes, key=lambda note: SEVERITIES.index(note.severity))
    order = [
        SafetyKind.OVERDOSE,
        SafetyKind.CONTRAINDICATION,
        SafetyKind.INTERACTION,
        SafetyKind.DEPENDENCE,
        SafetyKind.ADVERSE_EFFECT,
        SafetyKind.PRODUCT_QUALITY,
    ]
    for kind in order:
        rows = [
            {
                "finding": note.finding,
                "figure": note.figure,
                "population": note.population,
                "severity": note.severity,
                "severity_label": note.get_severity_display(),
                "likelihood_label": note.get_likelihood_display(),
                "likelihood": note.likelihood,
                "level": note.level,
                "level_label": note.get_level_display(),
                "symptom": words.link(note.symptom) if note.symptom else None,
                "verification": note.verification,
                "cite": citations.cite(note.source),
                "further": [citations.cite(each) for each in note.further_sources.all()]
                if note.further_count
                else [],
            }
            for note in by_gravity
            if note.kind == kind
            and not (
                kind == SafetyKind.INTERACTION
                and note.source.get_absolute_url() in told
            )
        ]
        if rows:
            groups.append({"id": f"safety-{kind}", "title": kind.label, "rows": rows})
    return groups


def substance_parts(substance: Substance, citations: Citations) -> dict[str, Any]:
    """Return what only a substance has: contents, varieties, kinetics."""
    contained: dict[str, dict[str, Any]] = {}
    alkaloids: dict[str, Alkaloid] = {}
    for each in substance.occurrences.all():
        if each.alkaloid and not each.alkaloid.is_published:
            continue
        name = (
            each.alkaloid.name if each.alkaloid else gettext("All alkaloids together")
        )
        group = contained.setdefault(
            name,
            {
                "name": name,
                "url": each.alkaloid.get_absolute_url() if each.alkaloid else "",
                "amounts": [],
                "is_total": not each.alkaloid,
            },
        )
        if each.alkaloid:
            alkaloids[name] = each.alkaloid
        group["amounts"].append(
            {
                "amount": words.amount(each.low, each.high, each.unit),
                "low": each.low,
                "high": each.high,
                "unit": each.unit,
                "is_measured": each.low is not None or each.high is not None,
                "part": each.part,
                "note": each.note,
                "verification": each.verification,
                "cite": citations.cite(each.source),
            }
        )
    groups = sorted(
        contained.values(),
        key=lambda group: (
            not group["is_total"],
            not any(each["is_measured"] for each in group["amounts"]),
            group["name"],
        ),
    )
    return {
        "contains": groups,
        "amounts": charts.contents(groups),
        "drawn": [
            _drawn(alkaloids[group["name"]])
            for group in groups
            if group["name"] in alkaloids
        ],
        "kinetics": kinetics(substance, citations),
        "varieties": [
            {
                "name": each.name,
                "kind": each.kind,
                "seller_claim": each.seller_claim,
                "finding": each.finding,
                "note": each.note,
                "cite": citations.cite(each.source),
            }
            for each in substance.varieties.all()
        ],
    }


def _drawn(alkaloid: Alkaloid) -> dict[str, str]:
    return {
        "name": alkaloid.name,
        "url": alkaloid.get_absolute_url(),
        "formula": alkaloid.formula,
        "src": reverse("kb:drawing", args=[alkaloid.slug]),
    }


def alkaloid_parts(alkaloid: Alkaloid, citations: Citations) -> dict[str, Any]:
    """Return what only an alkaloid has: structure, targets, where it occurs."""
    activities = [
        {
            "target": each.target,
            "action": each.action,
            "parameter": each.parameter,
            "value": each.value,
            "unit": each.unit,
            "note": each.note,
            "verification": each.verification,
            "cite": citations.cite(each.source),
        }
        for each in alkaloid.activities.all()
    ]
    return {
        "affinities": charts.affinities(activities),
        "formula": words.pointed(alkaloid.formula),
        "structure_sources": [
            citations.cite(source) for source in alkaloid.sources.all()
        ],
        "activities": activities,
        "occurs_in": [
            {
                "substance": words.link(each.substance),
                "part": each.part,
                "amount": words.amount(each.low, each.high, each.unit),
                "note": each.note,
                "verification": each.verification,
                "cite": citations.cite(each.source),
            }
            for each in sorted(
                alkaloid.occurrences.all(),
                key=lambda each: (each.substance.name, each.part),
            )
            if each.substance.is_published
        ],
        "kinetics": kinetics(alkaloid, citations),
    }


def kinetics(subject: Subject, citations: Citations) -> list[dict[str, Any]]:
    return [
        {
            "parameter": each.parameter,
            "value": each.value,
            "unit": each.unit,
            "population": each.population,
            "note": each.note,
            "verification": each.verification,
            "cite": citations.cite(each.source),
        }
        for each in subject.pharmacokinetics.all()
    ]


def contents(page: dict[str, Any]) -> list[dict[str, str]]:
    """Return the contents list: only sections that are there."""
    found = Contents()
    found.add("evidence", _("Evidence"), if_any=page["is_studied"])
    found.add("better", _("What has better evidence"), if_any=page["better"])
    found.add("safety", _("Safety"))
    found.add("law", _("Law"))
    found.add("structure", _("Structure"), if_any="formula" in page)
    found.add("occurrence", _("Where it occurs"), if_any=page.get("occurs_in"))
    found.add("contents", _("What is in it"), if_any=page.get("contains"))
    found.add("targets", _("What it acts on"), if_any=page.get("activities"))
    found.add("kinetics", _("What the body does with it"), if_any=page.get("kinetics"))
    found.add("varieties", _("Sold as"), if_any=page.get("varieties"))
    found.add("claims", _("What people say"), if_any=page["claims"])
    found.add("background", _("Background"))
    found.add("sources", _("Sources"), if_any=page["sources"])
    return found.items
