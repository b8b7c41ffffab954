"""The inbox has been looked at."""

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.people.actor import Actor
from engine.people.notices import is_for, read_by
from engine.store import tables as t
from engine.store.database import writing


def mark_read(engine: ProcessEngine, actor: Actor) -> int:
    """Everything in the inbox has been seen. Returns how many were new."""
    now = engine.clock.now()
    with writing(engine.database) as conn:
        unread = (
            conn.execute(sa.select(t.notification.c.id).where(is_for(actor), sa.not_(read_by(actor))))
            .scalars()
            .all()
        )
        if unread:
            conn.execute(
                t.notification_read.insert(),
                [{"notification_id": each, "user_id": actor.user_id, "at": now} for each in unread],
            )
        return len(unread)
