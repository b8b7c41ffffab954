"""Rows as commands handle them, and how an instance is locked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.errors import NotFound
from engine.store import tables as t
from engine.store.prepared import Prepared
from engine.text import Text


@dataclass(slots=True)
class Instance:
    """An instance row, locked; changed in place and written back by the transaction."""

    id: UUID
    definition_id: UUID
    key: str
    business_key: str | None
    title: str
    status: str
    version: int
    state: str
    case_id: UUID | None
    organisation_id: UUID | None
    started_at: datetime
    started_by: UUID | None
    last_seq: int
    last_hash: str
    bundle_id: UUID | None
    troubled: bool = False  # has open incidents
    loaded: tuple[object, ...] = ()  # what :meth:`place` gave when it was read

    def place(self) -> tuple[object, ...]:
        """What seldom changes and is indexed: written only when it has changed."""
        return (self.status, self.case_id, self.organisation_id, self.title, self.business_key)


COLUMNS = (
    t.instance.c.id,
    t.instance.c.definition_id,
    t.instance.c.key,
    t.instance.c.business_key,
    t.instance.c.title,
    t.instance.c.status,
    t.instance.c.version,
    t.instance.c.state,
    t.instance.c.case_id,
    t.instance.c.organisation_id,
    t.instance.c.started_at,
    t.instance.c.started_by,
    t.instance.c.last_seq,
    t.instance.c.last_hash,
    t.definition.c.bundle_id,
    sa.exists()
    .where(t.incident.c.instance_id == t.instance.c.id, t.incident.c.resolved_at.is_(None))
    .label("troubled"),
)

# ``key_share``: whoever writes a row that only refers to the instance (a job, say) need not wait for it.
_JOINED = t.instance.join(t.definition, t.definition.c.id == t.instance.c.definition_id)
_LOCK_INSTANCE = Prepared(
    sa.select(*COLUMNS)
    .select_from(_JOINED)
    .where(t.instance.c.id == sa.bindparam("instance_id"))
    .with_for_update(of=t.instance, key_share=True)
)
# The task is locked as well: PostgreSQL re-reads locked rows only, so an unlocked task could still look open
# after the wait.
_LOCK_TASK = Prepared(
    sa.select(*COLUMNS, *(column.label(f"task_{column.name}") for column in t.task.c))
    .select_from(_JOINED.join(t.task, t.task.c.instance_id == t.instance.c.id))
    .where(t.task.c.id == sa.bindparam("task_id"))
    .with_for_update(of=[t.instance, t.task], key_share=True)
)
_TASK_NAMES = tuple(column.name for column in t.task.c)
_WIDTH = len(COLUMNS)


@dataclass(slots=True)
class Task:
    """A task row. Times are aware UTC."""

    id: UUID
    instance_id: UUID
    token: int
    definition_id: UUID
    case_id: UUID | None
    node: str
    name: str
    title: str | None
    form: str | None
    role: str | None
    organisation_id: UUID | None
    assignee_id: UUID | None
    owner_id: UUID | None
    state: str
    level: str
    priority: int
    created_at: datetime
    due_at: datetime | None
    due_provisional: bool
    due_spec: dict[str, Any] | None
    follow_up_at: datetime | None
    local: str | None
    draft: bytes | None
    version: int
    closed_at: datetime | None
    closed_by: UUID | None


def lock_instance(conn: sa.Connection, instance_id: UUID) -> Instance:
    """The instance, locked until the transaction ends. Raises NotFound."""
    row = _LOCK_INSTANCE.first(conn, {"instance_id": instance_id})
    if row is None:
        raise NotFound(Text("没有这件事项。", "There is no such matter."))
    instance = Instance(*row)
    instance.loaded = instance.place()
    return instance


def lock_task(conn: sa.Connection, task_id: UUID) -> tuple[Instance, Task]:
    """The task and its instance, both locked until the transaction ends. Raises NotFound."""
    row = _LOCK_TASK.first(conn, {"task_id": task_id})
    if row is None:
        raise NotFound(Text("没有这个任务。", "There is no such task."))
    instance = Instance(*row[:_WIDTH])
    instance.loaded = instance.place()
    return instance, Task(*row[_WIDTH:])
