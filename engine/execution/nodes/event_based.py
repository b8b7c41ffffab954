"""Event-based gateways: the first of the events behind them decides (BPMN 2.0, 13.4.4)."""

from engine.bpmn.graph import Node
from engine.execution import waits
from engine.execution.effects import Entry
from engine.execution.state import Token
from engine.execution.walk import Walk


def enter(walk: Walk, token: Token, node: Node, via: str | None) -> None:
    nodes = walk.graph(walk.scope(token)).nodes
    for flow in node.outgoing:
        waits.arm(walk, token, nodes[flow.target])
    token.waits = "event"
    walk.effects.append(Entry("entered", node.id, token.id, token.scope))
