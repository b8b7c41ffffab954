"""Intermediate throw events: messages and signals wait for their turn, links jump, none events go on."""

from engine.bpmn.graph import Kind, Node, Trigger
from engine.execution.effects import Entry
from engine.execution.state import Token
from engine.execution.texts import label
from engine.execution.trouble import Trouble
from engine.execution.walk import Walk
from engine.text import Text


def enter(walk: Walk, token: Token, node: Node, via: str | None) -> None:
    event = node.events[0] if node.events else None
    if event is None or event.trigger is Trigger.NONE:
        walk.leave(token)
    elif event.trigger is Trigger.LINK:
        _jump(walk, token, node, event.name)
    else:
        token.waits = "throw"
        walk.throws.append((token, event))


def _jump(walk: Walk, token: Token, node: Node, name: str | None) -> None:
    """To the link's target in the same body (BPMN 2.0, 10.5.4)."""
    scope = walk.scope(token)
    for target in walk.graph(scope).bodies[node.body].nodes.values():
        if (
            target.kind is Kind.CATCH
            and target.events
            and target.events[0].trigger is Trigger.LINK
            and target.events[0].name == name
        ):
            walk.effects.append(Entry("completed", node.id, token.id, scope.id))
            walk.leave(walk.replace(token, target.id))
            return
    raise Trouble("no_link", Text(f"链接“{label(node)}”没有目标。", f"Link “{label(node)}” has no target."))
