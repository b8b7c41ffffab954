"""Inclusive gateways: wait for the tokens that can still come, then take every flow that holds (BPMN 2.0,
13.4.3).

A join is enabled when it holds a token and no other token of its scope can reach an incoming flow that is
empty, unless that token can also reach an incoming flow that is filled, both on paths that avoid the
gateway. It is asked only when nothing else can move.

Two joins may wait for each other, each seeing the other's held token upstream; the standard leaves them
locked. When nothing is left to move and every token that a group of joins waits for is held by a join of
that group, the one that comes first in the diagram's text fires.
"""

from engine.bpmn.graph import Graph, Kind, Node
from engine.execution.joins import fire, hold
from engine.execution.state import Scope, Token
from engine.execution.walk import Walk


def enter(walk: Walk, token: Token, node: Node, via: str | None) -> None:
    if len(node.incoming) < 2 or via is None:
        walk.leave(token)
    else:
        hold(walk, token, node, via)


def fire_enabled(walk: Walk) -> bool:
    """Fire one enabled join, the oldest scope's first; whether there was one."""
    for scope, graph in _scopes(walk):
        for node in _joins(scope, graph):
            if not _blockers(walk, scope, node):
                fire(walk, scope, node)
                return True
    return False


def fire_locked(walk: Walk) -> bool:
    """Fire one join of a group whose members wait only for each other; whether there was one."""
    for scope, graph in _scopes(walk):
        joins = _joins(scope, graph)
        waiting = {node.id: _blockers(walk, scope, node) for node in joins}
        free = _free(walk, scope)
        locked = {node: blockers for node, blockers in waiting.items() if not blockers & free}
        while True:
            outside = [node for node, blockers in locked.items() if not blockers <= locked.keys()]
            if not outside:
                break
            for node in outside:
                del locked[node]
        if locked:
            order = {node: place for place, node in enumerate(graph.bodies[scope.body].nodes)}
            chosen = min(locked, key=lambda node: order[node])
            fire(walk, scope, graph.nodes[chosen])
            return True
    return False


def _scopes(walk: Walk) -> list[tuple[Scope, Graph]]:
    return [
        (scope, walk.graph(scope))
        for scope in walk.state.scopes.values()
        if scope.joins and walk.graph(scope).has_inclusive_join
    ]


def _joins(scope: Scope, graph: Graph) -> list[Node]:
    nodes = [graph.nodes[node] for node in scope.joins]
    return [node for node in nodes if node.kind is Kind.INCLUSIVE]


def _free(walk: Walk, scope: Scope) -> set[str]:
    """Where tokens of the scope are that no join holds."""
    return {token.node for token in walk.state.tokens.values() if token.scope == scope.id}


def _blockers(walk: Walk, scope: Scope, node: Node) -> set[str]:
    """The places from which a token could still come that the join has to wait for."""
    held = scope.joins[node.id]
    empty = [node.upstream[flow] for flow in node.incoming if flow not in held]
    if not empty:
        return set()
    filled = [node.upstream[flow] for flow in held]
    places = _free(walk, scope) | scope.joins.keys() - {node.id}
    return {
        place
        for place in places
        if any(place in reach for reach in empty) and not any(place in reach for reach in filled)
    }
