"""Opens the database: SQLite embedded, PostgreSQL for real; transactions mean the same on both."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import event

READING = {"wulian_reading": True}

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")

#: PostgreSQL's words for two transactions that stood in each other's way: serialization_failure,
#: deadlock_detected. The one that is told so has changed nothing.
_COLLIDED = frozenset({"40001", "40P01"})
_TRIES = 5


def open_database(url: str | sa.URL, **options: Any) -> sa.Engine:
    """A SQLAlchemy engine for ``url`` (``sqlite:///file`` or ``postgresql+psycopg://…``), set up by
    :func:`prepare`.
    """
    address = sa.make_url(url)
    if address.get_backend_name() == "postgresql":
        options.setdefault("pool_size", 10)
        options.setdefault("max_overflow", 20)
    return prepare(sa.create_engine(address, **options))


def prepare(engine: sa.Engine) -> sa.Engine:
    """Give an engine made elsewhere (Flask-SQLAlchemy) the settings that commands rely on.

    SQLite: write-ahead log, ``synchronous=FULL`` so that a commit survives a power cut, foreign keys, and
    ``BEGIN IMMEDIATE`` so that a command waits for the writer before it reads, instead of failing when it
    first writes.
    """
    if engine.dialect.name == "sqlite" and not getattr(engine, "_wulian_prepared", False):
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        engine._wulian_prepared = True  # type: ignore[attr-defined]
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = (
        None  # transactions begin where _begin_sqlite says, not where the driver guesses
    )
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 30000")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    reading = connection.get_execution_options().get("wulian_reading", False)
    driver: Any = connection.connection.driver_connection
    driver.execute("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection for queries: one consistent view, never waits for a writer on SQLite."""
    with engine.connect().execution_options(**READING) as connection:
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction: committed at the end, rolled back on any exception."""
    with engine.begin() as connection:
        yield connection


def collided(error: BaseException) -> bool:
    """Whether the database gave a transaction up for another one's sake; doing it again is all it needs."""
    return getattr(getattr(error, "orig", error), "sqlstate", None) in _COLLIDED


def again(command: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
    """A command that is done again when its transaction collided with another. It must do everything in one
    transaction.
    """

    @wraps(command)
    def persists(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
        for _ in range(_TRIES - 1):
            try:
                return command(*args, **kwargs)
            except Exception as error:
                if not collided(error):
                    raise
        return command(*args, **kwargs)

    return persists
