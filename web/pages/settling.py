"""After a command: let the system do its part before the next page shows, so that the page tells how things
stand.
"""

import time
from uuid import UUID

import sqlalchemy as sa

from engine.commands import settle
from engine.store import tables as t
from engine.store.database import reading
from web.extension import engine

_PATIENCE = 1.5  # seconds; after that the page says that the system is still at work
_PAUSE = 0.02


def let_it_settle(instance_id: UUID) -> None:
    """Do what is due of a matter. What another worker is doing just now is waited for, but not long."""
    it = engine()
    ends = time.monotonic() + _PATIENCE
    while True:
        settle(it, instance_id)
        if not _work_left(instance_id) or time.monotonic() > ends:
            return
        time.sleep(_PAUSE)


def _work_left(instance_id: UUID) -> bool:
    it = engine()
    job = t.job.c
    due = sa.select(job.id).where(
        job.instance_id == instance_id, job.dead.is_(False), job.due_at <= it.clock.now(), job.attempts == 0
    )
    with reading(it.database) as conn:
        return conn.execute(due.limit(1)).first() is not None
