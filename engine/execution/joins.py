"""Tokens held at joins, counted for each incoming flow."""

from engine.bpmn.graph import Node
from engine.execution.state import Scope, Token
from engine.execution.walk import Walk


def hold(walk: Walk, token: Token, node: Node, via: str) -> dict[str, int]:
    """The token waits at the join; gives what is held there now."""
    scope = walk.scope(token)
    del walk.state.tokens[token.id]  # it is counted in the join now, so the scope's count stays
    held = scope.joins.setdefault(node.id, {})
    held[via] = held.get(via, 0) + 1
    walk.watched.add(scope.id)
    return held


def fire(walk: Walk, scope: Scope, node: Node) -> None:
    """One token of every flow that has one goes; one token goes on."""
    held = scope.joins[node.id]
    scope.live -= len(held)
    left = {flow: count - 1 for flow, count in held.items() if count > 1}
    if left:
        scope.joins[node.id] = left
    else:
        del scope.joins[node.id]
    walk.leave(walk.place(scope, node.id))
