"""Public lists: mapped to our records, proposed or drafted, and never taken in twice.

The files in `lists/` are excerpts of the real ones (NOTICES.md).
"""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.utils import timezone

from exchange.lists import LISTS
from exchange.lists.known import Known
from kb import review
from kb.models import (
    Alkaloid,
    Change,
    Curator,
    Occurrence,
    RegulatoryStatus,
    Source,
    Substance,
    Symptom,
    Synonym,
)
from tests import make

pytestmark = pytest.mark.django_db

EXCERPTS = Path(__file__).parent / "lists"
HEADER = "organism_name,structure_name,inchikey,smiles,cas,chembl_id,doi"
MITRAGYNINE = "CC[C@@H]1CN2CCC3=C([C@@H]2C[C@@H]1/C(=C\\OC)/C(=O)OC)NC4=C3C(=CC=C4)OC"
NICOTINE = "CN1CCC[C@H]1c1cccnc1"


@pytest.fixture
def lena():
    made = make.user(username="lena", is_staff=True)
    made.groups.add(Group.objects.get(name="Publisher"))
    return made


@pytest.fixture
def take(lena, capsys):
    """Run the command and return what it printed."""

    def take(name, path=EXCERPTS, *, by="lena", fails=False, **options):
        status = 0
        try:
            call_command("import_list", name, str(path), by=by, **options)
        except SystemExit as stop:
            status = stop.code
        assert status == (1 if fails else 0)
        printed = capsys.readouterr()
        return printed.out + printed.err

    return take


@pytest.fixture
def occurrences(tmp_path):
    def write(*rows, header=HEADER):
        path = tmp_path / "occurrences.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return write


def everything():
    models = (Alkaloid, Change, Occurrence, RegulatoryStatus, Source, Substance)
    return [model.objects.count() for model in (*models, Symptom, Synonym)]


def parts(change, part):
    known = {str(each) for each in change.base[part]}
    return [each for each in change.proposed[part] if str(each) not in known]


def test_a_scheduled_drug_becomes_a_proposal_with_the_list_as_its_source(take):
    make.region(code="US")
    make.substance(slug="methadone", name="Methadone")

    printed = take("us-schedules")

    assert "1 statuses proposed" in printed
    assert RegulatoryStatus.objects.count() == 0, "nothing moves before a second look"
    (change,) = Change.objects.all()
    assert change.proposed["subject"] == "substance:methadone"
    assert change.proposed["schedule"] == "Schedule II"
    assert change.proposed["source"] == "dea-controlled-substances-2020"
    assert change.proposed["verified_on"] is None
    assert change.proposed["possession"] == "not-stated"
    assert Source.objects.get(slug="dea-controlled-substances-2020").state == "draft"


def test_somebody_else_approves_it_and_then_it_holds(take, lena):
    make.region(code="US")
    make.substance(slug="methadone", name="Methadone")
    take("us-schedules")
    (change,) = Change.objects.all()
    with pytest.raises(review.NotAllowed):
        review.approve(change, by=lena)
    reviewer = make.user(username="omar", is_staff=True)
    reviewer.groups.add(Group.objects.get(name="Reviewer"))
    Curator.objects.create(
        user=reviewer, interests="None.", interests_stated_on=timezone.localdate()
    )

    review.approve(change, by=reviewer)

    status = RegulatoryStatus.objects.get()
    assert (status.status, status.schedule) == ("controlled", "Schedule II")


def test_what_our_records_say_already_is_left_alone(take):
    region = make.region(code="US")
    same = make.substance(slug="methadone", name="Methadone")
    other = make.substance(slug="cannabis", name="Cannabis")
    for subject, schedule in ((same, "Schedule II"), (other, "Schedule V")):
        make.status(
            substance=subject, region=region, status="controlled", schedule=schedule
        )

    printed = take("us-schedules")

    assert Change.objects.count() == 0
    assert "1 known already" in printed
    assert "1 our record names another schedule: look at both" in printed


@pytest.mark.parametrize("kinds", ["two substances", "two substances and an alkaloid"])
def test_a_name_that_several_of_our_records_have_is_not_given_to_one_of_them(
    take, kinds
):
    make.region(code="US")
    for slug in ("methadone", "methadone-2"):
        make.substance(slug=slug, name="Methadone")
    if "alkaloid" in kinds:
        make.alkaloid(name="Methadone")

    printed = take("us-schedules", new=["substances"])

    assert "1 several records of ours have this name" in printed
    subjects = [change.proposed["subject"] for change in Change.objects.all()]
    assert not [each for each in subjects if each.endswith(":methadone")]
    assert Substance.objects.filter(name__iexact="methadone").count() == 2


def test_a_form_of_a_drug_is_said_to_be_one(take):
    make.region(code="US")
    make.substance(
        slug="dronabinol", name="Dronabinol", synonyms=[("Marinol", "trade")]
    )

    take("us-schedules")

    (change,) = Change.objects.all()
    assert change.proposed["form"].startswith("Dronabinol (synthetic) in sesame oil")
    assert "soft gelatin capsule" in change.proposed["summary"]


