"""What every search engine promises (`search.engine.Engine`)."""

from __future__ import annotations

import dataclasses
import math
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engine import (
    Document,
    Engine,
    Query,
    SearchUnavailable,
    engine_for,
    ranking,
)
from search.engine.near import NearMisses
from search.engine.whoosh import WhooshEngine
from search.query import parse


def make(slug: str, title: str = "", **fields: object) -> Document:
    kind = str(fields.pop("kind", "substance"))
    fields.setdefault("version", "1")
    return Document(
        key=f"{kind}:{slug}",
        kind=kind,
        slug=slug,
        title=title or slug.capitalize(),
        url=f"/{kind}s/{slug}/",
        **fields,  # type: ignore[arg-type]
    )


KRATOM = make(
    "kratom",
    names=("ketum", "Mitragyna speciosa", "กระท่อม", "kratum", "biak-biak"),
    tags=("Opioid receptor",),
    tag_slugs=("opioid-receptor",),
    summary="A tree of south-east Asia whose leaves are chewed or drunk as tea.",
    text="Mitragynine is its main alkaloid. People use the leaves against withdrawal.",
    level="very-low",
    level_about="Opioid withdrawal",
    regions=("US-AL=controlled", "US-OH=controlled", "DE=unclear"),
)
MITRAGYNINE = make(
    "mitragynine",
    kind="alkaloid",
    names=("CAS 4098-40-2",),
    summary="The main alkaloid of kratom leaves.",
    text="The body turns a part of it into 7‑hydroxymitragynine.",
    level="low",
    regions=("US-AL=controlled", "US-OH=uncontrolled"),
)
MITRAPHYLLINE = make(
    "mitraphylline", kind="alkaloid", summary="An alkaloid of cat's claw."
)
SEVEN_OH = make(
    "7-hydroxymitragynine",
    "7-Hydroxymitragynine",
    kind="alkaloid",
    names=("7-OH", "7-HMG"),
    tags=("Opioid receptor",),
    tag_slugs=("opioid-receptor",),
    summary="An alkaloid that binds more strongly to the mu opioid receptor.",
    level="not-assessed",
    regions=("US-OH=banned",),
)
KETAMINE = make("ketamine", summary="An anaesthetic medicine.", level="high")
INSOMNIA = make(
    "insomnia",
    kind="symptom",
    names=("can't sleep", "sleeplessness"),
    summary="Trouble falling asleep or staying asleep.",
)
SLEEP_STUDY = make(
    "sleep-study",
    "Insomnia in adults: a trial",
    kind="source",
    text="Insomnia was measured for eight weeks in 40 adults.",
)
TEA = make("tea", summary="A drink of leaves of Camellia sinensis.", level="low")
ALL = (
    KRATOM,
    MITRAGYNINE,
    MITRAPHYLLINE,
    SEVEN_OH,
    KETAMINE,
    INSOMNIA,
    SLEEP_STUDY,
    TEA,
)


