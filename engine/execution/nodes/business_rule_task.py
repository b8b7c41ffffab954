"""Business rule tasks: a decision is made at once, and history keeps its value and the rules that matched."""

from engine.bpmn.graph import Node
from engine.errors import WulianError
from engine.execution.effects import Entry
from engine.execution.state import Token
from engine.execution.texts import label
from engine.execution.trouble import Trouble
from engine.execution.walk import Walk
from engine.feel.values import to_json
from engine.text import Text


def open_(walk: Walk, token: Token, node: Node) -> None:
    if node.decision is None:
        raise Trouble(
            "no_decision", Text(f"“{label(node)}”没有指定决策。", f"“{label(node)}” names no decision.")
        )
    try:
        value, rules = walk.env.decide(walk.scope(token).definition, node.decision, walk.context(token))
        walk.keep(value)
    except WulianError as error:
        raise Trouble(error.code, error.text) from error
    data: dict[str, object] = {"decision": node.decision, "result": to_json(value), "rules": rules}
    walk.effects.append(Entry("decided", node.id, token.id, token.scope, data))
    walk.leave(token, {node.result: value} if node.result is not None else None)
