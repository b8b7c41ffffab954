"""Telling people, processes and the world outside what happened in a case."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.cases.files import record_event
from engine.feel.values import to_json
from engine.ids import new_id
from engine.people.places import resolve_place
from engine.store import tables as t
from engine.text import Text


def tell_role(
    conn: sa.Connection, case_id: UUID, role: str, at: str, words: Text, now: datetime, *, level: str = ""
) -> bool:
    """Tell a role at the place that ``at`` means as seen from the case's organisation. False: there is no
    such place.
    """
    origin = conn.execute(sa.select(t.case.c.organisation_id).where(t.case.c.id == case_id)).scalar()
    organisation_id = resolve_place(conn, at, origin)
    if organisation_id is None:
        return False
    _notify(conn, case_id, words, now, level=level, role=role, organisation_id=organisation_id)
    return True


def tell_responsible(conn: sa.Connection, case_id: UUID, words: Text, now: datetime) -> None:
    """Tell the user who answers for a case; where there is none, nobody."""
    user_id = conn.execute(sa.select(t.case.c.responsible_id).where(t.case.c.id == case_id)).scalar()
    if user_id is not None:
        _notify(conn, case_id, words, now, user_id=user_id)


def tell_process(
    conn: sa.Connection,
    case_id: UUID,
    message: str,
    payload: Mapping[str, object],
    now: datetime,
    *,
    sender_id: UUID | None = None,
) -> bool:
    """Send a message, with the case's number as its key, to the matter that waits for it. False: none does,
    and nothing is sent, which is no fault here.
    """
    number = conn.execute(sa.select(t.case.c.number).where(t.case.c.id == case_id)).scalar_one()
    waits = t.subscription.c
    key_hash = hashlib.sha256(str(number).encode()).hexdigest()
    waiting = conn.execute(
        sa.select(waits.id).where(
            waits.kind == "message",
            waits.name == message,
            waits.key_hash == key_hash,
            waits.instance_id.is_not(None),
        )
    ).first()
    if waiting is None:
        return False
    conn.execute(
        t.job.insert(),
        {
            "id": new_id(),
            "kind": "message",
            "due_at": now,
            "priority": 50,
            "instance_id": sender_id,
            "payload": json.dumps(
                {"name": message, "key": number, "payload": to_json(dict(payload))}, ensure_ascii=False
            ),
            "attempts": 0,
            "retries": 3,
            "dead": False,
            "created_at": now,
        },
    )
    return True


def send_outside(
    conn: sa.Connection, case_id: UUID, to: str, matter: str, data: Mapping[str, object], now: datetime
) -> None:
    """Put a message for somebody outside into the outbox, and note on the timeline that it went out."""
    number = conn.execute(sa.select(t.case.c.number).where(t.case.c.id == case_id)).scalar_one()
    payload = {"to": to, "case": number, **dict(data)}
    conn.execute(
        t.outbox.insert(),
        {
            "id": new_id(),
            "kind": f"case.{matter}"[:40],
            "payload": json.dumps(to_json(payload), ensure_ascii=False),
            "created_at": now,
            "attempts": 0,
        },
    )
    record_event(conn, case_id, "sent", now, data={"to": to, "matter": matter})


def _notify(
    conn: sa.Connection,
    case_id: UUID,
    words: Text,
    now: datetime,
    *,
    level: str = "",
    user_id: UUID | None = None,
    role: str | None = None,
    organisation_id: UUID | None = None,
) -> None:
    conn.execute(
        t.notification.insert(),
        {
            "id": new_id(),
            "user_id": user_id,
            "role": role,
            "organisation_id": organisation_id,
            "kind": "information",
            "level": level,
            "case_id": case_id,
            "text_zh": words.zh[:500],
            "text_en": words.en[:500],
            "at": now,
        },
    )
