"""What only a real PostgreSQL can prove; `make test-services` runs the rest on it too."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from exchange.exporting import as_document
from exchange.importing import import_entries
from exchange.reading import read
from kb.models import Alkaloid, Assessment
from tests.shipping import DATASET

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="make test-services runs these on a real PostgreSQL",
    ),
]


@pytest.mark.usefixtures("shipped")
def test_the_dataset_imported_twice_is_imported_once() -> None:
    before = as_document()

    report = import_entries(read(str(DATASET)))

    assert not report.created
    assert not report.changed
    assert as_document() == before


@pytest.mark.usefixtures("shipped")
def test_the_database_itself_refuses_an_assessment_about_two_subjects() -> None:
    assessment = Assessment.objects.exclude(substance=None).first()
    alkaloid = Alkaloid.objects.first()
    assert assessment is not None
    assert alkaloid is not None

    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(alkaloid=alkaloid)


@pytest.mark.usefixtures("shipped")
def test_the_database_itself_refuses_an_assessment_about_nothing() -> None:
    assessment = Assessment.objects.exclude(substance=None).first()
    assert assessment is not None

    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(substance=None)
