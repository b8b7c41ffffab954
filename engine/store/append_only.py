"""Tables that only grow: the database itself refuses to change or remove a row of the history and of the
access log.

The triggers are not part of SQLAlchemy's metadata. A migration that rebuilds one of these tables (``batch``
on SQLite) drops them and calls :func:`protect` again.
"""

from collections.abc import Iterable

import sqlalchemy as sa

TABLES = ("event", "access_log")

_FUNCTION = """
CREATE OR REPLACE FUNCTION wulian_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only', ERRCODE = 'restrict_violation';
END $$
"""


def protect(conn: sa.Connection, tables: Iterable[str] = TABLES) -> None:
    """Refuse UPDATE and DELETE (and TRUNCATE) on ``tables`` from now on, with an IntegrityError."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(_FUNCTION)
        for table in tables:
            conn.exec_driver_sql(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION wulian_append_only()"
            )
        return
    for table in tables:
        for act in ("update", "delete"):
            conn.exec_driver_sql(
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def lift(conn: sa.Connection, tables: Iterable[str] = TABLES) -> None:
    """Take the triggers away: for a migration that must rebuild such a table."""
    if conn.dialect.name == "postgresql":
        for table in tables:
            conn.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
        return
    for table in tables:
        for act in ("update", "delete"):
            conn.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{act}")
