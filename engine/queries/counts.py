"""The few numbers every page shows: what is due, what is new."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.calendar.working import at_local, local
from engine.people.actor import Actor
from engine.people.notices import is_for, read_by
from engine.people.policy import task_condition
from engine.store import tables as t
from engine.store.database import reading


@dataclass(frozen=True, slots=True)
class Counts:
    """Open tasks of one's own that are overdue or due today; messages not yet read."""

    overdue: int
    due_today: int
    unread: int


def counts(engine: ProcessEngine, actor: Actor) -> Counts:
    """The numbers for one person."""
    now = engine.clock.now()
    here = local(now)
    tomorrow = at_local(here.date() + timedelta(days=1), here.time().min)
    late = sa.func.count(sa.case((t.task.c.due_at < now, 1)))
    today = sa.func.count(sa.case((t.task.c.due_at >= now, 1)))
    due = sa.select(late, today).where(
        t.task_is_open, task_condition(actor, "mine"), t.task.c.due_at < tomorrow
    )
    unread = (
        sa.select(sa.func.count()).select_from(t.notification).where(is_for(actor), sa.not_(read_by(actor)))
    )
    with reading(engine.database) as conn:
        found = conn.execute(due).one()
        return Counts(found[0], found[1], conn.execute(unread).scalar_one())