def test_what_canada_s_law_leaves_out_is_not_taken_for_listed(take):
    make.region(code="CA")
    for name in ("Naltrexone", "Naloxone", "Tramadol", "Morphine", "Ephedrine"):
        make.substance(slug=name.lower(), name=name)

    printed = take("canada-schedules")

    proposed = {change.proposed["subject"] for change in Change.objects.all()}
    assert proposed == {"substance:tramadol", "substance:morphine"}
    assert "2 an exception: the law leaves it out" in printed
    morphine = Change.objects.get(title__contains="morphine")
    assert "item 1(3) of Schedule I" in morphine.proposed["summary"]


@pytest.mark.parametrize("name", sorted(set(LISTS) - {"plant-compounds"}))
def test_a_second_run_adds_nothing(take, name):
    make.region(code="US")
    make.region(code="CA")
    make.substance(slug="kratom", name="Kratom")
    make.substance(slug="tramadol", name="Tramadol")
    make.symptom(slug="insomnia", name="Insomnia")
    take(name)
    before = everything()
    assert Change.objects.exists()

    printed = take(name)

    assert everything() == before
    assert "known already, or proposed before" in printed


def test_what_was_turned_down_is_not_asked_again_but_what_was_taken_back_is(take, lena):
    make.substance(slug="kratom", name="Kratom")
    take("misspellings")
    change = Change.objects.get()
    review.withdraw(change, by=lena)

    take("misspellings")
    assert Change.objects.open().count() == 1
    again = Change.objects.open().get()
    again.state, again.decision = "rejected", "Other words are among them."
    again.save()

    take("misspellings")
    assert Change.objects.open().count() == 0


def test_misspellings_are_proposed_without_those_that_are_names_or_far_off(take):
    make.substance(slug="kratom", name="Kratom", synonyms=["kratum"])

    take("misspellings")

    names = {each["name"]: each for each in parts(Change.objects.get(), "synonyms")}
    assert "keatom" in names
    assert names["keatom"]["kind"] == "misspelling"
    assert names["keatom"]["source"] == "redmed-misspellings"
    assert "kratum" not in names
    assert "krat" not in names, "two slips away"


def test_a_symptom_gets_its_number_and_its_other_names(take):
    make.symptom(slug="insomnia", name="Insomnia")

    printed = take("symptom-terms")

    change = Change.objects.get()
    assert [each["value"] for each in parts(change, "external_ids")] == ["SYMP:0000571"]
    assert [each["name"] for each in parts(change, "synonyms")] == ["agrypnia"]
    assert "1 withdrawn by the list itself" in printed
    assert Symptom.objects.count() == 1


def test_new_symptoms_are_drafts_and_no_sentence_of_theirs_is_published(take):
    take("symptom-terms", new=["symptoms"])
    before = everything()

    ataxia = Symptom.objects.get(name="ataxia")
    assert ataxia.state == "draft"
    assert ataxia.summary == ""
    assert "inability to coordinate" in ataxia.note
    assert [str(each) for each in ataxia.synonyms.all()] == ["uncoordination"]
    assert ataxia.history.get().history_user.username == "lena"
    take("symptom-terms", new=["symptoms"])
    assert everything() == before


def test_an_occurrence_is_mapped_by_structure_and_brings_its_article(take, occurrences):
    kratom = make.substance(name="Kratom", scientific_name="Mitragyna speciosa")
    mitragynine = make.alkaloid(name="Mitragynine", smiles=MITRAGYNINE)
    key = mitragynine.inchikey
    path = occurrences(f"Mitragyna speciosa,a name,{key},,,,10.1000/ABC")

    take("plant-compounds", path)

    change = Change.objects.get()
    (entry,) = parts(change, "contains")
    source = Source.objects.get(doi="10.1000/abc")
    assert (entry["alkaloid"], entry["source"]) == (mitragynine.slug, source.slug)
    assert entry["verification"] == "unverified"
    assert source.state == "draft"
    assert kratom.occurrences.count() == 0
    take("plant-compounds", path)
    assert Change.objects.count() == 1


def test_a_new_compound_is_a_draft_only_where_it_was_asked_for(take, occurrences):
    make.substance(name="Tobacco", scientific_name="Nicotiana tabacum")
    path = occurrences(
        f"Nicotiana tabacum,nicotine,,{NICOTINE},54-11-5,CHEMBL3,10.1000/1",
        "Nicotiana tabacum,solanesol,,CC(C)=CCO,,,10.1000/1",
        f"Unknown plant,nicotine,,{NICOTINE},,,10.1000/1",
    )

    printed = take("plant-compounds", path)
    assert Alkaloid.objects.count() == 0
    assert "2 no compound of ours has this structure or name" in printed
    printed = take("plant-compounds", path, new=["compounds", "plants"])

    nicotine = Alkaloid.objects.get()
    assert (nicotine.state, nicotine.name) == ("draft", "nicotine")
    assert {each.scheme for each in nicotine.external_ids.all()} == {"cas", "chembl"}
    assert "1 holds no nitrogen, so it is no alkaloid" in printed
    plant = Substance.objects.get(name="Unknown plant")
    assert plant.state == "draft"
    assert plant.occurrences.get().alkaloid == nicotine, "a draft takes it at once"
    before = everything()
    take("plant-compounds", path, new=["compounds", "plants"])
    assert everything() == before


