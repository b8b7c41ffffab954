"""Choosing outgoing flows (BPMN 2.0, 13.2.1 and 13.4)."""

from engine.bpmn.graph import Flow, Node
from engine.execution.state import Token
from engine.execution.texts import label
from engine.execution.trouble import Trouble
from engine.execution.walk import Walk
from engine.text import Text


def conditional(walk: Walk, token: Token, node: Node) -> None:
    """Out of activities, events and inclusive gateways: every unconditional flow, every conditional one
    that holds, and the default flow where no *conditional* flow held, even beside unconditional ones. None
    at all: an incident."""
    flows = node.outgoing
    if not flows or (len(flows) == 1 and flows[0].condition is None):
        walk.take(token, node, flows)
        return
    chosen: list[Flow] = []
    default: Flow | None = None
    held = False
    for flow in flows:
        if flow.id == node.default:
            default = flow
        elif flow.condition is None:
            chosen.append(flow)
        elif walk.evaluate(flow.condition, token) is True:
            held = True
            chosen.append(flow)
    if default is not None and not held:
        chosen.append(default)
    if not chosen:
        raise no_flow(node)
    walk.take(token, node, chosen)


def every(walk: Walk, token: Token, node: Node) -> None:
    """Out of parallel gateways: all flows, whatever their conditions say."""
    walk.take(token, node, node.outgoing)


def first(walk: Walk, token: Token, node: Node) -> None:
    """Out of exclusive gateways: the first flow that holds, in the order of the diagram, or the default
    flow."""
    flows = node.outgoing
    if len(flows) < 2 and (not flows or flows[0].condition is None):
        walk.take(token, node, flows)
        return
    default: Flow | None = None
    for flow in flows:
        if flow.id == node.default:
            default = flow
        elif flow.condition is None or walk.evaluate(flow.condition, token) is True:
            walk.take(token, node, (flow,))
            return
    if default is None:
        raise no_flow(node)
    walk.take(token, node, (default,))


def no_flow(node: Node) -> Trouble:
    return Trouble(
        "no_flow",
        Text(
            f"“{label(node)}”之后没有一条路的条件成立,也没有默认路。",
            f"No condition after “{label(node)}” holds and there is no default flow.",
        ),
    )
