"""The language of a page stands in its address, and nowhere else."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from kb.languages import address_in, is_translated, split
from kb.pages import local
from tests import make
from tests.page import Page

CATALOGUES = sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/django.po"))
OTHERS = ("es", "de")
PLACEHOLDER = re.compile(r"%\(\w+\)s")


@pytest.fixture
def pages(db: None) -> list[str]:
    make.one_of_each()
    return [
        "/",
        "/substances/",
        "/substances/plant/",
        "/substances/plant/law/",
        "/substances/plant/card/",
        "/substances/plant/history/",
        "/alkaloids/",
        "/alkaloids/base/",
        "/symptoms/",
        "/symptoms/ache/",
        "/sources/",
        "/sources/paper/",
        "/claims/",
        "/claims/C99/",
        "/regions/",
        "/regions/XA/",
        "/articles/",
        "/articles/text/",
        "/search/",
        "/search/?q=plant",
        "/compare/",
        "/check/",
        "/help/",
        "/method/",
        "/quality/",
        "/law/changes/",
        "/changes/",
        "/about/",
        "/export/",
        "/report/",
    ]


def entries(file: Path) -> list[dict[str, str]]:
    """Return the entries of a .po file: [{"msgid": "Law", "msgstr": "Recht"}, …]."""
    found = []
    for block in file.read_text(encoding="utf-8").split("\n\n")[1:]:
        entry: dict[str, str] = {"comments": ""}
        for line in block.splitlines():
            name, _, text = line.partition(" ")
            if line.startswith("#"):
                entry["comments"] += line
            elif not line.startswith('"'):
                entry[name] = text.strip()[1:-1]
                last = name
            else:
                entry[last] += line.strip()[1:-1]
        if "msgid" in entry:
            found.append(entry)
    return found


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("language", OTHERS)
def test_every_page_is_there_in_each_language(
    pages: list[str], language: str, client: Client
) -> None:
    for address in pages:
        response = client.get(f"/{language}{address}")

        assert response.status_code == 200, address
        assert f'<html lang="{language}"' in response.content.decode(), address
        assert not response.cookies, address


@pytest.mark.usefixtures("index")
def test_an_english_page_stays_english_whatever_the_browser_prefers(
    pages: list[str], client: Client
) -> None:
    client.get("/de/substances/plant/")
    for address in pages:
        response = client.get(address, headers={"accept-language": "de"})

        assert '<html lang="en"' in response.content.decode(), address
        assert "bisher auf Englisch" not in response.content.decode(), address


@pytest.mark.usefixtures("index")
def test_links_keep_the_language_and_those_to_files_and_doors_do_not(
    pages: list[str], client: Client
) -> None:
    for address in pages:
        html = client.get(f"/de{address}").content.decode()
        chooser = set(re.findall(r'hreflang="\w+"[^>]*href="([^"]*)"', html))
        for link in Page(html).links:
            path = re.split("[?#]", link)[0]
            if not path.startswith("/") or link.replace("&", "&amp;") in chooser:
                continue
            language, rest = split(path)
            assert language == ("de" if is_translated(rest) else ""), (address, link)


@pytest.mark.django_db
def test_the_place_and_the_language_go_along_together(client: Client) -> None:
    make.region(code="XA")

    html = client.get("/es/help/?in=XA").content.decode()

    assert 'href="/es/substances/?in=XA"' in html


@pytest.mark.usefixtures("index")
def test_alternates_name_each_other(pages: list[str], client: Client) -> None:
    pattern = re.compile(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]*)"')
    for address in pages:
        if address.endswith("/card/"):
            continue
        told = [
            pattern.findall(client.get(address_in(code, address)).content.decode())
            for code in ("en", *OTHERS)
        ]

        assert [code for code, _ in told[0]] == ["en", "es", "de", "x-default"], address
        assert told[0] == told[1] == told[2], address


@pytest.mark.usefixtures("index")
def test_the_chooser_keeps_the_page_and_its_query(client: Client) -> None:
    html = client.get("/es/search/?q=kratom").content.decode()

    assert '<a hreflang="de" lang="de" href="/de/search/?q=kratom">Deutsch</a>' in html
    assert '<a hreflang="en" lang="en" href="/search/?q=kratom">English</a>' in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/api/v1/substances", "/export/kb.json", "/admin/", "/changes.atom", "/healthz"],
)
def test_what_programs_ask_has_no_language(address: str, client: Client) -> None:
    assert client.get(f"/de{address}").status_code == 404


@pytest.mark.usefixtures("index")
def test_json_is_english_after_and_under_any_language(
    pages: list[str], client: Client
) -> None:
    addresses = ["/api/v1/substances/plant", "/api/v1/search?q=plant"]

    def told() -> list[Any]:
        answers = [
            client.get(address, headers={"accept-language": "de"}).json()
            for address in addresses
        ]
        return [{**each, "took_ms": 0} for each in answers]

    before = told()
    for address in pages:
        client.get(f"/de{address}")

    assert told() == before


@pytest.mark.django_db
def test_who_is_led_elsewhere_keeps_the_language(client: Client) -> None:
    make.region(code="XA")

    assert client.get("/de").headers["Location"] == "/de/"
    assert client.get("/de/regions/xa/").headers["Location"] == "/de/regions/XA/"
    assert client.get("/de/help").headers["Location"] == "/de/help/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "notice"),
    [
        ("/de/substances/", "Die Einträge selbst sind bisher auf Englisch."),
        ("/es/substances/", "Las fichas mismas están por ahora en inglés."),
    ],
)
def test_a_page_says_once_what_is_in_english(
    address: str, notice: str, client: Client
) -> None:
    assert client.get(address).content.decode().count(notice) == 1


@pytest.mark.django_db
def test_a_name_in_the_language_of_the_page_comes_first(client: Client) -> None:
    plant = make.substance(slug="plant")
    for number in range(5):
        plant.synonyms.create(name=f"A{number}", kind="common", language="en")
    plant.synonyms.create(name="Zkraut", kind="common", language="de")

    html = client.get("/de/substances/plant/").content.decode()

    head = html[html.index("record-head__names") :].split("</p>")[0]
    assert "Zkraut" in head
    english = client.get("/substances/plant/").content.decode()
    assert (
        "Zkraut" not in english[english.index("record-head__names") :].split("</p>")[0]
    )


@pytest.mark.parametrize(
    ("language", "day", "month", "number"),
    [
        ("en", "10 May 2016", "May 2016", "749,634"),
        ("es", "10 de mayo de 2016", "mayo de 2016", "749\xa0634"),
        ("de", "10. Mai 2016", "Mai 2016", "749.634"),
    ],
)
def test_days_and_figures_are_written_as_the_language_does(
    language: str, day: str, month: str, number: str
) -> None:
    with translation.override(language):
        assert local.day("2016-05-10") == day
        assert local.day("2016-05") == month
        assert local.day("2016") == "2016"
        assert local.count(749634) == number


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parts[-3])
def test_every_marked_word_is_translated(file: Path) -> None:
    found = entries(file)

    assert len(found) > 500
    for entry in found:
        assert "fuzzy" not in entry["comments"], entry
        said = [text for name, text in entry.items() if name.startswith("msgstr")]
        assert said, entry
        assert all(said), entry
        asked = [entry.get("msgid_plural", entry["msgid"])]
        for text in [*said[1:], *(said[:1] if "msgid_plural" not in entry else [])]:
            assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(asked[0]))


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="msgfmt is not installed")
@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parts[-3])
def test_the_compiled_words_are_those_of_the_file(file: Path, tmp_path: Path) -> None:
    made = tmp_path / "django.mo"
    subprocess.run(["msgfmt", "-o", made, file], check=True)

    assert made.read_bytes() == file.with_suffix(".mo").read_bytes()


@pytest.mark.skipif(not shutil.which("xgettext"), reason="xgettext is not installed")
def test_no_marked_word_is_missing_from_the_files(tmp_path: Path) -> None:
    """What `make messages` would add is already there."""
    known = {entry["msgid"] for entry in entries(CATALOGUES[0])}
    constants = re.compile(r'_\("([^"%]+)"\)|\{% translate "([^"%]+)" %\}')
    for file in [
        settings.BASE_DIR / "kb" / "choices.py",
        *(settings.BASE_DIR / "templates" / "kb").glob("*.html"),
        *(settings.BASE_DIR / "templates" / "components").glob("*.html"),
        *(settings.BASE_DIR / "templates" / "search").glob("*.html"),
    ]:
        for one, other in constants.findall(file.read_text(encoding="utf-8")):
            assert (one or other) in known, (file.name, one or other)
