"""Embedded sub-processes: a child scope that sees its parent's variables (BPMN 2.0, 13.3.4)."""

from engine.bpmn.graph import Node
from engine.execution import activities, scopes
from engine.execution.effects import Entry
from engine.execution.state import Token
from engine.execution.waits import arm_boundary
from engine.execution.walk import Walk


def open_(walk: Walk, token: Token, node: Node) -> None:
    assert node.child is not None  # noqa: S101 - the reader gives every sub-process its body
    arm_boundary(walk, token, node)
    scope = scopes.open_scope(walk, token, node.child, "subProcess", walk.scope(token).definition)
    walk.effects.append(Entry("entered", node.id, token.id, token.scope))
    scopes.begin(walk, scope)


def leave(walk: Walk, token: Token, node: Node) -> None:
    """The outputs see the inside; without outputs the inside has already written where its names belong."""
    child = walk.state.scopes[token.child] if token.child is not None else None
    if child is not None and child.kind == "loop":
        activities.leave(walk, token, node)
        return
    walk.release(token)
    if child is not None:
        if node.outputs:
            activities.map_outputs(walk, token, node, None, child)
        walk.close(token)
