"""Which elements of the diagrams were passed, out of the histories."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from engine.bpmn.graph import Graph
from engine.commands import ProcessEngine
from engine.store import tables as t
from engine.store.database import reading


@dataclass(frozen=True, slots=True)
class Coverage:
    """Ids of nodes and flows, and who was told what: (node, ``reminded`` or ``escalated``, role)."""

    nodes: frozenset[str] = frozenset()
    flows: frozenset[str] = frozenset()
    told: frozenset[tuple[str, str, str]] = frozenset()

    def __or__(self, other: "Coverage") -> "Coverage":
        return Coverage(self.nodes | other.nodes, self.flows | other.flows, self.told | other.told)

    def missing(self, graph: Graph) -> tuple[list[str], list[str]]:
        """Nodes and flows of a graph that were not passed."""
        nodes = [id_ for id_ in graph.nodes if id_ not in self.nodes]
        flows = [
            flow.id for node in graph.nodes.values() for flow in node.outgoing if flow.id not in self.flows
        ]
        return nodes, flows

    def silent(self, graph: Graph) -> list[tuple[str, str, str]]:
        """Reminders and escalations of a graph that never happened."""
        wanted = {
            (node.id, kind, step.to)
            for node in graph.nodes.values()
            if node.work is not None
            for kind, steps in (("reminded", node.work.remind), ("escalated", node.work.escalate))
            for step in steps
        }
        return sorted(wanted - self.told)


def coverage_of(engine: ProcessEngine) -> Coverage:
    """What all instances on the engine's database have passed."""
    nodes: set[str] = set()
    flows: set[str] = set()
    for kind, element in traces(engine):
        (flows if kind == "flow" else nodes).add(element)
    notes = sa.select(t.event.c.node, t.event.c.kind, t.event.c.data).where(
        t.event.c.kind.in_(("reminded", "escalated"))
    )
    with reading(engine.database) as conn:
        told = {(row.node, row.kind, json.loads(row.data)["to"]) for row in conn.execute(notes)}
    return Coverage(frozenset(nodes), frozenset(flows), frozenset(told))


def traces(engine: ProcessEngine, instance_id: object = None) -> Iterable[tuple[str, str]]:
    """(kind, element id) of every entry, in order; of one instance, or of all."""
    query = sa.select(t.event.c.data).order_by(t.event.c.at, t.event.c.instance_id, t.event.c.seq)
    if instance_id is not None:
        query = query.where(t.event.c.instance_id == instance_id)
    with reading(engine.database) as conn:
        for data in conn.execute(query).scalars():
            for entry in json.loads(data).get("trace", ()):
                if entry[1] is not None:
                    yield str(entry[0]), str(entry[1])
