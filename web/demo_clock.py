"""The demo's clock: real time plus an offset that everybody working on the database shares.

Moving it on lets deadlines fall due, each at its own moment and in order, as if the days had really gone by.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from engine.calendar import SHANGHAI, parse_amount
from engine.commands import ProcessEngine, settle
from engine.errors import Invalid, NotFound
from engine.store import tables as t
from engine.store.database import reading, writing
from engine.text import Text

_KEY = "demo_clock"
_SEEN_FOR = 1.0  # seconds; another process may have moved the clock
_MOST_STEPS = 5000


class DemoClock:
    """Real time plus the offset kept in the database."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._offset = timedelta()
        self._read_at = float("-inf")

    def now(self) -> datetime:
        if time.monotonic() - self._read_at > _SEEN_FOR:
            self._read()
        return datetime.now(UTC) + self._offset

    def move_to(self, moment: datetime) -> None:
        """Set the time; never backwards."""
        with self._lock, writing(self._database) as conn:
            offset = max((moment - datetime.now(UTC)).total_seconds(), self._stored(conn))
            conn.execute(t.setting.delete().where(t.setting.c.key == _KEY))
            conn.execute(t.setting.insert().values(key=_KEY, value={"offset": offset}))
            self._offset = timedelta(seconds=offset)
            self._read_at = time.monotonic()

    def _read(self) -> None:
        with reading(self._database) as conn:
            self._offset = timedelta(seconds=self._stored(conn))
        self._read_at = time.monotonic()

    @staticmethod
    def _stored(conn: sa.Connection) -> float:
        value = conn.execute(sa.select(t.setting.c.value).where(t.setting.c.key == _KEY)).scalar()
        return float(value["offset"]) if isinstance(value, dict) else 0.0
