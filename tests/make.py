"""Builds the few records that a test is about; defaults fill the rest.

    kratom = make.substance(name="Kratom", synonyms=["ketum"])
    make.status(subject=kratom, region=make.region("US-AL"), status="banned")

All of it is published, verified, valid and stored; slugs, keys and codes are unique. `subject`
stands for whichever of `substance` and `alkaloid` it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from articles.models import Article
from kb import evidence, version
from kb.models import (
    Activity,
    Alkaloid,
    Assessment,
    Claim,
    EvidenceItem,
    EvidenceSearch,
    HelpResource,
    Occurrence,
    Pharmacokinetic,
    Region,
    RegulatoryStatus,
    SafetyNote,
    Source,
    Substance,
    Symptom,
    Synonym,
    Variety,
)
from search import freshness

MITRAGYNINE = "CC[C@@H]1CN2CCC3=C([C@@H]2C[C@@H]1/C(=C\\OC)/C(=O)OC)NC4=C3C(=CC=C4)OC"

SEEN = {"verification": "verified"}  # what tests are about is seldom that it is not
_numbers = count(1)
_claims = count(100)  # an id has four digits at most


@contextmanager
def many() -> Iterator[None]:
    """Make much at once: grade, count and note for the index at the end of the block."""
    with (
        version.counting_once(),
        freshness.noting_once(),
        evidence.recomputing_once(),
    ):
        yield


def number() -> int:
    """Return a number that no other record of this run was made with."""
    return next(_numbers)


def substance(**values: Any) -> Substance:
    return _record(Substance, "plant", **{**SEEN, "category": "plant", **values})


def alkaloid(**values: Any) -> Alkaloid:
    values.setdefault("smiles", _new_structure())
    return _record(Alkaloid, "base", **{**SEEN, **values})


def symptom(**values: Any) -> Symptom:
    return _record(Symptom, "ache", **{**SEEN, "kind": "symptom", **values})


def source(**values: Any) -> Source:
    defaults = {
        **SEEN,
        "kind": "journal-article",
        "authors": ["Doe J"],
        "published": "2019",
        "design": "rct",
    }
    return _record(Source, "doe", **{**defaults, **values})


def claim(**values: Any) -> Claim:
    _spread_subject(values)
    defaults = {
        "slug": f"C{next(_claims)}",
        "topic": "efficacy",
        "verdict": "unsupported",
        "level": "very-low",
        "why": "Nobody compared it with anything.",
        "harm_if_believed": "medium",
        "substance": None,
        "alkaloid": None,
    }
    sources = values.pop("sources", ())
    made = _record(Claim, "claim", **{**defaults, **values})
    made.sources.set(sources)
    return made


def article(**values: Any) -> Article:
    links = {
        name: values.pop(name, ())
        for name in ("substances", "alkaloids", "symptoms", "claims", "sources")
    }
    values.setdefault("body", "A paragraph of an article.")
    made = _record(Article, "article", **values)
    for name, records in links.items():
        getattr(made, name).set(records)
    return made


def region(code: str = "", **values: Any) -> Region:
    synonyms = values.pop("synonyms", ())
    each = number()
    defaults = {"name": f"Place {each}", "kind": "country"}
    if "parent" in values:
        defaults["kind"] = "subdivision"
    made = Region.objects.create(
        code=code or f"ZZ-{_three_signs(each)}", **{**defaults, **values}
    )
    _add_synonyms(made, synonyms)
    return made


def status(**values: Any) -> RegulatoryStatus:
    """Make a law; `reaches` are the substances that it covers too."""
    reaches = values.pop("reaches", ())
    if "region" not in values:
        values["region"] = region()
    defaults = {
        "status": "controlled",
        "layer": "drug-law",
        "possession": "illegal",
        "sale": "illegal",
        "since": "2016-05-10",
        "instrument": "Act 2016-1",
        "summary": "It is on the list of controlled drugs.",
        "confidence": "high",
        "verified_on": timezone.localdate().isoformat(),
    }
    made = RegulatoryStatus.objects.create(**_about_subject(values, defaults))
    made.reaches.set(reaches)
    return made


def assessment(**values: Any) -> Assessment:
    """Make an assessment; `items` says how many evidence items it gets (none)."""
    items = values.pop("items", 0)
    if "symptom" not in values:
        values["symptom"] = symptom()
    defaults = {
        "axis": "benefit",
        "direction": "improves",
        "conclusion": "It may help a little.",
    }
    _spread_subject(values)
    if not values.get("substance") and not values.get("alkaloid"):
        values["substance"] = substance()
    made = Assessment.objects.create(**{**defaults, **values})
    for _ in range(items):
        evidence_item(assessment=made)
    return made


def evidence_item(**values: Any) -> EvidenceItem:
    if "assessment" not in values:
        values["assessment"] = assessment()
    defaults = {
        **SEEN,
        "design": "rct",
        "direction": "improves",
        "finding": "Fewer complaints than on placebo.",
        "n": 500,
    }
    return EvidenceItem.objects.create(**_sourced({**defaults, **values}))


def evidence_search(**values: Any) -> EvidenceSearch:
    """Make a search that found nothing; `assessment` says about whom and what."""
    if asked := values.pop("assessment", None):
        fields = ("substance", "alkaloid", "symptom", "axis")
        values = {**{field: getattr(asked, field) for field in fields}, **values}
    if "symptom" not in values:
        values["symptom"] = symptom()
    defaults = {
        **SEEN,
        "searched_on": "2026-11-22",
        "looked_for": "Any controlled trial.",
        "where": "PubMed",
        "found": "None found.",
    }
    return EvidenceSearch.objects.create(**_about_subject(values, defaults))


def safety_note(**values: Any) -> SafetyNote:
    links = {
        name: values.pop(name, ()) for name in ("interacts_with", "further_sources")
    }
    defaults = {
        **SEEN,
        "kind": "adverse-effect",
        "finding": "Liver injury in case reports.",
        "severity": "serious",
    }
    made = SafetyNote.objects.create(**_about_subject(values, defaults))
    for name, records in links.items():
        getattr(made, name).set(records)
    return made


def occurrence(**values: Any) -> Occurrence:
    for name, maker in (("substance", substance), ("alkaloid", alkaloid)):
        if name not in values:
            values[name] = maker()
    defaults = {**SEEN, "part": "dried leaf", "low": 1.0, "high": 2.0, "unit": "mg/g"}
    return Occurrence.objects.create(**_sourced({**defaults, **values}))


def activity(**values: Any) -> Activity:
    if "alkaloid" not in values:
        values["alkaloid"] = alkaloid()
    defaults = {
        **SEEN,
        "target": "mu-opioid receptor (human)",
        "action": "partial agonist",
        "parameter": "Ki",
        "value": "37 ± 4",
        "unit": "nM",
    }
    return Activity.objects.create(**_sourced({**defaults, **values}))


def pharmacokinetic(**values: Any) -> Pharmacokinetic:
    defaults = {
        **SEEN,
        "parameter": "half-life",
        "value": "45.3 (31.9-50.2)",
        "unit": "h",
    }
    return Pharmacokinetic.objects.create(**_about_subject(values, defaults))


def variety(**values: Any) -> Variety:
    if "substance" not in values:
        values["substance"] = substance()
    defaults = {
        **SEEN,
        "name": f"Variety {number()}",
        "kind": "vein colour",
        "finding": "Analysis found no difference.",
    }
    return Variety.objects.create(**_sourced({**defaults, **values}))


def help_resource(**values: Any) -> HelpResource:
    if "region" not in values:
        values["region"] = region()
    defaults = {
        "name": f"Helpline {number()}",
        "kind": "poison",
        "phone": "+1 555 0100",
        "verification": "verified",
        "verified_on": "2026-11-01",
    }
    return HelpResource.objects.create(**{**defaults, **values})


def user(**values: Any) -> User:
    """Make somebody who may log in, with the password "correct horse"."""
    defaults = {"username": f"reader-{number()}", "password": "correct horse"}
    return User.objects.create_user(**{**defaults, **values})


def one_of_each() -> None:
    """Make a record of each kind that has a page: plant, base, ache, paper, C99, text, XA."""
    plant, place = substance(slug="plant"), region(code="XA")
    alkaloid(slug="base")
    symptom(slug="ache")
    source(slug="paper")
    status(subject=plant, region=place)
    claim(slug="C99")
    article(slug="text", body="Text.")


def whole_subject(**values: Any) -> Substance:
    """Make a substance with something in every section of its page."""
    record = substance(**values)
    base = alkaloid()
    helped = symptom()
    assessment(substance=record, symptom=helped, items=2)
    harm = assessment(
        substance=record, axis="harm", direction="causes", symptom=symptom()
    )
    evidence_item(assessment=harm, design="case-series", direction="causes", n=12)
    evidence_item(assessment=harm, design="animal", direction="causes", n=8)
    better = assessment(symptom=helped)
    for each in (1, 2):
        evidence_item(assessment=better, n=900 + each)
    safety_note(substance=record)
    status(substance=record)
    status(alkaloid=base, reaches=[record])
    status(substance=record, is_pending=True, since=None)
    occurrence(substance=record, alkaloid=base)
    pharmacokinetic(substance=record)
    variety(substance=record)
    claim(substance=record, symptom=helped, sources=[source()])
    return record


def _record(model: type[Any], stem: str, **values: Any) -> Any:
    tags, synonyms = values.pop("tags", ()), values.pop("synonyms", ())
    each = number()
    defaults = {
        "slug": f"{stem}-{each}",
        "name": f"{stem.capitalize()} {each}",
        "summary": f"What there is to say about {stem} {each}.",
        "state": "published",
    }
    made = model.objects.create(**{**defaults, **values})
    if tags:
        made.tags.set(tags)
    _add_synonyms(made, synonyms)
    return made


def _add_synonyms(owner: Any, names: Any) -> None:
    """Add names; each is a text, or (text, kind)."""
    for name in names:
        text, kind = (name, "common") if isinstance(name, str) else name
        Synonym.objects.create(**{owner.KIND: owner}, name=text, kind=kind)


def _spread_subject(values: dict[str, Any]) -> None:
    subject = values.pop("subject", None)
    if subject is not None:
        values[subject.KIND] = subject


def _sourced(values: dict[str, Any]) -> dict[str, Any]:
    return values if "source" in values else {**values, "source": source()}


def _about_subject(values: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    _spread_subject(values)
    if "substance" not in values and "alkaloid" not in values:
        values["substance"] = substance()
    return _sourced({**defaults, **values})


def _new_structure() -> str:
    """Return a SMILES that no other record has: a chain that spells a number."""
    rest, links = number(), ""
    while rest:
        rest, digit = divmod(rest, 4)
        links += ("C", "C(F)", "C(Cl)", "C(Br)")[digit]
    return f"CN1CCCC1{links}O"


def _three_signs(value: int) -> str:
    """Return a number as three signs of A-Z0-9: enough for 46,656 regions."""
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return "".join(signs[value // 36**place % 36] for place in (2, 1, 0))
