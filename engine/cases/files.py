"""The case file itself: opened, changed, closed, opened again. Every change is an event on its timeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.cases.numbers import next_number
from engine.cases.parties import add_party, end_party
from engine.errors import NotFound
from engine.feel.values import to_json
from engine.ids import new_id
from engine.store import tables as t
from engine.text import Text

#: Status of a case whose data may no longer be used [个人信息保护法 15, 47]; nothing but a new consent
#: lifts it.
RESTRICTED = "restricted"
#: The party role of the user who answers for the case, and of the organisation that does.
RESPONSIBLE, RESPONSIBLE_ORGANISATION = "responsible", "responsible_organisation"


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that was opened."""

    id: UUID
    number: str


def open_case(
    conn: sa.Connection,
    *,
    series: str,
    kind: str,
    title: str,
    organisation_id: UUID,
    now: datetime,
    client_id: UUID | None = None,
    attributes: Mapping[str, object] | None = None,
    sensitivity: str = "normal",
    by: UUID | None = None,
) -> Opened:
    """Open a case for ``organisation_id`` under the next number of the series."""
    case_id, number = new_id(), next_number(conn, series, now)
    conn.execute(
        t.case.insert(),
        {
            "id": case_id,
            "number": number,
            "kind": kind,
            "title": title[:300],
            "client_id": client_id,
            "organisation_id": organisation_id,
            "status": "open",
            "sensitivity": sensitivity,
            "risk": "",
            "attributes": to_json(dict(attributes or {})),
            "opened_at": now,
            "version": 1,
        },
    )
    if client_id is not None:
        add_party(conn, case_id, "client", now, person_id=client_id)
    add_party(conn, case_id, RESPONSIBLE_ORGANISATION, now, organisation_id=organisation_id)
    record_event(conn, case_id, "opened", now, by=by, data={"number": number})
    return Opened(case_id, number)


def case_row(conn: sa.Connection, case_id: UUID) -> sa.RowMapping:
    """The case, locked until the transaction ends. Raises NotFound."""
    # ``key_share``: a task or matter that only refers to the case need not wait for it.
    locked = sa.select(t.case).where(t.case.c.id == case_id).with_for_update(key_share=True)
    row = conn.execute(locked).mappings().first()
    if row is None:
        raise NotFound(Text("没有这个个案。", "There is no such case."))
    return row


def change(conn: sa.Connection, case_id: UUID, **values: object) -> None:
    """Write columns of the case."""
    conn.execute(t.case.update().where(t.case.c.id == case_id).values(version=t.case.c.version + 1, **values))


def record_event(
    conn: sa.Connection,
    case_id: UUID,
    kind: str,
    now: datetime,
    *,
    by: UUID | None = None,
    data: Mapping[str, object] | None = None,
) -> None:
    """An entry on the timeline. ``data`` holds no identifier of a person."""
    conn.execute(
        t.case_event.insert(),
        {
            "id": new_id(),
            "case_id": case_id,
            "at": now,
            "by": by,
            "kind": kind,
            "data": to_json(dict(data or {})),
        },
    )


def set_status(
    conn: sa.Connection,
    case_id: UUID,
    status: str,
    now: datetime,
    *,
    reason: str = "",
    by: UUID | None = None,
) -> None:
    """Change the status; a restricted case stays restricted."""
    row = case_row(conn, case_id)
    if row["status"] in (status, RESTRICTED):
        return
    change(conn, case_id, status=status)
    record_event(
        conn, case_id, "status", now, by=by, data={"from": row["status"], "to": status, "reason": reason}
    )


def set_risk(
    conn: sa.Connection, case_id: UUID, level: str, now: datetime, *, by: UUID | None = None
) -> bool:
    """Change the risk level. Whether it is another one than before."""
    row = case_row(conn, case_id)
    if row["risk"] == level:
        return False
    change(conn, case_id, risk=level)
    record_event(conn, case_id, "risk", now, by=by, data={"from": row["risk"], "to": level})
    return True


def set_sensitivity(
    conn: sa.Connection, case_id: UUID, sensitivity: str, now: datetime, *, by: UUID | None = None
) -> None:
    """Change who may know of the case (``normal``, ``protected``)."""
    row = case_row(conn, case_id)
    if row["sensitivity"] != sensitivity:
        change(conn, case_id, sensitivity=sensitivity)
        record_event(conn, case_id, "sensitivity", now, by=by, data={"to": sensitivity})


def set_responsible(
    conn: sa.Connection, case_id: UUID, user_id: UUID | None, now: datetime, *, by: UUID | None = None
) -> None:
    """Change the user who answers for the case; nobody where its organisation does."""
    row = case_row(conn, case_id)
    if row["responsible_id"] == user_id:
        return
    change(conn, case_id, responsible_id=user_id)
    end_party(conn, case_id, RESPONSIBLE, now)
    if user_id is not None:
        add_party(conn, case_id, RESPONSIBLE, now, user_id=user_id)
    data = {"from": _name(conn, row["responsible_id"]), "to": _name(conn, user_id)}
    record_event(conn, case_id, "responsible", now, by=by, data=data)


def close_case(
    conn: sa.Connection, case_id: UUID, reason: str, now: datetime, *, by: UUID | None = None
) -> None:
    """Close the case. Transfers still under way end with it; a restricted case stays restricted."""
    from engine.cases.transfers import end_transfers

    row = case_row(conn, case_id)
    end_transfers(conn, case_id, now, reason=reason)
    status = RESTRICTED if row["status"] == RESTRICTED else "closed"
    attributes = {**(row["attributes"] or {}), "close_reason": reason}
    change(conn, case_id, status=status, closed_at=now, attributes=attributes)
    record_event(conn, case_id, "closed", now, by=by, data={"reason": reason})


def reopen_case(
    conn: sa.Connection, case_id: UUID, reason: str, now: datetime, *, by: UUID | None = None
) -> None:
    """Open a closed case again, under its number."""
    row = case_row(conn, case_id)
    attributes = {key: value for key, value in (row["attributes"] or {}).items() if key != "close_reason"}
    status = RESTRICTED if row["status"] == RESTRICTED else "open"
    change(conn, case_id, status=status, closed_at=None, attributes=attributes)
    record_event(conn, case_id, "reopened", now, by=by, data={"reason": reason})


def _name(conn: sa.Connection, user_id: UUID | None) -> str:
    return str(conn.execute(sa.select(t.user.c.name).where(t.user.c.id == user_id)).scalar() or "")
