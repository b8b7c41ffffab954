"""Opening a case in an emergency, outside one's reach: with a reason, on record, and known to whoever answers
for the case.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.errors import NotAllowed, NotFound
from engine.ids import new_id
from engine.people import access
from engine.people.actor import Actor
from engine.people.policy import may_break_glass
from engine.store import tables as t
from engine.store.database import writing


def break_glass(engine: ProcessEngine, actor: Actor, case: UUID | str, reason: str) -> UUID:
    """Open a case, by its id or its exact number, and return its id; it stays visible to this person for
    ``GLASS_STAYS_BROKEN``. Whoever answers for it is told.

    Raises NotAllowed without the power, Invalid (field ``reason``) for fewer than ten characters, NotFound.
    Refused attempts are on record, too.
    """
    now = engine.clock.now()
    case_id = case if isinstance(case, UUID) else None
    try:
        with writing(engine.database) as conn:
            number = case.strip() if isinstance(case, str) else _number(conn, actor, engine, case)
            case_id = access.break_glass(conn, actor, engine.powers, number, reason, now=now)
            _tell(conn, actor, case_id, now)
            return case_id
    except (NotAllowed, NotFound):
        tried = "" if isinstance(case, UUID) else case.strip()[:40]
        with writing(engine.database) as conn:
            access.record_access(conn, actor, "refused", "case", case_id, now=now, reason=tried)
        raise


def _number(conn: sa.Connection, actor: Actor, engine: ProcessEngine, case_id: UUID) -> str:
    """The case's number; for those without the power there is none to be learnt."""
    if not may_break_glass(actor, engine.powers):
        return ""
    return str(conn.execute(sa.select(t.case.c.number).where(t.case.c.id == case_id)).scalar() or "")


def _tell(conn: sa.Connection, actor: Actor, case_id: UUID, now: datetime) -> None:
    case = conn.execute(
        sa.select(t.case.c.number, t.case.c.responsible_id).where(t.case.c.id == case_id)
    ).one()
    if case.responsible_id in (None, actor.user_id):
        return
    conn.execute(
        t.notification.insert(),
        {
            "id": new_id(),
            "user_id": case.responsible_id,
            "kind": "information",
            "level": "yellow",
            "case_id": case_id,
            "text_zh": f"{actor.name}紧急调阅了个案 {case.number}，已记录在案。"[:500],
            "text_en": f"{actor.name} opened case {case.number} in an emergency; it is on record."[:500],
            "at": now,
        },
    )
