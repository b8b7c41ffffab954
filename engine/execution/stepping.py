"""What each step does before the tokens move."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.bpmn.graph import Kind
from engine.errors import Conflict, Invalid, NotFound
from engine.execution import events, throwing
from engine.execution.effects import Entry, Released, TaskClosed
from engine.execution.nodes import service_task
from engine.execution.scopes import arm_event_subprocesses, beginnings
from engine.execution.state import Scope, Status, Token
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
from engine.execution.walk import STAGES, Walk
from engine.text import Text


def take(walk: Walk, step: Step) -> None:
    """Put the step's consequences on the agenda. ``Conflict``, ``NotFound`` or ``Invalid`` where it can't be
    taken."""
    _STEPS[step.__class__](walk, step)


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


def _trigger(walk: Walk, holder: str, place: str, payload: Mapping[str, object], cycle: str | None) -> None:
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
