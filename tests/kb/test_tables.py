"""CSV and XLSX on the desk: what each row would do, then doing it, through review."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from kb import review, sheets, tables
from kb.admin.tables import as_xlsx
from kb.models import Change, HelpResource, Region, RegulatoryStatus, Source, Symptom
from tests import make
from tests.kb.test_review import person

pytestmark = pytest.mark.django_db

SYMPTOMS = "/admin/kb/symptom/"


def send(client, list_url, text, name="table.csv", reason="From a sheet."):
    body = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile(name, body)
    return client.post(list_url + "table/", {"file": file, "reason": reason})


def confirm(client, list_url, response):
    signed = response.context["signed"]
    assert signed, [each.errors for each in response.context["plan"].fates]
    return client.post(list_url + "table/", {"rows": signed}, follow=True)


def fates(response):
    return {each.line: each for each in response.context["plan"].fates}


def fetched(client, list_url, form="csv", query=""):
    response = client.get(f"{list_url}table.{form}{query}")
    assert response.status_code == 200
    return response.content


@pytest.fixture
def contributor(client):
    made = make.user(is_staff=True)
    made.groups.add(Group.objects.get(name="Contributor"))
    client.force_login(made)
    return made


def test_a_look_tells_new_changed_and_unchanged_and_writes_nothing(admin_client):
    make.symptom(slug="insomnia", name="Insomnia", summary="Old.")
    make.symptom(slug="fever", name="Fever")
    table = (
        "slug,name,symptom_kind,summary\n"
        "insomnia,Insomnia,symptom,New.\n"
        "cramp,Cramp,symptom,\n"
    )

    response = send(admin_client, SYMPTOMS, table)

    found = fates(response)
    assert [found[line].verdict for line in (2, 3)] == ["changed", "new"]
    assert found[2].columns == [("summary", "Old.", "New.")]
    assert Symptom.objects.get(slug="insomnia").summary == "Old."
    assert Symptom.objects.count() == 2


def test_each_error_is_told_with_its_row_and_column_and_nothing_can_be_taken(
    admin_client,
):
    table = (
        "slug,name,symptom_kind,part_of,colour\n"
        "Bad Slug,Cramp,symptom,,\n"
        "cramp,Cramp,symptm,,\n"
        "ache,,symptom,,\n"
        "pang,Pang,symptom,nothing,\n"
        "cramp,Cramp,symptom,,\n"
    )
    without = table.replace(",colour", "").replace(",,\n", ",\n")
    without = without.replace("nothing,", "nothing")

    response = send(admin_client, SYMPTOMS, without)

    errors = {line: dict(each.errors) for line, each in fates(response).items()}
    assert "is not a slug" in errors[2]["slug"]
    assert "'symptm' is not one of: symptom" in errors[3]["symptom_kind"]
    assert errors[4]["name"] == "is empty"
    assert errors[5]["part_of"] == "there is no symptom 'nothing'"
    assert errors[6]["slug"] == "stands in line 3 too"
    assert response.context["signed"] == ""
    assert "Take it in" not in response.content.decode()
    misspelt = table.replace(",colour", ",sumary")
    said = fates(send(admin_client, SYMPTOMS, misspelt))
    assert said[1].errors == [
        ("sumary", "is no column of this table; did you mean 'summary'?")
    ]
    assert all("sumary" not in dict(said[line].errors) for line in range(2, 7))


def test_a_contributor_s_rows_become_drafts_and_proposals(client, contributor):
    seen = make.symptom(slug="insomnia", name="Insomnia", summary="Old.")
    table = (
        "slug,name,symptom_kind,summary\n"
        "insomnia,Insomnia,symptom,New.\n"
        "cramp,Cramp,symptom,A pull.\n"
    )

    confirm(client, SYMPTOMS, send(client, SYMPTOMS, table))

    seen.refresh_from_db()
    assert seen.summary == "Old.", "readers see nothing that two people have not seen"
    change = Change.objects.get()
    assert (change.author, change.reason) == (contributor, "From a sheet.")
    assert change.proposed["summary"] == "New."
    cramp = Symptom.objects.get(slug="cramp")
    assert cramp.state == "draft"
    assert cramp.history.get().history_user == contributor


@pytest.mark.parametrize("column", ["", ",verification"])
def test_a_row_that_does_not_say_who_saw_it_is_not_verified(
    client, contributor, column
):
    empty = "," if column else ""
    table = f"slug,name,symptom_kind{column}\ncramp,Cramp,symptom{empty}\n"

    confirm(client, SYMPTOMS, send(client, SYMPTOMS, table))

    assert Symptom.objects.get(slug="cramp").verification == "unverified"


def test_a_row_keeps_what_was_said_of_it_where_the_table_is_silent(admin_client):
    make.symptom(slug="cramp", name="Cramp", verification="partial")
    table = "slug,name,symptom_kind,summary\ncramp,Cramp,symptom,New.\n"

    confirm(admin_client, SYMPTOMS, send(admin_client, SYMPTOMS, table))

    found = Symptom.objects.get(slug="cramp")
    assert (found.summary, found.verification) == ("New.", "partial")


def test_a_state_in_a_table_publishes_nothing(client, contributor):
    table = "slug,name,symptom_kind,state\ncramp,Cramp,symptom,published\n"

    confirm(client, SYMPTOMS, send(client, SYMPTOMS, table))

    assert Symptom.objects.get(slug="cramp").state == "draft"


def test_a_look_of_somebody_else_cannot_be_confirmed(client, admin_client):
    response = send(
        admin_client, SYMPTOMS, "slug,name,symptom_kind\ncramp,Cramp,symptom\n"
    )
    other = make.user(is_staff=True, is_superuser=True)
    client.force_login(other)

    client.post(SYMPTOMS + "table/", {"rows": response.context["signed"]})
    client.post(SYMPTOMS + "table/", {"rows": "forged"})

    assert not Symptom.objects.exists()


def test_who_may_not_change_a_kind_may_not_send_a_table(client):
    client.force_login(make.user(is_staff=True))

    assert client.get(SYMPTOMS + "table/").status_code == 403
    assert client.get(SYMPTOMS + "table.csv").status_code == 403


def test_synonyms_of_several_records_stand_in_one_table(client, contributor):
    make.substance(slug="kratom", synonyms=["ketum"])
    draft = make.alkaloid(slug="arecoline", state="draft")
    table = (
        "record,name,kind,language\n"
        "substance:kratom,biak,local,th\n"
        "substance:kratom,ketum,common,en\n"
        "alkaloid:arecoline,arecolin,misspelling,en\n"
        "substance:nothing,x,common,en\n"
    )
    synonyms = "/admin/kb/synonym/"

    found = fates(send(client, synonyms, table))
    assert [found[n].verdict for n in (2, 3, 4, 5)] == [
        "new",
        "unchanged",
        "new",
        "error",
    ]
    kept = "\n".join(table.splitlines()[:-1])
    confirm(client, synonyms, send(client, synonyms, kept))

    assert [str(each) for each in draft.synonyms.all()] == ["arecolin"]
    names = {each["name"] for each in Change.objects.get().proposed["synonyms"]}
    assert names == {"ketum", "biak"}


def test_a_status_is_changed_by_its_key(admin_client):
    status = make.status(schedule="Schedule I")
    statuses = "/admin/kb/regulatorystatus/"
    table = f"key,schedule\n{status.key},Schedule II\n"

    confirm(admin_client, statuses, send(admin_client, statuses, table))

    status.refresh_from_db()
    assert status.schedule == "Schedule II"
    assert status.history.count() == 2
    assert RegulatoryStatus.objects.count() == 1


REGIONS = "/admin/kb/region/"
HELP = "/admin/kb/helpresource/"


def test_regions_come_in_whatever_their_order(admin_client):
    make.region("TH", name="Siam", synonyms=["Muang Thai"])
    table = (
        "code,name,region_kind,parent\n"
        "XA-1/town,Town,local,XA-1\n"
        "XA-1,Part,subdivision,XA\n"
        "XA,Land,country,\n"
        "TH,Thailand,country,\n"
    )

    looked = send(admin_client, REGIONS, table)
    assert [each.verdict for each in fates(looked).values()] == [
        *["new"] * 3,
        "changed",
    ]
    confirm(admin_client, REGIONS, looked)

    assert Region.objects.get(code="XA-1/town").parent.parent.code == "XA"
    thailand = Region.objects.get(code="TH")
    assert (thailand.name, thailand.synonyms.get().name) == ("Thailand", "Muang Thai")


def test_a_region_cannot_come_to_lie_in_itself(admin_client):
    make.region("XA", parent=make.region("XB"))

    looked = send(admin_client, REGIONS, "code,parent\nXB,XA\n")

    assert ("parent", "XB → XA → XB is a circle") in fates(looked)[2].errors
    assert not looked.context["signed"]


def test_each_error_of_a_region_is_told_with_its_column(admin_client):
    table = (
        "code,name,region_kind,parent\n"
        "Alabama,Alabama,subdivision,\n"
        "XA,Land,contry,\n"
        "XA-1,Part,subdivision,XZ\n"
    )

    errors = {
        line: dict(each.errors)
        for line, each in fates(send(admin_client, REGIONS, table)).items()
    }

    assert "is not a place: an ISO 3166 code" in errors[2]["code"]
    assert "did you mean 'country'?" in errors[3]["region_kind"]
    assert errors[4] == {"parent": "there is no region 'XZ'"}


def test_a_number_in_a_table_waits_for_review_and_is_not_shown_as_seen(
    client, contributor
):
    line = make.help_resource(region=make.region("XA"), phone="+1 555 0100")
    table = (
        "key,region,name,help_kind,phone,verification\n"
        f"{line.key},XA,{line.name},poison,+1 555 0199,verified\n"
        "help.xa.new,XA,New line,crisis,+1 555 0111,\n"
    )

    confirm(client, HELP, send(client, HELP, table))

    line.refresh_from_db()
    assert line.phone == "+1 555 0100", "a wrong number costs lives"
    new, old = (Change.objects.get(identity=key) for key in ("help.xa.new", line.key))
    assert new.proposed["verification"] == "unverified"
    assert old.proposed["phone"] == "+1 555 0199"
    review.approve(new, by=person("Reviewer"))
    assert HelpResource.objects.get(key="help.xa.new").is_shown is False


@pytest.mark.parametrize(
    ("kind", "build"),
    [
        ("source", lambda: make.source(authors=["Doe J", "Roe P"], tags=["trial"])),
        ("symptom", lambda: make.symptom(contexts=["withdrawal"])),
        ("regulatorystatus", make.status),
        ("evidenceitem", make.evidence_item),
        ("synonym", lambda: make.substance(synonyms=["ketum"])),
        (
            "region",
            lambda: make.region("XA", parent=make.region("XB"), synonyms=["Xa"]),
        ),
        ("helpresource", lambda: make.help_resource(url="https://example.org/")),
    ],
)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_went_out_comes_back_unchanged(admin_client, kind, build, form):
    build()
    address = f"/admin/kb/{kind}/"

    body = fetched(admin_client, address, form)

    found = fates(send(admin_client, address, body, name=f"table.{form}"))
    assert found, "there is a row"
    assert {each.verdict for each in found.values()} == {"unchanged"}, [
        (each.errors, each.columns) for each in found.values()
    ]


def test_the_list_goes_out_as_it_is_filtered(admin_client):
    make.symptom(slug="insomnia", kind="symptom")
    make.symptom(slug="mydriasis", kind="sign")

    body = fetched(admin_client, SYMPTOMS, query="?kind__exact=sign")

    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert [row["slug"] for row in rows] == ["mydriasis"]


def test_no_cell_goes_out_as_a_formula_and_none_is_lost_on_the_way_back(admin_client):
    make.source(slug="evil", name='=HYPERLINK("http://example.org")')
    sources = "/admin/kb/source/"

    body = fetched(admin_client, sources)
    sheet = load_workbook(io.BytesIO(fetched(admin_client, sources, "xlsx"))).active

    assert b",'=HYPERLINK" in body.replace(b'"', b"")
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert fates(send(admin_client, sources, body))[2].verdict == "unchanged"
    assert Source.objects.get().name.startswith("=")


@pytest.mark.parametrize("text", ["=1", "'=1", "''-1", "'", "'Tis", "\n=1", ""])
def test_each_text_comes_back_as_it_went_out(text):
    sent = tables.escaped(text)

    assert sent[:1] not in ("=", "-", "\n")
    assert tables.unescaped({"name": sent}) == {"name": text}


def workbook(part, content):
    """A workbook, with one part of it replaced."""
    whole = io.BytesIO(as_xlsx([["slug"], ["a"]]))
    body = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(body, "w", 8) as new:
        for each in old.namelist():
            new.writestr(each, content if each == part else old.read(each))
    return body.getvalue()


@pytest.mark.parametrize(
    ("part", "content", "said"),
    [
        ("worksheets/sheet1.xml", b"<worksheet><", "no XLSX workbook"),
        ("workbook.xml", b"no xml", "is no XLSX workbook"),
        ("worksheets/sheet1.xml", None, "unpacks to"),
    ],
)
def test_a_damaged_workbook_or_one_that_swells_is_refused(
    admin_client, monkeypatch, part, content, said
):
    monkeypatch.setattr(sheets, "LARGEST_UNPACKED", 100_000)
    swollen = bytes(100_000)
    body = workbook(f"xl/{part}", swollen if content is None else content)

    response = send(admin_client, SYMPTOMS, body, name="table.xlsx")

    assert said in str(response.context["form"].errors["file"])


def test_no_cell_is_passed_over_because_it_has_no_name(admin_client):
    make.symptom(slug="pain")

    found = fates(send(admin_client, SYMPTOMS, b"slug,name\npain,Pain,and more\n"))

    assert found[2].errors == [("column 3", "is no column of this table")]


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("table.doc", b"x", "ends in .csv, .tsv or .xlsx"),
        ("table.csv", b"a,b\n1,2\n", "The first row lacks: slug."),
        ("table.csv", b"slug,name,name\na,b,c\n", "more than once: name."),
        ("table.csv", b"slug\n\xff\xfe\n", "cannot be read on"),
        ("table.csv", b"slug,name\npain,Pa\0in\n", "holds a NUL byte"),
        ("table.xlsx", b"no workbook", "is no XLSX workbook"),
    ],
)
def test_another_file_is_refused_in_a_sentence(admin_client, name, body, said):
    response = send(admin_client, SYMPTOMS, body, name=name)

    assert said in str(response.context["form"].errors["file"])


def test_a_workbook_is_written_whatever_its_cells_hold():
    body = as_xlsx([["a\x00b", "ok"]])

    assert load_workbook(io.BytesIO(body)).active["A1"].value == "ab"