@pytest.fixture(params=["whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    assert request.param == "whoosh"
    made = WhooshEngine(tmp_path / "index", lock_wait_s=5)
    yield made
    made.close()


@pytest.fixture
def filled(engine: Engine) -> Engine:
    engine.rebuild(ALL)
    return engine


def found(engine: Engine, text: str, **filters: object) -> list[str]:
    hits = engine.search(parse(text, **filters)).hits  # type: ignore[arg-type]
    return [hit.slug for hit in hits]


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
    counts = {
        name: {value.value: value.count for value in values}
        for name, values in facets.items()
    }

    assert counts["kind"] == {"alkaloid": 1, "substance": 1}
    assert counts["level"] == {"low": 1, "not-assessed": 1}
    assert counts["tag"] == {}


def test_regions_are_counted_for_the_status_asked_for(filled: Engine) -> None:
    facets = filled.search(parse("", statuses=["controlled"])).facets
    assert {v.value: v.count for v in facets["region"]} == {"US-AL": 2, "US-OH": 1}
    assert {v.value: v.count for v in facets["status"]} == {
        "controlled": 2,
        "banned": 1,
        "unclear": 1,
        "uncontrolled": 1,
    }

    facets = filled.search(parse("", regions=["US-OH"])).facets
    assert {v.value: v.count for v in facets["status"]} == {
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
            for value in facets[facet]:
                if facet == "region" and value.value not in chosen.get("regions", ()):
                    continue  # of others, rules of their own are counted
                alone = {**chosen, parameter: [value.value]}
                total = engine.search(parse("", **alone)).total
                assert value.count == total, (chosen, facet, value)


# What a hit shows


def test_a_snippet_marks_what_matches(engine: Engine) -> None:
    engine.rebuild(
        [make("a", summary="Short.", text="word " * 300 + "withdrawal & <b>")]
    )

    (hit,) = engine.search(parse("withdrawals")).hits

    assert ("withdrawal", True) in hit.snippet
    assert len("".join(text for text, _ in hit.snippet)) < 240
    assert hit.snippet[0][0].startswith("…")


def test_a_hit_says_which_name_matched(filled: Engine) -> None:
    hits = filled.search(parse("ketum")).hits
    assert hits[0].matched == "also called ketum"
    assert filled.search(parse("kratom")).hits[0].matched == ""
    hit = filled.search(parse("speciosa withdrawal")).hits[0]
    assert hit.matched == "also called Mitragyna speciosa"
    assert filled.search(parse("kratom")).hits[0].title_parts == (("Kratom", True),)


def test_a_hit_by_a_tag_alone_says_so(engine: Engine) -> None:
    engine.rebuild([make("a", tags=("Sold as supplement",), summary="A leaf.")])

    assert (
        engine.search(parse("supplement")).hits[0].matched
        == "tagged Sold as supplement"
    )


def test_a_hit_carries_its_level(filled: Engine) -> None:
    hit = filled.search(parse("kratom")).hits[0]

    assert (hit.level, hit.level_about) == ("very-low", "Opioid withdrawal")
    assert (hit.kind, hit.url) == ("substance", "/substances/kratom/")


# Spelling


def test_results_for_a_better_spelling_when_nothing_is_found(filled: Engine) -> None:
    results = filled.search(parse("kratim"))

    assert results.corrected
    assert results.suggestion == "kratom"
    assert results.hits[0].slug == "kratom"


def test_a_better_spelling_is_only_offered_when_something_is_found(
    filled: Engine,
) -> None:
    results = filled.search(parse("kratim withdrawal -ketamine"))

    assert not results.corrected
    assert results.suggestion == "kratom withdrawal -ketamine"
    assert results.total


@pytest.mark.parametrize(
    "typed", ["mitragynine", "mitraphylline", "ketum", "ketamine", "leaves", "7-OH"]
)
def test_a_known_word_is_never_exchanged(filled: Engine, typed: str) -> None:
    results = filled.search(parse(typed))

    assert results.suggestion is None
    assert not results.corrected


def test_a_compound_is_corrected_as_one(filled: Engine) -> None:
    results = filled.search(parse("7-hydroxymitraginine"))

    assert results.suggestion == "7-hydroxymitragynine"


def test_a_word_that_no_document_has_is_told(filled: Engine) -> None:
    assert filled.search(parse("kratom xyzzy")).unknown == ("xyzzy",)
    assert filled.search(parse("kratim")).unknown == ("kratim",)
    assert filled.search(parse("how much kratom")).unknown == ()


def test_what_was_likely_meant_is_looked_for_beside_the_rest(filled: Engine) -> None:
    results = filled.search(parse("kratom insomina"))

    assert not results.corrected
    assert results.suggestion == "kratom insomnia"
    assert {"kratom", "insomnia"} <= {hit.slug for hit in results.hits}


@pytest.mark.parametrize(
    "typed", ["kavain", "ketamin", "mitraphyllin", "mitragynaline"]
)
def test_another_thing_is_never_put_in_its_place(engine: Engine, typed: str) -> None:
    engine.rebuild([KRATOM, MITRAGYNINE, make("kava", "Kava")])

    results = engine.search(parse(typed))

    assert not results.corrected
    assert results.total == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("krotom", "kratom"),
        ("keatom", "kratom"),
        ("jratom", "kratom"),
        ("kr8tom", "kratom"),
        ("krato", "kratom"),
        ("kraotm", "kratom"),
        ("insomniac", "insomnia"),
        ("ketamene", "ketamine"),
        ("mitraginin", "mitragynine"),
        ("speciossa", "speciosa"),
    ],
)
def test_slips_of_ear_and_hand_are_forgiven(
    filled: Engine, typed: str, meant: str
) -> None:
    results = filled.search(parse(typed))

    assert results.corrected
    assert results.suggestion == meant


def test_two_slips_in_a_word_of_the_text_are_only_offered(engine: Engine) -> None:
    texts = {"a": "Carried home.", "b": "Carried away."}
    engine.rebuild([make(slug, text=text) for slug, text in texts.items()])

    results = engine.search(parse("caried"))
    assert results.corrected

    results = engine.search(parse("cerrjed"))
    assert (results.total, results.suggestion) == (0, "carried")


def test_filters_alone_never_make_a_correction(filled: Engine) -> None:
    results = filled.search(parse("kratom", kinds=["nothing"]))

    assert results.total == 0
    assert results.suggestion is None


# Suggestions


def suggested(engine: Engine, text: str) -> list[str]:
    return [suggestion.slug for suggestion in engine.suggest(text)]


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("kra", "kratom"),
        ("Ket", "ketamine"),
        ("ketu", "kratom"),
        ("7-o", "7-hydroxymitragynine"),
        ("7 o", "7-hydroxymitragynine"),
        ("hydroxy", "7-hydroxymitragynine"),
        ("specio", "kratom"),
        ("กระ", "kratom"),
        ("krtaom", "kratom"),
        ("mitragnyine", "mitragynine"),
        ("cant sl", "insomnia"),
        ("can't sl", "insomnia"),
    ],
)
def test_suggestions(filled: Engine, typed: str, slug: str) -> None:
    assert suggested(filled, typed)[0] == slug


