"""Loops in which nothing waits: they would spin inside one command."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.bpmn.components import components
from engine.bpmn.findings import Findings
from engine.bpmn.graph import Body, Graph, Kind, Node

#: Kinds at which a token waits for people, messages, jobs or time.
_WAITING = frozenset(
    {
        Kind.USER_TASK,
        Kind.MANUAL_TASK,
        Kind.RECEIVE_TASK,
        Kind.SERVICE_TASK,
        Kind.CATCH,
        Kind.EVENT_BASED,
    }
)
_CHOOSING = frozenset({Kind.EXCLUSIVE, Kind.INCLUSIVE})


def check_loops(graph: Graph, findings: Findings) -> None:
    """Reports endless loops, loops without a wait, and processes that call themselves without one."""
    at_once = AtOnce(graph)
    for body in graph.bodies.values():
        automatic = {
            id: [flow.target for flow in node.outgoing]
            for id, node in body.nodes.items()
            if at_once.passes(node)
        }
        places = {id: place for place, id in enumerate(body.nodes)}
        for members in components(automatic):
            members.sort(key=places.__getitem__)
            _report(body, members, findings)
    calls = at_once.calls()
    places = {id: place for place, id in enumerate(graph.bodies)}
    for cycle in components({body: set(inner.values()) for body, inner in calls.items()}):
        within = set(cycle)
        for body_id in sorted(cycle, key=places.__getitem__):
            for call, inner in calls[body_id].items():
                if inner in within and graph.nodes[call].kind is Kind.CALL_ACTIVITY:
                    findings.add("calls-itself", call)


def _report(body: Body, members: list[str], findings: Findings) -> None:
    within = set(members)
    nodes = [body.nodes[id] for id in members]
    inner = {flow.id for node in nodes for flow in node.outgoing if flow.target in within}
    joins = any(node.kind is Kind.PARALLEL and not inner.issuperset(node.incoming) for node in nodes)
    exits = any(
        (node.kind in _CHOOSING or any(flow.condition is not None for flow in node.outgoing))
        and any(flow.target not in within for flow in node.outgoing)
        for node in nodes
    )
    names = " → ".join(node.name or node.id for node in nodes[:6])
    findings.add("loop-without-wait" if exits or joins else "endless-loop", members[0], value=names)


@dataclass(slots=True)
class AtOnce:
    """How far a token gets within one command: ``entered`` nodes by body, and bodies it can cross
    (``passable``)."""

    graph: Graph
    entered: dict[str, dict[str, None]] = field(default_factory=dict)
    passable: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        held: dict[str, list[tuple[str, str]]] = {}  # body → (body, node) that go on once it is passable
        for body in self.graph.bodies.values():
            self.entered[body.id] = {}
            stack = [(body.id, id) for id in body.starts]
            while stack:
                body_id, id = stack.pop()
                node = self.graph.bodies[body_id].nodes.get(id)
                if node is None or id in self.entered[body_id]:
                    continue
                self.entered[body_id][id] = None
                inner = self._inner(node)
                if inner is not None and inner not in self.passable:
                    held.setdefault(inner, []).append((body_id, id))
                elif self.passes(node):
                    stack.extend(self._leave(body_id, node, held))

    def _leave(
        self, body_id: str, node: Node, held: dict[str, list[tuple[str, str]]]
    ) -> list[tuple[str, str]]:
        """Where to go on after ``node``; at the end of a body also after everything that waited for that
        body."""
        following: list[tuple[str, str]] = []
        leaving = [(body_id, node)]
        while leaving:
            body_id, node = leaving.pop()
            following.extend((body_id, flow.target) for flow in node.outgoing)
            if not node.outgoing and body_id not in self.passable:
                self.passable.add(body_id)
                leaving.extend(
                    (owner, self.graph.bodies[owner].nodes[id]) for owner, id in held.pop(body_id, ())
                )
        return following

    def _inner(self, node: Node) -> str | None:
        """The body a token goes through at this node."""
        if node.kind is Kind.SUB_PROCESS:
            return node.child
        if (
            node.kind is Kind.CALL_ACTIVITY
            and isinstance(node.called, str)
            and node.called in self.graph.bodies
        ):
            return node.called
        return None

    def passes(self, node: Node) -> bool:
        """Whether a token passes the node within the same command."""
        if node.kind in _WAITING:
            return False
        if node.kind is Kind.SEND_TASK:
            return node.service is None
        if node.kind in (Kind.SUB_PROCESS, Kind.CALL_ACTIVITY):
            return self._inner(node) in self.passable
        return True

    def calls(self) -> Mapping[str, Mapping[str, str]]:
        """For each body, the sub-processes and call activities a token enters at once, with the body they
        lead to."""
        found: dict[str, dict[str, str]] = {}
        for body_id, ids in self.entered.items():
            nodes = self.graph.bodies[body_id].nodes
            inner = {id: self._inner(nodes[id]) for id in ids}
            found[body_id] = {id: body for id, body in inner.items() if body is not None}
        return found
