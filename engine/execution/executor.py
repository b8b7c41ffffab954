"""Runs one step to rest: until every token waits, or the instance has ended."""

from datetime import datetime

from engine.errors import Conflict
from engine.execution import events, throwing
from engine.execution.effects import Effect, IncidentRaised
from engine.execution.environment import DEFAULT_BUDGET, Budget, Environment
from engine.execution.lasting import lasting
from engine.execution.loops import inner_done
from engine.execution.nodes import ENTERS, LEAVES, ROUTES, inclusive
from engine.execution.state import State, Status, Token
from engine.execution.stepping import take
from engine.execution.steps import Step
from engine.execution.trouble import Trouble
from engine.execution.walk import ENTER, LEAVE, ONWARD, Walk
from engine.text import Text


def run(
    env: Environment, state: State, step: Step, now: datetime, budget: Budget = DEFAULT_BUDGET
) -> list[Effect]:
    """Change ``state`` in place by one step and everything that follows from it; gives what the world has
    to do.

    ``Conflict``: what the step is for isn't waiting there any more. ``NotFound``: no such process or start
    event. ``Invalid``: the process can't be started this way. ``LimitExceeded``: over budget. After an
    error the state may be half changed and must be thrown away.
    """
    walk = Walk(env, state, now, budget)
    if state.status is not Status.ACTIVE:
        raise Conflict(Text("该事项已经结束。", "This matter has already ended."), code="instance_ended")
    take(walk, step)
    _settle(walk)
    _report_stuck(walk)
    return lasting(walk)


def _settle(walk: Walk) -> None:
    """Make all moves. Inclusive joins are asked when nothing else can move, throws come after them, and
    joins that wait for each other are unlocked last."""
    while True:
        _drain(walk)
        if walk.state.status is not Status.ACTIVE:
            return
        if inclusive.fire_enabled(walk):
            continue
        if walk.throws:
            _throw_next(walk)
            continue
        if inclusive.fire_locked(walk):
            continue
        return


def _drain(walk: Walk) -> None:
    agenda, tokens = walk.agenda, walk.state.tokens
    while agenda:
        token, stage, via = agenda.popleft()
        if tokens.get(token.id) is not token:
            continue  # withdrawn meanwhile
        walk.count()
        walk.stage = stage
        try:
            if stage == ENTER:
                _arrive(walk, token, via)
            else:
                _depart(walk, token)
        except Trouble as trouble:
            walk.strand(token, trouble)


def _arrive(walk: Walk, token: Token, via: str | None) -> None:
    node = walk.graph(walk.state.scopes[token.scope]).nodes.get(token.node)
    if node is None:  # no node of the flow: an event sub-process, called by its body
        events.open_event_subprocess(walk, token)
    else:
        ENTERS[node.kind](walk, token, node, via)


def _depart(walk: Walk, token: Token) -> None:
    state = walk.state
    scope = state.scopes[token.scope]
    child = state.scopes[token.child] if token.child is not None else None
    if child is not None and child.kind == "eventSubProcess":
        events.leave_event_subprocess(walk, token)
        return
    node = walk.graph(scope).nodes[token.node]
    if walk.stage == LEAVE:
        LEAVES[node.kind](walk, token, node)
        walk.stage = ONWARD
    if node.loop is not None and scope.kind == "loop":
        inner_done(walk, token, node, node.loop)
    else:
        ROUTES[node.kind](walk, token, node)


def _throw_next(walk: Walk) -> None:
    token, event = walk.throws.popleft()
    if walk.state.tokens.get(token.id) is not token or token.waits != "throw":
        return
    walk.count()
    walk.stage = ENTER
    try:
        throwing.throw(walk, token, event)
    except Trouble as trouble:
        walk.strand(token, trouble)


def _report_stuck(walk: Walk) -> None:
    """A scope in which only joins hold tokens can't go on by itself: an incident, never silence."""
    for number in sorted(walk.watched):
        scope = walk.state.scopes.get(number)
        if scope is None or not scope.joins:
            continue
        if sum(sum(flows.values()) for flows in scope.joins.values()) == scope.live:
            for place in scope.joins:
                node = walk.graph(scope).nodes[place]
                walk.effects.append(
                    IncidentRaised(
                        None,
                        place,
                        "stuck",
                        Text(
                            f"“{node.name or place}”还缺其他分支,但已没有分支会到达。",
                            f"“{node.name or place}” lacks a branch, and none can arrive any more.",
                        ),
                    )
                )
