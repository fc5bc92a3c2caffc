"""The curators' desk: every page opens, lists stay cheap."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from taggit.models import Tag

from articles.models import Article, Author
from kb.admin.lists import FoundFirst, SubjectFilter
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
from tests import make
from tests.desk import change, errors_of, page, send
from tests.kb import numbered

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 24)

MAKERS: dict[type[models.Model], Callable[[int], Any]] = {
    Activity: numbered.activity,
    Alkaloid: numbered.alkaloid,
    Article: lambda n: Article.objects.create(
        slug=f"a-{n}", name=f"Text {n}", body="…"
    ),
    Assessment: numbered.assessment,
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
    Claim: numbered.claim,
    Curator: lambda n: Curator.objects.create(
        user=User.objects.create(username=f"curator-{n}"), interests="None."
    ),
    CuratorNote: lambda n: CuratorNote.objects.create(
        about=f"source:x-{n}", note="Seen."
    ),
    EvidenceItem: numbered.item,
    EvidenceSearch: numbered.evidence_search,
    ExternalId: lambda n: ExternalId.objects.create(
        substance=numbered.substance(n), scheme="mesh", value=f"D{n}"
    ),
    GradeChange: numbered.grade_change,
    Group: lambda n: Group.objects.create(name=f"Group {n}"),
    HelpResource: numbered.help_resource,
    Interaction: numbered.interaction,
    Job: lambda n: Job.objects.create(task="kb.tasks.keep_figures"),
    LinkCheck: lambda n: LinkCheck.objects.create(address=f"https://a.test/{n}"),
    Occurrence: numbered.occurrence,
    OldSlug: lambda n: OldSlug.objects.create(kind="source", slug=f"o-{n}", now="new"),
    MissedQuery: lambda n: MissedQuery.objects.create(
        text=f"word {n}", count=n + 1, first_on=DAY, last_on=DAY
    ),
    PendingKey: lambda n: PendingKey.objects.create(key=f"other:{n}"),
    Pharmacokinetic: numbered.pharmacokinetic,
    ReaderReport: lambda n: ReaderReport.objects.create(
        about="/method/", text=f"Report {n} of something wrong."
    ),
    Region: lambda n: numbered.region(n, parent=Region.objects.first()),
    RegulatoryStatus: numbered.status,
    SafetyNote: numbered.safety_note,
    Source: numbered.source,
    Substance: numbered.substance,
    Symptom: numbered.symptom,
    Synonym: lambda n: Synonym.objects.create(
        substance=numbered.substance(n), name=f"Name {n}"
    ),
    Tag: lambda n: Tag.objects.create(name=f"Tag {n}", slug=f"tag-{n}"),
    TaggedRecord: numbered.tagged,
    User: lambda n: User.objects.create(username=f"person-{n}"),
    Variety: numbered.variety,
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
        numbered.safety_note(number)

    text = desk.get(page("changelist", SafetyNote)).content.decode()
    chosen = SafetyNote.objects.latest("pk").subject.record_key
    kept = desk.get(page("changelist", SafetyNote), {"subject": chosen})

    assert "?subject=" not in text
    assert kept.context["cl"].result_count == 1


class Asked(NamedTuple):
    """What a list and a change page ask for, beside few rows or many."""

    by_list: int
    by_change_page: int
    options: int


SEARCHED = [
    (Source, "doe-"),
    (Substance, "plant"),
    (EvidenceItem, "study"),
    (RegulatoryStatus, "place"),
    (Assessment, "ache"),
    (Synonym, "name"),
]


@pytest.mark.parametrize(
    ("model", "word"), SEARCHED, ids=lambda each: getattr(each, "__name__", "")
)
@pytest.mark.parametrize(
    ("most_keys", "times"),
    [
        pytest.param(10_000, 1, id="few"),
        # Asked for the keys, which are too many, for the count, and for those of the page.
        pytest.param(1, 3, id="too many to hand over"),
    ],
)
def test_a_list_searches_once_and_reads_its_rows_by_their_keys(
    desk, monkeypatch, model, word, most_keys, times
):
    monkeypatch.setattr(FoundFirst, "MOST_KEYS", most_keys)
    rows = [MAKERS[model](number) for number in (1, 2, 3)]

    with CaptureQueriesContext(connection) as captured:
        found = desk.get(page("changelist", model), {"q": word}).context["cl"]

    searched = [each for each in captured.captured_queries if "LIKE" in each["sql"]]
    assert len(searched) == times
    assert {row.pk for row in found.result_list} == {row.pk for row in rows}
    nothing = desk.get(page("changelist", model), {"q": "quokka"}).context["cl"]
    assert nothing.result_count == 0


@pytest.mark.parametrize("most_keys", [10_000, 1])
def test_what_was_found_by_several_of_its_names_is_counted_once(
    desk, monkeypatch, most_keys
):
    monkeypatch.setattr(FoundFirst, "MOST_KEYS", most_keys)
    for leaf in ("Kratom", "Kratum"):
        make.substance(name=leaf, synonyms=["kratom leaf", "kratom tea", "kratom dust"])

    found = desk.get("/admin/kb/substance/", {"q": "kratom"}).context["cl"]

    assert (found.result_count, len(found.result_list)) == (2, 2)


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_a_desk_asks_as_often_and_holds_as_much_beside_30_rows_as_beside_3(desk, model):
    """A list to choose from that grows with the records would show here."""

    def opened(address: str) -> tuple[int, bytes]:
        ContentType.objects.clear_cache()
        with CaptureQueriesContext(connection) as captured:
            response = desk.get(address)
        assert response.status_code == 200
        return len(captured), response.content

    def beside(*numbers: int) -> Asked:
        with make.many():
            for number in numbers:
                MAKERS[model](number)
        by_list, _ = opened(page("changelist", model))
        by_change_page, text = opened(change(row))
        return Asked(by_list, by_change_page, text.count(b"<option"))

    row = MAKERS[model](0)
    few = beside(1, 2)
    many = beside(*range(3, 30))

    assert many.by_list == few.by_list
    # What uses it is counted once it is more than is listed.
    assert many.by_change_page - few.by_change_page in (0, 1)
    assert many.options == few.options
    # Session, user, two counts, the rows; then each filter's choices: 2 for subjects.
    assert few.by_list <= 10
    # A subject has ten tables of parts, each read at once with what names its rows.
    assert few.by_change_page <= 40


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


@pytest.mark.parametrize(
    "make",
    [
        numbered.substance,
        numbered.alkaloid,
        numbered.symptom,
        numbered.source,
        numbered.claim,
        numbered.region,
    ],
)
def test_view_on_site_leads_to_the_page_of_the_record(desk, make):
    record = make()

    response = desk.get(change(record))

    assert f'href="{record.get_absolute_url()}"' in response.content.decode()


def test_view_on_site_is_not_offered_for_a_draft(desk):
    draft = numbered.substance(state="draft")

    response = desk.get(change(draft))

    assert "View on site" not in response.content.decode()


def test_every_link_can_be_searched(desk):
    """An autocomplete asks the other desk, which needs search fields and an order."""
    numbered.item()
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


def test_the_desk_is_closed_to_others(client):
    for model in REGISTERED:
        assert client.get(page("changelist", model)).status_code == 302
