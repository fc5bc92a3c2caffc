"""The curators' desk: every page opens, lists stay cheap, nonsense is refused in words."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from taggit.models import Tag

from articles.models import Article, Author
from kb.admin.base import SubjectFilter
from kb.dates import PartialDate
from kb.models import (
    Activity,
    Alkaloid,
    Assessment,
    AuditEntry,
    Change,
    Claim,
    Curator,
    CuratorNote,
    EvidenceItem,
    EvidenceSearch,
    ExternalId,
    GradeChange,
    HelpResource,
    Interaction,
    Job,
    LinkCheck,
    Occurrence,
    OldSlug,
    Pharmacokinetic,
    ReaderReport,
    Region,
    RegulatoryStatus,
    SafetyNote,
    Source,
    Substance,
    Symptom,
    Synonym,
    TaggedRecord,
    Variety,
)
from search.models import MissedQuery, PendingKey
from tests.desk import errors_of, send

pytestmark = pytest.mark.django_db


# What the tests are about


def substance(n: int = 0, **fields: Any) -> Substance:
    values = {"name": f"Plant {n}", "category": "plant", "state": "published", **fields}
    return Substance.objects.create(slug=f"plant-{n}", **values)


def alkaloid(n: int = 0) -> Alkaloid:
    return Alkaloid.objects.create(
        slug=f"base-{n}",
        name=f"Base {n}",
        smiles="C" * (n + 1) + "N",
        state="published",
    )


def symptom(n: int = 0) -> Symptom:
    return Symptom.objects.create(
        slug=f"ache-{n}", name=f"Ache {n}", kind="symptom", state="published"
    )


def source(n: int = 0, **fields: Any) -> Source:
    values = {
        "name": f"Study {n}",
        "kind": "journal-article",
        "authors": ["Doe J"],
        **fields,
    }
    return Source.objects.create(slug=f"doe-{n}", state="published", **values)


def region(n: int = 0, **fields: Any) -> Region:
    code = f"X{chr(65 + n // 26)}-{n}"
    return Region.objects.create(
        code=code, name=f"Place {n}", kind="subdivision", **fields
    )


def assessment(n: int = 0) -> Assessment:
    return Assessment.objects.create(
        substance=substance(n),
        symptom=symptom(n),
        axis="benefit",
        direction="improves",
        conclusion="It may help a little.",
    )


def item(n: int = 0) -> EvidenceItem:
    return EvidenceItem.objects.create(
        assessment=assessment(n),
        source=source(n),
        design="rct",
        direction="improves",
        finding="Less pain than with placebo.",
        n=2000,
    )


def status(n: int = 0, **fields: Any) -> RegulatoryStatus:
    return RegulatoryStatus.objects.create(
        substance=substance(n),
        region=region(n),
        source=source(n),
        status="controlled",
        layer="drug-law",
        confidence="high",
        instrument="Act 1",
        summary="It is on the list.",
        **fields,
    )


def safety_note(n: int = 0) -> SafetyNote:
    return SafetyNote.objects.create(
        alkaloid=alkaloid(n),
        kind="interaction",
        finding="Sleepiness together with alcohol.",
        source=source(n),
    )


def evidence_search(n: int = 0) -> EvidenceSearch:
    return EvidenceSearch.objects.create(
        substance=substance(n),
        symptom=symptom(n),
        searched_on="2026-11-22",
        looked_for="any controlled trial",
        where="PubMed",
        found="none found",
        source=source(n),
    )


def grade_change(n: int = 0) -> GradeChange:
    return item(n).assessment.grade_changes.get()


def interaction(n: int = 0) -> Interaction:
    return Interaction.objects.create(
        substance=substance(n),
        other_name="alcohol",
        effect="Sleepiness.",
        source=source(n),
    )


def occurrence(n: int = 0) -> Occurrence:
    return Occurrence.objects.create(
        substance=substance(n), alkaloid=alkaloid(n), source=source(n)
    )


def activity(n: int = 0) -> Activity:
    return Activity.objects.create(
        alkaloid=alkaloid(n), target="receptor", action="agonist", source=source(n)
    )


def pharmacokinetic(n: int = 0) -> Pharmacokinetic:
    return Pharmacokinetic.objects.create(
        alkaloid=alkaloid(n),
        parameter="half-life",
        value="3",
        unit="h",
        source=source(n),
    )


def variety(n: int = 0) -> Variety:
    return Variety.objects.create(
        substance=substance(n),
        name="Red",
        kind="vein",
        finding="As any.",
        source=source(n),
    )


def claim(n: int = 0, **fields: Any) -> Claim:
    return Claim.objects.create(
        slug=f"C{n}",
        name=f"It helps with {n}.",
        topic="benefit",
        verdict="unsupported",
        level="none",
        why="Nobody studied it.",
        harm_if_believed="low",
        substance=substance(n),
        state="published",
        **fields,
    )


def help_resource(n: int = 0) -> HelpResource:
    return HelpResource.objects.create(
        region=region(n), name="Line", kind="crisis", verification="unverified"
    )


def tagged(n: int = 0) -> TaggedRecord:
    record = substance(n)
    record.tags.add(f"tag {n}")
    return TaggedRecord.objects.get(tag__name=f"tag {n}")


DAY = datetime.date(2026, 11, 24)

MAKERS: dict[type[models.Model], Callable[[int], Any]] = {
    Activity: activity,
    Alkaloid: alkaloid,
    Article: lambda n: Article.objects.create(
        slug=f"a-{n}", name=f"Text {n}", body="…"
    ),
    Assessment: assessment,
    Change: lambda n: Change.objects.create(
        kind="source",
        identity=f"x-{n}",
        title=f"Study {n}",
        proposed={"name": "A study"},
        reason="It was wrong.",
        author=User.objects.create(username=f"author-{n}"),
    ),
    AuditEntry: lambda n: AuditEntry.objects.create(
        event="logged-in", user=User.objects.create(username=f"person-{n}")
    ),
    Author: lambda n: Author.objects.create(name=f"Author {n}", interests="None."),
    Claim: claim,
    Curator: lambda n: Curator.objects.create(
        user=User.objects.create(username=f"curator-{n}"), interests="None."
    ),
    CuratorNote: lambda n: CuratorNote.objects.create(
        about=f"source:x-{n}", note="Seen."
    ),
    EvidenceItem: item,
    EvidenceSearch: evidence_search,
    ExternalId: lambda n: ExternalId.objects.create(
        substance=substance(n), scheme="mesh", value=f"D{n}"
    ),
    GradeChange: grade_change,
    Group: lambda n: Group.objects.create(name=f"Group {n}"),
    HelpResource: help_resource,
    Interaction: interaction,
    Job: lambda n: Job.objects.create(task="kb.tasks.keep_figures"),
    LinkCheck: lambda n: LinkCheck.objects.create(address=f"https://a.test/{n}"),
    Occurrence: occurrence,
    OldSlug: lambda n: OldSlug.objects.create(kind="source", slug=f"o-{n}", now="new"),
    MissedQuery: lambda n: MissedQuery.objects.create(
        text=f"word {n}", count=n + 1, first_on=DAY, last_on=DAY
    ),
    PendingKey: lambda n: PendingKey.objects.create(key=f"other:{n}"),
    Pharmacokinetic: pharmacokinetic,
    ReaderReport: lambda n: ReaderReport.objects.create(
        about="/method/", text=f"Report {n} of something wrong."
    ),
    Region: lambda n: region(n, parent=Region.objects.first()),
    RegulatoryStatus: status,
    SafetyNote: safety_note,
    Source: source,
    Substance: substance,
    Symptom: symptom,
    Synonym: lambda n: Synonym.objects.create(substance=substance(n), name=f"Name {n}"),
    Tag: lambda n: Tag.objects.create(name=f"Tag {n}", slug=f"tag-{n}"),
    TaggedRecord: tagged,
    User: lambda n: User.objects.create(username=f"person-{n}"),
    Variety: variety,
}
REGISTERED = sorted(admin.site._registry, key=lambda model: model.__name__)
READ_ONLY = {
    AuditEntry,
    Change,
    GradeChange,
    Job,
    LinkCheck,
    MissedQuery,
    PendingKey,
    ReaderReport,
    TaggedRecord,
}


# Using the desk


@pytest.fixture
def curator() -> User:
    return User.objects.create_superuser("mitra", password="a long enough one")


@pytest.fixture
def desk(client: Client, curator: User) -> Client:
    client.force_login(curator)
    return client


def page(name: str, model: type[models.Model] | models.Model, *args: Any) -> str:
    options = model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{name}", args=args)


def change(row: models.Model) -> str:
    return page("change", row, row.pk)


# Every page opens


def test_every_model_of_ours_has_its_desk_and_a_maker_here():
    assert set(MAKERS) == set(REGISTERED)


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_list_add_change_and_history_open(desk, model):
    row = MAKERS[model](0)

    listed = desk.get(page("changelist", model), {"q": "a"})
    added = desk.get(page("add", model))
    changed = desk.get(change(row))
    history = desk.get(page("history", model, row.pk))

    assert listed.status_code == 200
    assert added.status_code == (403 if model in READ_ONLY else 200)
    assert changed.status_code == 200
    assert history.status_code == 200


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_every_filter_of_a_list_can_be_used(desk, model):
    MAKERS[model](0)
    address = page("changelist", model)
    response = desk.get(address)

    queries = [
        choice["query_string"]
        for spec in response.context["cl"].filter_specs
        for choice in spec.choices(response.context["cl"])
    ]

    assert {desk.get(address + query).status_code for query in queries} <= {200}


def test_a_filter_offers_no_more_subjects_than_one_can_choose_from(desk, monkeypatch):
    monkeypatch.setattr(SubjectFilter, "MOST", 2)
    for number in range(3):
        safety_note(number)

    text = desk.get(page("changelist", SafetyNote)).content.decode()
    chosen = SafetyNote.objects.latest("pk").subject.record_key
    kept = desk.get(page("changelist", SafetyNote), {"subject": chosen})

    assert "?subject=" not in text
    assert kept.context["cl"].result_count == 1


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_a_list_asks_as_often_for_30_rows_as_for_3(desk, model):
    def queries() -> int:
        ContentType.objects.clear_cache()
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(page("changelist", model)).status_code == 200
        return len(captured)

    for number in range(3):
        MAKERS[model](number)
    for_3 = queries()
    for number in range(3, 30):
        MAKERS[model](number)

    assert queries() == for_3
    # Session, user, two counts, the rows; then each filter's choices: 2 for subjects.
    assert for_3 <= 10


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_a_change_page_asks_as_often_and_holds_as_much_beside_30_rows_as_beside_3(
    desk, model
):
    """A list to choose from that grows with the records would show here."""

    def measured() -> tuple[int, int]:
        ContentType.objects.clear_cache()
        with CaptureQueriesContext(connection) as captured:
            response = desk.get(address)
        assert response.status_code == 200
        return len(captured), response.content.count(b"<option")

    address = change(MAKERS[model](0))
    for number in range(1, 3):
        MAKERS[model](number)
    beside_3 = measured()
    for number in range(3, 30):
        MAKERS[model](number)

    queries, options = measured()
    # What uses it is counted once it is more than is listed.
    assert queries - beside_3[0] in (0, 1)
    assert options == beside_3[1]
    # A subject has ten tables of parts, each read at once with what names its rows.
    assert beside_3[0] <= 40


@pytest.mark.parametrize(
    "model",
    [model for model in REGISTERED if hasattr(model, "history")],
    ids=lambda model: model.__name__,
)
def test_an_old_version_opens(desk, model):
    row = MAKERS[model](0)
    version = row.history.first()

    response = desk.get(page("simple_history", model, row.pk, version.history_id))

    assert response.status_code == 200


@pytest.mark.parametrize(
    "model",
    [model for model in REGISTERED if model not in READ_ONLY | {User, Group}],
    ids=lambda model: model.__name__,
)
def test_what_nobody_touched_is_saved_as_it_was(desk, model):
    row = MAKERS[model](0)

    response = send(desk, change(row))

    assert response.status_code == 302, errors_of(response)


@pytest.mark.parametrize("make", [substance, alkaloid, symptom, source, claim, region])
def test_view_on_site_leads_to_the_page_of_the_record(desk, make):
    record = make()

    response = desk.get(change(record))

    assert f'href="{record.get_absolute_url()}"' in response.content.decode()


def test_view_on_site_is_not_offered_for_a_draft(desk):
    draft = substance(state="draft")

    response = desk.get(change(draft))

    assert "View on site" not in response.content.decode()


def test_every_link_can_be_searched(desk):
    """An autocomplete asks the other desk, which needs search fields and an order."""
    item()
    for model, model_desk in admin.site._registry.items():
        for name in model_desk.autocomplete_fields:
            response = desk.get(
                reverse("admin:autocomplete"),
                {
                    "app_label": model._meta.app_label,
                    "model_name": model._meta.model_name,
                    "field_name": name,
                    "term": "a",
                },
            )
            assert response.status_code == 200, f"{model.__name__}.{name}"


# What is saved


def test_a_corrected_summary_is_saved_with_a_history_row_naming_the_curator(
    desk, curator
):
    record = substance(summary="A tee.")

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
    record = substance()

    send(desk, change(record), slug="other")

    assert Substance.objects.get(pk=record.pk).slug == "plant-0"


def test_lists_of_names_are_written_one_a_line(desk):
    record = source()

    assert (
        desk.get(change(record)).context["adminform"].form["authors"].value() == "Doe J"
    )
    send(desk, change(record), authors="Kruegel AC\n\n  Gassaway MM ")

    assert Source.objects.get(pk=record.pk).authors == ["Kruegel AC", "Gassaway MM"]


def test_publishing_and_withdrawing_leave_history(desk, curator):
    first, second = substance(1, state="draft"), substance(2)
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
    row = status()

    desk.post(
        page("changelist", RegulatoryStatus),
        {"action": "mark_verified", "_selected_action": [row.pk]},
    )

    row.refresh_from_db()
    assert row.verified_on is not None
    assert row.history.count() == 2


def test_a_number_is_marked_as_verified_today(desk):
    row = help_resource()

    desk.post(
        page("changelist", HelpResource),
        {"action": "mark_verified", "_selected_action": [row.pk]},
    )

    row.refresh_from_db()
    assert row.is_confirmed


def test_a_retraction_counts_at_once_and_flags_the_assessment(desk):
    row = item()
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
    row = item()

    desk.post(
        page("changelist", EvidenceItem),
        {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
    )

    assert Assessment.objects.get().level != "high"


def test_a_source_says_where_it_is_used(desk):
    row = item()

    text = desk.get(change(row.source)).content.decode()

    assert "1 evidence item" in text
    link = f"{page('changelist', EvidenceItem)}?source={row.source.slug}"
    assert link in text
    assert desk.get(link).context["cl"].result_count == 1


def test_a_subject_leads_to_its_statuses(desk):
    row = status()
    status(1)

    text = desk.get(change(row.substance)).content.decode()

    link = f"{page('changelist', RegulatoryStatus)}?subject=substance%3Aplant-0"
    assert f'href="{link}">1 regulatory status</a>' in text
    assert desk.get(link).context["cl"].result_count == 1


@pytest.mark.parametrize(
    ("make", "about"),
    [
        (source, "source:doe-0"),
        (substance, "substance:plant-0"),
        (assessment, "assessment:plant-0.ache-0.benefit"),
        (item, "evidence-item:plant-0.ache-0.doe-0"),
        (status, "status:plant-0.XA-0.undated.controlled"),
        (help_resource, "help:XA-0.line"),
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
    row = item()

    assert "<svg" in desk.get(change(alkaloid())).content.decode()
    assert "Starts at high" in desk.get(change(row.assessment)).content.decode()


def test_what_may_be_out_of_date_is_found(desk):
    never = status(1)
    old = status(2, verified_on=PartialDate("2015-01-01"))
    address = page("changelist", RegulatoryStatus)

    def keys(check: str) -> set[str]:
        found = desk.get(address, {"check": check}).context["cl"].result_list
        return {row.key for row in found}

    assert keys("never") == {never.key}
    assert keys("stale") == {never.key, old.key}
    assert keys("fresh") == set()


def test_sources_without_use_or_address_are_found(desk):
    used, bare = item(1).source, source(2)
    source(3, doi="10.1000/x")
    address = page("changelist", Source)

    def slugs(**query: str) -> set[str]:
        found = desk.get(address, query).context["cl"].result_list
        return {row.slug for row in found}

    assert slugs(use="used") == {used.slug}
    assert slugs(use="unused") == {"doe-2", "doe-3"}
    assert slugs(address="none") == {used.slug, bare.slug}


# What is refused


def test_two_subjects_are_refused(desk):
    response = send(desk, change(status()), alkaloid=alkaloid().pk)

    assert "exactly one subject" in errors_of(response)


def test_no_subject_is_refused(desk):
    response = send(desk, change(status()), substance=None)

    assert "exactly one subject" in errors_of(response)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"since": "2020-05", "until": "2019"}, "until must not lie before since"),
        (
            {"until": "2016-13"},
            "'2016-13' is not a date as 2016, 2016-05 or 2016-05-10",
        ),
        ({"until": "last year"}, "is not a date as"),
        ({"threshold": "2"}, "A threshold needs its unit"),
        ({"threshold_unit": "%"}, "A threshold needs its unit"),
        ({"summary": "  "}, "This field is required"),
        ({"instrument": ""}, "Name the act, order or rule"),
        ({"source": None}, "This field is required"),
        ({"min_age": "200"}, "less than or equal to 99"),
        ({"status": "fine"}, "is not one of the available choices"),
    ],
)
def test_a_status_that_makes_no_sense_is_refused(desk, changes, sentence):
    row = status()

    assert sentence in errors_of(send(desk, change(row), **changes))
    assert row.history.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"override_level": "high"},
        {"override_reason": "Because."},
        {"override_level": "high", "override_by": "M.", "override_on": "2026-01-01"},
    ],
)
def test_an_override_without_its_reason_is_refused(desk, changes):
    response = send(desk, change(assessment()), **changes)

    assert "An override needs a level, a reason, a name and a day" in errors_of(
        response
    )


def test_the_same_assessment_twice_is_refused(desk):
    first, second = assessment(1), assessment(2)

    response = send(
        desk, change(second), substance=first.substance_id, symptom=first.symptom_id
    )

    assert "There is such an assessment already" in errors_of(response)


def test_an_item_without_its_source_is_refused(desk):
    response = send(
        desk,
        change(assessment()),
        **{
            "items-TOTAL_FORMS": 1,
            "items-0-design": "rct",
            "items-0-direction": "improves",
            "items-0-finding": "Less pain.",
            "items-0-verification": "verified",
            "items-0-preparation": "not-stated",
            **{f"items-0-{step}": 0 for step in EvidenceItem.STEPS},
        },
    )

    assert "source" in errors_of(response)
    assert not EvidenceItem.objects.exists()


def test_an_item_is_added_and_graded_on_the_page_of_its_assessment(desk):
    row = assessment()

    response = send(
        desk,
        change(row),
        **{
            "items-TOTAL_FORMS": 1,
            "items-0-source": source().pk,
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


def test_three_steps_are_refused(desk):
    response = send(desk, change(item()), risk_of_bias=3)

    assert "A step down or up is 0, 1 or 2." in errors_of(response)


@pytest.mark.parametrize("smiles", ["rubbish", "C1CC", "CN(C)(C)(C)C", "", "   "])
def test_a_structure_that_is_none_is_refused(desk, smiles):
    row = alkaloid()

    assert "smiles" in errors_of(send(desk, change(row), smiles=smiles))


def test_a_molecule_that_is_here_already_is_refused(desk):
    first, second = alkaloid(1), alkaloid(2)

    response = send(desk, change(second), smiles=first.smiles)

    assert "Base 1 has this structure already" in errors_of(response)


def test_a_region_below_itself_is_refused(desk):
    above = region(1)
    below = region(2, parent=above)

    assert "below itself" in errors_of(send(desk, change(above), parent=above.pk))
    assert "below itself" in errors_of(send(desk, change(above), parent=below.pk))


def test_a_region_code_that_is_none_is_refused(desk):
    response = send(
        desk, page("add", Region), code="Ohio", name="Ohio", kind="subdivision"
    )

    assert "An ISO 3166 code" in errors_of(response)


def test_a_symptom_in_itself_is_refused(desk):
    whole, part = symptom(1), symptom(2)
    part.part_of.add(whole)

    assert "part of itself" in errors_of(send(desk, change(whole), part_of=[whole.pk]))
    assert "part of itself" in errors_of(send(desk, change(whole), part_of=[part.pk]))


def test_the_same_name_twice_is_refused(desk):
    row = {"name": "Same", "kind": "common", "language": "en"}
    twice = {
        f"synonyms-{n}-{field}": text for n in (0, 1) for field, text in row.items()
    }

    response = send(desk, change(substance()), **{"synonyms-TOTAL_FORMS": 2, **twice})

    assert "stands here twice" in errors_of(response)


def test_a_claim_about_two_subjects_is_refused(desk):
    response = send(desk, change(claim()), alkaloid=alkaloid().pk)

    assert "at most one subject" in errors_of(response)


def test_an_amount_without_unit_is_refused(desk):
    row = occurrence()

    assert "An amount needs a unit" in errors_of(send(desk, change(row), low="1"))
    response = send(desk, change(row), low="3", high="1", unit="%")
    assert "must not be above" in errors_of(response)


def test_a_taken_slug_and_a_taken_doi_are_refused(desk):
    source(1, doi="10.1000/x")

    response = send(
        desk,
        page("add", Source),
        slug="doe-1",
        name="Another",
        kind="book",
        doi="https://doi.org/10.1000/X",
    )

    assert "Source with this Slug already exists" in errors_of(response)
    assert "Source with this DOI already exists" in errors_of(response)


def test_the_desk_is_closed_to_others(client):
    for model in REGISTERED:
        assert client.get(page("changelist", model)).status_code == 302
