"""The parts of an expression, as the parser finds them."""

from __future__ import annotations

from typing import NamedTuple


class Literal(NamedTuple):
    value: object


class Name(NamedTuple):
    name: str
    position: int


class Path(NamedTuple):
    source: Node
    name: str


class Filter(NamedTuple):
    source: Node
    condition: Node


class Call(NamedTuple):
    callee: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


class Negation(NamedTuple):
    operand: Node


class Chain(NamedTuple):
    """Operands joined by operators of one precedence, from left to right: a - b + c."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


class Logic(NamedTuple):
    """``and`` or ``or`` over two or more operands."""

    operator: str
    operands: tuple[Node, ...]


class Comparison(NamedTuple):
    operator: str
    left: Node
    right: Node


class Between(NamedTuple):
    value: Node
    low: Node
    high: Node


class In(NamedTuple):
    value: Node
    tests: tuple[Node, ...]


class Test(NamedTuple):
    """``< 10``: a comparison whose left side is the value that is tested; by itself a range."""

    operator: str
    operand: Node


class Tests(NamedTuple):
    """Several tests in parentheses; the parser takes it apart, it is no operand."""

    tests: tuple[Node, ...]


class Not(NamedTuple):
    """``not(…)`` around unary tests."""

    tests: tuple[Node, ...]


class If(NamedTuple):
    """Conditions with what they lead to, tried in turn."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node


class Iteration(NamedTuple):
    name: str
    domain: Node


class For(NamedTuple):
    iterations: tuple[Iteration, ...]
    body: Node


class Quantified(NamedTuple):
    quantifier: str
    iterations: tuple[Iteration, ...]
    condition: Node


class ListOf(NamedTuple):
    elements: tuple[Node, ...]


class ContextOf(NamedTuple):
    entries: tuple[tuple[str, Node], ...]


class RangeOf(NamedTuple):
    low: Node
    high: Node
    low_closed: bool
    high_closed: bool


class Steps(NamedTuple):
    """``1..n`` behind ``in`` of a loop: counted, upwards or downwards."""

    start: Node
    end: Node


class FunctionOf(NamedTuple):
    parameters: tuple[str, ...]
    types: tuple[Type | None, ...]
    body: Node | None
    """None for an external function, which is never run."""


class InstanceOf(NamedTuple):
    value: Node
    type: Type


class Type(NamedTuple):
    """``number``, ``list<string>``, ``context<a: number>``, ``function<number> -> string``, a model's own."""

    name: str
    arguments: tuple[Type, ...] = ()
    keys: tuple[str, ...] = ()
    result: Type | None = None


Node = (
    Literal
    | Name
    | Path
    | Filter
    | Call
    | Negation
    | Chain
    | Logic
    | Comparison
    | Between
    | In
    | Test
    | Tests
    | Not
    | If
    | For
    | Quantified
    | ListOf
    | ContextOf
    | RangeOf
    | Steps
    | FunctionOf
    | InstanceOf
)


def mentions(node: object, name: str) -> bool:
    """Whether a name is read anywhere inside."""
    if isinstance(node, Name):
        return node.name == name
    if isinstance(node, Literal) or not isinstance(node, tuple):
        return False
    return any(mentions(part, name) for part in node)
