"""Files of references: each format, broken records, duplicates, and any bytes at all."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.bibliography import cite, files
from kb.bibliography.duplicates import Sources, known
from kb.bibliography.record import csl_of, fields_of
from kb.models import Source
from tests.kb.publications import EFETCH

FOLDER = Path(__file__).parent / "references"

NBIB = b"""
PMID- 30922926
OWN - NLM
VI  - 63
IP  - 2
DP  - 2020 Feb 3
TI  - Time lapse: A glimpse into
      prehistoric genomics.
PG  - 103640-52
LID - S1769-7212(19)30059-X [pii]
LID - 10.1016/j.ejmg.2019.03.004 [doi]
FAU - Poinar, Hendrik N
CN  - Genome Group
PT  - Journal Article
TA  - Eur J Med Genet
RIN - Eur J Med Genet. 2021

PMID- 2
VI  - 1

PMID- 3
TI  - The third
"""
BIBTEX = rb"""
@article{one, author = {M{\"u}ller, J{\"o}rg and {World Health Organization} and others},
  title = {The {DNA} of caf{\'e}}, journal = {Tea J}, year = 2019, month = mar,
  volume = 3, number = 1, pages = {1--9}, doi = {10.1000/TEA}}
@article{broken, title = {never closed, author = {x}
@book{two, title = {Plants}, author = {van der Berg, Anna}, publisher = {Plenum},
  date = {1980-05}}
"""


def read(content):
    return [
        (each.number, each.line, each.csl, each.problem) for each in files.read(content)
    ]


def titled(found):
    """Return the record that was read; it has one."""
    assert found.csl is not None, found.problem
    return found.csl


def test_nbib_is_read_and_one_without_title_is_told():
    first, second, third = files.read(NBIB)

    fields = fields_of(titled(first))
    assert fields["name"] == "Time lapse: A glimpse into prehistoric genomics"
    assert fields["authors"] == ["Poinar HN", "Genome Group"]
    assert fields["container"] == "Eur J Med Genet 63(2):103640-103652"
    assert (fields["doi"], fields["pmid"]) == ("10.1016/j.ejmg.2019.03.004", "30922926")
    assert (fields["published"], fields["retraction"]) == ("2020-02-03", "retracted")
    assert (second.line, second.csl) == (18, None)
    assert "no title" in second.problem
    assert titled(third)["title"] == "The third"


def test_bibtex_is_read_and_a_broken_entry_loses_no_other():
    found = files.read(BIBTEX)

    good = [fields_of(each.csl) for each in found if each.csl]
    bad = [each for each in found if each.csl is None]
    assert [fields["name"] for fields in good] == ["The DNA of café", "Plants"]
    assert good[0]["authors"] == ["Müller J", "World Health Organization"]
    assert not good[0]["authors_complete"]
    assert good[0]["container"] == "Tea J 3(1):1-9"
    assert (good[0]["doi"], good[0]["published"]) == ("10.1000/tea", "2019-03")
    assert good[1]["authors"] == ["van der Berg A"]
    assert [each.line for each in bad] == [5]


def test_xml_of_pubmed_is_read():
    assert titled(files.read(EFETCH[2])[0])["PMID"] == "27192616"


def test_entities_of_xml_are_not_expanded():
    bomb = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "boom"><!ENTITY f SYSTEM
    "file:///etc/hostname">]><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID>
    <Article><ArticleTitle>T &a;&f;</ArticleTitle></Article></MedlineCitation></PubmedArticle>
    </PubmedArticleSet>"""

    for each in files.read(bomb):
        assert "boom" not in str(each.csl)
        assert Path("/etc/hostname").read_text().strip() not in str(each.csl)


def test_csl_json_is_read_and_a_value_that_is_no_record_is_told():
    found = files.read(b'[{"type": "book", "title": "Plants"}, 7, {"title": "More"}]')

    assert [each.csl["title"] if each.csl else None for each in found] == [
        "Plants",
        None,
        "More",
    ]


def test_ris_ends_a_record_where_the_next_begins():
    found = files.read(b"TY  - JOUR\nTI  - One\nTY  - JOUR\r\nTI  - Two\r\nER  - \r\n")

    assert [(each.line, titled(each)["title"]) for each in found] == [
        (1, "One"),
        (3, "Two"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encodings_of_old_programs_are_understood(encoding):
    content = "TY  - JOUR\nTI  - Café «Müller»\nER  - \n".encode(encoding)

    assert titled(files.read(content)[0])["title"] == "Café «Müller»"


def test_exports_of_many_programs_hold_the_same_ten_articles_once():
    """Errata stay apart from what they correct."""
    for order in (sorted, lambda names: sorted(names, reverse=True)):
        here, made = Sources([]), []
        for file in order(FOLDER.glob("*.ris")):
            for each in files.read(file.read_bytes(), file.name):
                assert each.csl is not None, (file.name, each.problem)
                if here.find(each.csl) is None:
                    here.add(known(each.csl))
                    made.append(each.csl["title"])

        assert len(made) == DISTINCT
        assert sum(title.startswith("Erratum") for title in made) == 2


# Ten in most of them, ten others in that of Google Scholar and in that of Web of Science.
DISTINCT = 30


def article(title, **more):
    csl = {
        "type": "article-journal",
        "title": title,
        "author": [{"family": "Doe", "given": "J."}],
        "issued": {"date-parts": [[2019]]},
    }
    return {**csl, **more}


TEA = "A randomized trial of tea for tiredness in nurses"


@pytest.mark.parametrize(
    ("other", "is_found"),
    [
        (article(TEA.upper() + "."), True),
        (article("A randomised trial of tea for tiredness in nurses"), True),
        (article(TEA + ": a pilot study"), True),
        (article(TEA, issued={"date-parts": [[2020]]}), True),
        (article(TEA, issued={"date-parts": [[2024]]}), False),
        (article(TEA, author=[{"family": "Roe", "given": "J."}]), False),
        (article(f"Correction: {TEA}"), False),
        (article(f"Erratum to: {TEA}"), False),
        (article(f"Retraction notice to “{TEA}”"), False),
        (article(f"RETRACTED: {TEA}"), False),
        (article(f"Comment on {TEA}"), False),
        (article(f"Reply to: {TEA}"), False),
        (article(f"{TEA} (Correction)"), False),
        (article("Reduction of fatigue by another thing in nurses"), False),
        (article(TEA, DOI="10.1000/other"), False),
    ],
)
def test_what_is_probably_the_same_is_found_and_notices_never_are(other, is_found):
    here = Sources([known(article(TEA, DOI="10.1000/tea"))])

    assert (here.find(other) is not None) == is_found


def test_a_notice_at_the_address_of_its_paper_is_not_the_paper():
    address = "https://example.org/papers/1"
    here = Sources([known(article(TEA, URL=address))])

    assert here.find(article(f"Correction: {TEA}", URL=address)) is None
    assert here.find(article("Another wording", URL=address)).is_certain


def test_part_one_is_not_part_two():
    here = Sources([known(article(f"{TEA}, part 1"))])

    assert here.find(article(f"{TEA}, part 2")) is None


def test_the_same_doi_is_the_same_whatever_the_title():
    here = Sources([known(article(TEA, DOI="10.1000/tea"))])

    match = here.find(article("Tea", DOI="10.1000/tea", issued=None))

    assert match.is_certain


WORD = st.text(string.ascii_letters + "äéøß-", min_size=2, max_size=9).filter(
    lambda word: word.strip("-") == word and "--" not in word
)
FAMILY = st.text(string.ascii_lowercase + "äéø", min_size=3, max_size=9).map(str.title)


@st.composite
def sources(draw):
    names = st.tuples(FAMILY, st.text(string.ascii_uppercase, min_size=1, max_size=3))
    journal = " ".join(draw(st.lists(FAMILY, min_size=1, max_size=3)))
    place = draw(st.sampled_from(["", " 3", " 12(4)", " 12(4):1-9", " 7:e12"]))
    return Source(
        slug="x",
        kind=draw(
            st.sampled_from(["journal-article", "book", "report", "thesis", "news"])
        ),
        name=" ".join(draw(st.lists(WORD, min_size=1, max_size=8))),
        authors=[" ".join(name) for name in draw(st.lists(names, max_size=4))],
        published=draw(st.sampled_from([None, "2016", "2016-05", "2016-05-10"])),
        container=journal + place,
        doi=draw(st.sampled_from([None, "10.1000/182(4)"])),
        pmid=draw(st.sampled_from([None, "27192616"])),
        url=draw(st.sampled_from([None, "https://example.org/a?b=c"])),
    )


KEPT = ("name", "authors", "published", "doi", "pmid", "kind", "container")


@settings(max_examples=60, deadline=None)
@given(sources())
def test_a_source_survives_ris_out_and_in(source):
    again = fields_of(files.read(cite.as_ris(csl_of(source)).encode())[0].csl)

    for field in KEPT:
        assert again[field] == getattr(source, field), field


@settings(max_examples=25, deadline=None)
@given(sources())
def test_a_source_survives_bibtex_and_json_out_and_in(source):
    csl = csl_of(source)
    for written in (cite.as_bibtex(csl), cite.as_json(csl)):
        again = fields_of(files.read(written.encode())[0].csl)
        for field in ("name", "authors", "doi", "pmid"):
            assert again[field] == getattr(source, field), field


TAGGED = st.lists(
    st.tuples(
        st.sampled_from(
            "TY TI T1 AU A1 PY Y1 DA DO UR SP EP VL ER PMID LID DP FAU XX".split()
        ),
        st.text(max_size=20),
    ),
    max_size=15,
)
PIECES = st.sampled_from(
    [
        "@article{",
        "}",
        "{",
        '"',
        ",",
        "title=",
        "author=",
        " and ",
        "\\'{",
        "#",
        "%",
        "\n",
    ]
)


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(
        TAGGED.map(lambda tags: "\n".join(f"{t:4}- {v}" for t, v in tags)),
        TAGGED.map(lambda tags: "\n".join(f"{t}  - {v}" for t, v in tags)),
        st.lists(PIECES | st.text(max_size=6), max_size=20).map("".join),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        ["title", "author", "issued", "DOI", "date-parts", "type"]
                    ),
                    inner,
                )
            ),
        ).map(json.dumps),
    ).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.binary(max_size=80)
)
def test_no_bytes_crash_the_readers(content):
    try:
        found = files.read(content)
    except ValueError:
        return
    here = Sources([])
    for each in found:
        assert (each.csl is None) == bool(each.problem)
        if each.csl is not None:
            here.find(each.csl)
            try:
                fields_of(each.csl)
            except ValueError:
                continue
            assert cite.formatted(each.csl, "vancouver") is not None
