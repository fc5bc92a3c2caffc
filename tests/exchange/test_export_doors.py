"""The downloads under /export/: whole, cached, and correct after any change."""

from __future__ import annotations

import gzip
import hashlib
import json
from email.utils import parsedate_to_datetime

import pytest

from exchange import exporting, views
from exchange.kinds import KINDS
from kb.models import (
    Claim,
    EvidenceItem,
    Source,
    Substance,
    Symptom,
    Synonym,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

PATHS = ["/export/kb.json", "/export/kb.jsonl", "/export/schema.json"]


@pytest.fixture(autouse=True)
def empty_shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_shelf", views.Shelf())


def test_the_document_is_that_of_the_command(client):
    response = client.get("/export/kb.json")

    assert response["Content-Type"] == "application/json"
    assert response.content == exporting.as_document()


def test_the_lines_are_those_of_the_command(client):
    response = client.get("/export/kb.jsonl")

    assert response["Content-Type"] == "application/x-ndjson"
    assert response.content == b"".join(exporting.as_lines())
    for line in response.content.splitlines():
        json.loads(line)


@pytest.mark.parametrize("path", PATHS)
def test_an_unchanged_file_is_not_sent_twice(client, path):
    first = client.get(path)
    digest = hashlib.sha256(first.content).hexdigest()

    assert first["ETag"] == f'"{digest}"'
    assert parsedate_to_datetime(first["Last-Modified"])
    assert first["Access-Control-Allow-Origin"] == "*"
    for known in (
        first["ETag"],
        f"W/{first['ETag']}",
        f'"other", {first["ETag"]}',
        "*",
    ):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_who_can_unpack_gets_it_packed(client, path):
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "br, gzip;q=0.8"})

    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] != plain["ETag"]
    known = {"If-None-Match": packed["ETag"], "Accept-Encoding": "gzip"}
    assert client.get(path, headers=known).status_code == 304
    refusing = client.get(path, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refusing


def test_the_second_request_reads_no_records(client, django_assert_max_num_queries):
    client.get("/export/kb.json")

    # the version of the data
    with django_assert_max_num_queries(1):
        client.get("/export/kb.json")


def change_record() -> None:
    kratom = Substance.objects.get(slug="kratom")
    kratom.summary = "Another sentence."
    kratom.save()


def change_fact() -> None:
    item = EvidenceItem.objects.get()
    item.n = 2799
    item.save()


def delete_fact() -> None:
    EvidenceItem.objects.get().delete()


def rename_synonym() -> None:
    synonym = Synonym.objects.get(name="ketum")
    synonym.name = "kakuam"
    synonym.save()


def delete_synonym() -> None:
    Synonym.objects.get(name="ketum").delete()


def link() -> None:
    Claim.objects.get().sources.add(Source.objects.get(slug="code-of-alabama"))


def unlink() -> None:
    Symptom.objects.get(slug="insomnia").part_of.clear()


def swap_link() -> None:
    claim = Claim.objects.get()
    claim.sources.set([Source.objects.get(slug="code-of-alabama")])


def tag() -> None:
    Substance.objects.get(slug="kratom").tags.add("another")


def rename_tag() -> None:
    found = Substance.objects.get(slug="kratom").tags.get()
    found.slug = "renamed"
    found.save()


def withdraw() -> None:
    kratom = Substance.objects.get(slug="kratom")
    kratom.state = "withdrawn"
    kratom.save()


@pytest.mark.parametrize(
    "change",
    [
        change_record,
        change_fact,
        delete_fact,
        rename_synonym,
        delete_synonym,
        link,
        unlink,
        swap_link,
        tag,
        rename_tag,
        withdraw,
    ],
)
def test_after_any_change_the_file_is_the_new_one(client, change):
    before = client.get("/export/kb.json")

    change()

    after = client.get("/export/kb.json", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after.content == exporting.as_document() != before.content


def test_nothing_unpublished_and_no_note_of_a_curator_leaves(client):
    document = json.loads(client.get("/export/kb.json").content)

    assert "curation" not in document
    assert [each["slug"] for each in document["substances"]] == ["kratom"]
    assert b"secret-draft" not in client.get("/export/kb.jsonl").content


@pytest.mark.parametrize("path", PATHS)
def test_head_says_how_long_it_is(client, path):
    response = client.head(path)

    assert int(response["Content-Length"]) == len(client.get(path).content)


def test_the_page_gives_counts_sizes_checksums_and_licence(client):
    document = client.get("/export/kb.json")

    page = client.get("/export/").content.decode()

    assert document["ETag"].strip('"') in page
    assert "CC-BY-4.0" in page
    assert "creativecommons.org/licenses/by/4.0" in page
    for name in ("kb.json", "kb.jsonl", "schema.json"):
        assert f'href="/export/{name}"' in page


def test_every_public_kind_has_a_label():
    assert views.LABELS.keys() == {kind.plural for kind in KINDS if kind.is_public}
