"""What is dear to make is made once a run, however many processes test.

Nothing is kept from one run to the next, so nothing of it can be out of date.
"""

from __future__ import annotations

import fcntl
import tempfile
from collections.abc import Callable
from pathlib import Path


def once(run_folder: Path, name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder that `make` filled in whichever process came first.

    The others wait for it. If it fails, the next one tries again and tells why.
    """
    whole = run_folder / name
    with (run_folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            begun = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=run_folder))
            make(begun)
            begun.rename(whole)
    return whole
