"""Answers as Crossref, PubMed, arXiv, Open Library and a journal's page give them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.serving import LocalServer, serving

TITLE = (
    "Synthetic and Receptor Signaling Explorations of the <i>Mitragyna</i> Alkaloids"
)
CROSSREF = (
    200,
    {"Content-Type": "application/json"},
    json.dumps(
        {
            "status": "ok",
            "message-type": "work",
            "message": {
                "DOI": "10.1021/jacs.6b00360",
                "type": "journal-article",
                "title": [TITLE],
                "author": [
                    {"given": "Andrew C.", "family": "Kruegel", "sequence": "first"},
                    {
                        "given": "Madalee M.",
                        "family": "Gassaway",
                        "sequence": "additional",
                    },
                ],
                "container-title": ["Journal of the American Chemical Society"],
                "short-container-title": ["J. Am. Chem. Soc."],
                "volume": "138",
                "issue": "21",
                "page": "6754-6764",
                "publisher": "American Chemical Society (ACS)",
                "issued": {"date-parts": [[2016, 5, 18]]},
                "URL": "https://doi.org/10.1021/jacs.6b00360",
            },
        }
    ).encode(),
)
EFETCH = (
    200,
    {"Content-Type": "text/xml; charset=UTF-8"},
    b"""<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN"
 "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE">
<PMID Version="1">27192616</PMID><Article PubModel="Print-Electronic">
<Journal><JournalIssue CitedMedium="Internet"><Volume>138</Volume><Issue>21</Issue>
<PubDate><Year>2016</Year><Month>Jun</Month><Day>01</Day></PubDate></JournalIssue>
<Title>Journal of the American Chemical Society</Title>
<ISOAbbreviation>J Am Chem Soc</ISOAbbreviation></Journal>
<ArticleTitle>Signaling Explorations of the <i>Mitragyna</i> Alkaloids.</ArticleTitle>
<Pagination><MedlinePgn>6754-64</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">10.1021/jacs.6b00360</ELocationID>
<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Kruegel</LastName>
<ForeName>Andrew C</ForeName><Initials>AC</Initials></Author>
<Author><CollectiveName>Kratom Group</CollectiveName></Author></AuthorList>
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType>
<PublicationType UI="D016449">Randomized Controlled Trial</PublicationType>
</PublicationTypeList></Article>
<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn">
<RefSource>J Am Chem Soc. 2018</RefSource></CommentsCorrections></CommentsCorrectionsList>
</MedlineCitation><PubmedData><ArticleIdList>
<ArticleId IdType="pubmed">27192616</ArticleId>
<ArticleId IdType="pmc">PMC5189718</ArticleId>
<ArticleId IdType="doi">10.1021/jacs.6b00360</ArticleId></ArticleIdList></PubmedData>
</PubmedArticle></PubmedArticleSet>""",
)
ARXIV = (
    200,
    {"Content-Type": "application/atom+xml"},
    b"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
<entry><id>http://arxiv.org/abs/2101.00001v1</id>
<published>2021-01-01T00:00:00Z</published><title>Alkaloids
  in graphs</title><author><name>Jane Q. Doe</name></author>
<author><name>Bo Li</name></author></entry></feed>""",
)
BOOK = (
    200,
    {"Content-Type": "application/json"},
    json.dumps(
        {
            "ISBN:9780306406157": {
                "title": "Plants",
                "subtitle": "a guide",
                "authors": [{"name": "Jane Doe"}],
                "publishers": [{"name": "Plenum"}],
                "publish_date": "March 1980",
            }
        }
    ).encode(),
)
PAGE = (
    200,
    {"Content-Type": "text/html; charset=utf-8"},
    b"""<!doctype html><html><head><title>Ours | Journal</title>
<meta name="citation_title" content="Kratom &amp; its users">
<meta name="citation_author" content="Doe, Jane">
<meta name="citation_author" content="World Health Organization">
<meta name="citation_journal_title" content="Tea J"><meta name="citation_volume" content="3">
<meta name="citation_firstpage" content="1"><meta name="citation_lastpage" content="9">
<meta name="citation_publication_date" content="2019/03/01">
<link rel="canonical" href="/article"></head><body>Text</body></html>""",
)


@contextmanager
def serve(settings: Any) -> Iterator[LocalServer]:
    """Stand in for all services that are asked."""
    with serving() as server:
        settings.FETCH_PRIVATE_HOSTS = [server.host]
        settings.CROSSREF_URL = settings.OPEN_LIBRARY_URL = server.url
        settings.DOI_URL = f"{server.url}/doi"
        settings.EUTILS_URL = f"{server.url}/eutils"
        settings.ARXIV_URL = f"{server.url}/arxiv"
        settings.LOOKUP_TIMEOUT_S = 5.0
        yield server
