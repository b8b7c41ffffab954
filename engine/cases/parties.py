"""Who takes part in a case, since when and until when: persons, users (the team) and organisations."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.ids import new_id
from engine.store import tables as t


def add_party(
    conn: sa.Connection,
    case_id: UUID,
    role: str,
    now: datetime,
    *,
    person_id: UUID | None = None,
    user_id: UUID | None = None,
    organisation_id: UUID | None = None,
) -> bool:
    """Let somebody take part from now on. False when they already do, in this role."""
    who = {"person_id": person_id, "user_id": user_id, "organisation_id": organisation_id}
    party = t.case_party.c
    present = sa.select(party.id).where(party.case_id == case_id, party.role == role, party.until.is_(None))
    for name, value in who.items():
        present = present.where(party[name].is_(None) if value is None else party[name] == value)
    if conn.execute(present).first() is not None:
        return False
    conn.execute(
        t.case_party.insert(),
        {"id": new_id(), "case_id": case_id, "role": role, "since": now, "until": None, **who},
    )
    return True


def end_party(
    conn: sa.Connection,
    case_id: UUID,
    role: str,
    now: datetime,
    *,
    organisation_id: UUID | None = None,
) -> None:
    """Those in a role take part no longer; with ``organisation_id`` only that organisation."""
    party = t.case_party.c
    ended = t.case_party.update().where(party.case_id == case_id, party.role == role, party.until.is_(None))
    if organisation_id is not None:
        ended = ended.where(party.organisation_id == organisation_id)
    conn.execute(ended.values(until=now))
