"""Intermediate catch events: wait for a timer, message or signal; the target of a link just goes on."""

from engine.bpmn.graph import Node, Trigger
from engine.execution import waits
from engine.execution.effects import Entry
from engine.execution.state import Token
from engine.execution.walk import Walk


def enter(walk: Walk, token: Token, node: Node, via: str | None) -> None:
    if not waits.outside(node):
        walk.leave(token)
        return
    waits.arm(walk, token, node)
    trigger = node.events[0].trigger
    token.waits = "timer" if trigger is Trigger.TIMER else trigger.value
    walk.effects.append(Entry("entered", node.id, token.id, token.scope))
