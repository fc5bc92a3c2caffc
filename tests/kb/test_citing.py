"""Citing a source: in words, as files, on its page; nothing of it is taken for HTML."""

from __future__ import annotations

import json
import re

import bibtexparser
import pytest
import rispy

from kb.bibliography import cite
from kb.bibliography.record import csl_of, fields_of
from tests import make

KRUEGEL = {
    "id": "kruegel-2016",
    "type": "article-journal",
    "title": "Synthetic and Receptor Signaling Explorations",
    "author": [
        {"family": "Kruegel", "given": "Andrew C."},
        {"family": "Váradi", "given": "András"},
    ],
    "issued": {"date-parts": [[2016, 5, 10]]},
    "container-title": "J Am Chem Soc",
    "volume": "138",
    "issue": "21",
    "page": "6754-6764",
    "DOI": "10.1021/jacs.6b00360",
}


@pytest.mark.parametrize(
    ("style", "sentence"),
    [
        (
            "apa",
            "Kruegel, A. C., &amp; Váradi, A. (2016). Synthetic and Receptor Signaling"
            " Explorations. <i>J Am Chem Soc</i>, <i>138</i>(21), 6754–6764."
            " https://doi.org/10.1021/jacs.6b00360",
        ),
        (
            "vancouver",
            "Kruegel AC, Váradi A. Synthetic and Receptor Signaling Explorations."
            " J Am Chem Soc. 2016 May 10;138(21):6754–64. doi:10.1021/jacs.6b00360",
        ),
        (
            "ama",
            "Kruegel AC, Váradi A. Synthetic and Receptor Signaling Explorations."
            " <i>J Am Chem Soc</i>. 2016;138(21):6754-6764. doi:10.1021/jacs.6b00360",
        ),
    ],
)
def test_a_reference_is_written_as_its_style_has_it(style, sentence):
    assert cite.formatted(KRUEGEL, style) == sentence


@pytest.mark.parametrize("style", cite.STYLES)
def test_no_text_of_a_reference_becomes_html(style):
    hostile = {
        "type": "book",
        "title": "A <script>alert(1)</script> & <img src=x onerror=alert(2)> title",
        "author": [{"literal": "<b onclick='x'>Org"}],
        "publisher": '"><a href="javascript:alert(3)">P</a>',
        "URL": "javascript:alert(4)",
    }

    html = cite.formatted(hostile, style)

    assert "<script" not in html
    assert "<img" not in html
    assert "<b" not in html
    assert "href" not in html
    assert "title" in html.lower()


@pytest.mark.parametrize("style", cite.STYLES)
def test_a_source_without_author_names_its_title_once(style):
    html = cite.formatted({"type": "report", "title": "Notice on kratom"}, style)

    assert html.lower().count("notice on kratom") == 1


@pytest.mark.parametrize("style", sorted(cite.STYLES))
@pytest.mark.parametrize(
    "title", ["1,2-dihydro kratom", "1-year outcomes", "2016Abc 1"]
)
def test_no_figure_of_a_title_is_taken_for_the_number_of_the_reference(style, title):
    csl = {"type": "article-journal", "title": title}

    text = re.sub(r"<[^<>]+>|“|\(no date\) ", "", cite.formatted(csl, style))

    assert text.lower().startswith(title.lower())


def test_the_ris_file_can_be_read_by_others():
    record = rispy.loads(cite.as_ris(KRUEGEL))[0]

    assert record["type_of_reference"] == "JOUR"
    assert record["authors"] == ["Kruegel, Andrew C.", "Váradi, András"]
    assert (record["volume"], record["number"]) == ("138", "21")
    assert (record["start_page"], record["end_page"]) == ("6754", "6764")


def test_the_bibtex_file_can_be_read_by_others():
    hostile = {**KRUEGEL, "title": "100 % {braces} & \\input{x}"}
    library = bibtexparser.parse_string(cite.as_bibtex(hostile))

    assert not library.failed_blocks
    entry = library.entries[0]
    assert (entry.entry_type, entry.key) == ("article", "kruegel-2016")
    assert entry["author"] == "Kruegel, Andrew C. and Váradi, András"
    assert entry["pages"] == "6754--6764"
    assert r"\input" not in entry["title"]


def test_a_source_survives_the_way_out_and_back():
    source = make_unsaved()

    again = fields_of(csl_of(source))

    for field in ("name", "authors", "published", "container", "doi", "pmid", "kind"):
        assert again[field] == getattr(source, field), field


def make_unsaved():
    from kb.models import Source

    return Source(
        slug="kruegel-2016",
        kind="journal-article",
        name="Synthetic and Receptor Signaling Explorations",
        authors=["Kruegel AC", "van der Berg J-P Jr".replace("J-P", "JP"), "WHO Group"],
        published="2016-05",
        container="J Am Chem Soc 138(21):6754-6764",
        doi="10.1021/jacs.6b00360",
        pmid="27192616",
    )


@pytest.mark.django_db
def test_a_source_page_offers_its_citation_and_its_files(client):
    make.source(slug="doe-2019", name="A trial of tea", container="Tea J 3(1):1-2")

    page = client.get("/sources/doe-2019/").content.decode()

    assert "Doe J. A trial of tea. Tea J. 2019;3(1):1–2." in page
    for address in ("cite/#apa", "cite.bib", "cite.ris", "cite.json"):
        assert f'href="/sources/doe-2019/{address}"' in page


@pytest.mark.django_db
def test_all_styles_stand_on_a_page_of_their_own(client):
    make.source(slug="doe-2019", name="A trial of tea")

    page = client.get("/sources/doe-2019/cite/").content.decode()
    one = client.get("/sources/doe-2019/cite/?style=apa").content.decode()

    for label in ("APA", "Vancouver", "AMA", "Chicago", "Harvard"):
        assert label in page
    assert "APA" in one
    assert "Vancouver" not in one


@pytest.mark.django_db
def test_an_unknown_style_is_told(client):
    make.source(slug="doe-2019")

    assert client.get("/sources/doe-2019/cite/?style=mine").status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["bib", "ris", "json"])
def test_a_file_comes_with_its_name(client, form):
    make.source(slug="doe-2019", name="A trial of tea")

    response = client.get(f"/sources/doe-2019/cite.{form}")

    assert f'filename="doe-2019.{form}"' in response["Content-Disposition"]
    assert "A trial of tea" in response.content.decode()
    if form == "json":
        assert json.loads(response.content)[0]["type"] == "article-journal"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["cite/", "cite.bib", "cite.ris", "cite.json"])
def test_a_draft_is_not_cited(client, address):
    make.source(slug="doe-2019", state="draft")

    assert client.get(f"/sources/doe-2019/{address}").status_code == 404
