"""A database of each kind."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from engine.store.database import open_database


@pytest.fixture
def database(database_url: str) -> Iterator[sa.Engine]:
    database = open_database(database_url)
    yield database
    database.dispose()
