"""The district, and people in front of browsers."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.databases import Databases
from tests.stories import district as districts
from tests.stories.district import District
from tests.stories.people import Device, People

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_RESULTS = Path(__file__).resolve().parents[2] / "test-results"
_ALWAYS = bool(os.environ.get("KEEP_SCREENSHOTS"))  # else only what failed is kept


@pytest.fixture(scope="session")
def loaded(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A SQLite database with the demonstration, to be copied."""
    url = databases.new("sqlite")
    districts.load(url, tmp_path_factory.mktemp("loaded"))
    yield url
    databases.drop(url)


@pytest.fixture
def district(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path, loaded: str
) -> Iterator[District]:
    """The demonstration, served; on SQLite, or on the kind of database that the story names."""
    kind = getattr(request, "param", "sqlite")
    url = databases.new(kind)
    if kind == "sqlite":
        districts.copy(loaded, url)
    else:
        districts.load(url, tmp_path)
    with districts.served(url, tmp_path) as district:
        yield district
    databases.drop(url)


@pytest.fixture
def people_at(
    request: pytest.FixtureRequest, browser: "Browser", district: District
) -> Iterator[Callable[[Device], People]]:
    """People on one kind of device; their windows are kept as pictures when the story fails."""
    failures = request.session.testsfailed
    with ExitStack() as closing:

        def gather(device: Device) -> People:
            people = People(browser, district.address, device)
            closing.callback(people.close)

            def keep() -> None:
                if _ALWAYS or request.session.testsfailed > failures:
                    for login, page in people.pages():
                        _picture(page, f"{request.node.name}-{device.name}-{login}")

            closing.callback(keep)
            return people

        yield gather


def _picture(page: "Page", name: str) -> None:
    _RESULTS.mkdir(exist_ok=True)
    safe = "".join(each if each.isalnum() or each in "-_" else "_" for each in name)
    page.screenshot(path=_RESULTS / f"{safe[-120:]}.png", full_page=True)
