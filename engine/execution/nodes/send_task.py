"""Send tasks: throw a message, or ask a handler to send it."""

from engine.bpmn.graph import Node
from engine.execution.nodes import service_task
from engine.execution.state import Token
from engine.execution.walk import Walk


def open_(walk: Walk, token: Token, node: Node) -> None:
    if node.message is not None:
        token.waits = "throw"
        walk.throws.append((token, node.message))
    else:
        service_task.open_(walk, token, node)
