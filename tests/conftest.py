"""What every test may rely on: no network, an index of its own, nothing written to var/.

`index` gives an index over what the test has made. `shipped` gives a module the whole
shipped dataset with its index, under the same transactions as usual:

    pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]
"""

from __future__ import annotations

import gc
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from search.engine import Engine, get_engine
from tests import migrated, order
from tests.shipping import Shipped

# How quick a machine is proves nothing about an example.
hypothesis_settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Let the files of a folder stand together, in whatever order they were named.

    pytest 9.1 loses the fixtures of a folder that it comes back to (its issue 14964).
    """
    config.args.sort()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = order.in_order(items)


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never in what was imported and collected.

    All of that stays to the end; to look through it again and again took a tenth of
    the processor.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture(scope="session", autouse=True)
def house_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        WORK_AT_ONCE=True,
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
            "staticfiles": {
                "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
            },
        },
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def emptied_between_tests() -> Iterator[None]:
    """Let a test database be emptied, though its history is append-only.

    The signal that follows an emptying puts the triggers back.
    """
    from django.core.management.commands import flush

    from kb.accounts import append_only

    ours = flush.sql_flush

    def lifting_first(style: Any, database: Any, **options: Any) -> list[str]:
        names = set(append_only.tables())
        lifting = list(append_only.lifting_for(database.vendor, names))
        return [*lifting, *ours(style, database, **options)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "sql_flush", lifting_first)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Let nothing out to another machine, so that no test can come to depend on one."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host and host != "localhost" and not host.startswith(("127.", "::1")):
            raise AssertionError(
                f"A test wanted to reach {host}; tests use no network."
            )
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(autouse=True)
def own_index(
    request: pytest.FixtureRequest, settings: Any, tmp_path: Path
) -> Iterator[None]:
    """Give the test a search engine that nobody else has; empty, unless `shipped`."""
    folder = tmp_path / "index"
    if "shipped" in request.fixturenames:
        folder = request.getfixturevalue("shipped").index
    settings.SEARCH_URL = f"whoosh://{folder}"
    get_engine.cache_clear()
    yield
    if get_engine.cache_info().currsize:
        close = getattr(get_engine(), "close", None)
        if close is not None:
            close()
    get_engine.cache_clear()


@pytest.fixture(autouse=True)
def empty_caches(settings: Any) -> None:
    """Let no test meet what another one cached, or its count of requests."""
    for name in settings.CACHES:
        caches[name].clear()
    from kb import places

    # Version numbers repeat, since each test is rolled back.
    places._kept_trees.clear()


@pytest.fixture
def index(db: None) -> Engine:
    """The search engine, holding what is published in the database at this moment."""
    from search import upkeep

    upkeep.rebuild()
    return get_engine()


REAL_DATABASE = settings.DATABASES["default"]["NAME"]


@pytest.fixture(scope="session")
def run_folder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder of this run, the same for all processes that test."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if hasattr(request.config, "workerinput") else own


@pytest.fixture(scope="session")
def migrations_are_shared(run_folder: Path) -> Iterator[ExitStack]:
    with ExitStack() as until_set_up:
        until_set_up.enter_context(migrated.migrating_once(run_folder))
        yield until_set_up


@pytest.fixture(scope="session")
def django_db_setup(
    migrations_are_shared: ExitStack,
    django_db_setup: None,
    django_db_blocker: Any,
    run_folder: Path,
) -> Iterator[None]:
    """Make a test database, even where pytest-django sees no need of one.

    It looks for marked tests alone. Where only tests in the browser are run, `shipped`
    would put the dataset into the database of whoever runs them.
    """
    made = None
    if connection.settings_dict["NAME"] == REAL_DATABASE:
        with django_db_blocker.unblock():
            made = setup_databases(verbosity=0, interactive=False)
    migrations_are_shared.close()
    with migrated.put_back_after_tests(run_folder):
        yield
    if made:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def shipped_dataset(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory, run_folder: Path
) -> Shipped:
    assert connection.settings_dict["NAME"] != REAL_DATABASE
    return Shipped(tmp_path_factory.mktemp("shipped"), run_folder)


@pytest.fixture(scope="module")
def shipped(shipped_dataset: Shipped, django_db_blocker: Any) -> Iterator[Shipped]:
    """The shipped dataset, in the database and in the index, for the tests of a module."""
    with django_db_blocker.unblock(), shipped_dataset.loaded():
        yield shipped_dataset
