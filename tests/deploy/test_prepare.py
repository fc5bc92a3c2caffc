"""`make run` loads what is new in the dataset and leaves the curators' work alone."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from deploy import prepare
from kb.models import Region

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(tmp_path: Path, settings: Any) -> Path:
    settings.VAR_DIR = tmp_path / "var"
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def write_regions(dataset: Path, **names: str) -> None:
    """Ship these regions: write_regions(dataset, US="United States")."""
    regions = [
        {"code": code, "kind": "region", "name": name, "region_kind": "country"}
        for code, name in names.items()
    ]
    (dataset / "regions.json").write_text(json.dumps(regions), encoding="utf-8")


def names_of_regions() -> dict[str, str]:
    return dict(Region.objects.values_list("code", "name"))


def test_the_first_run_loads_everything(dataset: Path) -> None:
    write_regions(dataset, US="United States", DE="Germany")

    prepare.load_dataset(dataset)

    assert names_of_regions() == {"US": "United States", "DE": "Germany"}


def test_the_next_run_leaves_a_curators_edit_alone(dataset: Path) -> None:
    write_regions(dataset, US="United States")
    prepare.load_dataset(dataset)
    Region.objects.filter(code="US").update(name="United States of America")

    prepare.load_dataset(dataset)

    assert names_of_regions() == {"US": "United States of America"}


def test_a_new_dataset_changes_only_the_records_that_it_changes(dataset: Path) -> None:
    write_regions(dataset, US="United States", DE="Germany")
    prepare.load_dataset(dataset)
    Region.objects.filter(code="US").update(name="United States of America")
    write_regions(dataset, US="United States", DE="Federal Republic", FR="France")

    prepare.load_dataset(dataset)

    assert names_of_regions() == {
        "US": "United States of America",
        "DE": "Federal Republic",
        "FR": "France",
    }


def test_a_database_that_was_filled_otherwise_is_left_alone(
    dataset: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_regions(dataset, US="United States")
    prepare.load_dataset(dataset)
    prepare.stamp_file().unlink()
    Region.objects.filter(code="US").update(name="United States of America")

    prepare.load_dataset(dataset)

    assert names_of_regions() == {"US": "United States of America"}
    assert "manage.py import data" in capsys.readouterr().out


def test_a_database_that_was_emptied_is_filled_again(dataset: Path) -> None:
    write_regions(dataset, US="United States")
    prepare.load_dataset(dataset)
    Region.objects.all().delete()

    prepare.load_dataset(dataset)

    assert names_of_regions() == {"US": "United States"}


def test_a_broken_dataset_stops_the_start_and_names_the_place(dataset: Path) -> None:
    (dataset / "regions.json").write_text("[{]", encoding="utf-8")

    with pytest.raises(prepare.CannotStart, match=r"regions\.json: line 1, column 3"):
        prepare.load_dataset(dataset)


@pytest.mark.parametrize("given", ["", "http", "0", "70000"])
def test_a_port_that_is_none_is_refused(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", given)

    with pytest.raises(prepare.CannotStart, match="a number from 1 to 65535"):
        prepare.check_port()


def test_a_port_in_use_is_named_before_anything_else_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))

        with pytest.raises(prepare.CannotStart, match="Take another one: PORT=9000"):
            prepare.check_port()
