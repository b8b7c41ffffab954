"""One step of one instance inside the command's transaction: load, run, write."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.assembly.records import Instance, Task
from engine.commands.environment import RunEnvironment
from engine.commands.history import INSERT, entry_row, trace_of
from engine.commands.rows import Rows
from engine.errors import Conflict
from engine.execution import State, decode, encode, run
from engine.execution.steps import Step
from engine.store import tables as t
from engine.store.prepared import Batch, Prepared
from engine.text import Text

_INSERT_INSTANCE = Prepared(t.instance.insert())
_ALWAYS = ("version", "state", "last_seq", "last_hash")
_NO_COLUMNS = ("bundle_id", "troubled", "loaded")
_SELDOM = ("status", "ended_at", "case_id", "organisation_id", "title", "business_key")


def _update(*names: str) -> Prepared:
    return Prepared(
        t.instance.update()
        .where(t.instance.c.id == sa.bindparam("of_id"), t.instance.c.version == sa.bindparam("of_version"))
        .values({name: sa.bindparam(f"new_{name}") for name in names})
    )


_UPDATE = _update(*_ALWAYS)
_UPDATE_ALL = _update(*_ALWAYS, *_SELDOM)


@dataclass(frozen=True, slots=True)
class Advanced:
    """What a step led to. ``opened`` are the ids of new tasks."""

    opened: tuple[UUID, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Act:
    """Who does what: the kind of the history entry and what is known about it."""

    kind: str
    actor_id: UUID | None = None
    for_id: UUID | None = None
    task_id: UUID | None = None
    node: str | None = None
    data: Mapping[str, object] | None = None


def advance(
    engine: ProcessEngine,
    conn: sa.Connection,
    instance: Instance,
    step: Step,
    act: Act,
    now: datetime,
    *,
    state: State | None = None,
    task: Task | None = None,
    new: bool = False,
) -> Advanced:
    """Run ``step`` and write all it leads to. With ``new`` the instance's row is not there yet and is
    inserted; ``task`` is the one that the step completes.

    Raises what the executor raises (Conflict, LimitExceeded); the caller's transaction rolls back then.
    """
    environment = RunEnvironment(engine, conn, instance, now)
    state = state or decode(instance.state)
    effects = run(environment, state, step, now)
    rows = Rows(engine, conn, instance, environment, now, act.actor_id)
    if task is not None and task.due_at is None:
        rows.timeless = task.token
    rows.take(effects, {token.id: state.scopes[token.scope].definition for token in state.tokens.values()})
    instance.state = encode(state)
    instance.status = state.status.value
    data = dict(act.data or {})
    data["trace"] = trace_of(rows.entries)
    entry = entry_row(
        instance,
        act.kind,
        now,
        actor_id=act.actor_id,
        for_id=act.for_id,
        task_id=act.task_id,
        node=act.node,
        data=data,
    )
    batch = Batch(conn)
    if new:
        _add_instance(batch, instance)
    else:
        _change_instance(batch, instance, now)
    rows.write(batch)
    batch.add(INSERT, entry)
    _run(batch)
    return Advanced(tuple(row["id"] for row in rows.tasks if isinstance(row["id"], UUID)), instance.status)


def _add_instance(batch: Batch, instance: Instance) -> None:
    row = {name: getattr(instance, name) for name in Instance.__slots__ if name not in _NO_COLUMNS}
    row["ended_at"] = None if instance.status == "active" else instance.started_at
    batch.add(_INSERT_INSTANCE, row)


def _change_instance(batch: Batch, instance: Instance, now: datetime) -> None:
    place = instance.place()
    batch.add(
        _UPDATE if place == instance.loaded else _UPDATE_ALL,
        {
            "of_id": instance.id,
            "of_version": instance.version,
            "new_version": instance.version + 1,
            "new_state": instance.state,
            "new_status": instance.status,
            "new_last_seq": instance.last_seq,
            "new_last_hash": instance.last_hash,
            "new_ended_at": None if instance.status == "active" else now,
            "new_case_id": instance.case_id,
            "new_organisation_id": instance.organisation_id,
            "new_title": instance.title,
            "new_business_key": instance.business_key,
        },
    )
    instance.version += 1
    instance.loaded = place


def _run(batch: Batch) -> None:
    """Send a batch whose first statement writes the instance. Raises Conflict if somebody wrote it since it
    was read.
    """
    if batch.run()[0] != 1:
        raise Conflict(
            Text("这件事项刚被别人更新，请重试。", "Somebody has just changed this matter; please try again.")
        )


def record(conn: sa.Connection, instance: Instance, act: Act, now: datetime) -> None:
    """A history entry for an act that moves no token (claim, assign, …), in the same chain."""
    entry = entry_row(
        instance,
        act.kind,
        now,
        actor_id=act.actor_id,
        for_id=act.for_id,
        task_id=act.task_id,
        node=act.node,
        data=act.data,
    )
    batch = Batch(conn)
    _change_instance(batch, instance, now)
    batch.add(INSERT, entry)
    _run(batch)
