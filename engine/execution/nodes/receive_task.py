"""Receive tasks: wait for a message, with boundary events."""

from engine.bpmn.graph import Node
from engine.execution import activities, waits
from engine.execution.state import Token
from engine.execution.texts import label
from engine.execution.trouble import Trouble
from engine.execution.walk import Walk
from engine.text import Text


def open_(walk: Walk, token: Token, node: Node) -> None:
    if node.message is None:
        raise Trouble("no_name", Text(f"“{label(node)}”没有指定消息。", f"“{label(node)}” names no message."))
    waits.arm(walk, token, node)
    activities.wait(walk, token, node, "message")
