"""Tasks of no kind: done as soon as they begin."""

from engine.bpmn.graph import Node
from engine.execution.state import Token
from engine.execution.walk import Walk


def open_(walk: Walk, token: Token, node: Node) -> None:
    walk.leave(token)
