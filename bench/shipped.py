"""A site of its own for a measure: the shipped dataset in a folder that is thrown away."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DATASET = Path(__file__).resolve().parent.parent / "data"


@contextmanager
def shipped_site() -> Iterator[None]:
    """Set Django up on a new database with the dataset; import models only inside.

    The index is made with the records. Progress goes to standard error.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["SEARCH_URL"] = f"whoosh:///{folder}/index"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("import", str(DATASET), verbosity=0, stdout=sys.stderr)
        yield
