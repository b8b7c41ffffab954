"""A case handed over to a colleague, with everything that is open in it: nothing is lost."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from engine.cases.files import RESPONSIBLE_ORGANISATION, case_row, change, record_event, set_responsible
from engine.cases.parties import add_party, end_party
from engine.store import tables as t


class MovedTask(NamedTuple):
    """A task that has changed hands."""

    id: UUID
    instance_id: UUID
    node: str
    former_id: UUID


def hand_over(
    conn: sa.Connection,
    case_id: UUID,
    to_user_id: UUID,
    now: datetime,
    *,
    organisation_id: UUID | None = None,
    by: UUID | None = None,
) -> list[MovedTask]:
    """Another user answers for the case; with ``organisation_id`` it moves there too. Returns the open tasks
    that went along, for their matters' histories.

    Open tasks of the one who answered so far become the new one's; those offered to the old organisation
    are offered to the new one.
    """
    row = case_row(conn, case_id)
    former, home = row["responsible_id"], row["organisation_id"]
    set_responsible(conn, case_id, to_user_id, now, by=by)
    task = t.task.c
    still_open = sa.and_(task.case_id == case_id, task.state == "open")
    moved: list[MovedTask] = []
    if former is not None and former != to_user_id:
        his = sa.and_(still_open, task.assignee_id == former)
        rows = conn.execute(sa.select(task.id, task.instance_id, task.node).where(his).order_by(task.id))
        moved = [MovedTask(row.id, row.instance_id, row.node, former) for row in rows]
        conn.execute(t.task.update().where(his).values(assignee_id=to_user_id, version=task.version + 1))
    if organisation_id is not None and organisation_id != home:
        change(conn, case_id, organisation_id=organisation_id)
        conn.execute(
            t.instance.update()
            .where(t.instance.c.case_id == case_id, t.instance.c.status == "active")
            .values(organisation_id=organisation_id)
        )
        conn.execute(
            t.task.update()
            .where(still_open, task.organisation_id == home)
            .values(organisation_id=organisation_id, version=task.version + 1)
        )
        end_party(conn, case_id, RESPONSIBLE_ORGANISATION, now, organisation_id=home)
        add_party(conn, case_id, RESPONSIBLE_ORGANISATION, now, organisation_id=organisation_id)
    record_event(conn, case_id, "handed_over", now, by=by, data={"tasks": len(moved)})
    return moved
