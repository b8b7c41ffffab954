"""What every test may ask for: databases of both kinds and a browser."""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.databases import KINDS, Databases

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# How long an example takes depends on the machine, and tests assert nothing about time. What judges a change
# must judge it alike each time; everybody else may find something new.
hypothesis.settings.register_profile("wulian", deadline=None, derandomize="CI" in os.environ, print_blob=True)
hypothesis.settings.load_profile("wulian")

_CHROMIUM = os.environ.get("WULIAN_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"

# The settings of whoever runs the tests are not the tests' settings.
for _name in [name for name in os.environ if name.startswith("WULIAN_")]:
    del os.environ[_name]


@pytest.fixture(scope="session")
def databases(testrun_uid: str) -> Iterator[Databases]:
    """Makes and drops databases; for tests that need several."""
    databases = Databases(testrun_uid)
    yield databases
    databases.close()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """The SQLAlchemy URL of a fresh database with all tables; the test runs on SQLite and on PostgreSQL."""
    url = databases.new(request.param)
    yield url
    databases.drop(url)


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """The SQLAlchemy URL of a database without tables; the test runs on SQLite and on PostgreSQL."""
    url = databases.empty(request.param)
    yield url
    databases.drop(url)


@pytest.fixture
def sqlite_url(databases: Databases) -> Iterator[str]:
    """The URL of a fresh SQLite database with all tables."""
    url = databases.new("sqlite")
    yield url
    databases.drop(url)


@pytest.fixture
def postgresql_url(databases: Databases) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database with all tables."""
    url = databases.new("postgresql")
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """A real Chromium, started once for a test process; open a page with ``browser.new_context(…)``."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM)
        yield browser
        browser.close()
