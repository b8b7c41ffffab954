"""Opening a body inside a token."""

from collections.abc import Mapping

from engine.bpmn.graph import Body, Kind, Trigger
from engine.execution import waits
from engine.execution.state import Scope, Token
from engine.execution.trouble import Trouble
from engine.execution.walk import Walk
from engine.text import Text


def open_scope(
    walk: Walk,
    token: Token,
    body: str,
    kind: str,
    definition: str | None,
    variables: Mapping[str, object] | None = None,
) -> Scope:
    """A new scope owned by the token, without tokens yet. Too deep: :class:`Trouble`."""
    state = walk.state
    depth, above = 1, state.scopes[token.scope]
    while above.parent is not None:
        depth, above = depth + 1, state.scopes[above.parent]
    if depth >= walk.budget.depth:
        raise Trouble(
            "depth_limit",
            Text(
                f"嵌套超过 {walk.budget.depth} 层,流程可能在调用自己。",
                f"More than {walk.budget.depth} levels inside each other; the process may be calling itself.",
            ),
        )
    state.sequence += 1
    scope = Scope(state.sequence, body, token.scope, token.id, kind, definition)
    if variables:
        scope.variables.update(variables)
    state.scopes[scope.id] = scope
    token.child = scope.id
    token.waits = "scope"
    return scope


def begin(walk: Walk, scope: Scope) -> None:
    """Arm the body's event sub-processes and put tokens at its beginning (BPMN 2.0, 13.3.1 and 13.3.4)."""
    body = walk.graph(scope).bodies[scope.body]
    arm_event_subprocesses(walk, scope, body)
    for node in beginnings(walk, scope, body):
        walk.enter(walk.place(scope, node))
    if not scope.live:
        walk.emptied(scope)


def beginnings(walk: Walk, scope: Scope, body: Body) -> tuple[str, ...]:
    """The none start event (the first where there are several, since each stands for itself), or, in a body
    without start events, every activity and gateway without incoming flow."""
    nodes = walk.graph(scope).nodes
    starts = [nodes[start] for start in body.starts]
    events = [start for start in starts if start.kind is Kind.START]
    if not events:
        return body.starts
    for start in events:
        if not start.events or start.events[0].trigger is Trigger.NONE:
            return (start.id,)
    raise Trouble(
        "no_none_start",
        Text(
            f"“{body.name or body.id}”没有空开始事件,不能直接开始。",
            f"“{body.name or body.id}” has no none start event and can't be started directly.",
        ),
    )


def arm_event_subprocesses(walk: Walk, scope: Scope, body: Body) -> None:
    """Register the starts of the body's event sub-processes; those of errors are found when an error
    comes."""
    if not body.event_subprocesses:
        return
    graph = walk.graph(scope)
    armed: dict[str, str | None] = {}
    scope.armed = armed
    for inner in body.event_subprocesses:
        for start in graph.bodies[inner].starts:
            node = graph.nodes[start]
            if waits.outside(node):
                armed[start] = waits.register(walk, f"s{scope.id}", node, scope)
    scope.armed = armed or None
