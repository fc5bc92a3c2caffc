"""What is exported comes in again as it was: byte for byte the same the next time."""

from __future__ import annotations

import json
import string

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from exchange import exporting
from exchange.importing import import_entries
from exchange.kinds import KINDS
from exchange.reading import Entry, read
from kb.choices import (
    Axis,
    Confidence,
    Direction,
    Layer,
    Level,
    Permission,
    SafetyKind,
    Severity,
    SourceKind,
    State,
    Status,
    StudyDesign,
    SubstanceCategory,
    SymptomKind,
    SynonymKind,
    Verification,
)
from tests import make

pytestmark = pytest.mark.django_db


def empty_the_database():
    """Take out all records, as a new instance has none; histories stay."""
    for label in ("kb", "articles"):
        models = apps.get_app_config(label).get_models(include_auto_created=True)
        for model in models:
            if not model.__name__.startswith("Historical"):
                rows = model._default_manager.all()
                rows._raw_delete(rows.db)


# Any knowledge base, small ones here

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")),
    min_size=1,
    max_size=40,
).filter(lambda text: text.strip())
TEXTS = st.one_of(st.just(""), WORDS)
SLUGS = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=6)
DATES = st.one_of(
    st.none(), st.sampled_from(["2016", "2016-05", "2016-05-10", "2024-02-29"])
)
NUMBERS = st.one_of(st.none(), st.integers(0, 10**6))
SMILES = (
    "CN1CCC[C@H]1C2=CN=CC=C2",
    "CN1C=NC2=C1C(=O)N(C(=O)N2C)C",
    "CCO",
    "C1CCNCC1",
)


def words_of(choices):
    return st.sampled_from(choices.values)


def some(strategy, most=2, **options):
    return st.lists(strategy, max_size=most, **options)


