"""What every search engine promises whatever is typed, and however many ask at once."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engine import Engine, Query
from search.query import parse
from tests.search.examples import ALL, found, make

# Anything may be typed


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
