"""End events: consume the token, after throwing what they throw."""

from engine.bpmn.graph import Node, Trigger
from engine.execution.effects import Entry
from engine.execution.state import Status, Token
from engine.execution.walk import Walk


def enter(walk: Walk, token: Token, node: Node, via: str | None) -> None:
    event = node.events[0] if node.events else None
    if event is None or event.trigger is Trigger.NONE:
        walk.leave(token)
    elif event.trigger is Trigger.TERMINATE:
        _terminate(walk, token, node)
    else:
        token.waits = "throw"
        walk.throws.append((token, event))


def _terminate(walk: Walk, token: Token, node: Node) -> None:
    """At once, not after other moves: everything in the process or sub-process ends; a parent goes on."""
    scope = walk.scope(token)
    walk.effects.append(Entry("completed", node.id, token.id, scope.id))
    del walk.state.tokens[token.id]
    scope.live -= 1
    if scope.owner is None:
        walk.finish(Status.TERMINATED)
        return
    walk.clear(scope)
    walk.disarm(scope)
    walk.emptied(scope)
