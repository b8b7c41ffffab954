"""Exclusive gateways: every token passes at once, along one flow (BPMN 2.0, 13.4.2)."""

from engine.bpmn.graph import Node
from engine.execution.state import Token
from engine.execution.walk import Walk


def enter(walk: Walk, token: Token, node: Node, via: str | None) -> None:
    walk.leave(token)