def test_each_wrong_row_is_told_with_its_line_and_the_others_are_taken(
    take, occurrences, tmp_path
):
    make.substance(name="Tobacco", scientific_name="Nicotiana tabacum")
    make.alkaloid(name="Nicotine", smiles=NICOTINE)
    path = occurrences(
        "Nicotiana tabacum,nicotine,,,,,not a doi",
        "Nicotiana tabacum,nicotine,,C1CC,,,10.1000/1",
        "Nicotiana tabacum,nicotine,,,,,10.1000/2",
        "A weed,nicotine,,,,,10.1000/2",
        "=HYPERLINK(1),nicotine,,,,,10.1000/2",
    )
    report = tmp_path / "report.csv"

    printed = take("plant-compounds", path, report=report, fails=True)

    assert "line 2: doi: 'not a doi' is no DOI" in printed
    assert "line 3: 'C1CC' cannot be read as a SMILES" in printed
    assert "1 contains proposed" in printed
    with report.open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert [line["line"] for line in lines] == ["2", "3", "5", "6"]
    assert lines[3]["row"].startswith("'=HYPER"), "a spreadsheet would follow it"
    assert lines[2]["reason"] == "no plant of ours has this name"
    assert "A weed" in lines[2]["row"]


def test_a_number_that_does_not_fit_is_told_and_makes_half_a_record_of_nothing(
    take, occurrences
):
    path = occurrences(
        f"Areca catechu,nicotine,,{NICOTINE},{'50-00-0|' * 9},,10.1000/1",
        f"Areca catechu,mitragynine,,{MITRAGYNINE},,,10.1000/1",
    )

    printed = take("plant-compounds", path, new=["plants", "compounds"], fails=True)

    assert "line 2: value: Ensure this value has at most 40 characters" in printed
    assert [each.name for each in Alkaloid.objects.all()] == ["mitragynine"]
    assert Occurrence.objects.count() == 1


def test_what_somebody_else_made_meanwhile_fails_alone(take, occurrences, monkeypatch):
    """The list looked before they saved: it finds out from the database alone."""
    make.alkaloid(name="Nicotine", smiles=NICOTINE)
    monkeypatch.setattr(Known, "compound", lambda *_: [])
    monkeypatch.setattr(Alkaloid, "full_clean", lambda *_, **__: None)
    path = occurrences(
        f"Areca catechu,nicotine,,{NICOTINE},,,10.1000/1",
        f"Areca catechu,mitragynine,,{MITRAGYNINE},,,10.1000/1",
    )

    printed = take("plant-compounds", path, new=["plants", "compounds"], fails=True)

    assert "line 2: the database refused it" in printed
    assert Occurrence.objects.get().alkaloid.name == "mitragynine"


def test_a_dry_run_counts_and_writes_nothing(take, occurrences):
    make.substance(name="Tobacco", scientific_name="Nicotiana tabacum")
    path = occurrences(f"Nicotiana tabacum,nicotine,,{NICOTINE},,,10.1000/1")
    before = everything()

    printed = take("plant-compounds", path, by=None, new=["compounds"], dry_run=True)

    assert "1 alkaloids made as drafts" in printed
    assert "1 contains proposed" in printed
    assert "dry run: nothing was written" in printed
    assert everything() == before


def test_the_sheet_of_a_workbook_reads_as_the_table_does(take, tmp_path):
    from openpyxl import Workbook

    make.region(code="US")
    make.substance(slug="methadone", name="Methadone")
    book = Workbook()
    with (EXCERPTS / "c_cs_alpha.csv").open(encoding="utf-8") as file:
        for row in csv.reader(file):
            book.active.append(row)
    book.save(tmp_path / "c_cs_alpha.xlsx")

    take("us-schedules", tmp_path)

    assert Change.objects.get().proposed["schedule"] == "Schedule II"


def test_a_packed_file_in_a_folder_is_found(take, tmp_path):
    make.symptom(slug="insomnia", name="Insomnia")
    packed = gzip.compress((EXCERPTS / "symp.obo").read_bytes())
    (tmp_path / "symp.obo.gz").write_bytes(packed)

    take("symptom-terms", tmp_path)

    assert Change.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("us-schedules", "a,b\n1,2\n", "The first row lacks: substance, schedule"),
        ("symptom-terms", "nothing\n", "It holds no term"),
        ("plant-compounds", "plant\nx\n", "The first row lacks: organism_name"),
    ],
)
def test_another_file_is_refused_in_a_sentence(take, tmp_path, name, content, said):
    path = tmp_path / "file.csv"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(CommandError, match=said):
        take(name, path)


def test_somebody_s_name_is_asked_for_and_must_be_known(take):
    with pytest.raises(CommandError, match="in whose name"):
        take("misspellings", by=None)
    with pytest.raises(CommandError, match="no account 'nobody'"):
        take("misspellings", by="nobody")
    with pytest.raises(CommandError, match="this list makes nothing"):
        take("misspellings", new=["plants"])
