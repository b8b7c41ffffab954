"""How a matter stands, in short: what stands beside a task, and what is told after something was sent."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.errors import NotFound
from engine.people.actor import Actor
from engine.people.policy import may_see_case, may_unmask
from engine.queries.cases import _CASE, CaseRow, case_row
from engine.queries.matters import _MATTER, _may_see, matter_timeline
from engine.queries.rows import Moment, TaskRow
from engine.queries.worklist import open_tasks
from engine.store import tables as t
from engine.store.database import reading
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Outlook:
    """``case`` only for those who may see it, ``case_number`` for all who see the matter; ``history`` the
    latest first.
    """

    instance_id: UUID
    title: str
    process: str
    status: str
    case_number: str
    case: CaseRow | None
    open_tasks: tuple[TaskRow, ...]
    history: tuple[Moment, ...]


def outlook(engine: ProcessEngine, actor: Actor, instance_id: UUID) -> Outlook:
    """For whoever may see the matter. Raises NotFound."""
    now = engine.clock.now()
    with reading(engine.database) as conn:
        row = conn.execute(_MATTER, {"instance_id": instance_id}).mappings().first()
        if row is None or not _may_see(engine, conn, actor, row):
            raise NotFound(
                Text("没有这件事项，或您无权查看。", "There is no such matter, or you may not see it.")
            )
        case_id = row["case_id"]
        number = (
            conn.execute(sa.select(t.case.c.number).where(t.case.c.id == case_id)).scalar()
            if case_id
            else None
        )
        seen = case_id is not None and may_see_case(conn, actor, engine.powers, case_id)
        graph = engine.deployed.graph(conn, row["definition_id"])
        return Outlook(
            instance_id=instance_id,
            title=row["title"] or row["process"],
            process=row["process"],
            status=row["status"],
            case_number=number or "",
            case=_case(engine, conn, actor, case_id) if seen else None,
            open_tasks=tuple(
                open_tasks(conn, instance_id, now, engine.calendar(conn, row["organisation_id"]))
            ),
            history=tuple(reversed(matter_timeline(conn, [instance_id], {instance_id: graph}))),
        )


def _case(engine: ProcessEngine, conn: sa.Connection, actor: Actor, case_id: UUID) -> CaseRow:
    row = conn.execute(_CASE.where(t.case.c.id == case_id)).mappings().one()
    return case_row(row, may_unmask(conn, actor, engine.powers, case_id))


def has_part_in(engine: ProcessEngine, actor: Actor, instance_id: UUID) -> bool:
    """Whether the person started the matter or did one of its tasks, seen or not."""
    started = sa.exists().where(t.instance.c.id == instance_id, t.instance.c.started_by == actor.user_id)
    did = sa.exists().where(t.task.c.instance_id == instance_id, t.task.c.closed_by == actor.user_id)
    with reading(engine.database) as conn:
        return bool(conn.execute(sa.select(sa.or_(started, did))).scalar())
