"""The greatest of many numbers, without putting all of them in order."""

from __future__ import annotations

import numpy as np

# Of so many numbers the greatest are looked for in groups of so many.
_MANY, _GROUP = 4_096, 64


def greatest_of(values: np.ndarray, count: int) -> np.ndarray:
    """Return, ascending, the places of the `count` greatest values, of all that equal
    the last of these, and of some more."""
    group = min(_GROUP, len(values) // (2 * count)) if len(values) > _MANY else 1
    if group > 4:
        # The greatest of each group tell what the last of all these has at least.
        whole = len(values) // group * group
        tops = values[:whole].reshape(group, -1).max(axis=0)
    elif len(values) > 4 * count:
        tops = values
    else:
        return np.arange(len(values))
    least = np.partition(tops, len(tops) - count)[len(tops) - count]
    return (values >= least).nonzero()[0]
