"""What a person does with their messages."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.assembly.process_engine import ProcessEngine
from engine.people.actor import Actor
from engine.people.notices import is_for, read_by
from engine.store import tables as t
from engine.store.database import writing


def mark_read(engine: ProcessEngine, actor: Actor) -> None:
    """All messages so far have been seen by this person."""
    unread = sa.select(
        t.notification.c.id,
        sa.literal(actor.user_id, sa.Uuid()),
        sa.literal(engine.clock.now(), t.notification.c.at.type),
    ).where(is_for(actor), sa.not_(read_by(actor)))
    with writing(engine.database) as conn:
        dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
        insert = dialect.insert(t.notification_read).from_select(["notification_id", "user_id", "at"], unread)
        conn.execute(insert.on_conflict_do_nothing())  # read in two windows at once
