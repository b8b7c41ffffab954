"""The nodes of a process as a list to read: in the order in which the work goes."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.graph import Body, Graph, Kind, Node, Trigger


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the list. ``depth`` is 0 for the process itself, one more inside each sub-process.

    ``trigger`` is that of an event; ``attached_to`` the activity of a boundary event.
    """

    id: str
    name: str
    kind: Kind
    lane: str | None
    depth: int
    trigger: Trigger = Trigger.NONE
    attached_to: str | None = None


def steps_of(graph: Graph, process: str) -> tuple[Step, ...]:
    """What comes first is first; a loop's way back doesn't count, a boundary event follows its activity, an
    event sub-process comes last, and the content of a sub-process follows it. Empty for an unknown
    process."""
    body = graph.bodies.get(process)
    return tuple(_steps(graph, body, 0, None)) if body is not None else ()


def _steps(graph: Graph, body: Body, depth: int, lane: str | None) -> Iterator[Step]:
    for node in order(body):
        within = node.lane or lane
        trigger = node.events[0].trigger if node.events else Trigger.NONE
        yield Step(node.id, node.name, node.kind, within, depth, trigger, node.attached_to)
        if node.child is not None and node.child in graph.bodies:
            yield from _steps(graph, graph.bodies[node.child], depth + 1, within)
    for id in body.event_subprocesses:
        inner = graph.bodies[id]
        yield Step(id, "" if inner.name == id else inner.name, Kind.SUB_PROCESS, lane, depth)
        yield from _steps(graph, inner, depth + 1, lane)


def order(body: Body) -> list[Node]:
    """A topological order of the body's nodes, ways back left out; branches keep the order of their flows."""
    ids: list[str] = []
    seen: set[str] = set()
    attached = {event for node in body.nodes.values() for event in node.boundary}
    for root in [*body.starts, *(id for id, node in body.nodes.items() if not node.incoming), *body.nodes]:
        if root not in seen and root not in attached:
            ids.extend(_walk(body, root, seen))
    return _attach(body, ids)


def _walk(body: Body, root: str, seen: set[str]) -> list[str]:
    """What can be reached from ``root`` for the first time, in topological order: the reverse of the order in
    which a depth-first walk leaves the nodes."""
    left: list[str] = []
    stack = [(root, _ways_on(body, root))]
    seen.add(root)
    while stack:
        id, following = stack[-1]
        while following and following[-1] in seen:
            following.pop()
        if following:
            target = following.pop()
            seen.add(target)
            stack.append((target, _ways_on(body, target)))
        else:
            left.append(id)
            stack.pop()
    left.reverse()
    return left


def _ways_on(body: Body, id: str) -> list[str]:
    """Where a token can go from a node. They are walked from the end, and what is walked last stands first:
    so exceptions come after the ordinary ways, and the first flow before the others."""
    node = body.nodes[id]
    flows = [flow.target for flow in node.outgoing if flow.target in body.nodes]
    return [*flows, *(event for event in node.boundary if event in body.nodes)]


def _attach(body: Body, ids: list[str]) -> list[Node]:
    """Moves each boundary event right behind its activity."""
    nodes = []
    for id in ids:
        node = body.nodes[id]
        if node.kind is Kind.BOUNDARY and node.attached_to in body.nodes:
            continue
        nodes.append(node)
        nodes.extend(body.nodes[event] for event in node.boundary if event in body.nodes)
    return nodes
