"""The audit trail: what it keeps, and that nobody changes it, nor any history."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test import Client

from kb import review
from kb.accounts import append_only, audit
from kb.choices import AuditEvent
from kb.models import AuditEntry, Change, Curator, Substance
from kb.models.accounts import NeverChanged
from tests import make

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough one"


@pytest.fixture
def mitra(django_user_model):
    return django_user_model.objects.create_superuser("mitra", password=PASSWORD)


def events():
    return list(AuditEntry.objects.order_by("pk").values_list("event", flat=True))


# Append-only


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(username="somebody else"),
        lambda rows: rows._raw_delete(rows.db),
    ],
    ids=["update", "delete"],
)
def test_the_database_refuses_to_change_the_trail(mitra, change):
    entry = audit.record(AuditEvent.EXPORTED, user=mitra)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change(AuditEntry.objects.filter(pk=entry.pk))

    assert AuditEntry.objects.get(pk=entry.pk).username == "mitra"


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(name="Something else"),
        lambda rows: rows._raw_delete(rows.db),
    ],
    ids=["update", "delete"],
)
def test_the_database_refuses_to_change_what_history_says(change):
    kratom = make.substance(name="Kratom")

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change(Substance.history.filter(id=kratom.pk))

    assert kratom.history.get().name == "Kratom"


def test_a_line_of_the_trail_refuses_in_words_before_the_database_does(mitra):
    entry = audit.record(AuditEvent.EXPORTED, user=mitra)

    with pytest.raises(NeverChanged):
        entry.save()
    with pytest.raises(NeverChanged):
        entry.delete()


def test_every_history_is_protected():
    models = {Substance.history.model, Curator.history.model}

    assert {model._meta.db_table for model in models} <= set(append_only.tables())
    assert "kb_auditentry" in append_only.tables()
    assert "articles_historicalarticle" in append_only.tables()


def test_a_migration_may_lift_the_protection_and_it_comes_back():
    kratom = make.substance(name="Kratom")

    with append_only.lifted():
        Substance.history.filter(id=kratom.pk).update(name="Ketum")

    assert kratom.history.get().name == "Ketum"
    with pytest.raises(IntegrityError), transaction.atomic():
        Substance.history.filter(id=kratom.pk).update(name="Kratom")


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no TRUNCATE to refuse"
)
def test_the_trail_is_not_emptied_at_once_either():
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE kb_auditentry")


# What it keeps


def test_it_keeps_who_came_went_failed_and_was_locked_out(client, mitra):
    for _ in range(5):
        client.post("/admin/login/", {"login": "mitra", "password": "wrong"})
    other = Client(REMOTE_ADDR="192.0.2.77")
    other.force_login(mitra)
    other.post("/admin/logout/")

    assert events() == [
        "account-changed",
        *["login-failed"] * 5,
        "locked-out",
        "logged-in",
        "logged-out",
    ]


def test_the_address_is_kept_short(mitra):
    client = Client(REMOTE_ADDR="192.0.2.77")
    client.post("/admin/login/", {"login": "mitra", "password": PASSWORD})
    client = Client(REMOTE_ADDR="2001:db8:1:2:3::4")
    client.post("/admin/login/", {"login": "mitra", "password": PASSWORD})

    found = AuditEntry.objects.filter(event="logged-in").order_by("pk")
    assert [each.address for each in found] == ["192.0.2.0/24", "2001:db8:1::/48"]


def test_it_keeps_a_factor_that_came_and_went(client, mitra):
    client.post("/admin/login/", {"login": "mitra", "password": PASSWORD})
    again = "/admin/account/again/?next=/admin/"
    TOTP.activate(mitra, "JBSWY3DPEHPK3PXP")
    client.post(again, {"password": PASSWORD})

    client.post("/admin/account/second-factor/totp/deactivate/")

    assert events()[-1] == "factor-removed"


def test_it_keeps_changes_of_rights_and_passwords(admin_client, mitra):
    person = make.user(username="reviewer", is_staff=False)
    group = Group.objects.get(name="Reviewer")

    admin_client.post(
        f"/admin/auth/user/{person.pk}/change/",
        {
            "username": "reviewer",
            "is_active": "on",
            "is_staff": "on",
            "groups": [group.pk],
            "date_joined_0": "2026-11-01",
            "date_joined_1": "12:00:00",
        },
    )
    admin_client.post(
        f"/admin/auth/user/{person.pk}/password/",
        {
            "password1": "another long one",
            "password2": "another long one",
            "usable_password": "true",
        },
    )

    kept = AuditEntry.objects.filter(about="account reviewer", username="admin")
    details = list(kept.order_by("pk").values_list("event", "detail"))
    assert details == [
        ("account-changed", "is_staff: False → True"),
        ("account-changed", "groups given: Reviewer"),
        ("password-changed", ""),
    ]


def test_it_keeps_who_approved_what(mitra):
    author, reviewer = make.user(username="author"), make.user(username="reviewer")
    reviewer.groups.add(Group.objects.get(name="Reviewer"))
    Curator.objects.create(
        user=reviewer, interests="None.", interests_stated_on="2999-01-01"
    )
    draft = make.substance(slug="kava", state="draft")
    change = review.send_to_review(draft, by=author, reason="Ready to show.")

    review.approve(Change.objects.get(pk=change.pk), by=reviewer)

    entry = AuditEntry.objects.first()
    assert (entry.event, entry.username) == ("approved", "reviewer")
    assert entry.about == f"change {change.pk}: substance kava"


def test_it_keeps_who_published_and_withdrew_at_once(mitra):
    draft = make.substance(slug="kava", state="draft")

    review.publish(draft, by=mitra)
    review.withdraw_record(draft, by=mitra)

    found = AuditEntry.objects.order_by("pk").filter(about="substance:kava")
    assert [each.event for each in found] == ["published", "withdrawn"]


# Who reads it


def test_an_administrator_reads_it_and_cannot_write(admin_client, mitra):
    entry = audit.record(AuditEvent.EXPORTED, user=mitra, about="sources")
    page = f"/admin/kb/auditentry/{entry.pk}/change/"

    assert "sources" in admin_client.get("/admin/kb/auditentry/").content.decode()
    assert "_save" not in admin_client.get(page).content.decode()
    assert admin_client.post(page, {"about": "x"}).status_code == 403
    assert admin_client.get("/admin/kb/auditentry/add/").status_code == 403
    assert admin_client.post(page.replace("change", "delete")).status_code == 403


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("Contributor", 403),
        ("Reviewer", 403),
        ("Publisher", 403),
        ("Administrator", 200),
    ],
)
def test_only_administrators_read_it(client, role, status):
    person = make.user(username="somebody", is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    client.force_login(person)

    assert client.get("/admin/kb/auditentry/").status_code == status


def test_an_account_is_closed_not_deleted(admin_client, mitra):
    page = f"/admin/auth/user/{mitra.pk}/delete/"

    assert admin_client.post(page, {"post": "yes"}).status_code == 403
