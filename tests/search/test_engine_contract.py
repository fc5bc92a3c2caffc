"""What every search engine promises: writing, finding, filters (`search.engine.Engine`)."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engine import Document, Engine, Query, SearchUnavailable, engine_for
from search.engine.whoosh import WhooshEngine
from search.query import parse
from tests.search.examples import ALL, KETAMINE, KRATOM, SEVEN_OH, TEA, found, make

# Writing


def test_an_indexed_document_is_found(engine: Engine) -> None:
    engine.index([KRATOM])

    assert found(engine, "kratom") == ["kratom"]


def test_a_document_of_the_same_key_replaces_the_first(engine: Engine) -> None:
    engine.index([KRATOM])
    engine.index(
        [dataclasses.replace(KRATOM, title="Biak", names=(), text="", version="2")]
    )

    assert found(engine, "withdrawal") == []
    assert found(engine, "biak") == ["kratom"]
    assert list(engine.versions()) == [("substance:kratom", "2")]


def test_of_two_documents_of_one_key_in_a_batch_the_last_stays(engine: Engine) -> None:
    later = dataclasses.replace(KRATOM, version="2", title="Later")

    engine.index([KRATOM, TEA, later])
    assert dict(engine.versions()) == {"substance:kratom": "2", "substance:tea": "1"}

    engine.rebuild([KRATOM, TEA, later])
    assert dict(engine.versions()) == {"substance:kratom": "2", "substance:tea": "1"}
    assert found(engine, "later") == ["kratom"]


def test_a_removed_document_is_not_found(filled: Engine) -> None:
    filled.remove(["substance:kratom", "substance:never-there"])

    assert "kratom" not in found(filled, "kratom")
    assert filled.document_count() == len(ALL) - 1


def test_a_batch_that_fails_leaves_nothing(filled: Engine) -> None:
    def documents() -> Iterator[Document]:
        yield make("first", text="unheard-of")
        yield dataclasses.replace(KRATOM, text=None)  # type: ignore[arg-type]

    with pytest.raises(TypeError, match="substance:kratom"):
        filled.index(documents())

    assert found(filled, "unheard-of") == []
    filled.index([make("second", text="unheard-of")])
    assert found(filled, "unheard-of") == ["second"]


def test_a_rebuild_that_fails_leaves_the_old_index(filled: Engine) -> None:
    def documents() -> Iterator[Document]:
        yield TEA
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        filled.rebuild(documents())

    assert filled.document_count() == len(ALL)


def test_a_rebuild_forgets_what_it_is_not_given(filled: Engine) -> None:
    filled.rebuild([TEA])

    assert list(filled.versions()) == [("substance:tea", "1")]


def test_readers_see_the_old_index_until_the_new_one_is_whole(filled: Engine) -> None:
    seen: list[list[str]] = []

    def documents() -> Iterator[Document]:
        yield TEA
        seen.append(found(filled, "speciosa"))
        yield KETAMINE

    filled.rebuild(documents())

    assert seen == [["kratom"]]
    assert found(filled, "speciosa") == []


def test_what_is_saved_while_a_rebuild_runs_is_kept(filled: Engine) -> None:
    def documents() -> Iterator[Document]:
        yield from ALL
        filled.index([make("newcomer"), dataclasses.replace(TEA, version="2")])
        filled.remove([KETAMINE.key])

    filled.rebuild(documents())

    versions = dict(filled.versions())
    assert versions["substance:newcomer"] == "1"
    assert versions["substance:tea"] == "2"
    assert KETAMINE.key not in versions
    assert found(filled, "newcomer") == ["newcomer"]


def test_two_engines_see_the_same_changes(tmp_path: Path) -> None:
    writer, reader = WhooshEngine(tmp_path), WhooshEngine(tmp_path)
    writer.index([KRATOM])
    for number in range(12):
        writer.index([make(f"new-{number}")])
        assert reader.document_count() == number + 2
    writer.remove([KRATOM.key])
    assert reader.search(parse("ketum")).total == 0
    writer.close()
    reader.close()


def test_many_small_changes_lose_nothing(engine: Engine) -> None:
    for number in range(15):
        engine.index([make(f"n{number}", text="common"), TEA])
        if number % 3 == 0:
            engine.remove([f"substance:n{number}"])

    kept = {f"n{number}" for number in range(15) if number % 3}
    assert set(found(engine, "common")) == kept
    assert engine.document_count() == len(kept) + 1
    assert found(engine, "tea") == ["tea"]


# An index that is not there, or broken


def test_without_an_index_a_search_says_what_to_run(engine: Engine) -> None:
    with pytest.raises(SearchUnavailable, match="search_index rebuild"):
        engine.search(parse("kratom"))
    assert not engine.is_ready()
    assert list(engine.versions()) == []


def test_an_empty_index_answers(engine: Engine) -> None:
    engine.rebuild([])

    assert engine.is_ready()
    assert engine.search(parse("kratom")).total == 0
    assert engine.search(parse("")).total == 0
    assert engine.suggest("kra") == []


# Finding


@pytest.mark.parametrize("typed", ["7-OH", "7‑oh", "7OH", "7 oh", "7–OH", "7\u00ad-oh"])
def test_spellings_of_7_oh_are_one_thing(filled: Engine, typed: str) -> None:
    assert found(filled, typed)[0] == "7-hydroxymitragynine"


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("kratom", "kratom"),
        ("KETUM", "kratom"),
        ("kratum", "kratom"),
        ("mitragyna speciosa", "kratom"),
        ("กระท่อม", "kratom"),
        ("biak biak", "kratom"),
        ("4098-40-2", "mitragynine"),
        ("7-hydroxymitragynine", "7-hydroxymitragynine"),
        ("7 hydroxymitragynine", "7-hydroxymitragynine"),
        ("can’t sleep", "insomnia"),
        ("cant sleep", "insomnia"),
        ("mítragynine", "mitragynine"),
    ],
)
def test_a_name_finds_its_record_first(filled: Engine, typed: str, slug: str) -> None:
    assert found(filled, typed)[0] == slug


def test_an_exact_name_is_first_whatever_the_texts_say(engine: Engine) -> None:
    loud = make("loud", "Ketum ketum", text="ketum " * 50, boost=3.0)
    engine.rebuild([loud, KRATOM])

    assert found(engine, "ketum") == ["kratom", "loud"]


def test_word_forms_are_found(filled: Engine) -> None:
    assert "kratom" in found(filled, "leaf chewing leaves")
    assert found(filled, "alkaloids", kinds=["alkaloid"])


def test_lay_words_find_what_is_written_in_medical_ones(filled: Engine) -> None:
    hits = filled.search(parse("can't sleep")).hits

    assert [hit.slug for hit in hits][:2] == ["insomnia", "sleep-study"]
    assert ("Insomnia", True) in hits[1].title_parts


def test_documents_with_all_words_come_before_those_with_one(engine: Engine) -> None:
    engine.rebuild(
        [
            make("one", text="alpha alpha alpha"),
            make("both", text="alpha beta and some more words to make it long"),
            make("other", text="beta beta beta"),
        ]
    )

    assert found(engine, "alpha beta")[0] == "both"
    assert set(found(engine, "alpha beta")) == {"one", "both", "other"}


def test_equal_documents_stand_in_a_fixed_order(engine: Engine) -> None:
    documents = [
        make("b", "Same", kind="source"),
        make("a", "Same", kind="source"),
        make("c", "Same", kind="substance"),
    ]
    engine.rebuild(documents)
    assert found(engine, "same") == ["c", "a", "b"]

    engine.rebuild(reversed(documents))
    assert found(engine, "same") == ["c", "a", "b"]


def test_a_boost_lifts_a_document(engine: Engine) -> None:
    engine.rebuild([make("a", text="word"), make("b", text="word", boost=1.5)])

    assert found(engine, "word") == ["b", "a"]


def test_a_word_with_minus_keeps_documents_out(filled: Engine) -> None:
    assert "kratom" in found(filled, "leaves")
    assert found(filled, "leaves -kratom") == ["tea"]
    assert "kratom" not in found(filled, "-kratom")
    assert "7-hydroxymitragynine" not in found(filled, "alkaloid -7oh")


def test_a_phrase_must_stand_as_it_is(filled: Engine) -> None:
    assert found(filled, '"leaves against withdrawal"') == ["kratom"]
    assert found(filled, '"withdrawal against leaves"') == []
    assert "kratom" not in found(filled, 'leaves -"against withdrawal"')


def test_a_phrase_does_not_reach_from_one_name_into_the_next(filled: Engine) -> None:
    assert found(filled, '"speciosa kratum"') == []


# Filters and facets


def test_without_words_all_are_listed_by_title(filled: Engine) -> None:
    titles = [hit.title for hit in filled.search(Query()).hits]

    assert len(titles) == len(ALL)
    assert titles == sorted(titles, key=str.casefold)


@pytest.mark.parametrize(
    ("filters", "slugs"),
    [
        ({"kinds": ["alkaloid", "symptom"]}, 4),
        ({"levels": ["low"]}, 2),
        ({"tags": ["opioid-receptor"]}, 2),
        ({"regions": ["US-OH"]}, 3),
        ({"statuses": ["controlled"]}, 2),
        ({"regions": ["US-OH"], "statuses": ["controlled"]}, 1),
        ({"regions": ["US-OH"], "statuses": ["controlled", "banned"]}, 2),
        ({"regions": ["US-OH"], "kinds": ["alkaloid"], "levels": ["low"]}, 1),
        ({"kinds": ["nothing"]}, 0),
    ],
)
def test_filters(filled: Engine, filters: dict[str, list[str]], slugs: int) -> None:
    assert filled.search(parse("", **filters)).total == slugs  # type: ignore[arg-type]


def test_a_facet_counts_as_if_its_own_filter_were_not_there(filled: Engine) -> None:
    facets = filled.search(parse("", kinds=["alkaloid"], levels=["low"])).facets
    counts = {name: dict(values) for name, values in facets.items()}

    assert counts["kind"] == {"alkaloid": 1, "substance": 1}
    assert counts["level"] == {"low": 1, "not-assessed": 1}
    assert counts["tag"] == {}


def test_regions_are_counted_for_the_status_asked_for(filled: Engine) -> None:
    facets = filled.search(parse("", statuses=["controlled"])).facets
    assert dict(facets["region"]) == {"US-AL": 2, "US-OH": 1}
    assert dict(facets["status"]) == {
        "controlled": 2,
        "banned": 1,
        "unclear": 1,
        "uncontrolled": 1,
    }

    facets = filled.search(parse("", regions=["US-OH"])).facets
    assert dict(facets["status"]) == {
        "banned": 1,
        "controlled": 1,
        "uncontrolled": 1,
    }


def test_pages_follow_each_other(filled: Engine) -> None:
    whole = found(filled, "alkaloid leaves opioid", limit=100)
    pages = [
        slug
        for offset in range(0, 10, 2)
        for slug in found(filled, "alkaloid leaves opioid", limit=2, offset=offset)
    ]

    assert pages == whole
    assert len(whole) > 3
    assert found(filled, "kratom", limit=0) == []
    assert filled.search(parse("kratom", offset=10**12)).hits == ()


# How much is shown


def test_what_has_only_the_common_word_is_let_go(engine: Engine) -> None:
    common = [make(f"n{number}", text="kratom and more") for number in range(200)]
    engine.rebuild([*common, make("both", text="kratom with alcohol"), TEA])

    assert found(engine, "kratom alcohol") == ["both"]
    assert engine.search(parse("kratom")).total == 201
    assert engine.search(parse("kratom xyzzy")).total == 201


def test_of_a_rare_word_nothing_is_let_go(filled: Engine) -> None:
    assert {"kratom", "tea"} <= set(found(filled, "kratom camellia"))


def test_parts_of_a_compound_that_say_little_are_no_match(engine: Engine) -> None:
    engine.rebuild([SEVEN_OH, make("a", text="7 people"), make("b", text="5-HT2A")])

    assert found(engine, "7-OH") == ["7-hydroxymitragynine"]
    assert found(engine, "5-HT") == ["b"]


def test_words_that_only_ask_do_not_decide(engine: Engine) -> None:
    engine.rebuild([KRATOM, make("how", text="How long does it last? What is it?")])

    assert found(engine, "how long does kratom last")[0] == "kratom"
    assert found(engine, "how long")[0] == "how"


def test_a_name_is_found_by_its_stem(engine: Engine) -> None:
    engine.rebuild(
        [
            make("naloxone"),
            make("with-naloxone", "Other with naloxone", text="naloxone " * 9),
        ]
    )

    assert found(engine, "naloxon")[0] == "naloxone"


# The region above holds where a region has no status of its own


def test_a_place_without_a_status_has_that_of_the_region_above(engine: Engine) -> None:
    engine.rebuild(
        [
            make("a", regions=("US=uncontrolled", "US-CA=banned")),
            make("b", regions=("US=controlled",)),
            make("c", regions=("US-CA/san-diego=controlled", "US-CA=uncontrolled")),
            make("d", regions=("MX=controlled",)),
        ]
    )

    def in_place(region: str, *statuses: str) -> list[str]:
        return sorted(found(engine, "", regions=[region], statuses=statuses))

    assert in_place("US-CA") == ["a", "b", "c"]
    assert in_place("US-CA", "controlled") == ["b"]
    assert in_place("US-CA", "banned", "uncontrolled") == ["a", "c"]
    assert in_place("US-CA/san-diego", "controlled") == ["b", "c"]
    assert in_place("US-TX") == ["a", "b"]
    assert in_place("FR") == []


def test_counts_are_those_that_choosing_would_give(engine: Engine) -> None:
    rng = random.Random(3)
    places = ["US", "US-CA", "US-CA/san-diego", "US-OH", "DE"]
    statuses = ["banned", "controlled", "unclear"]
    engine.rebuild(
        make(
            f"n{number}",
            kind=rng.choice(["substance", "alkaloid"]),
            level=rng.choice(["low", "high", ""]),
            tag_slugs=tuple(rng.sample(["x", "y", "z"], rng.randint(0, 2))),
            regions=tuple(
                f"{place}={rng.choice(statuses)}"
                for place in rng.sample(places, rng.randint(0, 3))
            ),
        )
        for number in range(60)
    )
    names = {
        "kind": "kinds",
        "level": "levels",
        "tag": "tags",
        "region": "regions",
        "status": "statuses",
    }
    for chosen in (
        {},
        {"kinds": ["substance"]},
        {"kinds": ["alkaloid"], "tags": ["x", "y"]},
        {"regions": ["US-CA"]},
        {"regions": ["US-CA/san-diego"], "levels": ["low"]},
        {"regions": ["US-OH", "DE"], "statuses": ["banned"]},
        {"statuses": ["banned", "unclear"], "kinds": ["substance"], "tags": ["z"]},
    ):
        facets = engine.search(parse("", **chosen)).facets
        for facet, parameter in names.items():
            for value, count in facets[facet]:
                if facet == "region" and value not in chosen.get("regions", ()):
                    continue  # of others, rules of their own are counted
                alone = {**chosen, parameter: [value]}
                total = engine.search(parse("", **alone)).total
                assert count == total, (chosen, facet, value)


# Which engine


@pytest.mark.parametrize(
    "url", ["", "solr://host/", "whoosh://relative/path", "whoosh:///", "/a/path"]
)
def test_an_unknown_search_url_is_refused(url: str) -> None:
    from django.core.exceptions import ImproperlyConfigured

    with pytest.raises(ImproperlyConfigured, match="SEARCH_URL"):
        engine_for(url)


def test_a_search_url_names_a_folder(tmp_path: Path) -> None:
    engine = engine_for(f"whoosh://{tmp_path}/index")
    engine.index([KRATOM])

    assert (tmp_path / "index" / "current").is_file()
    assert engine.is_ready()
    engine.close()  # type: ignore[attr-defined]
