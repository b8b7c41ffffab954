"""What people do with tasks: claim, release, assign, keep a draft, complete."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.bindings import public_bindings, write_bound
from engine.assembly.drafts import seal_draft
from engine.assembly.occasion import occasion
from engine.assembly.process_engine import ProcessEngine
from engine.assembly.records import Instance, Task, lock_task
from engine.assembly.submissions import Filled, check_form, keep_submission
from engine.calendar import SHANGHAI
from engine.commands.advance import Act, advance, record
from engine.commands.answers import answer_meanwhile, earlier_answer, keep_answer
from engine.errors import Conflict, Invalid, NotAllowed
from engine.execution import State, decode, variables_of
from engine.execution.steps import CompleteTask
from engine.feel.values import from_json
from engine.people.actor import Actor
from engine.people.policy import check_may_manage, check_may_work_on
from engine.store import tables as t
from engine.store.database import again, writing
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Completed:
    """A completed task: what it opened, and the instance's status after it."""

    instance_id: UUID
    opened: tuple[UUID, ...]
    status: str


@again
def claim(engine: ProcessEngine, actor: Actor, task_id: UUID) -> None:
    """Take a task that is offered to one's role; one's own, or an absent colleague's, stays as it is. Raises
    Conflict when somebody else has it.
    """
    now = engine.clock.now()
    with writing(engine.database) as conn:
        instance, task = lock_task(conn, task_id)
        _check_works(conn, actor, task)
        if task.assignee_id is not None:
            return
        _set(conn, task, assignee_id=actor.user_id)
        record(conn, instance, _act("claimed", actor, task), now)


@again
def release(engine: ProcessEngine, actor: Actor, task_id: UUID) -> None:
    """Give a claimed task back to its role."""
    now = engine.clock.now()
    with writing(engine.database) as conn:
        instance, task = lock_task(conn, task_id)
        if task.assignee_id != actor.user_id:
            _check_manages(engine, conn, actor, task)
        _check_open(conn, task)
        if task.role is None:
            raise Invalid(
                Text(
                    "这项任务只指定给您本人，请转交给同事。",
                    "This task is yours alone; hand it to a colleague instead.",
                ),
                code="nobody_else",
            )
        _set(conn, task, assignee_id=None)
        record(conn, instance, _act("released", actor, task), now)


@again
def assign(engine: ProcessEngine, actor: Actor, task_id: UUID, user_id: UUID, reason: str = "") -> None:
    """Hand a task to a person: one's own to a colleague who may do it, or, as its supervisor, anybody's."""
    now = engine.clock.now()
    with writing(engine.database) as conn:
        instance, task = lock_task(conn, task_id)
        if task.assignee_id != actor.user_id:
            _check_manages(engine, conn, actor, task)
        _check_open(conn, task)
        _check_candidate(conn, task, user_id)
        _set(conn, task, assignee_id=user_id)
        data = {"from": str(task.assignee_id or ""), "to": str(user_id), "reason": reason}
        record(conn, instance, _act("assigned", actor, task, data), now)


@again
def save_draft(engine: ProcessEngine, actor: Actor, task_id: UUID, raw: Mapping[str, object]) -> None:
    """Keep what has been typed so far, unchecked and sealed. A draft is no state of the process and leaves no
    history.
    """
    sealed = seal_draft(engine, task_id, raw)
    with writing(engine.database) as conn:
        _, task = lock_task(conn, task_id)
        _check_works(conn, actor, task)
        _set(conn, task, draft=sealed)


@again
def complete(
    engine: ProcessEngine,
    actor: Actor,
    task_id: UUID,
    raw: Mapping[str, object],
    *,
    idempotency_key: str | None = None,
    shown: int = 0,
    prefilled: int = 0,
) -> Completed:
    """Complete a task with what was entered in its form (or, without a form, with variables).

    Raises Invalid with sentences by field, Conflict when the task is closed or somebody else's, NotAllowed.
    """
    try:
        return _complete(engine, actor, task_id, raw, idempotency_key, shown, prefilled)
    except (Conflict, sa.exc.IntegrityError):
        earlier = answer_meanwhile(engine.database, actor.user_id, idempotency_key, "complete", str(task_id))
        if earlier is None:
            raise
        return _completed(earlier)


def _completed(answer: Mapping[str, Any]) -> Completed:
    opened = tuple(UUID(each) for each in answer["opened"])
    return Completed(UUID(answer["instance_id"]), opened, answer["status"])


