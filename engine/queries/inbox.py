"""What a person has been told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.people.actor import Actor
from engine.people.notices import is_for, read_by
from engine.store import tables as t
from engine.store.database import reading
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of the inbox."""

    id: UUID
    kind: str  # assigned | reminder | escalation | information
    level: str
    text: Text
    at: datetime
    task_id: UUID | None
    instance_id: UUID | None
    case_id: UUID | None
    read: bool


def inbox(engine: ProcessEngine, actor: Actor, *, limit: int = 50, offset: int = 0) -> tuple[Notice, ...]:
    """What was sent to the person or to one of their roles, the newest first."""
    query = (
        sa.select(t.notification, read_by(actor).label("was_read"))
        .where(is_for(actor))
        .order_by(t.notification.c.at.desc(), t.notification.c.id)
        .limit(limit)
        .offset(offset)
    )
    with reading(engine.database) as conn:
        return tuple(
            Notice(
                row["id"],
                row["kind"],
                row["level"],
                Text(row["text_zh"], row["text_en"]),
                row["at"],
                row["task_id"],
                row["instance_id"],
                row["case_id"],
                bool(row["was_read"]),
            )
            for row in conn.execute(query).mappings()
        )


def count_unread(engine: ProcessEngine, actor: Actor) -> int:
    """How many of them the person has not seen."""
    query = (
        sa.select(sa.func.count()).select_from(t.notification).where(is_for(actor), sa.not_(read_by(actor)))
    )
    with reading(engine.database) as conn:
        return conn.execute(query).scalar_one()
