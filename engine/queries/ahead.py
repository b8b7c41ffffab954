"""What comes next, as far as the diagram can say."""

from collections import deque
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.bpmn.graph import Graph, Kind
from engine.store import tables as t
from engine.store.database import reading

_STEPS = {
    Kind.TASK,
    Kind.USER_TASK,
    Kind.MANUAL_TASK,
    Kind.RECEIVE_TASK,
    Kind.CALL_ACTIVITY,
    Kind.SUB_PROCESS,
    Kind.END,
}
_MOST = 4


def steps_ahead(
    engine: ProcessEngine, instance_id: UUID, nodes: frozenset[str]
) -> dict[str, tuple[str, ...]]:
    """For each of ``nodes`` the names of the steps that may follow it directly: work of people, waits and
    ends with a name.
    """
    with reading(engine.database) as conn:
        definition_id = conn.execute(
            sa.select(t.instance.c.definition_id).where(t.instance.c.id == instance_id)
        ).scalar_one()
        graph = engine.deployed.graph(conn, definition_id)
    return {node: following(graph, node) for node in nodes if node in graph.nodes}


def following(graph: Graph, node: str) -> tuple[str, ...]:
    """Names of the next named steps after a node, nearest first; gateways, services and scripts are passed
    through.
    """
    names: list[str] = []
    seen = {node}
    queue = deque(flow.target for flow in graph.nodes[node].outgoing)
    if not queue:
        queue.extend(_after_parent(graph, node))
    while queue and len(names) < _MOST:
        at = queue.popleft()
        if at in seen or at not in graph.nodes:
            continue
        seen.add(at)
        here = graph.nodes[at]
        if here.kind in _STEPS and here.name:
            if here.name not in names:
                names.append(here.name)
            continue
        queue.extend(flow.target for flow in here.outgoing)
        if not here.outgoing:
            queue.extend(_after_parent(graph, at))
    return tuple(names)


def _after_parent(graph: Graph, node: str) -> list[str]:
    """Where a sub-process goes on that ends at the node."""
    body = graph.nodes[node].body
    return [flow.target for each in graph.nodes.values() if each.child == body for flow in each.outgoing]
