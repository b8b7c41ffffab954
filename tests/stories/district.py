"""The demonstration on a server of its own, on a Monday morning."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from engine.store import tables as t
from engine.store.database import writing
from tests.house import KEY, local
from tests.server import Server
from web.demo.loader import load_demo
from web.opening import open_engine
from web.settings import WORKFLOWS, read_settings

#: A Monday in a plain week: what the stories say about days holds whenever they are played.
MONDAY = "2026-03-16 10:00"
_SETTINGS = {"WULIAN_DEMO": "1", "WULIAN_ROLES_FILE": str(WORKFLOWS / "roles.yaml")}


class District:
    """A running server with the demonstration in its database. ``address`` is where its pages are."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.address = f"http://127.0.0.1:{server.port}"

    def clock_moves(self, amount: str) -> None:
        """Time passes, as ``wulian demo clock +3wd`` makes it pass."""
        assert "It is " in self._server.command("demo", "clock", amount)


def load(url: str, folder: Path) -> None:
    """Fill a migrated database with the demonstration as it is on that Monday."""
    settings = {"WULIAN_DATABASE_URL": url, "WULIAN_DATA_DIR": str(folder), "WULIAN_DATA_KEY": KEY}
    engine = open_engine(
        read_settings({"WULIAN_SECRET_KEY": "a secret of the tests", **settings, **_SETTINGS})
    )
    try:
        with writing(engine.database) as conn:
            conn.execute(t.setting.insert().values(key="demo_clock", value={"offset": _until_monday()}))
        load_demo(engine)
    finally:
        engine.close()
    if url.startswith("sqlite"):  # in one file, to be copied
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def copy(loaded: str, url: str) -> None:
    """The same in another SQLite database; the clock shows Monday again."""
    path = url.removeprefix("sqlite:///")
    shutil.copyfile(loaded.removeprefix("sqlite:///"), path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE setting SET value = json_object('offset', ?) WHERE key = 'demo_clock'", [_until_monday()]
        )


def _until_monday() -> float:
    return (local(MONDAY) - datetime.now(UTC)).total_seconds()


@contextmanager
def served(url: str, folder: Path) -> Iterator[District]:
    """The district on its server, until the block ends."""
    with Server(url, folder, settings=_SETTINGS) as server:
        yield District(server)
