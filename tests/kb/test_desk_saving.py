"""What curators save at the desk is stored, kept in the history, and graded anew."""

from __future__ import annotations

import pytest
from django.contrib.admin import site

from kb.choices import Verification
from kb.dates import PartialDate
from kb.models import (
    Activity,
    Assessment,
    CuratorNote,
    EvidenceItem,
    HelpResource,
    Occurrence,
    Pharmacokinetic,
    RegulatoryStatus,
    Source,
    Substance,
)
from tests.desk import change, errors_of, page, send
from tests.kb import numbered

pytestmark = pytest.mark.django_db


def verified_models():
    """Return the models with a desk whose rows say how far somebody saw them."""
    for model in site._registry:
        names = {field.name for field in model._meta.fields}
        if "verification" in names:
            yield model


def test_a_corrected_summary_is_saved_with_a_history_row_naming_the_curator(
    desk, curator
):
    record = numbered.substance(summary="A tee.")

    response = send(desk, change(record), summary="A tree.")

    assert response.status_code == 302
    latest = record.history.first()
    assert (latest.summary, latest.history_user) == ("A tree.", curator)
    assert latest.prev_record.summary == "A tee."


def test_a_new_substance_is_made_with_synonyms_and_tags(desk):
    response = send(
        desk,
        page("add", Substance),
        name="Kratom",
        slug="kratom",
        category="plant",
        tags="opioid, stimulant",
        **{
            "synonyms-TOTAL_FORMS": 1,
            "synonyms-0-name": "ketum",
            "synonyms-0-kind": "local",
            "synonyms-0-language": "ms",
        },
    )

    assert response.status_code == 302, errors_of(response)
    made = Substance.objects.get(slug="kratom")
    assert made.synonyms.get().name == "ketum"
    assert set(made.tags.names()) == {"opioid", "stimulant"}


def test_a_slug_is_asked_once(desk):
    record = numbered.substance()

    send(desk, change(record), slug="other")

    assert Substance.objects.get(pk=record.pk).slug == "plant-0"


def test_lists_of_names_are_written_one_a_line(desk):
    record = numbered.source()

    assert (
        desk.get(change(record)).context["adminform"].form["authors"].value() == "Doe J"
    )
    send(desk, change(record), authors="Kruegel AC\n\n  Gassaway MM ")

    assert Source.objects.get(pk=record.pk).authors == ["Kruegel AC", "Gassaway MM"]


def test_publishing_and_withdrawing_leave_history(desk, curator):
    first, second = numbered.substance(1, state="draft"), numbered.substance(2)
    address = page("changelist", Substance)

    desk.post(address, {"action": "publish", "_selected_action": [first.pk, second.pk]})

    first.refresh_from_db()
    assert first.state == "published"
    assert first.history.first().history_user == curator
    assert second.history.count() == 1  # it was published already

    desk.post(address, {"action": "withdraw", "_selected_action": [first.pk]})

    first.refresh_from_db()
    assert first.state == "withdrawn"


def test_a_status_is_marked_as_verified_today(desk):
    row = numbered.status()

    desk.post(
        page("changelist", RegulatoryStatus),
        {"action": "mark_verified", "_selected_action": [row.pk]},
    )

    row.refresh_from_db()
    assert row.verified_on is not None
    assert row.history.count() == 2


def test_a_number_is_marked_as_verified_today(desk):
    row = numbered.help_resource()

    desk.post(
        page("changelist", HelpResource),
        {"action": "mark_verified", "_selected_action": [row.pk]},
    )

    row.refresh_from_db()
    assert row.is_confirmed


def test_a_retraction_counts_at_once_and_flags_the_assessment(desk):
    row = numbered.item()
    assert row.assessment.level == "high"

    response = send(desk, change(row.source), retraction="retracted")

    assert response.status_code == 302, errors_of(response)
    found = Assessment.objects.get()
    assert found.needs_review
    assert found.level != "high"

    desk.post(
        page("changelist", Assessment),
        {"action": "mark_reviewed", "_selected_action": [found.pk]},
    )

    assert not Assessment.objects.get().needs_review


