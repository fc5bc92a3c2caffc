"""`search_index rebuild|update|check`: make the index, mend it, prove that it is whole."""

from __future__ import annotations

import gc
import io
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from kb.models import Substance
from search.engine import get_engine
from search.models import PendingKey
from search.query import parse
from tests import make

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # Whoosh leaves a damaged file open; the collector closes it.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def run(action, **options):
    """Return (exit status, what it said)."""
    said = io.StringIO()
    try:
        call_command("search_index", action, stdout=said, **options)
    except SystemExit as exit:
        return exit.code, said.getvalue()
    return 0, said.getvalue()


def found(text):
    return [hit.key for hit in get_engine().search(parse(text)).hits]


def folder():
    return Path(settings.SEARCH_URL.removeprefix("whoosh://"))


def behind_its_back(**values):
    """Change the database as SQL would: no signal, no note."""
    Substance.objects.update(**values)


def test_rebuild_makes_an_index_of_all_that_is_published():
    make.whole_subject(slug="kratom", name="Kratom")
    make.substance(state="draft", name="Hidden")
    shutil.rmtree(folder())
    get_engine.cache_clear()

    status, said = run("rebuild")

    assert status == 0
    assert "documents indexed." in said
    assert found("kratom")[0] == "substance:kratom"
    assert not found("hidden")
    assert run("check")[0] == 0


def test_rebuild_counts_its_documents():
    make.substance()
    make.symptom()
    make.source(state="draft")

    assert run("rebuild") == (0, "2 documents indexed.\n")


def test_rebuild_leaves_no_note_behind():
    make.substance()
    PendingKey.objects.create(key="substance:whatever")

    run("rebuild")

    assert not PendingKey.objects.exists()


def test_rebuild_if_needed_leaves_a_whole_index_alone():
    make.substance()
    run("rebuild")

    assert run("rebuild", if_needed=True) == (0, "The index is whole.\n")


def test_rebuild_if_needed_rebuilds_what_is_missing_or_differs():
    make.substance(name="Before")
    run("rebuild")

    behind_its_back(name="After")

    assert run("rebuild", if_needed=True) == (0, "1 documents indexed.\n")
    assert found("after")


def test_check_says_that_all_is_well():
    make.whole_subject()
    run("rebuild")

    assert run("check") == (0, "The index holds exactly what is published.\n")


def test_check_of_an_empty_instance_is_fine():
    run("rebuild")

    assert run("check")[0] == 0


def test_check_finds_what_is_missing():
    run("rebuild")
    Substance.objects.bulk_create(
        [Substance(slug="kratom", name="Kratom", category="plant", state="published")]
    )

    status, said = run("check")

    assert status == 1
    assert "missing: substance:kratom" in said
    assert "1 differences." in said


def test_check_finds_what_is_outdated():
    make.substance(slug="kratom")
    run("rebuild")
    behind_its_back(summary="Other words.")

    status, said = run("check")

    assert (status, "outdated: substance:kratom" in said) == (1, True)


def test_check_finds_what_should_not_be_there():
    make.substance(slug="kratom")
    run("rebuild")
    behind_its_back(state="withdrawn")

    status, said = run("check")

    assert (status, "surplus: substance:kratom" in said) == (1, True)


def test_check_changes_nothing():
    make.substance()
    run("rebuild")
    behind_its_back(name="After")

    run("check")

    assert not found("after")
    assert run("check")[0] == 1


def test_update_mends_all_of_it():
    make.substance(slug="outdated", name="Before")
    surplus = make.substance(slug="surplus")
    run("rebuild")
    Substance.objects.filter(slug="outdated").update(name="After")
    Substance.objects.filter(pk=surplus.pk).update(state="draft")
    Substance.objects.bulk_create(
        [Substance(slug="missing", name="Missing", category="plant", state="published")]
    )

    assert run("update") == (0, "3 documents mended.\n")

    assert run("check")[0] == 0
    assert found("after") == ["substance:outdated"]
    assert found("missing") == ["substance:missing"]


def test_update_with_nothing_to_do_says_so():
    make.substance()
    run("rebuild")

    assert run("update") == (0, "Nothing to mend.\n")


def test_update_where_there_is_no_index_makes_one():
    make.substance(slug="kratom", name="Kratom")
    get_engine().close()
    shutil.rmtree(folder())
    get_engine.cache_clear()

    status, _ = run("update")

    assert status == 0
    assert found("kratom") == ["substance:kratom"]
    assert run("check")[0] == 0


@pytest.fixture
def damage():
    """Overwrite the files of the index with nonsense, as a failing disk would."""

    def damage():
        get_engine().close()
        get_engine.cache_clear()
        files = list(folder().rglob("*.seg"))
        assert files
        for file in files:
            file.write_bytes(b"nonsense" * 8)

    yield damage
    gc.collect()


@pytest.mark.parametrize("action", ["check", "update"])
def test_a_damaged_index_is_reported_and_never_silently_made_anew(action, damage):
    make.substance()
    run("rebuild")
    damage()

    with pytest.raises(CommandError, match="search_index rebuild"):
        run(action)


def test_rebuild_mends_a_damaged_index(damage):
    make.substance(slug="kratom", name="Kratom")
    run("rebuild")
    damage()

    assert run("rebuild")[0] == 0

    assert found("kratom") == ["substance:kratom"]


def flip_a_bit():
    """Change one bit in the middle of a posting file, as a tired disk does."""
    path = next(get_engine().store.current().glob("*.arrays"))
    get_engine().close()
    get_engine.cache_clear()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    return path.name


def test_check_finds_a_flipped_bit():
    make.substance(slug="kratom", name="Kratom")
    run("rebuild")
    name = flip_a_bit()

    status, said = run("check")

    assert status == 1
    assert f"damaged: {name} is not as it was written" in said


@pytest.mark.parametrize("action", ["update", "rebuild"])
def test_a_flipped_bit_is_mended(action):
    make.substance(slug="kratom", name="Kratom")
    run("rebuild")
    flip_a_bit()

    status, said = run(action)

    assert status == 0
    if action == "update":
        assert "The index was damaged and has been made anew." in said
    assert run("check")[0] == 0
    assert found("kratom") == ["substance:kratom"]


def test_rebuild_if_needed_mends_a_flipped_bit():
    make.substance()
    run("rebuild")
    flip_a_bit()

    assert run("rebuild", if_needed=True) == (0, "1 documents indexed.\n")
