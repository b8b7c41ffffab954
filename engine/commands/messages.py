"""Messages find the one instance that waits for them, signals reach all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.assembly.records import lock_instance
from engine.commands.advance import Act, advance
from engine.commands.instances import begin, new_instance, path_of
from engine.commands.rows import key_hash
from engine.errors import Invalid, NotAllowed, NotFound
from engine.execution.steps import Deliver
from engine.feel.values import to_json
from engine.ids import new_id
from engine.people.actor import Actor
from engine.people.policy import check_may_act_for, message_condition
from engine.store import tables as t
from engine.store.database import again, writing
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Correlated:
    """Where a message went: the instance that waited for it, or the one it started."""

    instance_id: UUID
    started: bool


@again
def correlate(
    engine: ProcessEngine,
    actor: Actor,
    name: str,
    key: str | None = None,
    payload: Mapping[str, object] | None = None,
    *,
    instance_id: UUID | None = None,
) -> Correlated:
    """Deliver a message to the longest-waiting subscription of this name and key, else start what it
    starts.

    With ``instance_id`` only that instance is meant. Raises NotFound when nobody waits for it.
    """
    if not actor.is_system and not actor.may_send_messages(engine.powers):
        raise NotAllowed(Text("您不能发送流程消息。", "You may not send process messages."))
    with writing(engine.database) as conn:
        return deliver(engine, conn, actor, name, key, payload or {}, instance_id=instance_id)


def deliver(
    engine: ProcessEngine,
    conn: sa.Connection,
    actor: Actor,
    name: str,
    key: str | None,
    payload: Mapping[str, object],
    *,
    instance_id: UUID | None = None,
    by: UUID | None = None,
) -> Correlated:
    """:func:`correlate` inside a transaction."""
    now = engine.clock.now()
    sub = t.subscription
    wanted = sub.c.key_hash == key_hash(key)
    query = (
        sa.select(sub)
        .select_from(
            sub.outerjoin(t.instance, t.instance.c.id == sub.c.instance_id).outerjoin(
                t.organisation, t.organisation.c.id == t.instance.c.organisation_id
            )
        )
        .where(sub.c.kind == "message", sub.c.name == name, message_condition(actor, engine.powers))
        .order_by(sub.c.created_at, sub.c.id)
    )
    waiting = query.where(wanted, sub.c.instance_id.is_not(None))
    if instance_id is not None:
        waiting = query.where(sub.c.instance_id == instance_id)
    for candidate in conn.execute(waiting.limit(20)).all():
        instance = lock_instance(conn, candidate.instance_id)
        # The instance was not locked while we looked: what waited may be gone by now.
        if conn.execute(sa.select(sub.c.id).where(sub.c.id == candidate.id)).first() is None:
            continue
        act = Act("message", actor_id=by or actor.user_id, node=candidate.node, data={"name": name})
        advance(engine, conn, instance, Deliver(candidate.holder, candidate.node, dict(payload)), act, now)
        return Correlated(instance.id, started=False)
    starting = (
        None
        if instance_id is not None
        else conn.execute(query.where(sub.c.instance_id.is_(None)).limit(1)).first()
    )
    if starting is None:
        raise NotFound(
            Text(f"没有事项在等待消息「{name}」。", f"No matter is waiting for the message “{name}”."),
            code="no_subscription",
        )
    definition = conn.execute(
        sa.select(t.definition.c.key).where(t.definition.c.id == starting.definition_id)
    ).scalar_one()
    origin = _origin(conn, actor, payload.get("organisation_id"))
    instance = new_instance(starting.definition_id, definition, now, origin, None, key, actor.user_id)
    begin(engine, conn, instance, actor, payload, now, node=starting.node)
    return Correlated(instance.id, started=True)


def _origin(conn: sa.Connection, actor: Actor, place: object) -> UUID | None:
    """The organisation that a message's matter is to belong to. Raises Invalid, NotAllowed."""
    if not isinstance(place, str) or not place:
        return actor.organisation_id
    try:
        origin = UUID(place)
    except ValueError:
        raise Invalid(Text("没有这个机构。", "There is no such organisation.")) from None
    if origin != actor.organisation_id:
        check_may_act_for(actor, path_of(conn, origin))
    return origin


@again
def broadcast(
    engine: ProcessEngine, actor: Actor, name: str, payload: Mapping[str, object] | None = None
) -> None:
    """Send a signal to everything that waits for it; each receiver gets it in a transaction of its own, as
    a job.
    """
    if not actor.is_system and not actor.may_send_messages(engine.powers):
        raise NotAllowed(Text("您不能发送流程信号。", "You may not send process signals."))
    with writing(engine.database) as conn:
        spread(engine, conn, name, payload or {}, instance_id=None)
    engine.woken()


def spread(
    engine: ProcessEngine,
    conn: sa.Connection,
    name: str,
    payload: Mapping[str, object],
    *,
    instance_id: UUID | None,
) -> int:
    """One delivery job for each subscription to the signal, except the thrower's own (it has caught
    already).
    """
    now = engine.clock.now()
    sub = t.subscription
    query = sa.select(sub).where(sub.c.kind == "signal", sub.c.name == name)
    if instance_id is not None:
        query = query.where(sub.c.instance_id.is_(None) | (sub.c.instance_id != instance_id))
    rows = [
        {
            "id": new_id(),
            "kind": "deliver",
            "due_at": now,
            "priority": 50,
            "instance_id": found.instance_id,
            "definition_id": found.definition_id,
            "holder": found.holder,
            "node": found.node,
            "payload": json.dumps({"signal": name, "payload": to_json(dict(payload))}, ensure_ascii=False),
            "attempts": 0,
            "retries": 3,
            "dead": False,
            "created_at": now,
        }
        for found in conn.execute(query)
    ]
    if rows:
        conn.execute(t.job.insert(), rows)
    return len(rows)
