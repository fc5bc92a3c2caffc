"""The first of many numbers, without putting all of them in order."""

from __future__ import annotations

import numpy as np

# Of so many numbers the first are looked for in groups of so many.
_MANY, _GROUP = 4_096, 64


def least_of(values: np.ndarray, count: int) -> np.ndarray:
    """Return, ascending, the places of the `count` least values, of all that are equal
    to the last of these, and of some more."""
    group = min(_GROUP, len(values) // (2 * count)) if len(values) > _MANY else 1
    if group > 4:
        # The least of each group tell what the last of all these has at most.
        whole = len(values) // group * group
        least = values[:whole].reshape(group, -1).min(axis=0)
    elif len(values) > 4 * count:
        least = values
    else:
        return np.arange(len(values))
    most = np.partition(least, count - 1)[count - 1]
    return (values <= most).nonzero()[0]
