"""Notes on a case: sealed, since they may say anything about a person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.ids import new_id
from engine.people.vault import Vault
from engine.store import tables as t


@dataclass(frozen=True, slots=True)
class Note:
    """A note, opened."""

    id: UUID
    at: datetime
    by: UUID | None
    kind: str
    text: str


def add_note(
    conn: sa.Connection,
    vault: Vault,
    case_id: UUID,
    text: str,
    now: datetime,
    *,
    kind: str = "note",
    by: UUID | None = None,
) -> UUID:
    """Write a note."""
    note_id = new_id()
    sealed = vault.seal(text, f"case_note:{note_id}")
    conn.execute(
        t.case_note.insert(),
        {"id": note_id, "case_id": case_id, "at": now, "by": by, "kind": kind[:40], "sealed": sealed},
    )
    return note_id


def notes(conn: sa.Connection, vault: Vault, case_id: UUID) -> list[Note]:
    """All notes of a case, the oldest first; for those who may see the case unmasked."""
    query = sa.select(t.case_note).where(t.case_note.c.case_id == case_id).order_by(t.case_note.c.at)
    return [
        Note(
            row.id,
            row.at,
            row.by,
            row.kind,
            vault.open_(bytes(row.sealed), f"case_note:{row.id}").decode(),
        )
        for row in conn.execute(query)
    ]
