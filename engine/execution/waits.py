"""Registering what a token or scope waits for: timers, messages, signals."""

from engine.bpmn.graph import EventDefinition, Node, Trigger
from engine.execution import timers
from engine.execution.effects import Subscribed, TimerSet
from engine.execution.state import Scope, Token
from engine.execution.texts import key_text
from engine.execution.trouble import Trouble
from engine.execution.walk import Walk
from engine.text import Text

_OUTSIDE = frozenset({Trigger.TIMER, Trigger.MESSAGE, Trigger.SIGNAL})


def definition_of(node: Node) -> EventDefinition | None:
    """What triggers an event, or what a receive task waits for."""
    return node.events[0] if node.events else node.message


def outside(node: Node) -> bool:
    """Whether the node's trigger comes from outside the state."""
    event = definition_of(node)
    return event is not None and event.trigger in _OUTSIDE


def register(walk: Walk, holder: str, node: Node, where: Token | Scope) -> str | None:
    """Register one timer or subscription; gives the message's key."""
    event = definition_of(node)
    assert event is not None  # noqa: S101 - callers ask outside() first
    if event.trigger is Trigger.TIMER:
        due, cycle = timers.first(walk, event, where)
        walk.effects.append(TimerSet(holder, node.id, due, cycle))
        return None
    if event.name is None:
        raise Trouble(
            "no_name",
            Text(
                f"“{node.id}”等待的消息或信号没有名称。",
                f"“{node.id}” waits for a message or signal without a name.",
            ),
        )
    key = None if event.key is None else key_text(walk.evaluate(event.key, where))
    if event.key is not None and key is None:
        raise Trouble(
            "no_key",
            Text(
                f"“{node.name or node.id}”的关联键为空,消息无法找到它。",
                f"The correlation key of “{node.name or node.id}” is null, so no message could find it.",
            ),
        )
    walk.effects.append(Subscribed(holder, node.id, event.trigger.value, event.name, key))
    return key


def arm(walk: Walk, token: Token, node: Node) -> None:
    """Register a catching node for the token."""
    if token.armed is None:
        token.armed = {}
    token.armed[node.id] = None  # so that a failure on the way releases the holder
    token.armed[node.id] = register(walk, f"t{token.id}", node, token)


def arm_boundary(walk: Walk, token: Token, node: Node) -> None:
    """Register the boundary events. Inner instances of a loop carry none: the outer token does (BPMN 2.0,
    13.3.7)."""
    if node.boundary and walk.scope(token).kind != "loop":
        nodes = walk.graph(walk.scope(token)).nodes
        for boundary in node.boundary:
            if outside(nodes[boundary]):
                arm(walk, token, nodes[boundary])
