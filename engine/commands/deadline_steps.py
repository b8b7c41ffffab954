"""Reminders and escalations, when their moment has come."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.assembly.records import Instance
from engine.calendar import SHANGHAI
from engine.commands.advance import Act, record
from engine.execution import decode, variables_of
from engine.feel import compile_expression
from engine.feel.values import from_json
from engine.ids import new_id
from engine.people.places import who_is_there
from engine.people.policy import ANYONE
from engine.store import tables as t
from engine.text import Text


def take_steps(
    engine: ProcessEngine,
    conn: sa.Connection,
    instance: Instance,
    job: Mapping[str, Any],
    payload: Mapping[str, Any],
    now: datetime,
) -> None:
    """Take every step that is due, tell people, and set the job to the next one. After a standstill several
    are taken at once.
    """
    found = (
        conn.execute(sa.select(t.task).where(t.task.c.id == job["task_id"]).with_for_update())
        .mappings()
        .first()
    )
    if found is None or found["state"] != "open":
        return
    task = dict(found)
    steps = list(payload["steps"])
    while steps and datetime.fromisoformat(steps[0]["at"]) <= now:
        step = steps.pop(0)
        if step["do"] == "remind":
            _remind(engine, conn, instance, task, step, now)
        else:
            _escalate(engine, conn, instance, task, step, now)
    if steps:
        row = {
            **job,
            "id": new_id(),
            "due_at": datetime.fromisoformat(steps[0]["at"]),
            "payload": json.dumps({"steps": steps}, ensure_ascii=False),
            "attempts": 0,
            "claimed_until": None,
            "claimed_by": None,
        }
        conn.execute(t.job.insert(), row)


def _due_words(task: Mapping[str, Any]) -> str:
    return str(task["due_at"].astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")) if task["due_at"] else ""


def label_of(instance: Instance, task: Mapping[str, Any]) -> str:
    """A task's name with what it is about."""
    about = task["title"] or instance.title
    return f"{task['name']}（{about}）" if about else str(task["name"])


def _addressee(
    engine: ProcessEngine, conn: sa.Connection, organisation_id: UUID | None, role: str | None, now: datetime
) -> tuple[UUID | None, str | None, bool]:
    """Who is told, and whether it is somebody else than meant because nobody holds the role there. A deadline
    must not run out unseen.
    """
    if organisation_id is None or role in (None, ANYONE):
        return organisation_id, role, False
    in_charge = [name for name, power in engine.powers.items() if power.manage]
    found = who_is_there(conn, organisation_id, str(role), in_charge, now)
    if found is None:
        return organisation_id, role, False
    return *found, found != (organisation_id, role)


_AS_MEANT = Text("", "")
_INSTEAD = Text("（原定岗位无人担任，转报您处。）", " (Nobody holds the role it was meant for.)")


def _remind(
    engine: ProcessEngine,
    conn: sa.Connection,
    instance: Instance,
    task: Mapping[str, Any],
    step: Mapping[str, Any],
    now: datetime,
) -> None:
    to_assignee = step["to"] == "assignee"
    personal = task["assignee_id"] if to_assignee else None
    meant = task["role"] if to_assignee else step["to"]
    place, role, instead = (
        (None, None, False) if personal else _addressee(engine, conn, task["organisation_id"], meant, now)
    )
    more = _INSTEAD if instead else _AS_MEANT
    tell(
        conn,
        instance,
        task,
        kind="reminder",
        level="",
        user_id=personal,
        role=role,
        organisation_id=place,
        zh=f"提醒：「{label_of(instance, task)}」应在 {_due_words(task)} 前办结。{more.zh}",
        en=f"Reminder: “{label_of(instance, task)}” is due at {_due_words(task)}.{more.en}",
        now=now,
    )
    act = Act("reminded", task_id=task["id"], node=task["node"], data={"step": step["key"], "to": step["to"]})
    record(conn, instance, act, now)


def _escalate(
    engine: ProcessEngine,
    conn: sa.Connection,
    instance: Instance,
    task: Mapping[str, Any],
    step: Mapping[str, Any],
    now: datetime,
) -> None:
    level = str(step.get("level") or "yellow")
    conn.execute(t.task.update().where(t.task.c.id == task["id"]).values(level=level))
    place = step.get("place")
    organisation_id = task["organisation_id"]
    if place:
        at = _evaluated(engine, instance, task, str(place), now)
        organisation_id = engine.place(conn, at, instance.organisation_id) or organisation_id
    meant = {"role": str(step["to"]), "organisation_id": str(organisation_id or "")}
    organisation_id, role, instead = _addressee(engine, conn, organisation_id, str(step["to"]), now)
    late, about, until = now > task["due_at"], label_of(instance, task), _due_words(task)
    more = _INSTEAD if instead else _AS_MEANT
    tell(
        conn,
        instance,
        task,
        kind="escalation",
        level=level,
        user_id=None,
        role=role,
        organisation_id=organisation_id,
        zh=f"督办：「{about}」{'已逾期' if late else '今天到期'}，期限 {until}，请关注。{more.zh}",
        en=f"Escalation: “{about}” {'is overdue' if late else 'is due now'} (due {until}).{more.en}",
        now=now,
    )
    data = {
        "step": step["key"],
        "to": role,
        "organisation_id": str(organisation_id or ""),
        "level": level,
        **({"instead_of": meant} if instead else {}),
    }
    record(conn, instance, Act("escalated", task_id=task["id"], node=task["node"], data=data), now)
    if step.get("signal"):
        conn.execute(
            t.job.insert(),
            {
                "id": new_id(),
                "kind": "signal_inside",
                "due_at": now,
                "priority": 50,
                "instance_id": instance.id,
                "node": task["node"],
                "payload": json.dumps({"name": step["signal"]}, ensure_ascii=False),
                "attempts": 0,
                "retries": 3,
                "dead": False,
                "created_at": now,
            },
        )


def _evaluated(
    engine: ProcessEngine, instance: Instance, task: Mapping[str, Any], text: str, now: datetime
) -> str:
    if not text.startswith("="):
        return text
    state = decode(instance.state)
    token = state.tokens.get(task["token"])
    known: dict[str, object] = {} if token is None else dict(variables_of(state, token))
    if task["local"]:
        local = from_json(json.loads(task["local"]))
        known.update(local if isinstance(local, dict) else {})
    return str(compile_expression(text[1:]).evaluate(known, now=now) or "")


def tell(
    conn: sa.Connection,
    instance: Instance,
    task: Mapping[str, Any],
    *,
    kind: str,
    level: str,
    user_id: UUID | None,
    role: str | None,
    organisation_id: UUID | None,
    zh: str,
    en: str,
    now: datetime,
) -> None:
    """Send a message about a task to one person, or to everybody with a role at an organisation."""
    conn.execute(
        t.notification.insert(),
        {
            "id": new_id(),
            "user_id": user_id,
            "role": role,
            "organisation_id": organisation_id,
            "kind": kind,
            "level": level,
            "task_id": task["id"],
            "instance_id": instance.id,
            "case_id": instance.case_id,
            "text_zh": zh[:500],
            "text_en": en[:500],
            "at": now,
        },
    )
