"""What all activities share: loops around them, input and output mappings, boundary events (BPMN 2.0, 10.3
and 13.3).

An activity's own file says what it does (``open``); here is what happens before and after.
"""

from collections.abc import Mapping

from engine.bpmn.graph import Node
from engine.execution import loops
from engine.execution.effects import Entry
from engine.execution.state import Scope, Token
from engine.execution.variables import write
from engine.execution.waits import arm_boundary
from engine.execution.walk import Visit, Walk


def entering(open_: Visit) -> "_Entering":
    """The ``enter`` stage of an activity that does its work in ``open_``."""
    return _Entering(open_)


class _Entering:
    __slots__ = ("open",)

    def __init__(self, open_: Visit) -> None:
        self.open = open_

    def __call__(self, walk: Walk, token: Token, node: Node, via: str | None) -> None:
        if node.loop is not None and walk.scope(token).kind != "loop":
            loops.open_loop(walk, token, node, node.loop)
            return
        if node.inputs:
            map_inputs(walk, token, node)
        self.open(walk, token, node)


def map_inputs(walk: Walk, token: Token, node: Node) -> dict[str, object]:
    """Evaluate the input mappings, in order, into the token's local variables; gives just those."""
    local = token.local = token.local or {}
    inputs: dict[str, object] = {}
    for mapping in node.inputs:
        inputs[mapping.target] = local[mapping.target] = walk.evaluate(mapping.source, token)
    return inputs


def wait(walk: Walk, token: Token, node: Node, kind: str) -> None:
    """Stay at the activity, with its boundary events armed."""
    arm_boundary(walk, token, node)
    token.waits = kind
    walk.effects.append(Entry("entered", node.id, token.id, token.scope))


def leave(walk: Walk, token: Token, node: Node) -> None:
    """The activity's work is done: drop its waits, apply what came back."""
    walk.release(token)
    if token.child is not None and walk.state.scopes[token.child].kind == "loop":
        loops.close_loop(walk, token, node)
    else:
        apply_results(walk, token, node)


def apply_results(walk: Walk, token: Token, node: Node) -> None:
    """Write what came back: through the output mappings where there are any, else as it is.

    A value goes to the token's local variables where a loop declared the name there (an item, a result),
    but not to an input mapping of the same name: what a person entered isn't lost with the task.
    """
    results = token.results
    if node.outputs:
        map_outputs(walk, token, node, results)
    elif results:
        local = token.local
        scope = walk.scope(token)
        targets = {mapping.target for mapping in node.inputs} if local and node.inputs else ()
        for name, value in results.items():
            if local is not None and name in local and name not in targets:
                local[name] = value
            else:
                write(walk.state, scope, name, value)
    token.results = None


def map_outputs(
    walk: Walk, token: Token, node: Node, results: Mapping[str, object] | None, inside: Scope | None = None
) -> None:
    """Evaluate all output mappings where the activity's variables are seen, then write them outside of it."""
    values = dict(results or {})
    mapped = []
    for mapping in node.outputs:
        value = values[mapping.target] = walk.evaluate(mapping.source, inside or token, values)
        mapped.append((mapping.target, value))
    scope = walk.scope(token)
    local = token.local if scope.kind == "loop" else None
    for name, value in mapped:
        if local is not None and name in local:
            local[name] = value
        else:
            write(walk.state, scope, name, value)