@st.composite
def knowledge_bases(draw):
    """Draw {"sources": [...], …}: a few records that point to each other."""
    sources = draw(st.lists(SLUGS, min_size=1, max_size=2, unique=True))
    symptoms = draw(st.lists(SLUGS, min_size=1, max_size=2, unique=True))
    plants = draw(st.lists(SLUGS, min_size=1, max_size=2, unique=True))
    bases = draw(some(SLUGS, len(SMILES), unique=True))
    codes = draw(some(st.sampled_from(["US", "GB", "TH"]), unique=True))
    source, symptom = st.sampled_from(sources), st.sampled_from(symptoms)
    plant = st.sampled_from(plants)
    subjects = [f"substance:{each}" for each in plants]
    subjects += [f"alkaloid:{each}" for each in bases]
    subject = st.sampled_from(subjects)
    state = st.sampled_from([State.PUBLISHED.value] * 4 + [State.DRAFT.value])
    keys = iter(f"key.{number}" for number in range(10_000))

    def record(kind, **fields):
        return {"kind": kind, **{name: draw(field) for name, field in fields.items()}}

    def public(kind, slug, **fields):
        common = {"name": WORDS, "summary": TEXTS, "reviewed_on": DATES, "state": state}
        if kind != "source":
            common["tags"] = some(SLUGS, unique=True)
        return {**record(kind, **common, **fields), "slug": slug}

    def synonyms():
        return st.lists(
            st.fixed_dictionaries(
                {"name": WORDS.map(str.strip), "kind": words_of(SynonymKind)},
                optional={"source": source, "language": st.just("th")},
            ),
            max_size=2,
            unique_by=lambda each: (each["name"], each["kind"]),
        )

    def facts(most=2, **fields):
        count = draw(st.integers(0, most))
        return [
            {"key": next(keys), **{name: draw(each) for name, each in fields.items()}}
            for _ in range(count)
        ]

    amounts = st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)).map(sorted)

    def contains():
        rows = facts(source=source, part=TEXTS, verification=words_of(Verification))
        for row in rows:
            row["alkaloid"] = draw(st.sampled_from([None, *bases]))
            row["low"], row["high"] = draw(st.one_of(st.just((None, None)), amounts))
            row["unit"] = "" if row["low"] is None else "mg/g"
        return rows

    def assessments():
        questions = draw(
            some(st.tuples(subject, symptom, words_of(Axis), TEXTS), unique=True)
        )
        rows = []
        for about, need, axis, comparator in questions:
            row = record("assessment", direction=words_of(Direction), conclusion=WORDS)
            row |= {"subject": about, "symptom": need, "axis": axis}
            row["comparator"] = comparator.strip()
            row["items"] = facts(
                source=source,
                design=words_of(StudyDesign),
                direction=words_of(Direction),
                finding=WORDS,
                n=NUMBERS,
                risk_of_bias=st.integers(0, 2),
                large_effect=st.integers(0, 2),
                verification=words_of(Verification),
            )
            for item in row["items"]:
                others = [each["key"] for each in row["items"] if each is not item]
                item["duplicate_of"] = draw(st.sampled_from([None, *others]))
            if draw(st.booleans()):
                row["override"] = {
                    "level": draw(words_of(Level)),
                    "reason": draw(WORDS),
                    "by": "A curator",
                    "on": "2026-11-01",
                }
            rows.append(row)
        return list({_question(row): row for row in rows}.values())

    def statuses():
        if not codes:
            return []
        rows = facts(
            subject=subject,
            region=st.sampled_from(codes),
            status=words_of(Status),
            layer=words_of(Layer),
            is_pending=st.booleans(),
            possession=words_of(Permission),
            sale=words_of(Permission),
            since=DATES,
            verified_on=DATES,
            instrument=WORDS,
            summary=WORDS,
            source=source,
            confidence=words_of(Confidence),
            min_age=st.one_of(st.none(), st.integers(0, 99)),
        )
        for row in rows:
            row["kind"] = "status"
            if row["subject"].startswith("alkaloid:"):
                row["reaches"] = draw(some(plant, unique=True))
        return rows

    def notes():
        rows = facts(
            subject=subject,
            safety_kind=words_of(SafetyKind),
            finding=WORDS,
            severity=words_of(Severity),
            symptom=st.one_of(st.none(), symptom),
            sources=st.lists(source, min_size=1, max_size=2, unique=True),
        )
        return [{"kind": "safety-note", **row} for row in rows]

    return {
        "sources": [
            public(
                "source",
                slug,
                source_kind=words_of(SourceKind),
                authors=some(WORDS),
                published=DATES,
                n=NUMBERS,
                verification=words_of(Verification),
                retraction=st.sampled_from(["none", "none", "concern", "retracted"]),
            )
            for slug in sources
        ],
        "regions": [
            {
                "kind": "region",
                "code": code,
                "name": draw(WORDS),
                "region_kind": "country",
            }
            for code in codes
        ],
        "symptoms": [
            public(
                "symptom",
                slug,
                symptom_kind=words_of(SymptomKind),
                severity=words_of(Severity),
                synonyms=synonyms(),
                part_of=some(symptom, unique=True),
            )
            for slug in symptoms
        ],
        "alkaloids": [
            public("alkaloid", slug, smiles=st.just(smiles), synonyms=synonyms())
            for slug, smiles in zip(bases, SMILES, strict=False)
        ],
        "substances": [
            {
                **public(
                    "substance",
                    slug,
                    category=words_of(SubstanceCategory),
                    mechanism=TEXTS,
                    synonyms=synonyms(),
                ),
                "contains": contains(),
            }
            for slug in plants
        ],
        "evidence": assessments(),
        "safety": notes(),
        "regulation": statuses(),
    }


def _question(row):
    return row["subject"], row["symptom"], row["axis"], row["comparator"]


def entries(document):
    kinds = {kind.plural: kind.name for kind in KINDS}
    return [
        Entry(f"{plural}[{number}]", kinds[plural], row)
        for plural, rows in document.items()
        if plural in kinds
        for number, row in enumerate(rows)
    ]


@settings(
    max_examples=25,
    deadline=None,
    # Each example imports three times: to look for a smaller one would take minutes.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(knowledge_bases())
def test_any_knowledge_base_comes_in_again_byte_for_byte(document):
    with transaction.atomic():
        import_entries(entries(document))
        again = import_entries(entries(document))
        assert not again.created
        assert not again.changed
        first = exporting.as_document()
        transaction.set_rollback(True)

    with transaction.atomic():
        report = import_entries(entries(json.loads(first)))
        second = exporting.as_document()
        transaction.set_rollback(True)

    assert second == first
    assert not report.notes


@pytest.mark.parametrize("form", ["kb.json", "kb.jsonl", "kb.json.gz", "kb.jsonl.gz"])
def test_every_form_comes_in_again_byte_for_byte(tmp_path, form):
    make.whole_subject()
    path = tmp_path / form
    exporting.export_to(str(path))
    first = exporting.as_document()
    empty_the_database()

    import_entries(read(str(path)))

    assert exporting.as_document() == first


def test_the_folder_comes_in_again_byte_for_byte(tmp_path):
    make.whole_subject()
    exporting.export_folder(tmp_path / "data")
    first = exporting.as_document()
    empty_the_database()

    import_entries(read(str(tmp_path / "data")))

    assert exporting.as_document() == first
