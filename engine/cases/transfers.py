"""A case passed on to another organisation: proposed, approved, answered, confirmed.

Until it is confirmed whoever passes the case on answers for it. The receiving organisation takes part in
the case from its acceptance on.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.cases.files import RESPONSIBLE_ORGANISATION, case_row, record_event, set_responsible
from engine.cases.numbers import next_number
from engine.cases.parties import add_party, end_party
from engine.errors import Conflict, NotFound
from engine.ids import new_id
from engine.store import tables as t
from engine.text import Text

RECEIVING = "receiving"
#: Under way: neither finished nor given up.
UNDER_WAY = ("proposed", "approved", "declined", "accepted")


def propose_transfer(
    conn: sa.Connection,
    case_id: UUID,
    *,
    series: str,
    kind: str,
    from_organisation_id: UUID,
    to_organisation_id: UUID,
    urgency: str,
    shared_items: Sequence[str],
    basis: str,
    now: datetime,
    number: str | None = None,
    by: UUID | None = None,
) -> str:
    """Propose to pass the case on; with the ``number`` of an earlier proposal that one is changed. Returns
    the number.

    ``basis`` is ``consent``, or the article that stands in its place.
    """
    values: dict[str, object] = {
        "to_organisation_id": to_organisation_id,
        "kind": kind,
        "urgency": urgency,
        "status": "proposed",
        "shared_items": list(shared_items),
        "basis": basis[:300],
        "proposed_at": now,
    }
    if number is not None:
        transfer_row(conn, case_id, number)
        conn.execute(t.transfer.update().where(t.transfer.c.number == number).values(**values))
    else:
        number = next_number(conn, series, now)
        conn.execute(
            t.transfer.insert(),
            {
                "id": new_id(),
                "number": number,
                "case_id": case_id,
                "from_organisation_id": from_organisation_id,
                **values,
            },
        )
    _record(conn, case_id, number, "transfer_proposed", now, by, {"urgency": urgency})
    return number


def approve_transfer(
    conn: sa.Connection, case_id: UUID, number: str, now: datetime, *, by: UUID | None = None
) -> None:
    """It may go out."""
    _change(conn, case_id, number, ("proposed",), status="approved")
    _record(conn, case_id, number, "transfer_approved", now, by)


def redirect_transfer(
    conn: sa.Connection,
    case_id: UUID,
    number: str,
    to_organisation_id: UUID,
    now: datetime,
    *,
    by: UUID | None = None,
) -> None:
    """Ask another organisation, or the same once more."""
    _change(
        conn,
        case_id,
        number,
        ("approved", "declined"),
        status="approved",
        to_organisation_id=to_organisation_id,
        answered_at=None,
        reason=None,
    )
    _record(conn, case_id, number, "transfer_redirected", now, by)


def answer_transfer(
    conn: sa.Connection,
    case_id: UUID,
    number: str,
    answer: str,
    now: datetime,
    *,
    reason: str = "",
    by: UUID | None = None,
) -> None:
    """The receiving organisation has ``accepted`` or ``declined``, the latter with a reason."""
    row = _change(
        conn, case_id, number, ("approved",), status=answer, answered_at=now, reason=reason[:1000] or None
    )
    if answer == "accepted":
        add_party(conn, case_id, RECEIVING, now, organisation_id=row["to_organisation_id"])
    _record(conn, case_id, number, f"transfer_{answer}", now, by)


def confirm_transfer(
    conn: sa.Connection,
    case_id: UUID,
    number: str,
    now: datetime,
    *,
    responsibility: bool,
    by: UUID | None = None,
) -> None:
    """The receiving organisation has begun. With ``responsibility`` it answers for the case from now on."""
    row = _change(conn, case_id, number, ("accepted",), status="confirmed", confirmed_at=now)
    if responsibility:
        set_responsible(conn, case_id, None, now, by=by)
        end_party(conn, case_id, RESPONSIBLE_ORGANISATION, now)
        add_party(conn, case_id, RESPONSIBLE_ORGANISATION, now, organisation_id=row["to_organisation_id"])
    _record(conn, case_id, number, "transfer_confirmed", now, by, {"responsibility": responsibility})


def withdraw_transfer(
    conn: sa.Connection,
    case_id: UUID,
    number: str,
    now: datetime,
    *,
    reason: str = "",
    by: UUID | None = None,
) -> None:
    """It comes to nothing; the organisation that was to receive takes part no longer."""
    row = _change(conn, case_id, number, UNDER_WAY, status="withdrawn", reason=reason[:1000] or None)
    end_party(conn, case_id, RECEIVING, now, organisation_id=row["to_organisation_id"])
    _record(conn, case_id, number, "transfer_withdrawn", now, by)


def end_transfers(conn: sa.Connection, case_id: UUID, now: datetime, *, reason: str) -> None:
    """Withdraw whatever transfers of the case are under way."""
    transfer = t.transfer.c
    open_ones = sa.select(transfer.number).where(transfer.case_id == case_id, transfer.status.in_(UNDER_WAY))
    for number in conn.execute(open_ones).scalars().all():
        withdraw_transfer(conn, case_id, number, now, reason=reason)


def transfer_row(conn: sa.Connection, case_id: UUID, number: str) -> sa.RowMapping:
    """The transfer of this case with a number, locked with its case. Raises NotFound."""
    case_row(conn, case_id)
    query = sa.select(t.transfer).where(t.transfer.c.number == number, t.transfer.c.case_id == case_id)
    row = conn.execute(query).mappings().first()
    if row is None:
        raise NotFound(Text(f"没有移交单 {number}。", f"There is no transfer {number}."))
    return row


def _change(
    conn: sa.Connection, case_id: UUID, number: str, expected: Sequence[str], **values: object
) -> sa.RowMapping:
    row = transfer_row(conn, case_id, number)
    if row["status"] not in expected:
        raise Conflict(
            Text(f"移交单 {number} 的状态已变。", f"The transfer {number} is no longer in that state."),
            code="transfer_status",
            details={"status": row["status"]},
        )
    conn.execute(t.transfer.update().where(t.transfer.c.id == row["id"]).values(**values))
    return row


def _record(
    conn: sa.Connection,
    case_id: UUID,
    number: str,
    kind: str,
    now: datetime,
    by: UUID | None,
    data: Mapping[str, object] | None = None,
) -> None:
    to = (
        sa.select(t.organisation.c.name)
        .join(t.transfer, t.transfer.c.to_organisation_id == t.organisation.c.id)
        .where(t.transfer.c.number == number)
    )
    told = {"number": number, "to": conn.execute(to).scalar(), **(data or {})}
    record_event(conn, case_id, kind, now, by=by, data=told)
