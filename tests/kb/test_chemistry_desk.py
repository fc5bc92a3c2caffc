"""Looking at a pasted structure on an alkaloid's form, before anything is saved."""

from __future__ import annotations

import json

import pytest

from kb import structures
from kb.models import Alkaloid
from tests import make
from tests.desk import filled
from tests.serving import serving

pytestmark = pytest.mark.django_db

ADD = "/admin/kb/alkaloid/add/"
NICOTINE = "CN1CCC[C@H]1c1cccnc1"
MIRRORED = "CN1CCC[C@@H]1c1cccnc1"
INCHI = "InChI=1S/C10H14N2/c1-12-7-3-5-10(12)9-4-2-6-11-8-9/h2,4,6,8,10H,3,5,7H2,1H3/t10-/m0/s1"


@pytest.fixture
def pubchem(settings):
    with serving() as server:
        settings.FETCH_PRIVATE_HOSTS = [server.host]
        settings.PUBCHEM_URL = server.url
        yield server


def answer(server, cid, body, status=200):
    path = f"/compound/cid/{cid}/property/SMILES,Title/JSON"
    server.pages[path] = (status, {}, json.dumps(body).encode())


def look(client, pasted, address=ADD, **typed):
    sent = {**filled(client.get(address)), "_pasted": pasted, "_look": "1", **typed}
    response = client.post(address, sent)
    assert response.status_code == 200
    return response


def test_a_smiles_is_drawn_and_computed_and_nothing_is_saved(admin_client):
    response = look(admin_client, "c1ncccc1[C@@H]1CCCN1C", name="Nicotine")

    found = response.context["look"].structure
    page = response.content.decode()
    assert Alkaloid.objects.count() == 0
    assert found.smiles == structures.read_structure(NICOTINE).smiles
    for shown in (found.smiles, "C10H14N2", "162.236 g/mol", found.inchikey, "<svg"):
        assert shown in page
    form = response.context["adminform"].form
    assert form["smiles"].value() == found.smiles
    assert form["name"].value() == "Nicotine"
    assert "errornote" not in page, "what is still empty is no error of a look"
    assert "errorlist" not in page


def test_an_inchi_leads_to_the_same_compound(admin_client):
    response = look(admin_client, INCHI)

    same = structures.read_structure(NICOTINE)
    assert response.context["look"].structure.inchikey == same.inchikey


@pytest.mark.parametrize("pasted", ["89594", "CID 89594", "pubchem cid: 89594"])
def test_a_pubchem_number_brings_structure_name_and_identifier(
    admin_client, pubchem, pasted
):
    properties = [{"CID": 89594, "SMILES": NICOTINE, "Title": "Nicotine"}]
    answer(pubchem, 89594, {"PropertyTable": {"Properties": properties}})

    response = look(admin_client, pasted)

    form = response.context["adminform"].form
    assert form["name"].value() == "Nicotine"
    assert form["smiles"].value() == structures.read_structure(NICOTINE).smiles
    assert 'value="89594"' in response.content.decode()
    assert Alkaloid.objects.count() == 0


def test_what_was_looked_up_can_be_saved_as_it_stands(admin_client, pubchem):
    properties = [{"CID": 89594, "SMILES": NICOTINE, "Title": "Nicotine"}]
    answer(pubchem, 89594, {"PropertyTable": {"Properties": properties}})
    sent = filled(admin_client.get(ADD))
    response = admin_client.post(ADD, {**sent, "_pasted": "89594", "slug": "nicotine"})
    context = response.context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    fields = [field for form in forms for field in form]
    sent = {field.html_name: field.value() for field in fields if field.value()}

    saved = admin_client.post(ADD, sent)

    assert saved.status_code == 302, saved.context["errors"]
    nicotine = Alkaloid.objects.get(slug="nicotine")
    assert [each.value for each in nicotine.external_ids.all()] == ["89594"]


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (404, {}, "PubChem has no compound with the number 7."),
        (503, {}, "PubChem answered with status 503."),
        (200, {"Fault": {}}, "PubChem's answer holds no structure."),
        (200, [], "PubChem's answer holds no structure."),
    ],
)
def test_what_pubchem_cannot_say_is_told_in_place(
    admin_client, pubchem, status, body, said
):
    answer(pubchem, 7, body, status)

    response = look(admin_client, "7")

    problem = response.context["look"].problem
    assert problem == said


def test_when_pubchem_cannot_be_reached_the_form_says_so(admin_client, settings):
    settings.PUBCHEM_URL = "http://127.0.0.1:9"

    response = look(admin_client, "7")

    assert "PubChem could not be asked" in response.content.decode()


def test_an_impossible_molecule_is_refused_in_the_words_of_the_library(admin_client):
    response = look(admin_client, "CC(C)(C)(C)C", name="Kept")

    page = response.content.decode()
    assert "Explicit valence for atom # 1 C, 5, is greater than permitted" in page
    assert 'aria-invalid="true"' in page
    assert response.context["adminform"].form["name"].value() == "Kept"


def test_duplicates_and_other_arrangements_are_shown_first(admin_client):
    make.alkaloid(name="Nicotine", smiles=NICOTINE)
    make.alkaloid(name="Mirrored nicotine", smiles=MIRRORED, state="draft")
    make.alkaloid(name="Something else")

    response = look(admin_client, NICOTINE)

    found = response.context["look"]
    assert [str(each) for each in found.same] == ["Nicotine"]
    assert [str(each) for each in found.same_skeleton] == ["Mirrored nicotine"]
    assert "is recorded already (published)" in response.content.decode()


def test_a_record_is_no_duplicate_of_itself(admin_client):
    nicotine = make.alkaloid(name="Nicotine", smiles=NICOTINE)

    response = look(admin_client, "", f"/admin/kb/alkaloid/{nicotine.pk}/change/")

    assert response.context["look"].same == []
    assert "Not recorded yet." in response.content.decode()


def test_enter_in_the_box_looks_and_never_saves(admin_client):
    sent = filled(admin_client.get(ADD))
    sent |= {"name": "Nicotine", "slug": "nicotine", "smiles": NICOTINE}

    response = admin_client.post(ADD, {**sent, "_pasted": MIRRORED, "_save": "Save"})

    assert response.status_code == 200
    assert Alkaloid.objects.count() == 0
