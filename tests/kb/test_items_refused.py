"""An evidence item that lacks something is refused at every door."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from exchange.importing import ImportRefused, import_entries
from exchange.reading import Entry
from kb.admin.evidence import NEEDED
from kb.models import EvidenceItem
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("missing", ["source", "design", "direction"])
def test_the_database_refuses_an_item_that_lacks(missing):
    values = {
        "assessment": make.assessment(),
        "source": make.source(),
        "design": "rct",
        "direction": "improves",
        "finding": "Something.",
    }
    values[missing] = None if missing == "source" else ""

    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceItem.objects.bulk_create([EvidenceItem(key="x", **values)])


@pytest.mark.parametrize("missing", ["source", "design", "direction"])
def test_the_import_refuses_an_item_that_lacks(missing):
    subject, outcome, source = make.substance(), make.symptom(), make.source()
    item = {
        "key": "a.b.c",
        "source": source.slug,
        "design": "rct",
        "direction": "improves",
        "finding": "Something.",
    }
    del item[missing]
    content = {
        "kind": "assessment",
        "subject": subject.record_key,
        "symptom": outcome.slug,
        "axis": "benefit",
        "direction": "improves",
        "conclusion": "It may help.",
        "items": [item],
    }

    with pytest.raises(ImportRefused) as refusal:
        import_entries([Entry("evidence/x.json", "assessment", content)])

    assert refusal.value.errors == [f"evidence/x.json: items[0].{missing}: is missing"]


@pytest.mark.parametrize("missing", ["source", "design", "direction"])
def test_the_desk_refuses_an_item_that_lacks(missing, admin_client):
    assessment, source = make.assessment(), make.source()
    values = {
        "assessment": assessment.pk,
        "source": source.pk,
        "design": "rct",
        "direction": "improves",
        "finding": "Something.",
        "verification": "verified",
        "preparation": "not-stated",
        **dict.fromkeys(EvidenceItem.STEPS, "0"),
    }
    del values[missing]

    response = admin_client.post(reverse("admin:kb_evidenceitem_add"), values)

    errors = response.context["adminform"].form.errors
    assert list(errors) == [missing]
    assert errors[missing] == [NEEDED[missing]]
    assert not EvidenceItem.objects.exists()
