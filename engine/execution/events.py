"""Events that have happened: what a boundary event, a catch event or an event sub-process does then."""

from collections.abc import Mapping

from engine.bpmn.graph import Kind, Node, Trigger
from engine.execution import activities, timers
from engine.execution.effects import Entry, TimerSet
from engine.execution.scopes import arm_event_subprocesses, open_scope
from engine.execution.state import Scope, Token
from engine.execution.waits import definition_of
from engine.execution.walk import Walk

Payload = Mapping[str, object]


def leave(walk: Walk, token: Token, node: Node) -> None:
    """Out of an event or gateway: write what a message brought."""
    walk.release(token)
    if token.results or node.outputs:
        activities.apply_results(walk, token, node)


def caught(walk: Walk, token: Token, node: Node, payload: Payload, cycle: str | None = None) -> None:
    """A token's wait has ended: at a catch event or receive task itself, at a gateway's event, or at a
    boundary event."""
    if node.kind is Kind.BOUNDARY:
        boundary(walk, token, node, payload, cycle)
    elif node.id == token.node:
        if cycle is not None and _again(walk, token, node, cycle):
            moved = walk.place(walk.scope(token), node.id)  # a cycle lets one token pass each time
            _entry(walk, moved)
            walk.leave(moved, payload)
            return
        _entry(walk, token)
        walk.leave(token, payload)
    else:
        _behind_gateway(walk, token, node, payload)


def _entry(walk: Walk, token: Token) -> None:
    walk.effects.append(Entry("caught", token.node, token.id, token.scope))


def _behind_gateway(walk: Walk, token: Token, node: Node, payload: Payload) -> None:
    gateway = walk.node(token)
    walk.release(token)
    walk.effects.append(Entry("completed", gateway.id, token.id, token.scope))
    moved = walk.replace(token, node.id)
    for flow in gateway.outgoing:
        if flow.target == node.id:
            walk.effects.append(Entry("flow", flow.id, moved.id, moved.scope))
            break
    _entry(walk, moved)
    walk.leave(moved, payload)


def boundary(walk: Walk, token: Token, node: Node, payload: Payload, cycle: str | None = None) -> None:
    """An interrupting boundary event takes the activity's place; another one lets it go on (BPMN 2.0,
    13.5.3).

    Beside a running activity, messages and signals may come again, a cycle repeats, other timers are spent.
    """
    scope = walk.scope(token)
    if node.interrupting:
        walk.withdraw(token)
        scope.live -= 1
    elif definition_of(node).trigger is Trigger.TIMER and not _again(walk, token, node, cycle):  # type: ignore[union-attr]
        _spend(token, node)
    moved = walk.place(scope, node.id)
    _entry(walk, moved)
    walk.leave(moved, payload)


def _spend(holder: Token | Scope, node: Node) -> None:
    if holder.armed is not None:
        holder.armed.pop(node.id, None)
        holder.armed = holder.armed or None


def _again(walk: Walk, holder: Token | Scope, node: Node, cycle: str | None) -> bool:
    """Set the timer of a cycle for the next time; whether there is one."""
    following = timers.following(cycle, walk.now) if cycle is not None else None
    if following is None:
        return False
    prefix = "t" if isinstance(holder, Token) else "s"
    walk.effects.append(TimerSet(f"{prefix}{holder.id}", node.id, *following))
    return True


def event_subprocess(
    walk: Walk, scope: Scope, start: Node, payload: Payload, cycle: str | None = None
) -> None:
    """An event sub-process begins in the scope; an interrupting one replaces what runs there (BPMN 2.0,
    13.5.4).

    Once interrupted, the scope starts no other event sub-process: nothing of it is left to be handled.
    """
    event = definition_of(start)
    if start.interrupting:
        walk.clear(scope)
        walk.disarm(scope)
    elif event is not None and event.trigger is Trigger.TIMER and not _again(walk, scope, start, cycle):
        _spend(scope, start)
    owner = walk.place(scope, start.body)
    owner.results = dict(payload) or None
    walk.enter(owner)


def open_event_subprocess(walk: Walk, owner: Token) -> None:
    """Its scope opens, with what triggered it at its start event."""
    scope = walk.scope(owner)
    body = walk.graph(scope).bodies[owner.node]
    child = open_scope(walk, owner, body.id, "eventSubProcess", scope.definition)
    arm_event_subprocesses(walk, child, body)
    walk.effects.append(Entry("entered", body.id, owner.id, scope.id))
    token = walk.place(child, body.starts[0])
    _entry(walk, token)
    walk.leave(token, owner.results)
    owner.results = None


def leave_event_subprocess(walk: Walk, token: Token) -> None:
    """Nothing is left in it: the token that stood for it ends."""
    walk.close(token)
    walk.effects.append(Entry("completed", token.node, token.id, token.scope))
    walk.consume(token)
