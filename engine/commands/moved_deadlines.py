"""Open deadlines counted again after the calendar was changed: moved, re-planned, told."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.assembly.records import Instance
from engine.assembly.working_days import read_calendar
from engine.calendar import SHANGHAI, Deadline, OpenDeadline, WorkingCalendar, due_at, recount
from engine.commands.advance import Act, record
from engine.commands.deadline_steps import label_of, tell
from engine.commands.deadlines import payload_of, plan_steps, read_deadline
from engine.errors import WulianError
from engine.ids import new_id
from engine.store import tables as t

Days = Callable[[UUID | None], WorkingCalendar]
"""The calendar at an organisation."""


@dataclass(frozen=True, slots=True)
class Move:
    """A task's deadline that moves from ``old`` to ``new`` (aware, UTC). ``provisional``: the new date is a
    guess still; ``passed``: it lies in the past already although the old one did not.
    """

    task_id: UUID
    instance_id: UUID
    name: str
    about: str
    old: datetime
    new: datetime
    provisional: bool
    passed: bool


@dataclass(frozen=True, slots=True)
class _Change:
    """An open task whose date moves, or whose date is no longer (or only now) a guess."""

    task: Mapping[str, Any]
    deadline: Deadline
    provisional: bool
    move: Move | None


def present_days(conn: sa.Connection) -> Days:
    """The calendars as the database has them now, whatever this process has kept; each read once."""
    return remembered(lambda organisation_id: read_calendar(conn, organisation_id))


def remembered(read: Days) -> Days:
    """Each organisation's calendar read once."""
    known: dict[UUID | None, WorkingCalendar] = {}

    def days(organisation_id: UUID | None) -> WorkingCalendar:
        if organisation_id not in known:
            known[organisation_id] = read(organisation_id)
        return known[organisation_id]

    return days


def moves(conn: sa.Connection, days: Days, now: datetime) -> tuple[Move, ...]:
    """The open deadlines that move when they are counted by ``days``, by their new date."""
    found = [change.move for change in _changes(conn, days, now) if change.move is not None]
    return tuple(sorted(found, key=lambda move: (move.new, move.task_id)))


def plan_recounts(conn: sa.Connection, by: str, reason: str, now: datetime) -> list[UUID]:
    """A ``recount`` job for each matter in which a deadline changes; their ids. Each matter is then a
    transaction of its own, and what a breakdown interrupts is done later.
    """
    wanted = {change.task["instance_id"] for change in _changes(conn, present_days(conn), now)}
    payload = json.dumps({"by": by, "reason": reason}, ensure_ascii=False)
    jobs = [recount_job(payload, now, now, instance_id=each) for each in sorted(wanted, key=str)]
    if jobs:
        conn.execute(t.job.insert(), jobs)
    return [job["id"] for job in jobs]


def recount_job(
    payload: str, due: datetime, now: datetime, *, instance_id: UUID | None = None
) -> dict[str, Any]:
    """A row of the job table: one matter's deadlines, or, without a matter, a look at all of them."""
    return {
        "id": new_id(),
        "kind": "recount",
        "due_at": due,
        "priority": 40,
        "instance_id": instance_id,
        "payload": payload,
        "attempts": 0,
        "retries": 5,
        "dead": False,
        "created_at": now,
    }


def recount_instance(
    engine: ProcessEngine, conn: sa.Connection, instance: Instance, payload: Mapping[str, Any], now: datetime
) -> None:
    """Move the deadlines of one matter, which is locked. Doing it again changes nothing."""
    days = present_days(conn)
    for change in list(_changes(conn, days, now, instance.id)):
        if change.move is None:
            _write(conn, change.task, due_provisional=change.provisional)
        else:
            _apply(engine, conn, instance, change, change.move, days(instance.organisation_id), payload, now)


