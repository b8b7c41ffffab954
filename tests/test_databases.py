"""The databases tests get: fresh, with all tables, and of both kinds."""

import sqlalchemy as sa

from engine.store import tables
from engine.store.database import open_database
from engine.store.migrate import upgrade
from tests.databases import Databases


def names_of_tables(url: str) -> set[str]:
    engine = open_database(url)
    try:
        return set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_a_database_has_all_tables(database_url: str) -> None:
    assert set(tables.metadata.tables) <= names_of_tables(database_url)


def test_migrating_an_empty_database_makes_all_tables(empty_database_url: str) -> None:
    assert not names_of_tables(empty_database_url)

    upgrade(empty_database_url)

    assert set(tables.metadata.tables) <= names_of_tables(empty_database_url)


def test_what_one_test_writes_no_other_test_finds(database_url: str, databases: Databases) -> None:
    engine = open_database(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE left_behind (id integer)"))
    engine.dispose()

    other = databases.new("sqlite" if database_url.startswith("sqlite") else "postgresql")

    assert "left_behind" not in names_of_tables(other)
    databases.drop(other)
