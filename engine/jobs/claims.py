"""Taking due jobs from the table, so that no two workers take the same one."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.database import reading, writing

LEASE = timedelta(minutes=5)


def _due(now: datetime) -> sa.ColumnElement[bool]:
    job = t.job.c
    return sa.and_(
        job.dead.is_(False), job.due_at <= now, sa.or_(job.claimed_until.is_(None), job.claimed_until < now)
    )


def claim_due(
    database: sa.Engine, now: datetime, holder: str, *, limit: int = 50, instance_id: UUID | None = None
) -> list[UUID]:
    """Claim up to ``limit`` due jobs for five minutes, the most urgent first. A worker that dies loses its
    claim by time.
    """
    chosen = (
        sa.select(t.job.c.id)
        .where(_due(now))
        .order_by(t.job.c.priority.desc(), t.job.c.due_at, t.job.c.id)
        .limit(limit)
    )
    if instance_id is not None:
        chosen = chosen.where(t.job.c.instance_id == instance_id)
    with reading(database) as conn:
        if conn.execute(chosen.limit(1)).first() is None:
            return []  # the usual answer costs no write
    chosen = chosen.with_for_update(skip_locked=True)
    with writing(database) as conn:
        ids = list(conn.execute(chosen).scalars())
        if ids:
            conn.execute(
                t.job.update().where(t.job.c.id.in_(ids)).values(claimed_until=now + LEASE, claimed_by=holder)
            )
        return ids


def next_due(database: sa.Engine, now: datetime) -> datetime | None:
    """When the next job may be taken; ``None`` without any."""
    job = t.job.c
    free = sa.select(sa.func.min(job.due_at)).where(
        job.dead.is_(False), sa.or_(job.claimed_until.is_(None), job.claimed_until < now)
    )
    claimed = sa.select(sa.func.min(job.claimed_until)).where(job.dead.is_(False), job.claimed_until >= now)
    with reading(database) as conn:
        moments = [
            moment for query in (free, claimed) if (moment := conn.execute(query).scalar()) is not None
        ]
    return min(moments, default=None)
