"""Service tasks: a handler does them as a job after the commit. It may complete them or throw a BPMN
error."""

from engine.bpmn.graph import Node
from engine.execution import activities
from engine.execution.effects import ServiceRequested
from engine.execution.state import Token
from engine.execution.texts import label
from engine.execution.trouble import Trouble
from engine.execution.walk import Walk
from engine.text import Text


def open_(walk: Walk, token: Token, node: Node) -> None:
    check(node)
    activities.wait(walk, token, node, "service")
    request(walk, token, node)


def check(node: Node) -> None:
    if node.service is None:
        raise Trouble(
            "no_service",
            Text(f"“{label(node)}”没有指定服务。", f"“{label(node)}” names no service."),
        )


def request(walk: Walk, token: Token, node: Node) -> None:
    """Ask for the handler. The inputs are the evaluated input mappings."""
    assert node.service is not None  # noqa: S101 - checked when the token arrived
    local = token.local or {}
    inputs = {mapping.target: local[mapping.target] for mapping in node.inputs}
    walk.effects.append(ServiceRequested(token.id, node.id, node.service.type, inputs, node.service.retries))
