"""Lets time pass: what falls due on the way is done at its own moment, in order."""

from datetime import datetime

import sqlalchemy as sa

from engine.clock import SetClock
from engine.commands import ProcessEngine, settle
from engine.errors import LimitExceeded
from engine.store import tables as t
from engine.store.database import reading
from engine.text import Text

_MOST = 20_000


def pass_until(engine: ProcessEngine, clock: SetClock, goal: datetime) -> int:
    """Move the clock to ``goal`` from one due job to the next. Returns how many jobs were done."""
    job = t.job.c
    earliest = sa.select(sa.func.min(job.due_at)).where(job.dead.is_(False))
    done = 0
    while done < _MOST:
        with reading(engine.database) as conn:
            due = conn.execute(earliest).scalar()
        if due is None or due > goal:
            clock.move_to(goal)
            return done
        clock.move_to(max(due, clock.now()))
        done += settle(engine, limit=1)
    raise LimitExceeded(
        Text(f"在这段时间里任务超过 {_MOST} 个。", f"More than {_MOST} jobs fell due in this time.")
    )
