"""The table of places of ISO 3166-2: whole, in order, and made as its maker says."""

from __future__ import annotations

import re

import pytest

from kb import gazetteer
from kb.gazetteer import make as maker

CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


def test_every_place_has_a_code_a_name_a_kind_and_something_it_lies_in():
    places = gazetteer.places()

    assert len(places) > 5000
    for code, place in places.items():
        assert CODE.fullmatch(code)
        assert place.name == place.name.strip() != ""
        assert place.kind
        assert place.parent in places or place.parent == code[:2]
        assert gazetteer.above(code)[-1] == code[:2]


def test_a_code_no_longer_in_use_leads_to_one_that_is():
    for old, new in gazetteer.retired().items():
        assert old != new
        assert new in gazetteer.places() or re.fullmatch("[A-Z]{2}", new)
        assert new not in gazetteer.retired()


@pytest.mark.parametrize(
    ("code", "name", "kind", "parent"),
    [
        ("ES-CT", "Catalonia", "Autonomous community", "ES"),
        ("ES-B", "Barcelona", "Province", "ES-CT"),
        ("FR-IDF", "Île-de-France", "Metropolitan region", "FR"),
        ("DE-BY", "Bavaria", "Land", "DE"),
        ("AT-9", "Vienna", "State", "AT"),
        ("NG-DE", "Delta", "State", "NG"),
        ("AR-S", "Santa Fe", "Province", "AR"),
    ],
)
def test_places_carry_their_english_names(code, name, kind, parent):
    assert gazetteer.places()[code][:4] == (code, name, kind, parent)


@pytest.mark.parametrize(
    ("old", "new"),
    [("CN-11", "CN-BJ"), ("CA-NF", "CA-NL"), ("CN-HK", "HK"), ("FR-75", "FR-75C")],
)
def test_known_codes_lead_on(old, new):
    assert gazetteer.retired()[old] == new


def test_the_maker_reads_names_parents_and_what_became_of_a_code(tmp_path, monkeypatch):
    listed = tmp_path / "list.csv"
    listed.write_text(
        "alphaCode,subdivisionCode,name,localOtherName,type,parentCode,history\n"
        'XX,XX-A,Norder [Nord],"Northern Land (eng), Norderland (deu)",Region,,'
        "\"[{'Change': 'Codes: Norder: XX-1 -> XX-A. Parent changes: XX-B XX-2 -> XX-A.'}]\"\n"
        'XX,XX-B,Santa Lucia,"Holy Light (eng)",Province,XX-A,\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(maker, "HERE", tmp_path)
    monkeypatch.setattr("sys.argv", ["make", str(listed)])

    assert maker.main() == 0

    lines = (tmp_path / "places.tsv").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[:4] for line in lines] == [
        ["XX-A", "Northern Land", "Region", ""],
        ["XX-B", "Santa Lucia", "Province", "XX-A"],
    ]
    retired = (tmp_path / "retired.tsv").read_text(encoding="utf-8")
    assert "XX-1\tXX-A\n" in retired
    assert "XX-2" not in retired