def test_a_suggestion_names_what_matched(filled: Engine) -> None:
    best = filled.suggest("ketum")[0]

    assert (best.title, best.matched, best.kind) == ("Kratom", "ketum", "substance")


def test_each_record_is_suggested_once_and_no_more_than_asked(filled: Engine) -> None:
    slugs = suggested(filled, "mitr")

    assert len(slugs) == len(set(slugs))
    assert slugs[:2] == ["mitragynine", "mitraphylline"]
    assert len(filled.suggest("mitr", limit=1)) == 1
    assert filled.suggest("mitr", limit=0) == []
    assert filled.suggest("") == []


# Anything may be typed


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = WhooshEngine(tmp_path_factory.mktemp("shared") / "index")
    made.rebuild(ALL)
    yield made
    made.close()


@given(st.text(max_size=200))
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_text_is_a_query(shared: Engine, text: str) -> None:
    results = shared.search(parse(text))
    assert results.total >= len(results.hits)
    shared.suggest(text)


@pytest.mark.parametrize(
    "text",
    [
        "((((",
        '"',
        '""',
        "-",
        '-"',
        "kratom AND OR NOT (",
        "kind:",
        "*",
        "\x00\x01kratom",
        "\u202ekratom",
        "\ud800",
        "kratom " * 1_400,
        "a" * 10_000,
        "ก" * 10_000,
        "-" * 10_000,
        "7-" * 5_000,
        '"' + "kratom tea " * 900 + '"',
    ],
)
def test_odd_queries_are_answered(shared: Engine, text: str) -> None:
    shared.search(parse(text))
    shared.suggest(text)
    shared.search(Query(text=text, words=(text,), phrases=(text,), excluded=(text,)))


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"qwx{number}y" for number in range(1_000)),
        "kratom mitraginine " * 500,
        "-" + " -".join(f"tea{number}" for number in range(1_000)),
        '"kratom ' * 1_000,
        "[({" * 3_000,
        "\u200f\u202eמרפא kratom \u2066" * 200,
        "kr8tom7oh" * 1_000,
    ],
)
def test_no_text_takes_long(shared: Engine, text: str) -> None:
    shared.search(parse("kratom"))
    started = time.perf_counter()

    shared.search(parse(text))
    shared.suggest(text)

    assert time.perf_counter() - started < 0.5


