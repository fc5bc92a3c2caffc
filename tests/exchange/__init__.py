"""A small world: two substances, an alkaloid, two regions, and what is said of them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from exchange.importing import import_entries
from exchange.reading import Entry

WORLD: dict[str, list[dict[str, Any]]] = {
    "source": [
        {
            "slug": "survey-2020",
            "name": "A survey of users",
            "source_kind": "journal-article",
            "authors": ["Doe J"],
            "published": "2020-05",
            "doi": "10.1000/survey",
            "verification": "verified",
        },
        {
            "slug": "code-of-alabama",
            "name": "Code of Alabama 20-2-23",
            "source_kind": "legislation",
            "published": "2016-05-10",
            "url": "https://law.example/20-2-23",
            "verification": "verified",
        },
        {
            "slug": "secret-draft",
            "name": "A source that nobody reviewed",
            "source_kind": "web-page",
            "state": "draft",
            "verification": "unverified",
        },
    ],
    "region": [
        {"code": "US", "name": "United States", "region_kind": "country"},
        {
            "code": "US-AL",
            "name": "Alabama",
            "region_kind": "subdivision",
            "parent": "US",
        },
        {
            "code": "US-CA",
            "name": "California",
            "region_kind": "subdivision",
            "parent": "US",
        },
        {
            "code": "US-CA/san-diego",
            "name": "San Diego",
            "region_kind": "local",
            "parent": "US-CA",
        },
    ],
    "symptom": [
        {"slug": "withdrawal", "name": "Withdrawal", "symptom_kind": "syndrome"},
        {
            "slug": "insomnia",
            "name": "Insomnia",
            "symptom_kind": "symptom",
            "part_of": ["withdrawal"],
            "synonyms": [{"name": "trouble sleeping", "kind": "lay"}],
        },
    ],
    "alkaloid": [
        {
            "slug": "mitragynine",
            "name": "Mitragynine",
            "smiles": (
                "CC[C@@H]1CN2CCC3=C([C@@H]2C[C@@H]1/C(=C\\OC)/C(=O)OC)NC4=C3C(=CC=C4)OC"
            ),
            "activities": [
                {
                    "key": "mitragynine.mor",
                    "target": "mu-opioid receptor (human)",
                    "action": "partial agonist",
                    "parameter": "Ki",
                    "value": "161 ± 10",
                    "unit": "nM",
                    "source": "survey-2020",
                }
            ],
        }
    ],
    "substance": [
        {
            "slug": "kratom",
            "name": "Kratom",
            "category": "plant",
            "scientific_name": "Mitragyna speciosa",
            "summary": "A tree whose leaves are chewed or drunk as tea.",
            "synonyms": [{"name": "ketum", "kind": "local"}],
            "tags": ["opioid-receptor"],
            "external_ids": [{"scheme": "wikidata", "value": "Q127959"}],
            "contains": [
                {
                    "key": "kratom.mitragynine",
                    "alkaloid": "mitragynine",
                    "part": "dried leaf",
                    "low": 0.5,
                    "high": 2.0,
                    "unit": "% dry weight",
                    "source": "survey-2020",
                },
                {
                    "key": "kratom.secret",
                    "alkaloid": "mitragynine",
                    "source": "secret-draft",
                },
            ],
        },
        {"slug": "hidden", "name": "Hidden", "category": "plant", "state": "draft"},
    ],
    "assessment": [
        {
            "subject": "substance:kratom",
            "symptom": "withdrawal",
            "axis": "benefit",
            "direction": "improves",
            "conclusion": "Users report relief; no controlled study was found.",
            "items": [
                {
                    "key": "kratom.withdrawal.survey-2020",
                    "source": "survey-2020",
                    "design": "cross-sectional-survey",
                    "n": 2798,
                    "direction": "improves",
                    "finding": "Many said that it eased withdrawal.",
                }
            ],
        }
    ],
    "safety-note": [
        {
            "key": "kratom.dependence.survey-2020",
            "subject": "substance:kratom",
            "safety_kind": "dependence",
            "finding": "Regular use can bring dependence.",
            "sources": ["survey-2020"],
        }
    ],
    "status": [
        {
            "key": "mitragynine.US-AL.2016-05-10.controlled",
            "subject": "alkaloid:mitragynine",
            "reaches": ["kratom"],
            "region": "US-AL",
            "status": "controlled",
            "layer": "drug-law",
            "schedule": "Schedule I",
            "possession": "illegal",
            "sale": "illegal",
            "since": "2016-05-10",
            "instrument": "Act 1",
            "summary": "In the state's Schedule I.",
            "source": "code-of-alabama",
            "confidence": "high",
            "verified_on": "2026-10-01",
        },
    ],
    "help": [
        {
            "key": "us.emergency",
            "region": "US",
            "name": "Emergency",
            "help_kind": "emergency",
            "phone": "911",
            "verification": "verified",
        },
        {
            "key": "us-al.rumour",
            "region": "US-AL",
            "name": "A line nobody called",
            "help_kind": "crisis",
            "phone": "555 0100",
            "verification": "unverified",
        },
    ],
    "claim": [
        {
            "id": "C10",
            "claim": "Kratom halves withdrawal.",
            "topic": "efficacy",
            "subject": "substance:kratom",
            "symptom": "withdrawal",
            "verdict": "unsupported",
            "level": "moderate",
            "why": "No study with this result was found.",
            "harm_if_believed": "high",
            "sources": ["survey-2020"],
        }
    ],
    "article": [
        {
            "slug": "reading-claims",
            "name": "How to read a claim",
            "body": "Look for the study. [@survey-2020]",
            "takeaways": ["Ask who was studied."],
            "subjects": ["substance:kratom", "substance:hidden"],
            "sources": ["survey-2020"],
        }
    ],
}


@contextmanager
def made_world() -> Iterator[None]:
    """Keep the small world in the database for the tests of a module."""
    entries = [
        Entry(f"{kind}[{number}]", kind, copy.deepcopy(content))
        for kind, contents in WORLD.items()
        for number, content in enumerate(contents)
    ]
    with transaction.atomic():
        import_entries(entries)
        yield
        transaction.set_rollback(True)
