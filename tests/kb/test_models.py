"""What makes itself: keys, histories, states."""

from __future__ import annotations

import pytest

from kb.models import (
    Alkaloid,
    Claim,
    HelpResource,
    Source,
    Substance,
    Symptom,
)
from tests import make

pytestmark = pytest.mark.django_db


def test_keys_make_themselves_and_stay_apart():
    subject, source = make.substance(slug="kratom"), make.source(slug="anwar-2016")
    first, second, third = (
        make.safety_note(subject=subject, source=source) for _ in range(3)
    )

    assert first.key == "kratom.adverse-effect.anwar-2016"
    assert second.key == "kratom.adverse-effect.anwar-2016-2"
    assert third.key == "kratom.adverse-effect.anwar-2016-3"


def test_a_key_stays_when_what_it_was_made_of_changes():
    note = make.safety_note(subject=make.substance(slug="kratom"))
    before = note.key

    note.kind = "interaction"
    note.save()

    note.refresh_from_db()
    assert note.key == before


@pytest.mark.parametrize(
    "maker",
    [
        make.substance,
        make.alkaloid,
        make.symptom,
        make.source,
        make.claim,
        make.article,
        make.region,
        make.status,
        make.assessment,
        make.evidence_item,
        make.safety_note,
        make.occurrence,
        make.activity,
        make.pharmacokinetic,
        make.variety,
        make.help_resource,
    ],
    ids=lambda maker: maker.__name__,
)
def test_every_change_leaves_a_row_of_history(maker):
    row = maker()
    before = row.history.count()

    row.save()

    assert before >= 1
    assert row.history.count() == before + 1


def test_a_history_outlives_its_record():
    claim = make.claim(slug="C999")
    claim.delete()

    last = Claim.history.filter(slug="C999").latest()

    assert last.history_type == "-"


@pytest.mark.parametrize(
    "model", [Substance, Alkaloid, Symptom, Source, Claim], ids=lambda m: m.__name__
)
def test_published_means_published_and_nothing_else(model):
    for state in ("draft", "in-review", "published", "withdrawn"):
        getattr(make, model.KIND)(state=state)

    assert {each.state for each in model.objects.published()} == {"published"}


def test_a_number_is_confirmed_only_when_somebody_saw_it():
    confirmed = [
        HelpResource(verification=word).is_confirmed
        for word in ("verified", "partial", "unverified")
    ]

    assert confirmed == [True, False, False]