def test_deleting_an_item_from_the_list_grades_anew(desk):
    row = numbered.item()

    desk.post(
        page("changelist", EvidenceItem),
        {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
    )

    assert Assessment.objects.get().level != "high"


def test_a_source_says_where_it_is_used(desk):
    row = numbered.item()

    text = desk.get(change(row.source)).content.decode()

    assert "1 evidence item" in text
    link = f"{page('changelist', EvidenceItem)}?source={row.source.slug}"
    assert link in text
    assert desk.get(link).context["cl"].result_count == 1


def test_a_subject_leads_to_its_statuses(desk):
    row = numbered.status()
    numbered.status(1)

    text = desk.get(change(row.substance)).content.decode()

    link = f"{page('changelist', RegulatoryStatus)}?subject=substance%3Aplant-0"
    assert f'href="{link}">1 regulatory status</a>' in text
    assert desk.get(link).context["cl"].result_count == 1


@pytest.mark.parametrize(
    ("make", "about"),
    [
        (numbered.source, "source:doe-0"),
        (numbered.substance, "substance:plant-0"),
        (numbered.assessment, "assessment:plant-0.ache-0.benefit"),
        (numbered.item, "evidence-item:plant-0.ache-0.doe-0"),
        (numbered.status, "status:plant-0.XA-0.undated.controlled"),
        (numbered.help_resource, "help:XA-0.line"),
    ],
)
def test_notes_stand_on_the_page_of_what_they_are_about(desk, make, about):
    row = make()
    CuratorNote.objects.create(
        about=about, note="Seen at https://example.org/?a=1&b=<2>"
    )
    CuratorNote.objects.create(about=f"{about}0", note="Of another.")

    text = desk.get(change(row)).content.decode()

    assert 'href="https://example.org/?a=1&amp;b=' in text
    assert "<2>" not in text
    assert "Of another." not in text


def test_the_drawing_and_the_arithmetic_are_shown(desk):
    row = numbered.item()

    assert "<svg" in desk.get(change(numbered.alkaloid())).content.decode()
    assert "Starts at high" in desk.get(change(row.assessment)).content.decode()


def test_what_may_be_out_of_date_is_found(desk):
    never = numbered.status(1)
    old = numbered.status(2, verified_on=PartialDate("2015-01-01"))
    address = page("changelist", RegulatoryStatus)

    def keys(check: str) -> set[str]:
        found = desk.get(address, {"check": check}).context["cl"].result_list
        return {row.key for row in found}

    assert keys("never") == {never.key}
    assert keys("stale") == {never.key, old.key}
    assert keys("fresh") == set()


def test_sources_without_use_or_address_are_found(desk):
    used, bare = numbered.item(1).source, numbered.source(2)
    numbered.source(3, doi="10.1000/x")
    address = page("changelist", Source)

    def slugs(**query: str) -> set[str]:
        found = desk.get(address, query).context["cl"].result_list
        return {row.slug for row in found}

    assert slugs(use="used") == {used.slug}
    assert slugs(use="unused") == {"doe-2", "doe-3"}
    assert slugs(address="none") == {used.slug, bare.slug}


def test_an_item_is_added_and_graded_on_the_page_of_its_assessment(desk):
    row = numbered.assessment()

    response = send(
        desk,
        change(row),
        **{
            "items-TOTAL_FORMS": 1,
            "items-0-source": numbered.source().pk,
            "items-0-design": "rct",
            "items-0-direction": "improves",
            "items-0-finding": "Less pain.",
            "items-0-n": 3000,
            "items-0-verification": "verified",
            "items-0-preparation": "not-stated",
            **{f"items-0-{step}": 0 for step in EvidenceItem.STEPS},
            "items-0-risk_of_bias": 1,
        },
    )

    assert response.status_code == 302, errors_of(response)
    row.refresh_from_db()
    assert row.level == "moderate"


def test_a_new_item_counts_for_no_level_until_somebody_says_that_they_saw_it(desk):
    row = numbered.assessment()
    form = {
        "assessment": row.pk,
        "source": numbered.source().pk,
        "design": "rct",
        "direction": "improves",
        "finding": "Less pain.",
        "n": 3000,
    }

    response = send(desk, page("add", EvidenceItem), **form)

    assert response.status_code == 302, errors_of(response)
    item = EvidenceItem.objects.get()
    assert item.verification == Verification.UNVERIFIED
    row.refresh_from_db()
    assert row.level == "not-assessed"
    send(desk, change(item), verification="verified")
    row.refresh_from_db()
    assert row.level == "high"


@pytest.mark.parametrize("model", [*verified_models()], ids=lambda m: m.__name__)
def test_a_form_for_something_new_claims_no_check_and_says_what_to_set(desk, model):
    field = desk.get(page("add", model)).context["adminform"].form["verification"]

    assert field.value() == Verification.UNVERIFIED
    assert "seen" in field.help_text.casefold()


def test_a_row_added_to_a_record_can_say_that_it_was_seen(desk):
    record = numbered.alkaloid()

    rows = desk.get(change(record)).context["inline_admin_formsets"]

    facts = {each.opts.model: each.formset.empty_form for each in rows}
    asked = {model for model, form in facts.items() if "verification" in form.fields}
    assert {Activity, Occurrence, Pharmacokinetic} <= asked
    assert all(
        facts[model]["verification"].value() == Verification.UNVERIFIED
        for model in asked
    )
