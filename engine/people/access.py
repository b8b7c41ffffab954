"""What is written down about looking, and the pane that may be broken in need.

A worker who must see a case outside their reach (a client collapses while the colleague is away) may, for a
few hours and with a reason; it is on record, and those in charge of the case's organisation review it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from engine.errors import Invalid, NotAllowed, NotFound
from engine.ids import new_id
from engine.people.actor import Actor
from engine.people.organisations import below
from engine.people.policy import GLASS_STAYS_BROKEN, Powers, may_break_glass
from engine.store import tables as t
from engine.store.database import reading, writing
from engine.text import Text

Action = Literal["read", "unmasked", "break_glass", "refused", "export"]
SHORTEST_REASON = 10
#: How long looking again is one look.
ONE_ENTRY_FOR = timedelta(hours=1)


def record_access(
    conn: sa.Connection,
    actor: Actor,
    action: Action,
    subject_kind: str,
    subject_id: UUID | None,
    *,
    now: datetime,
    reason: str = "",
) -> None:
    """Append to the access log, which is never changed (kept ten years)."""
    row = {"id": new_id(), "at": now, "user_id": actor.user_id, "action": action, "reason": reason[:500]}
    conn.execute(t.access_log.insert(), {**row, "subject_kind": subject_kind, "subject_id": subject_id})


def record_once(
    database: sa.Engine,
    actor: Actor,
    action: Action,
    subject_kind: str,
    subject_id: UUID,
    *,
    now: datetime,
) -> None:
    """Append to the access log in a transaction of its own, unless the same person did the same thing to the
    same subject within the hour: a page that is opened again says nothing new.
    """
    if actor.is_system:
        return
    log = t.access_log.c
    same = sa.select(log.id).where(
        log.subject_kind == subject_kind,
        log.subject_id == subject_id,
        log.at > now - ONE_ENTRY_FOR,
        log.user_id == actor.user_id,
        log.action == action,
    )
    with reading(database) as conn:
        if conn.execute(same.limit(1)).first() is not None:
            return
    with writing(database) as conn:
        record_access(conn, actor, action, subject_kind, subject_id, now=now)


def break_glass(
    conn: sa.Connection, actor: Actor, powers: Powers, case_number: str, reason: str, *, now: datetime
) -> UUID:
    """Open a case outside one's reach, by its exact number, and return its id. The case stays visible for
    ``GLASS_STAYS_BROKEN``.

    Raises NotAllowed without the power, Invalid for a reason of fewer than ten characters, NotFound.
    """
    if not may_break_glass(actor, powers):
        raise NotAllowed(Text("您的职责不能紧急调阅。", "Your role may not open a case in an emergency."))
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        text = Text(
            f"请写明理由，至少 {SHORTEST_REASON} 个字。",
            f"Give a reason of at least {SHORTEST_REASON} characters.",
        )
        raise Invalid(text, fields={"reason": [text]})
    wanted = sa.select(t.case.c.id).where(t.case.c.number == case_number.strip())
    case_id: UUID | None = conn.execute(wanted).scalar()
    if case_id is None:
        raise NotFound(Text("没有这个编号的个案。", "There is no case with this number."))
    record_access(conn, actor, "break_glass", "case", case_id, now=now, reason=reason)
    return case_id


@dataclass(frozen=True, slots=True)
class BrokenGlass:
    """Who opened which case when and why."""

    at: datetime
    user: str
    case_id: UUID
    case_number: str
    reason: str


def broken_glass(
    conn: sa.Connection, actor: Actor, powers: Powers, *, since: datetime, limit: int = 200
) -> list[BrokenGlass]:
    """Emergency openings of cases of organisations the person manages, newest first: for review."""
    managed = [
        below(member.path) for member in actor.members if member.role in powers and powers[member.role].manage
    ]
    reach = sa.true() if actor.is_system else sa.or_(sa.false(), *managed)
    log = t.access_log
    query = (
        sa.select(
            log.c.at,
            t.user.c.name.label("user"),
            t.case.c.id.label("case_id"),
            t.case.c.number.label("case_number"),
            log.c.reason,
        )
        .select_from(
            log.join(t.case, t.case.c.id == log.c.subject_id)
            .join(t.organisation, t.organisation.c.id == t.case.c.organisation_id)
            .join(t.user, t.user.c.id == log.c.user_id)
        )
        .where(log.c.subject_kind == "case", log.c.action == "break_glass", log.c.at >= since, reach)
        .order_by(log.c.at.desc(), log.c.id.desc())
        .limit(limit)
    )
    return [BrokenGlass(**row) for row in conn.execute(query).mappings()]


def access_of(
    conn: sa.Connection, subject_kind: str, subject_id: UUID, limit: int = 200
) -> list[sa.RowMapping]:
    """Who looked at something: ``at``, ``user``, ``action``, ``reason``, newest first."""
    log = t.access_log
    query = (
        sa.select(log.c.at, t.user.c.name.label("user"), log.c.action, log.c.reason)
        .select_from(log.outerjoin(t.user, t.user.c.id == log.c.user_id))
        .where(log.c.subject_kind == subject_kind, log.c.subject_id == subject_id)
        .order_by(log.c.at.desc(), log.c.id.desc())
        .limit(limit)
    )
    return list(conn.execute(query).mappings())


__all__ = [
    "GLASS_STAYS_BROKEN",
    "BrokenGlass",
    "access_of",
    "break_glass",
    "broken_glass",
    "record_access",
    "record_once",
]
