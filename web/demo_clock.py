"""The demo's clock: real time plus an offset that everybody working on the database shares.

Moving it on lets deadlines fall due, each at its own moment and in order, as if the days had really gone by.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from engine.calendar import DeadlineAmount, after
from engine.commands import ProcessEngine, settle
from engine.errors import NotAllowed
from engine.jobs.claims import next_due
from engine.store import tables as t
from engine.store.database import reading, writing
from engine.text import Text

_KEY = "demo_clock"
SEEN_FOR = 1.0  # seconds; another process may have moved the clock
_MOST_STEPS = 5000
#: What the button in the demo offers.
MOVES = ("1wd", "3wd")


class DemoClock:
    """Real time plus the offset kept in the database."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._offset = timedelta()
        self._read_at = float("-inf")

    def now(self) -> datetime:
        if time.monotonic() - self._read_at > SEEN_FOR:
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


def moment_after(engine: ProcessEngine, amount: str) -> datetime:
    """The moment an amount such as ``+3wd``, ``2h`` or ``10d`` from now, at the same time of day. Raises
    Invalid.
    """
    with reading(engine.database) as conn:
        calendar = engine.calendar(conn, None)
    return after(engine.clock.now(), DeadlineAmount.parse(amount.strip().removeprefix("+")), calendar)


def move_on(
    engine: ProcessEngine, target: datetime, told: Callable[[datetime], None] = lambda moment: None
) -> int:
    """Let time pass until ``target``: what falls due on the way is done at its own moment. Returns how many
    jobs were done.

    Raises NotAllowed where the installation is no demo.
    """
    clock = engine.clock
    if not isinstance(clock, DemoClock):
        raise NotAllowed(
            Text("只有演示环境才能拨动时钟。", "Only a demo's clock can be moved."), code="no_demo"
        )
    done = settle(engine)
    for _step in range(_MOST_STEPS):
        due = next_due(engine.database, clock.now())
        if due is None or due > target:
            break
        if due > clock.now():
            clock.move_to(due)
            told(due)
        some = settle(engine)
        if not some:
            break
        done += some
    clock.move_to(target)
    told(target)
    return done + settle(engine)
