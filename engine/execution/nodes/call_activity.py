"""Call activities: another process, with variables of its own, inside the same instance (BPMN 2.0, 13.3.4).

Without input mappings the called process gets a copy of all variables; without output mappings all of its
root variables come back.
"""

from engine.bpmn.graph import Node
from engine.errors import WulianError
from engine.execution import activities, scopes
from engine.execution.effects import Entry
from engine.execution.state import Token
from engine.execution.texts import label, text_of
from engine.execution.trouble import Trouble
from engine.execution.variables import variables_of, write
from engine.execution.waits import arm_boundary
from engine.execution.walk import Walk
from engine.text import Text


def open_(walk: Walk, token: Token, node: Node) -> None:
    process = text_of(walk, token, node.called)
    if not process:
        raise Trouble(
            "no_called",
            Text(f"“{label(node)}”没有指定要调用的流程。", f"“{label(node)}” names no process to call."),
        )
    scope = walk.scope(token)
    definition = scope.definition
    if process not in walk.graph(scope).processes:
        try:
            definition = walk.env.resolve(process)
            known = process in walk.env.graph(definition).bodies
        except WulianError as error:
            raise Trouble(error.code, error.text) from error
        if not known:
            raise Trouble("no_called", Text(f"找不到流程“{process}”。", f"There is no process “{process}”."))
    if node.inputs:
        local = token.local or {}
        variables = {mapping.target: local[mapping.target] for mapping in node.inputs}
    else:
        variables = _copied(walk, token)
    arm_boundary(walk, token, node)
    child = scopes.open_scope(walk, token, process, "process", definition, variables)
    walk.effects.append(Entry("entered", node.id, token.id, token.scope))
    scopes.begin(walk, child)


def _copied(walk: Walk, token: Token) -> dict[str, object]:
    try:
        return {name: walk.keep(value) for name, value in variables_of(walk.state, token).items()}
    except WulianError as error:
        raise Trouble(error.code, error.text) from error


def leave(walk: Walk, token: Token, node: Node) -> None:
    child = walk.state.scopes[token.child] if token.child is not None else None
    if child is None or child.kind == "loop":
        activities.leave(walk, token, node)
        return
    walk.release(token)
    if node.outputs:
        activities.map_outputs(walk, token, node, None, child)
        walk.close(token)
        return
    walk.close(token)
    targets = {mapping.target for mapping in node.inputs}
    where = walk.scope(token)
    for name, value in child.variables.items():
        if token.local is not None and name in token.local and name not in targets:
            token.local[name] = value
        else:
            write(walk.state, where, name, value)