def _changes(
    conn: sa.Connection, days: Days, now: datetime, instance_id: UUID | None = None
) -> Iterator[_Change]:
    query = (
        sa.select(t.task, t.instance.c.organisation_id.label("origin_id"), t.instance.c.title.label("matter"))
        .join(t.instance, t.instance.c.id == t.task.c.instance_id)
        .where(t.task_is_open, t.task.c.due_at.is_not(None))
        .order_by(t.task.c.id)
    )
    if instance_id is not None:
        query = query.where(t.task.c.instance_id == instance_id)
    for row in conn.execute(query).mappings().all():
        task, spec = dict(row), row["due_spec"] or {}
        try:
            deadline = read_deadline(spec["amount"], spec["calendar"], spec["roll"])
            open_one = OpenDeadline(task["id"], deadline, task["created_at"], task["due_at"])
            found = next(recount([open_one], days(task["origin_id"]), now), None)
            if found is None:
                due = due_at(deadline, task["created_at"], days(task["origin_id"]))
                if due.provisional != task["due_provisional"]:
                    yield _Change(task, deadline, due.provisional, None)
                continue
        except (WulianError, KeyError):
            continue  # what can't be counted keeps its date
        move = Move(
            task["id"],
            task["instance_id"],
            task["name"],
            task["title"] or task["matter"],
            found.old,
            found.new,
            found.provisional,
            found.passed,
        )
        yield _Change(task, deadline, found.provisional, move)


def _apply(
    engine: ProcessEngine,
    conn: sa.Connection,
    instance: Instance,
    change: _Change,
    move: Move,
    days: WorkingCalendar,
    payload: Mapping[str, Any],
    now: datetime,
) -> None:
    task, by = change.task, payload.get("by")
    level = task["level"]
    if move.new > now:
        level = ""  # it isn't late after all
    elif move.passed:
        level = level or "yellow"
    _write(conn, task, due_at=move.new, due_provisional=move.provisional, level=level)
    _plan_again(engine, conn, task, change.deadline, move, days, now)
    data = {
        "old": move.old.isoformat(),
        "new": move.new.isoformat(),
        "passed": move.passed,
        "reason": payload.get("reason", ""),
    }
    act = Act("deadline_moved", UUID(by) if by else None, task_id=task["id"], node=task["node"], data=data)
    record(conn, instance, act, now)
    label, old, new = label_of(instance, task), _words(move.old), _words(move.new)
    reason = str(payload.get("reason", ""))[:100]
    late_zh, late_en = ("新期限已过，请尽快办理。", " The new time has passed; please act now.")
    tell(
        conn,
        instance,
        task,
        kind="information",
        level="yellow" if move.passed else "",
        user_id=task["assignee_id"],
        role=None if task["assignee_id"] else task["role"],
        organisation_id=None if task["assignee_id"] else task["organisation_id"],
        zh=f"期限变更：「{label}」由 {old} 改为 {new}（{reason}）。{late_zh if move.passed else ''}",
        en=f"Deadline moved: “{label}” from {old} to {new} ({reason}).{late_en if move.passed else ''}",
        now=now,
    )


def _plan_again(
    engine: ProcessEngine,
    conn: sa.Connection,
    task: Mapping[str, Any],
    deadline: Deadline,
    move: Move,
    days: WorkingCalendar,
    now: datetime,
) -> None:
    """Reminders and escalations by the new date. What was done is not done again, save for escalations of a
    lateness that turned out to be none: they will be needed.
    """
    conn.execute(t.job.delete().where(t.job.c.task_id == task["id"], t.job.c.kind == "deadline"))
    work = engine.deployed.graph(conn, task["definition_id"]).nodes[task["node"]].work
    if work is None:
        return
    taken = _taken(conn, task)
    if move.new > now:
        taken = {key for key in taken if key.startswith("r")}
    steps = plan_steps(deadline, work.remind, work.escalate, task["created_at"], move.new, days, taken=taken)
    # A reminder whose moment has gone by says less than the message about the move.
    steps = [each for each in steps if each["do"] != "remind" or datetime.fromisoformat(each["at"]) > now]
    if not steps:
        return
    job = {
        "id": new_id(),
        "kind": "deadline",
        "due_at": datetime.fromisoformat(steps[0]["at"]),
        "priority": 50,
        "instance_id": task["instance_id"],
        "task_id": task["id"],
        "holder": f"t{task['token']}",
        "node": task["node"],
        "payload": payload_of(steps),
        "attempts": 0,
        "retries": 3,
        "dead": False,
        "created_at": now,
    }
    conn.execute(t.job.insert(), job)


def _taken(conn: sa.Connection, task: Mapping[str, Any]) -> set[str]:
    event = t.event.c
    told = conn.execute(
        sa.select(event.data).where(
            event.instance_id == task["instance_id"],
            event.task_id == task["id"],
            event.kind.in_(("reminded", "escalated")),
        )
    ).scalars()
    return {str(json.loads(data).get("step")) for data in told}


def _write(conn: sa.Connection, task: Mapping[str, Any], **values: object) -> None:
    conn.execute(
        t.task.update().where(t.task.c.id == task["id"]).values(version=t.task.c.version + 1, **values)
    )


def _words(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
