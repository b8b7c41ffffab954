"""Start events: nothing to do but to go on. What triggered them came before."""

from engine.bpmn.graph import Node
from engine.execution.state import Token
from engine.execution.walk import Walk


def enter(walk: Walk, token: Token, node: Node, via: str | None) -> None:
    walk.leave(token)
