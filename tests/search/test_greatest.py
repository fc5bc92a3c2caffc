"""The best of many, ties included, are never lost to a short cut."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.engine.greatest import greatest_of


@given(
    size=st.integers(0, 3_000),
    different=st.sampled_from([1, 3, 1_000_000]),
    count=st.integers(1, 60),
    seed=st.integers(0, 10_000),
)
def test_the_greatest_are_among_those_kept(size, different, count, seed):
    values = np.random.default_rng(seed).integers(0, different, size).astype(float)

    kept = greatest_of(values, count)

    least = sorted(values, reverse=True)[:count][-1] if size else 0.0
    assert set(np.flatnonzero(values > least)) <= set(kept)
    assert sum(values[kept] >= least) >= min(count, size)
    assert (np.diff(kept) > 0).all()


def test_few_are_kept_of_many():
    values = np.random.default_rng(1).random(10_000)

    assert len(greatest_of(values, 10)) < 1_000
