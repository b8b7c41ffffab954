"""Core statements for the paths that must be quick: compiled once, run on the driver's own cursor.

They take part in the transaction of the SQLAlchemy connection they are given; only SQLAlchemy's work for each
execution is saved. On PostgreSQL a batch goes out in one round trip (pipeline mode), on SQLite there is
nothing to wait for.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa

Params = Mapping[str, object]
Process = Callable[[Any], Any] | None


class _Compiled:
    """A statement in one dialect: its text, and how values go in and come out."""

    __slots__ = ("_binds", "_named", "_outs", "sql")

    def __init__(self, statement: sa.Executable, dialect: sa.Dialect) -> None:
        compiled = cast(Any, statement).compile(dialect=dialect)
        self.sql: str = compiled.string
        self._named: bool = compiled.positiontup is None
        names = (
            compiled.positiontup if compiled.positiontup is not None else list(compiled.bind_names.values())
        )
        by_name = {name: bind for bind, name in compiled.bind_names.items()}
        defaults = compiled.params
        self._binds: list[tuple[str, object, Process]] = [
            (name, defaults.get(name), by_name[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in names
        ]
        columns = getattr(statement, "selected_columns", ())
        self._outs: list[Process] = [
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
        ]

    def bound(self, params: Params) -> Any:
        get = params.get
        if self._named:
            return {
                name: get(name, default) if process is None else process(get(name, default))
                for name, default, process in self._binds
            }
        return [
            get(name, default) if process is None else process(get(name, default))
            for name, default, process in self._binds
        ]

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(
            value if process is None else process(value)
            for value, process in zip(row, self._outs, strict=True)
        )


class Prepared:
    """A Core statement, compiled for each dialect when it is first run there."""

    __slots__ = ("_by_dialect", "_statement")

    def __init__(self, statement: sa.Executable) -> None:
        self._statement = statement
        self._by_dialect: dict[str, _Compiled] = {}

    def compiled(self, dialect: sa.Dialect) -> _Compiled:
        """The statement in this dialect."""
        found = self._by_dialect.get(dialect.name)
        if found is None:
            found = self._by_dialect[dialect.name] = _Compiled(self._statement, dialect)
        return found

    def first(self, conn: sa.Connection, params: Params) -> tuple[Any, ...] | None:
        """The first row of a query, or ``None``."""
        compiled = self.compiled(conn.dialect)
        cursor = driver(conn).cursor()
        try:
            cursor.execute(compiled.sql, compiled.bound(params))
            row = cursor.fetchone()
        finally:
            cursor.close()
        return None if row is None else compiled.read(row)


class Batch:
    """Writes that are sent together. They run in the order they were added."""

    def __init__(self, conn: sa.Connection) -> None:
        self._conn = conn
        self._dialect = conn.dialect
        self._work: list[tuple[_Compiled, list[Any]]] = []

    def add(self, statement: Prepared, *rows: Params) -> int:
        """Add one execution for each row; gives the number under which :meth:`run` reports it."""
        compiled = statement.compiled(self._dialect)
        self._work.append((compiled, [compiled.bound(row) for row in rows]))
        return len(self._work) - 1

    def run(self) -> list[int]:
        """Send everything; the number of rows each statement touched."""
        connection = driver(self._conn)
        if self._dialect.name == "postgresql":
            with connection.pipeline():
                cursors = [self._send(connection.cursor(), *work) for work in self._work]
        else:
            cursors = [self._send(connection.cursor(), *work) for work in self._work]
        touched = [cursor.rowcount for cursor in cursors]
        for cursor in cursors:
            cursor.close()
        self._work = []
        return touched

    @staticmethod
    def _send(cursor: Any, compiled: _Compiled, rows: list[Any]) -> Any:
        if len(rows) == 1:
            cursor.execute(compiled.sql, rows[0])
        else:
            cursor.executemany(compiled.sql, rows)
        return cursor


def driver(conn: sa.Connection) -> Any:
    """The driver's connection behind a SQLAlchemy connection."""
    return conn.connection.driver_connection