def _complete(
    engine: ProcessEngine,
    actor: Actor,
    task_id: UUID,
    raw: Mapping[str, object],
    idempotency_key: str | None,
    shown: int,
    prefilled: int,
) -> Completed:
    with writing(engine.database) as conn:
        now = engine.clock.now()
        earlier = earlier_answer(conn, actor.user_id, idempotency_key, "complete", str(task_id))
        if earlier is not None:
            return _completed(earlier)
        instance, task = lock_task(conn, task_id)
        _check_works(conn, actor, task)
        state = decode(instance.state)
        filled = _filled(engine, conn, actor, instance, task, state, raw, now)
        variables: Mapping[str, object] = raw
        if filled is not None:
            variables = filled.validated.variables
            keep_submission(
                engine,
                conn,
                instance,
                filled,
                task_id=task_id,
                by=actor.user_id,
                shown=shown,
                prefilled=prefilled,
            )
            write_bound(
                engine,
                conn,
                instance.case_id,
                filled.validated.bound,
                form=filled.key,
                by=actor.user_id,
                now=now,
                public=public_bindings(filled.form),
            )
        advanced = advance(
            engine,
            conn,
            instance,
            CompleteTask(task.token, dict(variables)),
            _act("completed", actor, task),
            now,
            state=state,
            task=task,
        )
        done = Completed(instance.id, advanced.opened, advanced.status)
        keep_answer(
            conn,
            actor.user_id,
            idempotency_key,
            "complete",
            str(task_id),
            {
                "instance_id": str(done.instance_id),
                "opened": [str(each) for each in done.opened],
                "status": done.status,
            },
            now,
        )
        return done


def _filled(
    engine: ProcessEngine,
    conn: sa.Connection,
    actor: Actor,
    instance: Instance,
    task: Task,
    state: State,
    raw: Mapping[str, object],
    now: datetime,
) -> Filled | None:
    if task.form is None:
        return None
    bundle = engine.deployed.bundle_of(conn, task.definition_id)
    if bundle is None:
        return None
    local = from_json(json.loads(task.local)) if task.local else {}
    known = {**variables_of(state, state.tokens[task.token]), **(local if isinstance(local, dict) else {})}
    at = occasion(
        engine,
        conn,
        actor,
        variables=known,
        bundle_lists=bundle.manifest.get("lists"),
        settings=bundle.settings,
        instance_id=instance.id,
        case_id=instance.case_id,
        now=now,
    )
    return check_form(bundle.form(task.form), task.form, bundle.id, raw, at, actor.locale)


def _act(kind: str, actor: Actor, task: Task, data: Mapping[str, object] | None = None) -> Act:
    substituting = task.assignee_id if task.assignee_id in actor.substitutes_for else None
    return Act(kind, actor_id=actor.user_id, for_id=substituting, task_id=task.id, node=task.node, data=data)


def _set(conn: sa.Connection, task: Task, **values: object) -> None:
    conn.execute(t.task.update().where(t.task.c.id == task.id).values(version=task.version + 1, **values))


def _name_of(conn: sa.Connection, user_id: UUID | None) -> str:
    return str(conn.execute(sa.select(t.user.c.name).where(t.user.c.id == user_id)).scalar() or "")


def _check_works(conn: sa.Connection, actor: Actor, task: Task) -> None:
    """The task is open and this person's to do. Raises NotAllowed for somebody it was never offered to;
    others are told by Conflict who has it or closed it.
    """
    check_may_work_on(actor, task, taken=True)
    _check_open(conn, task)
    try:
        check_may_work_on(actor, task)
    except NotAllowed as error:
        raise _taken(conn, task) from error


def _check_open(conn: sa.Connection, task: Task) -> None:
    if task.state == "open":
        return
    at = task.closed_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if task.closed_at else ""
    name = _name_of(conn, task.closed_by)
    if task.state == "completed":
        text = Text(
            f"这项任务已由{name or '他人'}于 {at} 办结。",
            f"{name or 'Somebody'} completed this task at {at}.",
        )
    else:
        text = Text(
            f"这项任务已于 {at} 撤回，不需要再办。",
            f"This task was withdrawn at {at}; nothing is left to do.",
        )
    raise Conflict(
        text,
        code="task_closed",
        details={
            "by": name,
            "at": task.closed_at.isoformat() if task.closed_at else None,
            "state": task.state,
        },
    )


def _taken(conn: sa.Connection, task: Task) -> Conflict:
    name = _name_of(conn, task.assignee_id)
    return Conflict(
        Text(f"这项任务正由{name}办理。", f"{name} is working on this task."),
        code="task_taken",
        details={"by": name},
    )


def _check_manages(engine: ProcessEngine, conn: sa.Connection, actor: Actor, task: Task) -> None:
    path = conn.execute(
        sa.select(t.organisation.c.path).where(t.organisation.c.id == task.organisation_id)
    ).scalar()
    check_may_manage(actor, engine.powers, path or "/")


def _check_candidate(conn: sa.Connection, task: Task, user_id: UUID) -> None:
    query = (
        sa.select(t.user.c.id)
        .join(t.membership, t.membership.c.user_id == t.user.c.id)
        .where(t.user.c.id == user_id, t.user.c.active)
    )
    if task.role is not None:
        query = query.where(
            t.membership.c.role == task.role, t.membership.c.organisation_id == task.organisation_id
        )
    if conn.execute(query).first() is None:
        raise NotAllowed(
            Text(
                "这位同事没有办理这项任务的职责。",
                "This colleague does not have the role that the task needs.",
            ),
            code="not_a_candidate",
        )
