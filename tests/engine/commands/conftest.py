"""A house on each database."""

from collections.abc import Iterator

import pytest

from tests.house import House, build_house


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    house = build_house(database_url)
    yield house
    house.engine.close()
