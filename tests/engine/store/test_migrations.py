"""The migrations lead from nothing to exactly the tables that the program knows."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.store.database import open_database, reading
from engine.store.migrate import upgrade
from engine.store.tables import metadata


def test_from_empty_the_migrations_make_what_the_tables_say(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    database = open_database(empty_database_url)
    with reading(database) as conn:
        context = MigrationContext.configure(conn, opts={"version_table": "wulian_version"})
        assert compare_metadata(context, metadata) == []
    database.dispose()


def test_upgrading_what_is_up_to_date_changes_nothing(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    upgrade(empty_database_url)
    database = open_database(empty_database_url)
    with reading(database) as conn:
        assert conn.execute(sa.text("SELECT count(*) FROM wulian_version")).scalar_one() == 1
    database.dispose()


def test_an_older_database_is_brought_forward_with_what_is_in_it(empty_database_url: str) -> None:
    upgrade(empty_database_url, "0001")
    database = open_database(empty_database_url)
    with database.begin() as conn:
        conn.execute(metadata.tables["setting"].insert(), {"key": "calendar_years", "value": [2027]})
    upgrade(empty_database_url)
    with reading(database) as conn:
        kept = conn.execute(sa.select(metadata.tables["setting"].c.value)).scalar_one()
    assert kept == [2027]
    database.dispose()