def test_threads_get_right_answers(shared: Engine) -> None:
    expected = {text: found(shared, text) for text in ("kratom", "tea", "insomnia")}
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(20):
            for text, slugs in expected.items():
                try:
                    if found(shared, text) != slugs:
                        wrong.append(text)
                except Exception as error:
                    wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_threads_search_while_others_write(engine: Engine) -> None:
    engine.rebuild(ALL)
    done = threading.Event()
    wrong: list[object] = []

    def ask() -> None:
        while not done.is_set():
            try:
                if found(engine, "kratom")[0] != "kratom":
                    wrong.append("kratom is not first")
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for number in range(12):
            engine.index([make(f"extra-{number % 4}", version=str(number))])
        engine.rebuild(ALL)
        engine.rebuild(ALL)
    finally:
        done.set()
        for thread in threads:
            thread.join()

    assert wrong == []


# How the scores and slips of the Whoosh engine are reckoned, against the slow way


def test_scores_are_those_of_bm25f(tmp_path: Path) -> None:
    rng = random.Random(7)
    words = [a + b + "k" for a in "bdfgmn" for b in "aeiou"]
    # At most ten words: longer lengths are rounded in the index.
    texts = {
        str(n): [" ".join(rng.choices(words, k=rng.randint(2, 10))) for _ in range(3)]
        for n in range(60)
    }
    engine = WhooshEngine(tmp_path)
    engine.index(
        make(slug, title, summary=summary, text=text)
        for slug, (title, summary, text) in texts.items()
    )
    engine.index([make("0", "gone")])  # a second segment, and a struck-out document
    texts["0"] = ["gone", "", ""]

    fields = list(zip(("title", "summary", "text"), range(3), strict=True))
    averages = {}
    for field, place in fields:
        lengths = [len(t[place].split()) for t in texts.values() if t[place]]
        averages[field] = sum(lengths) / len(lengths)

    def expected(slug: str, term: str) -> float:
        frequency = sum(term in " ".join(t).split() for t in texts.values())
        joined = 0.0
        for field, place in fields:
            weight, b = ranking.FIELDS[field]
            found = texts[slug][place].split()
            norm = 1 - b + b * len(found) / averages[field]
            joined += weight * found.count(term) / norm
        idf = math.log(1 + (len(texts) - frequency + 0.5) / (frequency + 0.5))
        return idf * (ranking.K1 + 1) * joined / (joined + ranking.K1)

    for term in words[:10]:
        hits = engine.search(parse(term, limit=100)).hits
        lift = 2.4  # one word of one: coverage is whole
        scores = {hit.slug: hit.score / lift for hit in hits}
        assert scores == pytest.approx(
            {s: expected(s, term) for s in texts if expected(s, term)}, rel=1e-3
        )
    engine.close()


def slips_between(a: str, b: str) -> int:
    table = {(-1, -1): 0}
    for i in range(len(a)):
        table[i, -1] = i + 1
    for j in range(len(b)):
        table[-1, j] = j + 1
    for i in range(len(a)):
        for j in range(len(b)):
            best = min(
                table[i - 1, j] + 1,
                table[i, j - 1] + 1,
                table[i - 1, j - 1] + (a[i] != b[j]),
            )
            if i and j and a[i] == b[j - 1] and a[i - 1] == b[j]:
                best = min(best, table[i - 2, j - 2] + 1)
            table[i, j] = best
    return table[len(a) - 1, len(b) - 1]


@given(
    st.text(alphabet="abcกé", min_size=1, max_size=7),
    st.lists(st.text(alphabet="abcกé", min_size=1, max_size=9), max_size=12),
    st.integers(1, 2),
)
@settings(deadline=None)
def test_near_misses_are_those_of_the_edit_table(
    typed: str, words: list[str], slips: int
) -> None:
    near = NearMisses.of(words, 12)

    def find(*, prefix: bool) -> dict[str, int]:
        found = zip(*near.find(typed, slips, prefix=prefix), strict=True)
        return {words[place]: int(distance) for distance, place in found}

    whole = find(prefix=False)
    assert whole == {
        word: d for word in words if (d := slips_between(typed, word)) <= slips
    }

    begun = find(prefix=True)
    assert begun == {
        word: d
        for word in words
        if (d := min(slips_between(typed, word[:n]) for n in range(1, len(word) + 1)))
        <= slips
    }


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
