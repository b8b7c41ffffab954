"""What is stuck is tried again by somebody in charge, who says why."""

from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.assembly.records import lock_instance
from engine.commands.advance import Act, advance, record
from engine.errors import Conflict, Invalid, NotFound
from engine.execution.steps import RetryToken
from engine.people.actor import Actor
from engine.people.policy import check_may_manage
from engine.store import tables as t
from engine.store.database import again, writing
from engine.text import Text


@again
def retry(engine: ProcessEngine, actor: Actor, incident_id: UUID, reason: str) -> None:
    """Try again what raised an incident: the failed job, or the token's move. Only for those who manage
    the matter's organisation.

    Raises NotFound, NotAllowed, Invalid without a reason, Conflict when it was dealt with already.
    """
    reason = reason.strip()
    if not reason:
        text = Text("请填写重试的原因。", "Please say why it is tried again.")
        raise Invalid(text, fields={"reason": [text]})
    with writing(engine.database) as conn:
        now = engine.clock.now()
        found = conn.execute(sa.select(t.incident).where(t.incident.c.id == incident_id)).one_or_none()
        if found is None:
            raise NotFound(Text("没有这个异常。", "There is no such incident."))
        instance = lock_instance(conn, found.instance_id)
        path = conn.execute(
            sa.select(t.organisation.c.path).where(t.organisation.c.id == instance.organisation_id)
        ).scalar()
        check_may_manage(actor, engine.powers, path or "/")
        closed = conn.execute(
            t.incident.update()
            .where(t.incident.c.id == incident_id, t.incident.c.resolved_at.is_(None))
            .values(resolved_at=now, resolved_by=actor.user_id)
        )
        if closed.rowcount != 1:
            raise Conflict(
                Text("这个异常已经处理过了。", "This incident has been dealt with already."), code="resolved"
            )
        act = Act(
            "retried",
            actor_id=actor.user_id,
            node=found.node,
            data={"reason": reason[:1000], "code": found.code},
        )
        if found.job_id is not None:
            conn.execute(
                t.job.update()
                .where(t.job.c.id == found.job_id)
                .values(dead=False, attempts=0, due_at=now, claimed_until=None, claimed_by=None)
            )
            record(conn, instance, act, now)
        elif found.token is not None:
            advance(engine, conn, instance, RetryToken(found.token), act, now)
        else:
            record(conn, instance, act, now)
    engine.woken()
