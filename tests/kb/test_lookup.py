"""Looking a publication up: the formats of the services, and what goes wrong with them."""

from __future__ import annotations

import datetime
import email.utils
import time

import pytest

from kb.bibliography import lookup
from kb.bibliography.identifiers import Identifier, recognise
from kb.bibliography.record import fields_of
from tests.kb.publications import ARXIV, BOOK, CROSSREF, EFETCH, PAGE, serve

WORK = "/works/10.1021%2Fjacs.6b00360"
DOI = Identifier("doi", "10.1021/jacs.6b00360")


@pytest.fixture
def services(settings):
    with serve(settings) as found:
        yield found


@pytest.fixture
def pauses(monkeypatch):
    """The seconds that would have been waited."""
    found = []
    monkeypatch.setattr(time, "sleep", found.append)
    return found


@pytest.mark.parametrize(
    ("text", "scheme", "value"),
    [
        ("10.1021/JACS.6b00360", "doi", "10.1021/jacs.6b00360"),
        (" doi:10.1021/jacs.6b00360. ", "doi", "10.1021/jacs.6b00360"),
        ("https://doi.org/10.1021/jacs.6b00360", "doi", "10.1021/jacs.6b00360"),
        ("http://dx.doi.org/10.1000%2F182", "doi", "10.1000/182"),
        ("10.1016/S0140-6736(17)32812-X", "doi", "10.1016/s0140-6736(17)32812-x"),
        ("10.1002/(SICI)1(199)1:1<1::AID>3.0", "doi", "10.1002/(sici)1(199)1:1"),
        ("(10.1000/182)", None, None),
        ("27192616", "pmid", "27192616"),
        ("PMID: 27192616", "pmid", "27192616"),
        ("https://pubmed.ncbi.nlm.nih.gov/27192616/", "pmid", "27192616"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/27192616", "pmid", "27192616"),
        ("PMC5189718", "pmcid", "PMC5189718"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC5189718/", "pmcid", "PMC5189718"),
        ("arXiv:2101.00001v2", "arxiv", "2101.00001"),
        ("https://arxiv.org/pdf/2101.00001v2.pdf", "arxiv", "2101.00001"),
        ("10.48550/arXiv.2101.00001", "arxiv", "2101.00001"),
        ("hep-th/9901001", "arxiv", "hep-th/9901001"),
        ("ISBN 0-306-40615-2", "isbn", "9780306406157"),
        ("978-0-306-40615-7", "isbn", "9780306406157"),
        ("978-0-306-40615-8", None, None),
        ("www.fda.gov/kratom", "url", "https://www.fda.gov/kratom"),
        ("https://www.fda.gov/kratom", "url", "https://www.fda.gov/kratom"),
        ("ftp://a.example/x", None, None),
        ("kratom", None, None),
        ("0", None, None),
    ],
)
def test_what_was_pasted_is_recognised(text, scheme, value):
    if scheme is None:
        with pytest.raises(ValueError, match="Paste one as"):
            recognise(text)
    else:
        assert recognise(text) == Identifier(scheme, value)


def test_crossref_gives_a_source(services):
    services.pages[WORK] = CROSSREF

    fields = fields_of(lookup.look_up(DOI))

    assert fields["name"].endswith("of the Mitragyna Alkaloids")
    assert fields["authors"] == ["Kruegel AC", "Gassaway MM"]
    assert fields["container"] == "J Am Chem Soc 138(21):6754-6764"
    assert (fields["kind"], fields["published"]) == ("journal-article", "2016-05-18")
    assert fields["url"] is None


def test_what_crossref_does_not_know_the_resolver_is_asked(services):
    services.pages["/doi/10.5281/zenodo.1"] = (
        200,
        {},
        b'{"type": "dataset", "title": "Figures", "issued": {"date-parts": [["2020"]]}}',
    )

    found = lookup.look_up(Identifier("doi", "10.5281/zenodo.1"))

    assert fields_of(found)["kind"] == "database"
    assert services.asked[-1][1]["Accept"] == "application/vnd.citationstyles.csl+json"


def test_pubmed_gives_a_source_with_its_retraction_and_design(services):
    services.pages["/eutils/efetch.fcgi"] = EFETCH

    fields = fields_of(lookup.look_up(Identifier("pmid", "27192616")))

    assert fields["name"] == "Signaling Explorations of the Mitragyna Alkaloids"
    assert fields["authors"] == ["Kruegel AC", "Kratom Group"]
    assert fields["container"] == "J Am Chem Soc 138(21):6754-6764"
    assert (fields["doi"], fields["pmid"]) == ("10.1021/jacs.6b00360", "27192616")
    assert (fields["design"], fields["retraction"]) == ("rct", "retracted")
    assert fields["published"] == "2016-06-01"


def test_a_text_of_pmc_leads_to_pubmed(services):
    services.pages["/eutils/elink.fcgi"] = (
        200,
        {},
        b'{"linksets": [{"linksetdbs": [{"linkname": "pmc_pubmed", "links": ["27192616"]}]}]}',
    )
    services.pages["/eutils/efetch.fcgi"] = EFETCH

    assert lookup.look_up(Identifier("pmcid", "PMC5189718"))["PMID"] == "27192616"


def test_a_pmid_that_nobody_has_is_told(services):
    services.pages["/eutils/efetch.fcgi"] = (200, {}, b"<PubmedArticleSet/>")

    with pytest.raises(lookup.NotFound, match="does not know PMID 1"):
        lookup.look_up(Identifier("pmid", "1"))


def test_arxiv_gives_a_preprint(services):
    services.pages["/arxiv/query"] = ARXIV

    fields = fields_of(lookup.look_up(Identifier("arxiv", "2101.00001")))

    assert (fields["name"], fields["kind"]) == ("Alkaloids in graphs", "preprint")
    assert fields["authors"] == ["Doe JQ", "Li B"]
    assert fields["doi"] == "10.48550/arxiv.2101.00001"


def test_open_library_gives_a_book(services):
    services.pages["/api/books"] = BOOK

    fields = fields_of(lookup.look_up(Identifier("isbn", "9780306406157")))

    assert (fields["name"], fields["kind"]) == ("Plants: a guide", "book")
    assert (fields["container"], fields["published"]) == ("Plenum", "1980")


def test_a_page_gives_what_its_tags_say(services):
    services.pages["/article"] = PAGE

    fields = fields_of(lookup.look_up(Identifier("url", f"{services.url}/article")))

    assert fields["name"] == "Kratom & its users"
    assert (fields["container"], fields["published"]) == ("Tea J 3:1-9", "2019-03-01")


def test_a_page_without_tags_gives_its_title_alone(services):
    page = b"<title>FDA and kratom</title><p>Text"
    services.pages["/x"] = (200, {"Content-Type": "text/html"}, page)

    found = lookup.look_up(Identifier("url", f"{services.url}/x"))

    fields = fields_of(found)
    assert (fields["name"], fields["kind"]) == ("FDA and kratom", "web-page")
    assert (fields["authors"], fields["published"]) == ([], None)


def test_a_pdf_is_told(services):
    services.pages["/x"] = (200, {"Content-Type": "application/pdf"}, b"%PDF")

    with pytest.raises(lookup.NotFound, match="leads to a file"):
        lookup.look_up(Identifier("url", f"{services.url}/x"))


def replies(*answers):
    left = list(answers)
    return lambda handler: left.pop(0)


def test_a_busy_server_is_asked_again_when_it_says(services, pauses):
    busy = (429, {"Retry-After": "2"}, b"")
    services.pages[WORK] = replies(busy, (503, {}, b""), CROSSREF)

    assert lookup.look_up(DOI)["title"]
    assert pauses == [2.0, 2.0]


def test_a_moment_to_come_back_at_is_understood(services, pauses):
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=5)
    busy = (503, {"Retry-After": email.utils.format_datetime(later, usegmt=True)}, b"")
    services.pages[WORK] = replies(busy, CROSSREF)

    lookup.look_up(DOI)

    assert 3 <= pauses[0] <= 5


def test_one_that_asks_for_an_hour_is_left_alone(services, pauses):
    services.pages[WORK] = (429, {"Retry-After": "3600"}, b"")

    with pytest.raises(lookup.NotFound, match="429"):
        lookup.look_up(DOI)
    assert (pauses, len(services.asked)) == ([], 1)


def test_it_is_given_up_after_three_attempts(services, pauses):
    services.pages[WORK] = (500, {}, b"")

    with pytest.raises(lookup.NotFound, match="500"):
        lookup.look_up(DOI)
    assert len(services.asked) == 3


def test_a_refusal_is_not_asked_again(services, pauses):
    services.pages[WORK] = (403, {}, b"")

    with pytest.raises(lookup.NotFound, match="403"):
        lookup.look_up(DOI)
    assert len(services.asked) == 1


def test_one_that_never_answers_is_told(services, settings, pauses):
    settings.LOOKUP_TIMEOUT_S = 0.1
    services.pages[WORK] = lambda handler: handler.server.stopped.wait(5) and None

    with pytest.raises(lookup.NotFound, match="did not answer in time"):
        lookup.look_up(DOI)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"message": 1}', b"<html>", b'{"message": {}}', b"\xff"]
)
@pytest.mark.parametrize("scheme", ["doi", "pmid", "pmcid", "arxiv", "isbn"])
def test_nonsense_is_told_and_never_crashes(services, scheme, body):
    for path in ("/works/1", "/eutils/efetch.fcgi", "/eutils/elink.fcgi"):
        services.pages[path] = (200, {}, body)
    services.pages["/arxiv/query"] = services.pages["/api/books"] = (200, {}, body)

    with pytest.raises(lookup.NotFound):
        lookup.look_up(Identifier(scheme, "1"))
