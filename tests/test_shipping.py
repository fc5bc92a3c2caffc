"""The shipped dataset as tests meet it: as in use, one reads while another writes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from kb.models import Symptom
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


def count_symptoms() -> int:
    try:
        return Symptom.objects.count()
    finally:
        connection.close()


def test_another_thread_reads_what_holds_while_a_test_writes():
    before = Symptom.objects.count()
    make.symptom()

    with ThreadPoolExecutor(1) as another:
        seen = another.submit(count_symptoms).result()

    assert seen == before > 0
