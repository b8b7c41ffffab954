"""The same person's other case: one person, one open case of a kind."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.cases.files import case_row, change, close_case, record_event
from engine.errors import NotFound
from engine.store import tables as t
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An open case of what is, or may be, the same person. ``certain``: the identity document says so."""

    case_id: UUID
    number: str
    certain: bool


def find_open(conn: sa.Connection, case_id: UUID) -> Duplicate | None:
    """Another open case of the same kind whose client is the same person: certain with the same record
    (which an identity document leads to), otherwise likely with the same name and the same telephone or
    organisation.
    """
    row = case_row(conn, case_id)
    if row["client_id"] is None:
        return None
    other, person = t.case.c, t.person.c
    query = (
        sa.select(other.id, other.number, other.client_id)
        .where(other.kind == row["kind"], other.status == "open", other.id != case_id)
        .order_by(other.opened_at, other.id)
        .limit(1)
    )
    same = conn.execute(query.where(other.client_id == row["client_id"])).first()
    if same is not None:
        return Duplicate(same.id, same.number, certain=True)
    me = conn.execute(sa.select(t.person).where(person.id == row["client_id"])).mappings().one()
    if not me["name"]:
        return None
    alike = [other.organisation_id == row["organisation_id"]]
    if me["mobile_hash"]:
        alike.append(person.mobile_hash == me["mobile_hash"])
    likely = query.join(t.person, person.id == other.client_id).where(
        person.name == me["name"], sa.or_(*alike)
    )
    if me["document_hash"]:
        # two documents are two persons, however alike
        likely = likely.where(person.document_hash.is_(None))
    found = conn.execute(likely).first()
    return None if found is None else Duplicate(found.id, found.number, certain=False)


def join_case(
    conn: sa.Connection, case_id: UUID, into_number: str, now: datetime, *, by: UUID | None = None
) -> UUID:
    """Close the case in favour of another one, which gets an entry on its timeline; returns its id."""
    row = case_row(conn, case_id)
    into = conn.execute(sa.select(t.case.c.id).where(t.case.c.number == into_number)).scalar()
    if into is None or into == case_id:
        raise NotFound(Text(f"没有个案 {into_number}。", f"There is no case {into_number}."))
    close_case(conn, case_id, "joined", now, by=by)
    change(
        conn,
        case_id,
        attributes={**(row["attributes"] or {}), "close_reason": "joined", "joined_into": into_number},
    )
    record_event(conn, into, "joined", now, by=by, data={"number": row["number"]})
    return UUID(str(into))
