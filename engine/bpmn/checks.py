"""Checks of the compiled graph: what the notation forbids, what can never run, what never stops."""

from collections.abc import Set

from engine.bpmn.compiler import GATEWAYS
from engine.bpmn.findings import Findings
from engine.bpmn.graph import Body, Graph, Kind, Node, Trigger
from engine.bpmn.loops import check_loops

_EVENT_TARGETS = frozenset({Trigger.TIMER, Trigger.MESSAGE, Trigger.SIGNAL})
_START = ("开始事件", "start event")
_END = ("结束事件", "end event")
_BOUNDARY = ("边界事件", "boundary event")
_LINK_THROW = ("链接抛出事件", "link throw event")
_LINK_CATCH = ("链接捕获事件", "link catch event")


def check(graph: Graph, findings: Findings, incomplete: Set[str]) -> None:
    """Adds findings about ``graph``. Of bodies that are ``incomplete``, what is missing isn't reported."""
    for body in graph.bodies.values():
        complete = body.id not in incomplete
        for node in body.nodes.values():
            if node.kind is Kind.BOUNDARY:
                _check_boundary(node, findings, complete)
            elif node.kind is Kind.EVENT_BASED:
                _check_event_gateway(node, body, findings)
            _check_flows(node, findings, complete)
            if node.kind in GATEWAYS:
                _check_gateway(node, findings)
        if complete:
            _check_starts(body, findings)
            _check_reachable(body, findings)
    check_loops(graph, findings)


def _check_flows(node: Node, findings: Findings, complete: bool) -> None:
    link = any(event.trigger is Trigger.LINK for event in node.events)
    if node.incoming and node.kind in (Kind.START, Kind.BOUNDARY):
        _refuse_flow(node, _START if node.kind is Kind.START else _BOUNDARY, "incoming", findings)
    if node.outgoing and node.kind is Kind.END:
        _refuse_flow(node, _END, "outgoing", findings)
    if link and node.kind is Kind.THROW and len(node.outgoing) > 1:
        _refuse_flow(node, _LINK_THROW, "outgoing", findings)
    if link and node.kind is Kind.CATCH and any("→" not in flow for flow in node.incoming):
        _refuse_flow(node, _LINK_CATCH, "incoming", findings)
    if link and node.kind is Kind.CATCH and not node.incoming and complete:
        findings.add("unreachable", node.id)


def _refuse_flow(node: Node, what: tuple[str, str], direction: str, findings: Findings) -> None:
    findings.add(
        "flow-not-allowed",
        node.id,
        what_zh=what[0],
        what_en=what[1],
        direction_zh="进入的" if direction == "incoming" else "出去的",
        direction_en=direction,
    )


def _check_boundary(node: Node, findings: Findings, complete: bool) -> None:
    if not node.attached_to:
        if complete:
            findings.add("boundary-host", node.id, value=node.attached_to)
    elif not node.outgoing and complete:
        findings.add("boundary-without-flow", node.id)


def _check_event_gateway(node: Node, body: Body, findings: Findings) -> None:
    if len(node.outgoing) < 2:
        findings.add("event-gateway-few", node.id)
    for flow in node.outgoing:
        target = body.nodes.get(flow.target)
        if target is None:
            continue
        receives = target.kind is Kind.RECEIVE_TASK and not target.boundary and target.loop is None
        catches = target.kind is Kind.CATCH and target.events[0].trigger in _EVENT_TARGETS
        if not (receives or catches):
            findings.add("event-gateway-target", target.id)
        elif len(target.incoming) > 1:
            findings.add("event-gateway-shared", target.id)


def _check_gateway(node: Node, findings: Findings) -> None:
    if node.kind is Kind.EXCLUSIVE and len(node.outgoing) > 1:
        free = [flow for flow in node.outgoing if flow.condition is None and flow.id != node.default]
        last = node.outgoing[-1].id
        for flow in free:
            if len(free) == 1 and flow.id == last and node.default is None:
                findings.add("exclusive-implicit-default", node.id, value=flow.id)
            else:
                findings.add("exclusive-unconditioned", node.id, value=flow.id)
    chooses = node.kind in (Kind.EXCLUSIVE, Kind.INCLUSIVE) and node.default is None and bool(node.outgoing)
    if chooses and all(flow.condition is not None for flow in node.outgoing):
        findings.add("no-default", node.id)


def _check_starts(body: Body, findings: Findings) -> None:
    events = [body.nodes[id] for id in body.starts if body.nodes[id].kind is Kind.START]
    if not body.starts:
        if body.nodes or body.kind != "subProcess":
            findings.add("no-start", body.id, name=body.name)
    elif body.kind == "process":
        plain = [node.id for node in events if not node.events]
        if len(plain) > 1:
            findings.add("several-starts", body.id, count=len(plain))
    elif (body.kind == "eventSubProcess" and len(events) != 1) or len(events) > 1:
        what = ("事件子流程", "An event sub-process")
        if body.kind == "subProcess":
            what = ("子流程", "A sub-process with a start event")
        findings.add("sub-process-starts", body.id, what_zh=what[0], what_en=what[1], count=len(events))
    if body.nodes and all(node.outgoing for node in body.nodes.values()):
        findings.add("no-end", body.id, name=body.name)


def _check_reachable(body: Body, findings: Findings) -> None:
    """With a start event, every other node must be led to by a flow (BPMN 2.0, 10.5.2)."""
    reached: set[str] = set()
    waiting = list(body.starts)
    while waiting:
        id = waiting.pop()
        if id in reached or id not in body.nodes:
            continue
        reached.add(id)
        node = body.nodes[id]
        waiting.extend(flow.target for flow in node.outgoing)
        waiting.extend(node.boundary)
    for id, node in body.nodes.items():
        if id in reached or node.kind is Kind.BOUNDARY:
            continue
        link = any(event.trigger is Trigger.LINK for event in node.events)
        if not node.incoming and not (link and node.kind is Kind.CATCH):
            findings.add("no-incoming", id)
        elif not link:
            findings.add("unreachable", id)
