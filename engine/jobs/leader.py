"""One process of a deployment looks after the clock: it holds a lease that it renews."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.database import writing

TERM = timedelta(seconds=20)


def hold_lease(database: sa.Engine, name: str, holder: str, now: datetime) -> bool:
    """Take or renew the lease. True while ``holder`` has it; another takes over when it has run out."""
    lease = t.lease
    with writing(database) as conn:
        row = conn.execute(sa.select(lease).where(lease.c.name == name).with_for_update()).first()
        if row is None:
            try:
                with conn.begin_nested():
                    conn.execute(lease.insert(), {"name": name, "holder": holder, "until": now + TERM})
            except sa.exc.IntegrityError:
                return False  # somebody else was quicker
            return True
        if row.holder != holder and row.until > now:
            return False
        conn.execute(lease.update().where(lease.c.name == name).values(holder=holder, until=now + TERM))
        return True


def give_up(database: sa.Engine, name: str, holder: str) -> None:
    """Let go of the lease on a clean stop, so that another needn't wait."""
    with writing(database) as conn:
        conn.execute(t.lease.delete().where(t.lease.c.name == name, t.lease.c.holder == holder))
