"""What follows from a SMILES, and what a structure looks like."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from kb.structures import BadStructure, read_structure
from tests import make

NICOTINE = "CN1CCC[C@H]1C2=CN=CC=C2"


@pytest.mark.parametrize(
    ("smiles", "inchikey", "formula", "molar_mass"),
    [
        (NICOTINE, "SNICXCGAKADSCV-JTQLQIEISA-N", "C10H14N2", 162.236),
        (
            "CN1C=NC2=C1C(=O)N(C(=O)N2C)C",
            "RYYVLZVUVIJVGH-UHFFFAOYSA-N",
            "C8H10N4O2",
            194.194,
        ),
        (make.MITRAGYNINE, "LELBFTMXCIIKKX-QVRQZEMUSA-N", "C23H30N2O4", 398.503),
    ],
    ids=["nicotine", "caffeine", "mitragynine"],
)
def test_a_known_compound_has_its_known_identity(smiles, inchikey, formula, molar_mass):
    found = read_structure(smiles)

    assert (found.inchikey, found.formula) == (inchikey, formula)
    assert found.molar_mass == pytest.approx(molar_mass, abs=0.002)


def test_the_mirror_image_is_another_compound():
    mirrored = read_structure(NICOTINE.replace("@", "@@"))

    assert mirrored.inchikey != read_structure(NICOTINE).inchikey
    assert mirrored.formula == read_structure(NICOTINE).formula


@pytest.mark.parametrize(
    ("smiles", "sentence"),
    [
        ("", "A SMILES is needed"),
        ("   ", "A SMILES is needed"),
        ("kratom", "cannot be read as a SMILES"),
        ("C1CC", "cannot be read as a SMILES"),
        ("C(C", "cannot be read as a SMILES"),
        ("CN(C)(C)(C)C", "is no possible molecule"),
        ("c1cccc1", "is no possible molecule"),
    ],
)
def test_what_is_no_molecule_gets_a_sentence(smiles, sentence):
    with pytest.raises(BadStructure, match=sentence):
        read_structure(smiles)


def test_the_drawing_keeps_to_the_policy_of_the_pages():
    drawing = ElementTree.fromstring(read_structure(make.MITRAGYNINE).svg)

    for element in drawing.iter():
        assert element.tag.endswith(("svg", "path", "rect", "text", "g")), element.tag
        assert not {"style", "class"} & set(element.attrib), element.attrib
        assert not [name for name in element.attrib if name.startswith("on")]
    assert drawing.get("viewBox") == "0 0 420 300"


def test_the_drawing_takes_the_ink_of_the_page():
    drawing = read_structure(NICOTINE).svg

    assert "currentColor" in drawing
    assert "#000" not in drawing
    assert "#FFF" not in drawing.upper()


@pytest.mark.django_db
def test_an_alkaloid_computes_its_identity_at_save():
    nicotine = make.alkaloid(smiles=NICOTINE)

    nicotine.refresh_from_db()

    assert nicotine.inchikey == "SNICXCGAKADSCV-JTQLQIEISA-N"
    assert nicotine.formula == "C10H14N2"
    assert nicotine.molar_mass == pytest.approx(162.236)
    assert nicotine.drawing.startswith("<svg")


@pytest.mark.django_db
def test_a_new_structure_replaces_all_that_followed_from_the_old():
    alkaloid = make.alkaloid(smiles=NICOTINE)

    alkaloid.smiles = make.MITRAGYNINE
    alkaloid.save()

    alkaloid.refresh_from_db()
    assert alkaloid.formula == "C23H30N2O4"
    assert alkaloid.drawing == read_structure(make.MITRAGYNINE).svg
