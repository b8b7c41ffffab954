"""Standard loops and multi-instances (BPMN 2.0, 13.3.6 and 13.3.7).

The outer token carries the boundary events and owns a scope of kind ``loop``; each inner instance is a
token in that scope, at the same node, with its own local variables: ``loopCounter`` (from 1) and the item.
The loop scope's variables are BPMN's ``numberOfInstances``, ``numberOfActiveInstances``,
``numberOfCompletedInstances`` and ``numberOfTerminatedInstances``, which the completion condition sees.
Opening and each completion cost the same whatever came before.
"""

from decimal import Decimal

from engine.bpmn.graph import Loop, Node
from engine.execution import scopes
from engine.execution.effects import Entry
from engine.execution.state import Scope, Token
from engine.execution.trouble import Trouble
from engine.execution.variables import write
from engine.execution.waits import arm_boundary
from engine.execution.walk import Walk
from engine.feel import Expression
from engine.text import Text


def open_loop(walk: Walk, token: Token, node: Node, loop: Loop) -> None:
    """Begin: nothing is opened before everything that may fail has been evaluated."""
    if loop.kind == "standard":
        maximum = _maximum(walk, token, loop)
        books: dict[str, object] = {} if maximum is None else {"maximum": maximum}
        rounds = 0 if maximum == 0 or (loop.test_before and not _again(walk, token, loop, 0)) else 1
        items = None
    else:
        items = _items(walk, token, node, loop)
        total = len(items) if items is not None else _cardinality(walk, token, node, loop)
        books = {"total": total}
        if loop.results is not None:
            books["results"] = [None] * total
        rounds = total if loop.kind == "parallel" else min(total, 1)
    arm_boundary(walk, token, node)
    scope = scopes.open_scope(walk, token, node.body, "loop", walk.scope(token).definition)
    token.loop = books
    if loop.kind != "standard":
        scope.variables = {
            "numberOfInstances": total,
            "numberOfActiveInstances": rounds,
            "numberOfCompletedInstances": 0,
            "numberOfTerminatedInstances": 0,
        }
        if loop.kind == "sequential" and items:
            books["items"] = items
    walk.effects.append(Entry("entered", node.id, token.id, token.scope))
    own = _own(walk, scope, loop)
    for number in range(1, rounds + 1):
        _open_round(walk, scope, node, loop, number, items, own)
    if not scope.live:
        walk.emptied(scope)


def _open_round(
    walk: Walk,
    scope: Scope,
    node: Node,
    loop: Loop,
    number: int,
    items: list[object] | None,
    own: dict[str, object],
) -> None:
    inner = walk.place(scope, node.id)
    inner.local = {"loopCounter": number, **{name: walk.keep(value) for name, value in own.items()}}
    if loop.item is not None and items is not None:
        inner.local[loop.item] = items[number - 1]
    walk.enter(inner)


def _own(walk: Walk, scope: Scope, loop: Loop) -> dict[str, object]:
    """The names that a result is made of belong to each inner instance, so that instances side by side don't
    overwrite each other's: the name the result consists of, and every name that is unknown outside."""
    if loop.result is None:
        return {}
    outside = walk.context(scope)
    text = loop.result.text.strip()
    return {
        name: outside.get(name) for name in sorted(loop.result.names) if name == text or name not in outside
    }


def inner_done(walk: Walk, inner: Token, node: Node, loop: Loop) -> None:
    """An inner instance is complete: gather its result, then open the next one, or stop."""
    scope = walk.scope(inner)
    outer = walk.state.tokens[scope.owner]  # type: ignore[index]
    number: int = inner.local["loopCounter"]  # type: ignore[index, assignment]
    if loop.kind == "standard":
        again = number != _books(outer, "maximum") and _again(walk, inner, loop, number)
        stop = not again
        items = None
    else:
        result = None if loop.result is None else walk.evaluate(loop.result, inner)
        counts: dict[str, int] = scope.variables  # type: ignore[assignment]
        total = counts["numberOfInstances"]
        counts["numberOfActiveInstances"] -= 1
        counts["numberOfCompletedInstances"] += 1
        try:
            stop = loop.condition is not None and walk.evaluate(loop.condition, inner) is True
        except Trouble:
            counts["numberOfActiveInstances"] += 1
            counts["numberOfCompletedInstances"] -= 1
            raise
        if loop.results is not None:
            _books(outer, "results")[number - 1] = result  # type: ignore[index]
        if stop:
            counts["numberOfTerminatedInstances"] = counts["numberOfActiveInstances"]
        again = not stop and loop.kind == "sequential" and number < total
        if again:
            counts["numberOfActiveInstances"] += 1
        items = _books(outer, "items")
    walk.effects.append(Entry("completed", node.id, inner.id, inner.scope))
    if again:
        own = _own(walk, scope, loop)
        _open_round(walk, scope, node, loop, number + 1, items, own)  # type: ignore[arg-type]
        walk.consume(inner)
    elif stop and scope.live > 1:
        del walk.state.tokens[inner.id]
        scope.live -= 1
        walk.clear(scope)
        walk.emptied(scope)
    else:
        walk.consume(inner)


def _books(outer: Token, name: str) -> object:
    return (outer.loop or {}).get(name)


def close_loop(walk: Walk, token: Token, node: Node) -> None:
    """The last inner instance is gone: the results go to the scope around the loop."""
    loop = node.loop
    assert loop is not None  # noqa: S101 - only looping nodes own loop scopes
    results = _books(token, "results")
    walk.close(token)
    token.loop = None
    if loop.results is not None:
        write(walk.state, walk.scope(token), loop.results, results)


def _again(walk: Walk, where: Token, loop: Loop, done: int) -> bool:
    if loop.condition is None:
        return True
    return walk.evaluate(loop.condition, where, {"loopCounter": done}) is True


def _maximum(walk: Walk, token: Token, loop: Loop) -> int | None:
    if loop.maximum is None:
        return None
    return _whole(walk, token, loop.maximum, Text("循环次数上限", "The loop's maximum"))


def _cardinality(walk: Walk, token: Token, node: Node, loop: Loop) -> int:
    if loop.cardinality is None:
        raise Trouble(
            "no_cardinality",
            Text(
                f"多实例“{node.name or node.id}”既无次数也无集合。",
                f"Multi-instance “{node.name or node.id}” has neither a cardinality nor a collection.",
            ),
        )
    number = _whole(walk, token, loop.cardinality, Text("实例数", "The number of instances"))
    _check_size(walk, number)
    return number


def _items(walk: Walk, token: Token, node: Node, loop: Loop) -> list[object] | None:
    if loop.collection is None:
        return None
    items = walk.evaluate(loop.collection, token)
    if not isinstance(items, list):
        raise Trouble(
            "no_collection",
            Text(
                f"“{node.name or node.id}”的集合不是列表。",
                f"The collection of “{node.name or node.id}” is not a list.",
            ),
        )
    _check_size(walk, len(items))
    return items


def _whole(walk: Walk, token: Token, expression: Expression, what: Text) -> int:
    value = walk.evaluate(expression, token)
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value) or value < 0:
        raise Trouble(
            "no_whole_number",
            Text(f"{what.zh}必须是不小于 0 的整数。", f"{what.en} must be a whole number, 0 or more."),
        )
    return int(value)


def _check_size(walk: Walk, number: int) -> None:
    if number > walk.budget.instances:
        raise Trouble(
            "instance_limit",
            Text(
                f"多实例最多 {walk.budget.instances} 个,这里是 {number} 个。",
                f"A multi-instance may have {walk.budget.instances} inner instances; these are {number}.",
            ),
        )
