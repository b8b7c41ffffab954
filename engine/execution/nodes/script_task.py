"""Script tasks: a list of assignments, each seeing the ones before it."""

from engine.bpmn.graph import Node
from engine.execution.state import Token
from engine.execution.variables import write
from engine.execution.walk import Walk


def open_(walk: Walk, token: Token, node: Node) -> None:
    if node.outputs:
        results: dict[str, object] = {}
        for line in node.script:
            results[line.target] = walk.evaluate(line.source, token, results)
        walk.leave(token, results)
        return
    for line in node.script:
        write(walk.state, token, line.target, walk.evaluate(line.source, token))
    walk.leave(token)
