"""The worklist: what is mine, what my roles may take, what I wait for."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.calendar import WorkingCalendar, due_words
from engine.people.actor import Actor
from engine.people.policy import kept_condition, task_condition
from engine.queries.rows import Page, TaskRow
from engine.store import tables as t
from engine.store.database import reading

Scope = Literal["mine", "team", "waiting"]

_holder = t.user.alias("assignee")


def listing() -> sa.Select[tuple[object, ...]]:
    """Open tasks with what a list shows of them."""
    return (
        sa.select(
            t.task.c.id,
            t.task.c.name,
            sa.func.coalesce(t.task.c.title, t.case.c.title, t.instance.c.title).label("about"),
            t.definition.c.name.label("process"),
            t.task.c.instance_id,
            t.task.c.case_id,
            t.case.c.number.label("case_number"),
            t.task.c.node,
            t.task.c.role,
            t.task.c.organisation_id,
            t.organisation.c.name.label("organisation"),
            t.task.c.assignee_id,
            _holder.c.name.label("assignee"),
            t.task.c.created_at,
            t.task.c.due_at,
            t.task.c.due_spec,
            t.task.c.due_provisional,
            t.task.c.level,
            t.task.c.priority,
        )
        .select_from(
            t.task.join(t.instance, t.instance.c.id == t.task.c.instance_id)
            .join(t.definition, t.definition.c.id == t.instance.c.definition_id)
            .outerjoin(t.case, t.case.c.id == t.task.c.case_id)
            .outerjoin(t.organisation, t.organisation.c.id == t.task.c.organisation_id)
            .outerjoin(_holder, _holder.c.id == t.task.c.assignee_id)
        )
        .where(t.task_is_open)
    )


def waiting_condition(actor: Actor) -> sa.ColumnElement[bool]:
    """Open tasks of others in matters that the actor started or answers for."""
    open_ = sa.or_(t.case.c.id.is_(None), sa.not_(kept_condition()))
    started = sa.and_(t.instance.c.started_by == actor.user_id, open_)
    mine = sa.or_(started, t.case.c.responsible_id == actor.user_id)
    return sa.and_(mine, sa.or_(t.task.c.assignee_id.is_(None), t.task.c.assignee_id != actor.user_id))


def worklist(
    engine: ProcessEngine,
    actor: Actor,
    *,
    scope: Scope = "mine",
    search: str = "",
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """Open tasks by due time, those without one last. ``search`` looks in names, titles and case numbers."""
    now = engine.clock.now()
    condition = waiting_condition(actor) if scope == "waiting" else task_condition(actor, scope)
    offset = int(after) if after and after.isdecimal() and len(after) < 7 else 0
    query = (
        listing()
        .where(condition)
        .order_by(t.task.c.due_at.is_(None), t.task.c.due_at, t.task.c.priority.desc(), t.task.c.id)
        .limit(limit + 1)
        .offset(offset)
    )
    if scope == "waiting":
        query = query.where(sa.not_(task_condition(actor, "team")))
    if search.strip():
        query = query.where(_matches(search))
    with reading(engine.database) as conn:
        days = engine.calendar(conn, actor.organisation_id)
        rows = [task_row(row, now, days) for row in conn.execute(query).mappings()]
    more = len(rows) > limit
    return Page(tuple(rows[:limit]), str(offset + limit) if more else None)


def count_open(engine: ProcessEngine, actor: Actor) -> dict[Scope, int]:
    """How many open tasks the first two lists hold."""
    counts: dict[Scope, int] = {}
    with reading(engine.database) as conn:
        for scope in ("mine", "team"):
            query = (
                sa.select(sa.func.count())
                .select_from(t.task)
                .where(t.task_is_open, task_condition(actor, scope))
            )
            counts[scope] = conn.execute(query).scalar_one()
    return counts


def _matches(search: str) -> sa.ColumnElement[bool]:
    like = "%" + search.strip()[:100].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    columns = (t.task.c.name, t.task.c.title, t.case.c.title, t.case.c.number, t.instance.c.title)
    return sa.or_(*(column.ilike(like, escape="\\") for column in columns))


def task_row(row: sa.RowMapping, now: datetime, days: WorkingCalendar) -> TaskRow:
    """A row with its due time in words."""
    words, urgency = None, ""
    if row["due_at"] is not None:
        kind = (row["due_spec"] or {}).get("calendar", "office")
        words, urgency = due_words(row["due_at"], now, days, kind)
    return TaskRow(
        id=row["id"],
        name=row["name"],
        about=row["about"] or "",
        process=row["process"],
        instance_id=row["instance_id"],
        case_id=row["case_id"],
        case_number=row["case_number"],
        node=row["node"],
        role=row["role"],
        organisation_id=row["organisation_id"],
        organisation=row["organisation"] or "",
        assignee_id=row["assignee_id"],
        assignee=row["assignee"] or "",
        created_at=row["created_at"],
        due_at=row["due_at"],
        due_words=words,
        urgency=urgency,
        provisional=row["due_provisional"],
        level=row["level"],
        priority=row["priority"],
    )


def open_tasks(conn: sa.Connection, instance_id: UUID, now: datetime, days: WorkingCalendar) -> list[TaskRow]:
    """The open tasks of one matter: who has it now, since when, until when."""
    query = listing().where(t.task.c.instance_id == instance_id).order_by(t.task.c.created_at)
    return [task_row(row, now, days) for row in conn.execute(query).mappings()]
