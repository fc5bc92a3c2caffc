"""The greatest of many numbers, without putting all of them in order."""

from __future__ import annotations

import numpy as np

# Groups have at most so many numbers, and there are at least so many for each wanted.
_GROUP, _GROUPS_EACH = 64, 8


def greatest_of(values: np.ndarray, count: int) -> np.ndarray:
    """Return, ascending, the places of the `count` greatest values, of all that equal
    the last of these, and of some more."""
    group = min(_GROUP, len(values) // (_GROUPS_EACH * count))
    if group > 2:
        # The greatest of each group tell what the last of all these has at least.
        whole = len(values) // group * group
        tops = values[:whole].reshape(group, -1).max(axis=0)
    elif len(values) > 4 * count:
        tops = values
    else:
        return np.arange(len(values))
    least = np.partition(tops, len(tops) - count)[len(tops) - count]
    return (values >= least).nonzero()[0]
