"""Matters that belong to a case."""

from uuid import UUID

import sqlalchemy as sa

from engine.store import tables as t


def link_instance(conn: sa.Connection, case_id: UUID, instance_id: UUID) -> None:
    """An instance belongs to the case from now on, with its tasks and submissions."""
    conn.execute(t.instance.update().where(t.instance.c.id == instance_id).values(case_id=case_id))
    for table in (t.task, t.submission):
        conn.execute(table.update().where(table.c.instance_id == instance_id).values(case_id=case_id))
