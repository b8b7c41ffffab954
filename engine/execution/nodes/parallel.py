"""Parallel gateways: wait for one token on every incoming flow, then take every outgoing one (BPMN 2.0,
13.4.1).

The count is kept per flow. A second token on one flow waits for the next round: it doesn't stand in for
another flow.
"""

from engine.bpmn.graph import Node
from engine.execution.joins import fire, hold
from engine.execution.state import Token
from engine.execution.walk import Walk


def enter(walk: Walk, token: Token, node: Node, via: str | None) -> None:
    if len(node.incoming) < 2 or via is None:
        walk.leave(token)
        return
    scope = walk.scope(token)
    held = hold(walk, token, node, via)
    if len(held) == len(node.incoming):
        fire(walk, scope, node)
