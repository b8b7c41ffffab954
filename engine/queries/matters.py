"""One matter: its steps, its diagram, its history, who has it now."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.bpmn import steps_of
from engine.bpmn.graph import Graph
from engine.errors import NotFound
from engine.people.actor import Actor
from engine.people.policy import is_kept_from, may_manage, may_see_case
from engine.queries.rows import Moment, StepRow, TaskRow
from engine.queries.worklist import open_tasks
from engine.store import tables as t
from engine.store.database import reading
from engine.text import Text

_DONE = frozenset({"completed", "caught"})
_ACTIVE = frozenset({"entered"})
_GONE = frozenset({"completed", "interrupted", "caught"})


@dataclass(frozen=True, slots=True)
class Trouble:
    """An open incident: where the matter is stuck and why."""

    id: UUID
    node: str | None
    code: str
    text: Text
    at: datetime


@dataclass(frozen=True, slots=True)
class MatterView:
    """A matter. ``done``, ``flows`` and ``current`` are ids of the diagram to be coloured."""

    id: UUID
    key: str
    title: str
    process: str
    version: int
    status: str
    business_key: str | None
    case_id: UUID | None
    organisation: str
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    diagram: bytes
    done: frozenset[str]
    flows: frozenset[str]
    current: frozenset[str]
    steps: tuple[StepRow, ...]
    open_tasks: tuple[TaskRow, ...]
    timeline: tuple[Moment, ...]
    incidents: tuple[Trouble, ...]
    may_manage: bool


_starter = t.user.alias("starter")
_MATTER = (
    sa.select(
        t.instance,
        t.definition.c.name.label("process"),
        t.definition.c.version.label("definition_version"),
        t.definition.c.source,
        t.organisation.c.name.label("organisation"),
        t.organisation.c.path,
        _starter.c.name.label("starter"),
    )
    .select_from(
        t.instance.join(t.definition, t.definition.c.id == t.instance.c.definition_id)
        .outerjoin(t.organisation, t.organisation.c.id == t.instance.c.organisation_id)
        .outerjoin(_starter, _starter.c.id == t.instance.c.started_by)
    )
    .where(t.instance.c.id == sa.bindparam("instance_id"))
)


def matter_view(engine: ProcessEngine, actor: Actor, instance_id: UUID) -> MatterView:
    """A matter, for whoever works on it or may see its case; and for whoever started it, worked on it or
    manages its organisation, unless its case is kept from them. Raises NotFound.
    """
    now = engine.clock.now()
    with reading(engine.database) as conn:
        row = conn.execute(_MATTER, {"instance_id": instance_id}).mappings().first()
        if row is None or not _may_see(engine, conn, actor, row):
            raise NotFound(
                Text("没有这件事项，或您无权查看。", "There is no such matter, or you may not see it.")
            )
        graph = engine.deployed.graph(conn, row["definition_id"])
        tasks = open_tasks(conn, instance_id, now, engine.calendar(conn, row["organisation_id"]))
        timeline = matter_timeline(conn, [instance_id], {instance_id: graph})
        done, flows, current = _traced(conn, instance_id)
        incidents = conn.execute(
            sa.select(t.incident)
            .where(t.incident.c.instance_id == instance_id, t.incident.c.resolved_at.is_(None))
            .order_by(t.incident.c.created_at)
        )
        return MatterView(
            id=instance_id,
            key=row["key"],
            title=row["title"],
            process=row["process"],
            version=row["definition_version"],
            status=row["status"],
            business_key=row["business_key"],
            case_id=row["case_id"],
            organisation=row["organisation"] or "",
            started_at=row["started_at"],
            started_by=row["starter"] or "",
            ended_at=row["ended_at"],
            diagram=bytes(row["source"]),
            done=done,
            flows=flows,
            current=current,
            steps=_steps(graph, row["key"], done, current, tasks),
            open_tasks=tuple(tasks),
            timeline=tuple(timeline),
            incidents=tuple(
                Trouble(each.id, each.node, each.code, Text(each.text_zh, each.text_en), each.created_at)
                for each in incidents
            ),
            may_manage=may_manage(actor, engine.powers, row["path"] or "/"),
        )


def _may_see(engine: ProcessEngine, conn: sa.Connection, actor: Actor, row: sa.RowMapping) -> bool:
    if actor.is_system or may_work_in(conn, actor, row["id"]):
        return True
    if row["case_id"] is not None and may_see_case(conn, actor, engine.powers, row["case_id"]):
        return True
    if is_kept_from(conn, actor, engine.powers, row["case_id"]):
        return False
    if row["started_by"] == actor.user_id or may_manage(actor, engine.powers, row["path"] or "/"):
        return True
    task = t.task.c
    closed = sa.select(task.id).where(task.instance_id == row["id"], task.closed_by == actor.user_id)
    return conn.execute(closed.limit(1)).first() is not None


def may_work_in(conn: sa.Connection, actor: Actor, instance_id: UUID) -> bool:
    """Whether a task of the matter is open to the person: theirs, or offered to one of their roles."""
    task = t.task.c
    offers = [
        sa.and_(t.task_is_open, task.organisation_id == organisation_id, task.role == role)
        for organisation_id, role in actor.groups
    ]
    people = [actor.user_id, *actor.substitutes_for]
    mine = sa.or_(sa.and_(t.task_is_open, task.assignee_id.in_(people)), *offers)
    found = sa.select(task.id).where(task.instance_id == instance_id, mine).limit(1)
    return conn.execute(found).first() is not None


def _traced(conn: sa.Connection, instance_id: UUID) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Elements done, flows taken, elements at which a token is now. Visits are counted: a loop enters a
    step often.
    """
    done: set[str] = set()
    flows: set[str] = set()
    inside: dict[str, int] = {}
    query = sa.select(t.event.c.data).where(t.event.c.instance_id == instance_id).order_by(t.event.c.seq)
    for data in conn.execute(query).scalars():
        for kind, node, *_ in json.loads(data).get("trace", ()):
            if node is None:
                continue
            if kind == "flow":
                flows.add(node)
            if kind in _DONE:
                done.add(node)
            if kind in _ACTIVE:
                inside[node] = inside.get(node, 0) + 1
            elif kind in _GONE and inside.get(node):
                inside[node] -= 1
    return frozenset(done), frozenset(flows), frozenset(node for node, count in inside.items() if count > 0)


