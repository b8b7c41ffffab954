"""Throwing: messages to one catcher, signals to all, errors outwards (BPMN 2.0, 10.5.1 and 13.5).

Throws are made one at a time when every other move has been made, so that a catcher on a parallel branch is
there to hear them; the thrower goes on only if it survived what it caused.
"""

from collections.abc import Iterator, Mapping

from engine.bpmn.graph import EventDefinition, Graph, Node, Trigger
from engine.execution import events
from engine.execution.activities import map_inputs
from engine.execution.effects import Entry, MessageThrown, SignalThrown
from engine.execution.state import Scope, Status, Token
from engine.execution.texts import key_text, label
from engine.execution.trouble import Trouble
from engine.execution.waits import definition_of
from engine.execution.walk import Walk
from engine.text import Text

Payload = Mapping[str, object]


def throw(walk: Walk, token: Token, event: EventDefinition) -> None:
    """Throw what the token's node throws. The payload is what its input mappings name."""
    node = walk.node(token)
    if event.trigger is Trigger.ERROR:
        walk.effects.append(Entry("completed", node.id, token.id, token.scope))
        throw_error(walk, token, event.name, "", {})
        return
    payload = map_inputs(walk, token, node) if node.inputs else {}
    if event.name is None:
        raise Trouble(
            "no_name",
            Text(
                f"“{label(node)}”抛出的消息或信号没有名称。",
                f"“{label(node)}” throws a message or signal without a name.",
            ),
        )
    if event.trigger is Trigger.MESSAGE:
        key = None if event.key is None else key_text(walk.evaluate(event.key, token))
        walk.effects.append(Entry("thrown", node.id, token.id, token.scope, {"message": event.name}))
        _message(walk, node, event.name, key, payload)
    else:
        walk.effects.append(Entry("thrown", node.id, token.id, token.scope, {"signal": event.name}))
        signal(walk, event.name, payload)
        walk.effects.append(SignalThrown(node.id, event.name, payload))
    if walk.state.tokens.get(token.id) is token:
        walk.leave(token)


def _message(walk: Walk, node: Node, name: str, key: str | None, payload: dict[str, object]) -> None:
    for holder, catcher, wanted in _catchers(walk, Trigger.MESSAGE, name):
        if wanted == key:
            _hand(walk, holder, catcher, payload)
            return
    walk.effects.append(MessageThrown(node.id, name, key, payload))


def signal(walk: Walk, name: str, payload: Payload) -> None:
    """Everything in this instance that waits for the signal now gets it, unless what came before withdrew
    it."""
    for holder, catcher, _ in list(_catchers(walk, Trigger.SIGNAL, name)):
        _hand(walk, holder, catcher, payload)


def _hand(walk: Walk, holder: Token | Scope, catcher: Node, payload: Payload) -> None:
    if isinstance(holder, Token):
        if walk.state.tokens.get(holder.id) is holder and catcher.id in (holder.armed or ()):
            events.caught(walk, holder, catcher, payload)
    elif walk.state.scopes.get(holder.id) is holder and catcher.id in (holder.armed or ()):
        events.event_subprocess(walk, holder, catcher, payload)


def _catchers(walk: Walk, trigger: Trigger, name: str) -> Iterator[tuple[Token | Scope, Node, str | None]]:
    """What waits for it in this instance, oldest first, tokens before event sub-processes."""
    for token in walk.state.tokens.values():
        if token.armed:
            yield from _named(walk.graph(walk.scope(token)), token, token.armed, trigger, name)
    for scope in walk.state.scopes.values():
        if scope.armed:
            yield from _named(walk.graph(scope), scope, scope.armed, trigger, name)


def _named(
    graph: Graph, holder: Token | Scope, armed: Mapping[str, str | None], trigger: Trigger, name: str
) -> Iterator[tuple[Token | Scope, Node, str | None]]:
    for place, key in armed.items():
        node = graph.nodes[place]
        event = definition_of(node)
        if event is not None and event.trigger is trigger and event.name == name:
            yield holder, node, key


def throw_error(walk: Walk, token: Token, code: str | None, text: str, variables: Payload) -> None:
    """The error goes outwards from the token to the nearest catcher; uncaught, the instance fails (BPMN
    2.0, 13.5.5).

    At each level: the boundary events of the activity, then the error event sub-processes of the scope
    around it, but not when the error comes out of an event sub-process of that same scope. A code is
    preferred to a catch-all.
    """
    thrower = token
    while True:
        scope = walk.scope(token)
        graph = walk.graph(scope)
        if scope.kind != "loop":
            node = graph.nodes.get(token.node)
            if node is not None and (catcher := _catching(graph, node.boundary, code)):
                events.boundary(walk, token, catcher, variables)
                return
            child = walk.state.scopes[token.child] if token.child is not None else None
            if child is None or child.kind != "eventSubProcess":
                starts = [
                    start
                    for inner in graph.bodies[scope.body].event_subprocesses
                    for start in graph.bodies[inner].starts
                ]
                if catcher := _catching(graph, starts, code):
                    events.event_subprocess(walk, scope, catcher, variables)
                    return
        if scope.owner is None:
            break
        token = walk.state.tokens[scope.owner]
    data: dict[str, object] = {"code": code, "text": text}
    walk.effects.append(Entry("error", thrower.node, thrower.id, thrower.scope, data))
    walk.finish(Status.FAILED, {"error": code})


def _catching(graph: Graph, places: tuple[str, ...] | list[str], code: str | None) -> Node | None:
    catch_all = None
    for place in places:
        node = graph.nodes[place]
        event = definition_of(node)
        if event is None or event.trigger is not Trigger.ERROR:
            continue
        if event.name is None:
            catch_all = catch_all or node
        elif event.name == code:
            return node
    return catch_all
