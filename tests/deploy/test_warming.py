"""A server reads what its first reader needs before it opens; if it cannot, it opens."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.warming import PAGES, warm
from search.models import MissedQuery

ROOT = Path(__file__).parents[2]
START = "from config.wsgi import application; from config.warming import warm; warm(application)"


@pytest.mark.django_db
@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_there_and_nobody_is_said_to_have_asked(client, page):
    assert client.head(page).status_code == 200
    assert not MissedQuery.objects.exists()


def test_it_asks_for_heads_which_nobody_counts():
    asked = []

    def application(environ, start_response):
        asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        return io.BytesIO()

    warm(application)

    assert asked == [("HEAD", page.partition("?")[0]) for page in PAGES]


def test_what_breaks_is_logged_and_stops_nothing(caplog):
    def application(environ, start_response):
        raise RuntimeError("a template is broken")

    warm(application)

    assert "a template is broken" in caplog.text


def test_a_server_without_a_database_starts_all_the_same(tmp_path: Path):
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/none/none.sqlite3",
        "SEARCH_URL": f"whoosh:///{tmp_path}/index",
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "x" * 50,
    }

    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
