"""Loops in which nothing waits: they would spin inside one command."""

from collections.abc import Iterator, Set

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
    """Reports endless loops, loops without a wait and processes that call themselves without one."""
    passable = _passable(graph)
    for body in graph.bodies.values():
        automatic = {id for id, node in body.nodes.items() if _automatic(node, passable)}
        for members in _components(body, automatic):
            _report(body, members, findings)
    for process in graph.processes:
        for call in _calls_at_once(graph, process, passable):
            findings.add("calls-itself", call)


def _report(body: Body, members: list[str], findings: Findings) -> None:
    within = set(members)
    nodes = [node for id, node in body.nodes.items() if id in within]
    names = " → ".join(node.name or node.id for node in nodes[:6])
    joins = any(
        node.kind is Kind.PARALLEL and len(node.incoming) > 1 and not _only_within(body, node, within)
        for node in nodes
    )
    exits = any(
        (node.kind in _CHOOSING or any(flow.condition is not None for flow in node.outgoing))
        and any(flow.target not in within for flow in node.outgoing)
        for node in nodes
    )
    findings.add("loop-without-wait" if exits or joins else "endless-loop", nodes[0].id, value=names)


def _only_within(body: Body, node: Node, within: Set[str]) -> bool:
    incoming = set(node.incoming)
    inner = {flow.id for id in within for flow in body.nodes[id].outgoing if flow.target == node.id}
    return incoming <= inner


def _automatic(node: Node, passable: Set[str]) -> bool:
    """Whether a token passes the node within the same command."""
    if node.kind in _WAITING:
        return False
    if node.kind is Kind.SEND_TASK:
        return node.service is None
    if node.kind is Kind.SUB_PROCESS:
        return node.child in passable
    if node.kind is Kind.CALL_ACTIVITY:
        return isinstance(node.called, str) and node.called in passable
    return True


def _passable(graph: Graph) -> set[str]:
    """Bodies that a token can cross within one command. Those that depend on each other are taken as not
    passable."""
    passable: set[str] = set()
    changed = True
    # Each round settles at least one body; nesting is bounded, and so are the rounds worth running.
    rounds = 0
    while changed and rounds < 200:
        rounds += 1
        changed = False
        for id, body in graph.bodies.items():
            if id not in passable and body.kind != "eventSubProcess" and _crosses(body, passable):
                passable.add(id)
                changed = True
    return passable


def _crosses(body: Body, passable: Set[str]) -> bool:
    return any(not body.nodes[id].outgoing for id in _reached_at_once(body, passable, leave=True))


def _reached_at_once(body: Body, passable: Set[str], *, leave: bool = False) -> Iterator[str]:
    """Nodes a token enters within the command that starts the body; with ``leave`` only those it also
    leaves."""
    seen: set[str] = set()
    stack = list(body.starts)
    while stack:
        id = stack.pop()
        node = body.nodes.get(id)
        if node is None or id in seen:
            continue
        seen.add(id)
        automatic = _automatic(node, passable)
        if automatic or not leave:
            yield id
        if automatic:
            stack.extend(flow.target for flow in node.outgoing)


def _calls_at_once(graph: Graph, process: str, passable: Set[str]) -> Iterator[str]:
    """Call activities through which ``process`` reaches itself again before anything waits."""
    callers: dict[str, list[tuple[str, str]]] = {}
    stack, seen = [process], {process}
    while stack:
        id = stack.pop()
        for node_id in _reached_at_once(graph.bodies[id], passable):
            node = graph.bodies[id].nodes[node_id]
            inner = node.child if node.kind is Kind.SUB_PROCESS else None
            if node.kind is Kind.CALL_ACTIVITY and isinstance(node.called, str):
                inner = node.called
                callers.setdefault(inner, []).append((id, node_id))
            if inner is not None and inner in graph.bodies and inner not in seen:
                seen.add(inner)
                stack.append(inner)
    for _, call in callers.get(process, ()):
        yield call


def _components(body: Body, members: Set[str]) -> Iterator[list[str]]:
    """Strongly connected components with a cycle among ``members`` (Tarjan's algorithm without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    for root in members:
        if root in index:
            continue
        work = [(root, _targets(body, root, members))]
        index[root] = low[root] = len(index)
        path.append(root)
        on_path.add(root)
        while work:
            id, targets = work[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    path.append(target)
                    on_path.add(target)
                    work.append((target, _targets(body, target, members)))
                    break
                if target in on_path:
                    low[id] = min(low[id], index[target])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[id])
                if low[id] == index[id]:
                    component = []
                    while True:
                        member = path.pop()
                        on_path.discard(member)
                        component.append(member)
                        if member == id:
                            break
                    if len(component) > 1 or any(flow.target == id for flow in body.nodes[id].outgoing):
                        yield component


def _targets(body: Body, id: str, members: Set[str]) -> Iterator[str]:
    return (flow.target for flow in body.nodes[id].outgoing if flow.target in members)
