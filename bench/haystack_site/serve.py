"""Answers queries from standard input, one a line, with the milliseconds each took.

    python -m bench.haystack_site.serve FOLDER < queries

FOLDER/documents.jsonl holds a title and a text a line. The first line that is printed
is the milliseconds that the index of a document took.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

PAGE = """<!doctype html><title>{{ text }}</title>
{% for hit in hits %}<h2>{{ hit.title }}</h2>
{% for part in hit.highlighted %}<p>{{ part }}</p>{% endfor %}{% endfor %}"""


def search(request: HttpRequest) -> HttpResponse:
    from haystack.inputs import AutoQuery
    from haystack.query import SearchQuerySet

    text = request.GET["q"]
    found = SearchQuerySet().filter(content=AutoQuery(text)).highlight()
    template = engines["django"].from_string(PAGE)
    context = {"text": text, "hits": list(found[:10])}
    return HttpResponse(template.render(context, request))


urlpatterns = [path("search/", search)]


def configure(folder: Path) -> None:
    warnings.simplefilter("ignore")
    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["testserver"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "haystack",
            "bench.haystack_site",
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(folder / "site.sqlite3"),
            }
        },
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        HAYSTACK_CONNECTIONS={
            "default": {
                "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
                "PATH": str(folder / "haystack"),
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    import django

    django.setup()


def build(folder: Path) -> float:
    """Fill the database and the index; return the milliseconds a document took."""
    from django.db import connection
    from haystack import connections

    from bench.haystack_site.models import Page

    with connection.schema_editor() as editor:
        editor.create_model(Page)
    with (folder / "documents.jsonl").open(encoding="utf-8") as file:
        rows = (Page(**json.loads(line)) for line in file)
        while some := list(islice(rows, 1_000)):
            Page._default_manager.bulk_create(some)
    backend = connections["default"].get_backend()
    index = connections["default"].get_unified_index().get_index(Page)
    started = time.process_time()
    pages = list(Page._default_manager.all())
    for first in range(0, len(pages), 1_000):
        backend.update(index, pages[first : first + 1_000])
    return (time.process_time() - started) * 1000 / max(1, len(pages))


def main() -> int:
    folder = Path(sys.argv[1])
    configure(folder)
    print(build(folder), flush=True)
    from django.test import Client

    client = Client()
    for line in sys.stdin:
        started = time.thread_time()
        response = client.get(f"/search/?q={quote(line.strip())}")
        took_ms = (time.thread_time() - started) * 1000
        print(took_ms if response.status_code == 200 else "nan", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
