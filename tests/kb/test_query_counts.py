"""What the pages ask of the database: as many queries for much as for little.

Each count names its queries, so that one that comes to it is seen and argued for.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb import places
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def queries(client):
    """Return the SQL that a page asks when nothing of it is kept."""

    def queries(address):
        ContentType.objects.clear_cache()
        for kind in ("substance", "alkaloid", "symptom", "source", "claim", "article"):
            ContentType.objects.get_by_natural_key(
                "articles" if kind == "article" else "kb", kind
            )
        caches["pages"].clear()
        places._kept_trees.clear()
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        return [each["sql"] for each in captured]

    return queries


def grown(record, times):
    """Add so many of everything that the page of a substance lists."""
    source, base, helped = make.source(), make.alkaloid(), make.symptom()
    plant, place = make.substance(), make.region()
    with make.many():
        for number in range(times):
            against = {"symptom": helped, "comparator": f"comparator {number}"}
            for axis, direction in (("benefit", "improves"), ("harm", "causes")):
                assessment = make.assessment(
                    subject=record, axis=axis, direction=direction, **against
                )
                make.evidence_item(assessment=assessment, source=source)
            better = make.assessment(subject=plant, **against)
            make.evidence_item(assessment=better, source=source)
            make.safety_note(
                subject=record, source=source, symptom=helped, further_sources=[source]
            )
            make.status(subject=record, source=source, region=place)
            make.status(subject=record, source=source, region=make.region(parent=place))
            make.pharmacokinetic(subject=record, source=source)
            make.claim(subject=record, sources=[source])
            record.synonyms.create(name=f"Name {number}")
            record.external_ids.create(scheme="wikidata", value=f"Q{number}")
            record.tags.add(f"tag-{number}")
            if record.KIND == "substance":
                make.status(alkaloid=base, source=source, reaches=[record])
                make.occurrence(substance=record, alkaloid=base, source=source)
                make.variety(substance=record, source=source)
            else:
                make.occurrence(alkaloid=record, substance=plant, source=source)
                make.activity(alkaloid=record, source=source)
                record.sources.add(make.source())


def explain(found):
    return "\n".join(f"{number}. {sql[:240]}" for number, sql in enumerate(found, 1))


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        # The version of the data; the record; its occurrences, pharmacokinetics
        # and varieties; its names, identifiers and tags; its assessments and those for
        # the same needs; their items; regions; rules of law; interactions; safety
        # notes and their second sources; claims. 12 once the regions are kept and where
        # no note has a second source, as with kratom.
        ("substance", 14),
        # The same without varieties, but with activities and sources of the structure.
        ("alkaloid", 14),
    ],
)
def test_a_subject_asks_no_more_for_thirty_than_for_three(queries, kind, most):
    small, large = getattr(make, kind)(), getattr(make, kind)()
    grown(small, 3)
    grown(large, 30)

    few, many = (queries(each.get_absolute_url()) for each in (small, large))

    assert len(few) == len(many), explain(many)
    assert len(many) <= most, explain(many)


def test_regions_are_read_once_for_all_pages(client, django_assert_num_queries):
    first, second = make.substance(), make.substance()
    for each in (first, second):
        grown(each, 2)
    client.get(first.get_absolute_url())

    with django_assert_num_queries(13):  # as above, without the regions
        client.get(second.get_absolute_url())


def test_the_law_where_the_reader_is_costs_no_query_more(queries):
    kratom, region = make.substance(), make.region()
    grown(kratom, 3)
    address = kratom.get_absolute_url()

    plain = queries(address)
    with_region = queries(f"{address}?in={region.code}")

    assert len(with_region) <= len(plain), explain(with_region)


def test_a_kept_page_costs_one_query(client, django_assert_num_queries):
    kratom = make.whole_subject()
    client.get(kratom.get_absolute_url())

    with django_assert_num_queries(1):  # the version of the data
        client.get(kratom.get_absolute_url())


def add_to_symptom(symptom, number):
    other, source = make.symptom(), make.source()
    helpful, harmful = make.substance(), make.substance()
    for subject, axis, direction in (
        (helpful, "benefit", "improves"),
        (harmful, "harm", "causes"),
    ):
        found = make.assessment(
            subject=subject, symptom=symptom, axis=axis, direction=direction
        )
        make.evidence_item(assessment=found, source=source)
    make.claim(symptom=symptom)
    other.part_of.add(symptom)
    symptom.part_of.add(other)
    symptom.synonyms.create(name=f"Ache {number}", kind="lay")
    symptom.external_ids.create(scheme="mesh", value=f"D{number}")
    symptom.tags.add(f"tag-{number}")


def add_to_source(source, number):
    subject, base = make.substance(), make.alkaloid()
    make.evidence_item(source=source, assessment=make.assessment(subject=subject))
    make.safety_note(subject=subject, source=source)
    make.safety_note(subject=subject, further_sources=[source])
    make.status(subject=subject, source=source)
    make.occurrence(substance=subject, alkaloid=base, source=source)
    make.activity(alkaloid=base, source=source)
    make.pharmacokinetic(subject=subject, source=source)
    make.variety(substance=subject, source=source)
    make.claim(sources=[source])
    make.article(sources=[source])
    source.tags.add(f"tag-{number}")


def add_to_region(region, number):
    source, subject, base = make.source(), make.substance(), make.alkaloid()
    make.status(subject=subject, region=region, source=source)
    make.status(subject=base, region=region, source=source, reaches=[subject])
    make.status(subject=subject, region=make.region(parent=region), source=source)
    make.region(parent=region)
    make.help_resource(region=region)
    region.synonyms.create(name=f"Place {number}")


def add_to_claim(claim, number):
    claim.sources.add(make.source())
    claim.tags.add(f"tag-{number}")


@pytest.mark.parametrize(
    ("kind", "add", "most"),
    [
        # Version; symptom; names, identifiers, tags, wholes, parts; assessments, items;
        # other outcomes (a syndrome) with theirs; harms beside them; claims.
        ("symptom", add_to_symptom, 12),
        # Version; source; tags; evidence, safety, law, contents, activities, kinetics,
        # varieties, claims, articles; safety notes that cite it second.
        ("source", add_to_source, 13),
        # Version; region; names; all regions; rules here and above, what they reach;
        # rules here; who below has rules; help.
        ("region", add_to_region, 9),
        # Version; claim; sources; tags.
        ("claim", add_to_claim, 4),
    ],
)
def test_a_record_asks_no_more_for_thirty_than_for_three(queries, kind, add, most):
    small, large = getattr(make, kind)(), getattr(make, kind)()
    with make.many():
        for number in range(3):
            add(small, number)
        for number in range(30):
            add(large, number)

    few, many = (queries(each.get_absolute_url()) for each in (small, large))

    assert len(few) == len(many), explain(many)
    assert len(many) <= most, explain(many)


def add_substance():
    record = make.substance(tags=[f"tag-{make.number()}"])
    make.assessment(substance=record, items=2)


def add_to_home():
    for subject in (make.substance(), make.alkaloid()):
        day = date(1990, 1, 1) + timedelta(days=make.number())
        make.status(subject=subject, since=day.isoformat())
    make.claim(sources=[make.source()])
    make.article(body="Text.")
    make.symptom()


LISTS = [
    # Version; how many of each kind; rules, and the substances and alkaloids that the
    # newest of them are about.
    ("/", add_to_home, 5),
    # Version; substances; assessments, outcomes, items, sources.
    ("/substances/", add_substance, 6),
    # Version; alkaloids; assessments, items, sources.
    ("/alkaloids/", lambda: make.assessment(alkaloid=make.alkaloid(), items=2), 5),
    ("/symptoms/", make.symptom, 2),  # version; symptoms
    ("/sources/", make.source, 4),  # version; how many; a page of them; kinds
    ("/claims/", make.claim, 2),  # version; claims
    ("/regions/", lambda: make.status(substance=None, alkaloid=make.alkaloid()), 3),
    ("/help/", make.help_resource, 2),  # version; numbers with region and country
    ("/method/", make.symptom, 1),  # version
]


@pytest.mark.parametrize(("address", "add", "most"), LISTS, ids=lambda v: str(v)[:14])
def test_a_list_asks_no_more_for_thirty_than_for_three(queries, address, add, most):
    with make.many():
        for _ in range(3):
            add()
    few = queries(address)
    with make.many():
        for _ in range(27):
            add()
    many = queries(address)

    assert len(few) == len(many), explain(many)
    assert len(many) <= most, explain(many)


def test_a_comparison_asks_no_more_for_thirty_than_for_three(queries):
    small, large = ([make.substance(), make.substance()] for _ in range(2))
    source, ache = make.source(), make.symptom()
    with make.many():
        for pair, times in ((small, 3), (large, 30)):
            for number in range(times):
                region = make.region()
                for each in pair:
                    found = make.assessment(
                        subject=each, symptom=ache, comparator=f"comparator {number}"
                    )
                    make.evidence_item(assessment=found, source=source)
                    make.safety_note(subject=each, source=source)
                    make.status(subject=each, region=region, source=source)

    few, many = (
        queries(f"/compare/?a={first.slug}&b={second.slug}")
        for first, second in (small, large)
    )

    # Version; both subjects; substances and alkaloids to choose from; regions; of each:
    # assessments, items, law, safety notes.
    assert len(few) == len(many), explain(many)
    assert len(many) <= 14, explain(many)
