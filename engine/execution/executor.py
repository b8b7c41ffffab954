"""Runs one step to rest: until every token waits, or the instance has ended."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from engine.bpmn.graph import Kind
from engine.errors import Conflict, Invalid, NotFound
from engine.execution import events, throwing
from engine.execution.effects import (
    Effect,
    Entry,
    IncidentRaised,
    Released,
    ServiceRequested,
    Subscribed,
    TaskClosed,
    TaskOpened,
    TimerSet,
)
from engine.execution.environment import DEFAULT_BUDGET, Budget, Environment
from engine.execution.loops import inner_done
from engine.execution.nodes import ENTERS, LEAVES, ROUTES, inclusive, service_task
from engine.execution.scopes import arm_event_subprocesses, beginnings
from engine.execution.state import Scope, State, Status, Token
from engine.execution.steps import (
    CancelInstance,
    CompleteService,
    CompleteTask,
    Deliver,
    FireTimer,
    RetryToken,
    Signal,
    StartProcess,
    Step,
    ThrowError,
)
from engine.execution.trouble import Trouble
from engine.execution.walk import ENTER, LEAVE, ONWARD, STAGES, Walk
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
    _STEPS[step.__class__](walk, step)
    _settle(walk)
    _report_stuck(walk)
    return _lasting(walk)


# ---- moving ----


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


def _lasting(walk: Walk) -> list[Effect]:
    """The effects without what was registered and dropped within the run: the world needn't know."""
    effects = walk.effects
    gone: dict[str, int] = {}
    for place, effect in enumerate(effects):
        if effect.__class__ is Released:
            gone[effect.holder] = place
        elif effect.__class__ is TaskClosed and effect.withdrawn:
            gone[f"t{effect.token}"] = place
    if not gone:
        return effects
    return [effect for place, effect in enumerate(effects) if not _void(walk, effect, place, gone)]


def _void(walk: Walk, effect: Effect, place: int, gone: dict[str, int]) -> bool:
    kind = effect.__class__
    if kind is TimerSet or kind is Subscribed:
        return gone.get(effect.holder, -1) > place  # type: ignore[union-attr]
    if kind is TaskOpened or kind is ServiceRequested:
        return gone.get(f"t{effect.token}", -1) > place  # type: ignore[union-attr]
    if kind is IncidentRaised:
        return effect.token is not None and effect.token not in walk.state.tokens  # type: ignore[union-attr]
    if kind is Released:
        return int(effect.holder[1:]) > walk.first  # type: ignore[union-attr]
    if kind is TaskClosed:
        return effect.token > walk.first  # type: ignore[union-attr, operator]
    return False


# ---- steps ----


def _start(walk: Walk, step: StartProcess) -> None:
    state = walk.state
    if state.scopes:
        raise Conflict(Text("该事项已经开始。", "This matter has already started."), code="instance_started")
    graph = walk.env.graph(None)
    if step.process not in graph.processes:
        raise NotFound(
            Text(f"没有可执行的流程“{step.process}”。", f"There is no executable process “{step.process}”."),
            element=step.process,
        )
    body = graph.bodies[step.process]
    state.sequence += 1
    variables = {name: walk.keep(value) for name, value in step.variables.items()}
    root = state.scopes[state.sequence] = Scope(state.sequence, step.process, variables=variables)
    walk.effects.append(Entry("started", step.process, None, root.id))
    try:
        arm_event_subprocesses(walk, root, body)
        starts = beginnings(walk, root, body) if step.node is None else (step.node,)
    except Trouble as trouble:
        raise Invalid(trouble.text, code=trouble.code, element=step.process) from trouble
    for start in starts:
        if start not in body.starts:
            raise NotFound(
                Text(f"流程没有开始事件“{start}”。", f"The process has no start event “{start}”."),
                element=start,
            )
        token = walk.place(root, start)
        if step.node is not None and graph.nodes[start].kind is Kind.START:
            walk.leave(token)
        else:
            walk.enter(token)
    if not root.live:
        walk.finish(Status.COMPLETED)


def _complete_task(walk: Walk, step: CompleteTask) -> None:
    token = _waiting(walk, step.token, "task")
    walk.effects.append(TaskClosed(token.id, withdrawn=False))
    walk.leave(token, step.variables)


def _complete_service(walk: Walk, step: CompleteService) -> None:
    walk.leave(_waiting(walk, step.token, "service"), step.outputs)


def _throw_error(walk: Walk, step: ThrowError) -> None:
    token = _waiting(walk, step.token, "task", "service")
    throwing.throw_error(walk, token, step.code, step.text, step.variables)


def _waiting(walk: Walk, number: int, *kinds: str) -> Token:
    token = walk.state.tokens.get(number)
    if token is None or token.waits not in kinds:
        raise _gone()
    return token


def _gone() -> Conflict:
    return Conflict(
        Text(
            "这一步已经不在等待:已被办理或被流程撤回。",
            "This is not waiting any more: it was dealt with or withdrawn.",
        ),
        code="not_waiting",
    )


def _fire_timer(walk: Walk, step: FireTimer) -> None:
    _trigger(walk, step.holder, step.node, {}, step.cycle)


def _deliver(walk: Walk, step: Deliver) -> None:
    _trigger(walk, step.holder, step.node, step.payload, None)


def _trigger(walk: Walk, holder: str, place: str, payload: Any, cycle: str | None) -> None:
    kind, number = holder[:1], holder[1:]
    if not number.isdecimal():
        raise _gone()
    if kind == "t":
        token = walk.state.tokens.get(int(number))
        if token is None or token.armed is None or place not in token.armed:
            raise _gone()
        node = walk.graph(walk.scope(token)).nodes[place]
        events.caught(walk, token, node, payload, cycle)
        return
    scope = walk.state.scopes.get(int(number))
    if scope is None or scope.armed is None or place not in scope.armed:
        raise _gone()
    events.event_subprocess(walk, scope, walk.graph(scope).nodes[place], payload, cycle)


def _signal(walk: Walk, step: Signal) -> None:
    throwing.signal(walk, step.name, step.payload)


def _cancel(walk: Walk, step: CancelInstance) -> None:
    walk.finish(Status.CANCELLED, {"reason": step.reason})


def _retry(walk: Walk, step: RetryToken) -> None:
    token = _waiting(walk, step.token, "service", *STAGES)
    if token.waits == "service":
        node = walk.node(token)
        walk.effects.append(Released(f"t{token.id}", node.id))
        service_task.request(walk, token, node)
        return
    stage = token.waits
    walk.effects.append(Released(f"t{token.id}"))
    token.waits = ""
    walk.agenda.append((token, stage, None))


_STEPS: dict[type[Any], Callable[[Walk, Any], None]] = {
    StartProcess: _start,
    CompleteTask: _complete_task,
    CompleteService: _complete_service,
    ThrowError: _throw_error,
    FireTimer: _fire_timer,
    Deliver: _deliver,
    Signal: _signal,
    CancelInstance: _cancel,
    RetryToken: _retry,
}
