"""What the index missed while it was not there is worked off."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from kb.models import Substance
from search import freshness, upkeep
from search.engine import SearchUnavailable, get_engine
from search.models import PendingKey
from tests import make
from tests.search.following import drift, found

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_index():
    """An index that is there, as on a running site."""
    upkeep.rebuild()


@pytest.fixture
def broken(monkeypatch):
    """An index that can be neither read nor written until it is mended."""

    class Broken:
        def __getattr__(self, name):
            raise SearchUnavailable("The disk is full.")

    is_broken = [True]
    whole = get_engine()

    def engine():
        return Broken() if is_broken[0] else whole

    for module in (freshness, upkeep):
        monkeypatch.setattr(module, "get_engine", engine)

    return lambda: is_broken.__setitem__(0, False)


def test_an_edit_never_fails_because_of_the_index(broken):
    kratom = make.substance(name="Quetzalcoatlus")

    assert Substance.objects.get() == kratom
    assert [each.key for each in PendingKey.objects.all()] == [kratom.record_key]


def test_what_is_left_is_worked_off_by_update(broken):
    kratom = make.substance(name="Quetzalcoatlus")
    broken()  # mend it

    call_command("search_index", "update")

    assert found("quetzalcoatlus") == {kratom.record_key}
    assert not PendingKey.objects.exists()


def test_what_is_left_is_worked_off_with_the_next_edit(broken):
    kratom = make.substance(name="Quetzalcoatlus")
    broken()

    make.substance(name="Another")

    assert found("quetzalcoatlus") == {kratom.record_key}
    assert not PendingKey.objects.exists()


def test_a_deletion_that_the_index_missed_is_worked_off_too(broken, monkeypatch):
    broken()
    kratom = make.substance(name="Quetzalcoatlus")
    PendingKey.objects.create(key=kratom.record_key)
    Substance.objects.filter(pk=kratom.pk)._raw_delete("default")

    freshness.work_off()

    assert not found("quetzalcoatlus")


def test_a_note_stands_once_however_often_a_record_changed(broken):
    kratom = make.substance()
    for _ in range(3):
        kratom.save()

    assert PendingKey.objects.filter(key=kratom.record_key).count() == 1


def test_a_note_written_while_it_was_worked_off_is_not_struck_out(monkeypatch):
    """The record changed again after its document was made: the note must stay."""
    kratom = make.substance(name="Before")
    PendingKey.objects.create(key=kratom.record_key)
    engine = get_engine()
    index = engine.index

    def slow_index(documents):
        index(list(documents))
        PendingKey.objects.get(key=kratom.record_key).save()
        monkeypatch.setattr(engine, "index", index)

    monkeypatch.setattr(engine, "index", slow_index)
    Substance.objects.filter(pk=kratom.pk).update(name="After")

    freshness.work_off()

    assert found("after") == {kratom.record_key}
    assert not PendingKey.objects.exists()


def test_two_who_follow_at_once_never_put_back_what_was(monkeypatch):
    """While one process has read a record, another changes, indexes and strikes it out:
    the first must not write its older document over the newer one."""
    kratom = make.substance(name="Before")
    PendingKey.objects.create(key=kratom.record_key)
    engine = get_engine()
    monkeypatch.setattr(engine.store, "lock_wait_s", 0.05)
    remove = engine.remove

    def another_is_quicker(keys):
        monkeypatch.setattr(engine, "remove", remove)
        kratom.name = "After"
        kratom.save()  # its own following has to wait, and leaves the note
        remove(keys)

    monkeypatch.setattr(engine, "remove", another_is_quicker)

    freshness.work_off()

    assert found("after") == {kratom.record_key}
    assert not found("before")
    assert not drift()


def test_what_changes_while_an_index_is_made_anew_is_in_it(monkeypatch):
    kratom = make.substance(slug="kratom", name="Before")
    make.substance(slug="kava", name="Kava")
    every = upkeep.all_documents

    def changed_meanwhile():
        documents = every()
        yield next(documents)
        kratom.name = "After"
        kratom.save()
        yield from documents

    monkeypatch.setattr(upkeep, "all_documents", changed_meanwhile)

    upkeep.rebuild()

    monkeypatch.undo()
    assert found("after") == {kratom.record_key}
    assert not drift()