def _steps(
    graph: Graph, process: str, done: frozenset[str], current: frozenset[str], tasks: Iterable[TaskRow]
) -> tuple[StepRow, ...]:
    """Named steps in reading order. Gateways and unnamed events are the diagram's business, not the
    reader's.
    """
    holders = {task.node: task for task in tasks}
    rows = []
    for step in steps_of(graph, process):
        if not step.name or step.kind.value.endswith("Gateway"):
            continue
        task = holders.get(step.id)
        state = "current" if step.id in current or task else "done" if step.id in done else "ahead"
        rows.append(
            StepRow(
                id=step.id,
                name=step.name,
                kind=step.kind,
                lane=step.lane or "",
                state=state,
                who=(task.assignee or task.organisation) if task else "",
                since=task.created_at if task else None,
                due_at=task.due_at if task else None,
            )
        )
    return tuple(rows)


_by = t.user.alias("by")
_for = t.user.alias("on_behalf")


def matter_timeline(conn: sa.Connection, instances: list[UUID], graphs: dict[UUID, Graph]) -> list[Moment]:
    """The history of matters in words for people: what was done by whom. Moves of the engine alone are
    left out.
    """
    query = (
        sa.select(
            t.event.c.instance_id,
            t.event.c.at,
            t.event.c.kind,
            t.event.c.task_id,
            t.event.c.node,
            t.event.c.data,
            _by.c.name.label("by"),
            _for.c.name.label("on_behalf_of"),
            t.task.c.name.label("task"),
            t.submission.c.id.label("submission_id"),
        )
        .select_from(
            t.event.outerjoin(_by, _by.c.id == t.event.c.actor_id)
            .outerjoin(_for, _for.c.id == t.event.c.for_id)
            .outerjoin(t.task, t.task.c.id == t.event.c.task_id)
            .outerjoin(
                t.submission,
                sa.and_(t.submission.c.task_id == t.event.c.task_id, t.event.c.kind == "completed"),
            )
        )
        .where(t.event.c.instance_id.in_(instances), t.event.c.kind != "service")
        .order_by(t.event.c.at, t.event.c.instance_id, t.event.c.seq)
    )
    moments = []
    for row in conn.execute(query).mappings():
        data = json.loads(row["data"])
        trace = data.pop("trace", ())
        moments.append(
            Moment(
                at=row["at"],
                kind=row["kind"],
                by=row["by"] or "",
                on_behalf_of=row["on_behalf_of"] or "",
                node=row["node"],
                name=row["task"] or _name(graphs.get(row["instance_id"]), row["node"]),
                instance_id=row["instance_id"],
                task_id=row["task_id"],
                submission_id=row["submission_id"],
                data=data,
            )
        )
        for kind, node, *rest in trace:
            if kind == "ended":
                moments.append(
                    Moment(
                        row["at"],
                        "ended",
                        "",
                        node=node,
                        instance_id=row["instance_id"],
                        data=rest[0] if rest else {},
                    )
                )
    return moments


def _name(graph: Graph | None, node: str | None) -> str:
    found = graph.nodes.get(node) if graph is not None and node else None
    return found.name if found is not None else ""
