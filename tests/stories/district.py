"""The demonstration on a server of its own, on a Monday morning."""

from collections.abc import Iterator
from contextlib import contextmanager
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


class District:
    """A running server with the demonstration in its database. ``address`` is where its pages are."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.address = f"http://127.0.0.1:{server.port}"

    def clock_moves(self, amount: str) -> None:
        """Time passes, as ``wulian demo clock +3wd`` makes it pass."""
        assert "It is " in self._server.command("demo", "clock", amount)


@contextmanager
def open_district(url: str, folder: Path, day: str = MONDAY) -> Iterator[District]:
    """The district in a migrated database, until the block ends."""
    settings = {"WULIAN_DEMO": "1", "WULIAN_ROLES_FILE": str(WORKFLOWS / "roles.yaml")}
    engine = open_engine(
        read_settings(
            {
                "WULIAN_DATABASE_URL": url,
                "WULIAN_DATA_DIR": str(folder),
                "WULIAN_DATA_KEY": KEY,
                "WULIAN_SECRET_KEY": "a secret of the tests",
                **settings,
            }
        )
    )
    try:
        offset = (local(day) - datetime.now(UTC)).total_seconds()
        with writing(engine.database) as conn:
            conn.execute(t.setting.insert().values(key="demo_clock", value={"offset": offset}))
        load_demo(engine)
    finally:
        engine.close()
    with Server(url, folder, settings=settings) as server:
        yield District(server)
