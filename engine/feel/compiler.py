"""Turns the parts of an expression into Python closures. No code is generated, nothing is ``eval``-ed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from engine.feel import loops, operators
from engine.feel import syntax as s
from engine.feel.calls import Code, call_by_name, call_by_position, user_function
from engine.feel.conditions import either, equality, number_order
from engine.feel.evaluation import Run, Scope
from engine.feel.functions import BUILTINS
from engine.feel.lookup import function_named, load_name, look_up
from engine.feel.paths import follow
from engine.feel.types import Check, check
from engine.feel.values import PLAIN, Function, Range

_ARITHMETIC: dict[str, Callable[[Any, Any, Run], object]] = {
    "+": operators.add,
    "-": operators.subtract,
    "*": operators.multiply,
    "/": operators.divide,
    "**": operators.power,
}
_ORDER: dict[str, Callable[[Any, Any], bool | None]] = {
    "<": operators.less,
    "<=": operators.less_or_equal,
    ">": operators.greater,
    ">=": operators.greater_or_equal,
}


class Compiler:
    """Compiles one expression and notes what it reads.

    ``frames`` holds the names of each enclosing scope, outermost first; None is a filter, whose names are
    those of the element it looks at.
    """

    def __init__(self, types: Mapping[str, Check]) -> None:
        self.types = types
        self.frames: list[set[str] | None] = []
        self.free: set[str] = set()
        self.possible: set[str] = set()
        self.called: set[str] = set()
        self.parts = 0

    def code(self, node: s.Node) -> Code:
        self.parts += 1
        return self._RULES[node.__class__](self, node)

    def measured(self, node: s.Node) -> tuple[Code, int]:
        """The code and what one run of it costs in steps."""
        before = self.parts
        code = self.code(node)
        return code, self.parts - before

    # ---- values and names ----

    def literal(self, node: s.Literal) -> Code:
        value = node.value
        return lambda scope: value

    def resolve(self, name: str) -> bool:
        """Whether a name is given inside the expression; else it is noted as read from outside."""
        in_filter = False
        for frame in reversed(self.frames):
            if frame is None:
                in_filter = True
            elif name in frame:
                return True
        if name in BUILTINS:
            return False
        (self.possible if in_filter else self.free).add(name)
        return False

    def name(self, node: s.Name) -> Code:
        name = node.name
        self.resolve(name)
        if self.frames:
            return lambda scope: look_up(scope, name)

        def read(scope: Scope) -> object:
            value = scope.names.get(name)
            if value.__class__ in PLAIN and value is not None:
                return value
            return load_name(scope.run, name) if scope.parent is None else look_up(scope, name)

        return read

    def path(self, node: s.Path) -> Code:
        source, name = self.code(node.source), node.name

        def read(scope: Scope) -> object:
            value = source(scope)
            if value.__class__ is dict:
                return value.get(name)
            return follow(value, name, scope.run)

        return read

    def list_of(self, node: s.ListOf) -> Code:
        elements = [self.code(each) for each in node.elements]
        return lambda scope: [element(scope) for element in elements]

    def context_of(self, node: s.ContextOf) -> Code:
        entries = []
        names: set[str] = set()
        self.frames.append(names)
        for key, value in node.entries:
            entries.append((key, self.code(value)))
            names.add(key)
        self.frames.pop()
        twice = len(names) < len(entries)

        def build(scope: Scope) -> object:
            made: dict[str, object] = {}
            inner = Scope(made, scope, scope.run)
            for key, value in entries:
                made[key] = value(inner)
            # A key given twice makes no context (DMN 1.5, 10.3.1.2, rule 57).
            return None if twice else made

        return build

    def range_of(self, node: s.RangeOf) -> Code:
        low, high = self.code(node.low), self.code(node.high)
        low_closed, high_closed = node.low_closed, node.high_closed

        def build(scope: Scope) -> object:
            start, end = low(scope), high(scope)
            # An open end has no value it could include.
            if (start is None and low_closed) or (end is None and high_closed):
                return None
            if start is not None and end is not None and operators.compare(start, end) is None:
                return None
            return Range(start, end, low_closed, high_closed)

        return build

    # ---- operators ----

    def negation(self, node: s.Negation) -> Code:
        operand = self.code(node.operand)
        return lambda scope: operators.negate(operand(scope))

    def chain(self, node: s.Chain) -> Code:
        first = self.code(node.first)
        rest = [(_ARITHMETIC[operator], self.code(operand)) for operator, operand in node.rest]
        if len(rest) == 1:
            apply, second = rest[0]
            return lambda scope: apply(first(scope), second(scope), scope.run)

        def fold(scope: Scope) -> object:
            value = first(scope)
            for apply, operand in rest:
                value = apply(value, operand(scope), scope.run)
            return value

        return fold

    def logic(self, node: s.Logic) -> Code:
        decisive = node.operator == "or"
        if len(node.operands) == 2:
            return either(self.code(node.operands[0]), self.code(node.operands[1]), decisive)
        operands = [self.code(each) for each in node.operands]

        def join(scope: Scope) -> object:
            unknown = False
            for operand in operands:
                value = operand(scope)
                if value is decisive:
                    return decisive
                if value.__class__ is not bool:
                    unknown = True
            return None if unknown else not decisive

        return join

    def comparison(self, node: s.Comparison) -> Code:
        left, right = self.code(node.left), self.code(node.right)
        if node.operator in ("=", "!="):
            return equality(left, right, node.operator == "=", node.right)
        order = _ORDER[node.operator]
        if isinstance(node.right, s.Literal) and isinstance(node.right.value, Decimal):
            return number_order(left, node.operator, node.right.value, order)
        return lambda scope: order(left(scope), right(scope))

    def between(self, node: s.Between) -> Code:
        value, low, high = self.code(node.value), self.code(node.low), self.code(node.high)

        def check_between(scope: Scope) -> object:
            tested = value(scope)
            return operators.both(
                operators.greater_or_equal(tested, low(scope)), operators.less_or_equal(tested, high(scope))
            )

        return check_between

    # ---- tests ----

    def test(self, node: s.Test) -> Code:
        """A test by itself is the range of what passes it."""
        operand, operator = self.code(node.operand), node.operator

        def build(scope: Scope) -> object:
            value = operand(scope)
            if value is None:
                return None
            if operator == "=":
                return Range(value, value)
            if operator == "!=":
                return None
            closed = len(operator) == 2
            return (
                Range(None, value, False, closed) if operator[0] == "<" else Range(value, None, closed, False)
            )

        return build

    def tester(self, node: s.Node) -> Callable[[Scope, object], bool | None]:
        """Code that tells whether a value passes a test; ``?`` in it is the value."""
        if isinstance(node, s.Test):
            operand, operator = self.code(node.operand), node.operator
            if operator in ("=", "!="):
                wanted = operator == "="

                def equal(scope: Scope, value: object) -> bool | None:
                    result = operators.equals(value, operand(scope), scope.run)
                    return result if wanted or result is None else not result

                return equal
            order = _ORDER[operator]
            return lambda scope, value: order(value, operand(scope))
        if isinstance(node, s.Literal):
            constant = node.value
            return lambda scope, value: operators.holds(value, constant, scope.run)
        tested = s.mentions(node, "?")
        self.frames.append({"?"})
        code = self.code(node)
        self.frames.pop()

        def passes(scope: Scope, value: object) -> bool | None:
            result = code(Scope({"?": value}, scope, scope.run))
            if tested or (result.__class__ is bool and value.__class__ is not bool):
                return result if isinstance(result, bool) else None
            return operators.holds(value, result, scope.run)

        return passes

    def membership(self, node: s.In) -> Code:
        value = self.code(node.value)
        tests = [self.tester(each) for each in node.tests]

        def check_in(scope: Scope) -> object:
            tested = value(scope)
            unknown = False
            for test in tests:
                result = test(scope, tested)
                if result is True:
                    return True
                if result is None:
                    unknown = True
            return None if unknown else False

        return check_in

    def negated(self, node: s.Not) -> Code:
        inside = self.membership(s.In(s.Name("?", 0), node.tests))

        def check_not(scope: Scope) -> object:
            result = inside(scope)
            return not result if result.__class__ is bool else None

        return check_not

    def instance(self, node: s.InstanceOf) -> Code:
        value, known = self.code(node.value), check(node.type, self.types)
        if known is None:
            return lambda scope: None
        return lambda scope: known(value(scope))

    # ---- control ----

    def conditional(self, node: s.If) -> Code:
        branches = [(self.code(condition), self.code(then)) for condition, then in node.branches]
        otherwise = self.code(node.otherwise)
        if len(branches) == 1:
            condition, then = branches[0]
            return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)

        def choose(scope: Scope) -> object:
            for condition, then in branches:
                if condition(scope) is True:
                    return then(scope)
            return otherwise(scope)

        return choose

    def filter(self, node: s.Filter) -> Code:
        source = self.code(node.source)
        if isinstance(node.condition, s.Literal) and isinstance(node.condition.value, Decimal):
            position = node.condition.value
            return lambda scope: loops.element(source(scope), position)
        self.frames.append(None)
        self.frames.append({"item"})
        condition, cost = self.measured(node.condition)
        self.frames.pop()
        self.frames.pop()
        return loops.filtering(source, condition, cost)

    def domains(self, iterations: tuple[s.Iteration, ...]) -> tuple[list[tuple[str, loops.Domain]], set[str]]:
        names: set[str] = set()
        found = []
        self.frames.append(names)
        for name, domain in iterations:
            if isinstance(domain, s.Steps):
                found.append((name, loops.counted(self.code(domain.start), self.code(domain.end))))
            else:
                found.append((name, loops.elements(self.code(domain))))
            names.add(name)
        return found, names

    def loop(self, node: s.For) -> Code:
        domains, names = self.domains(node.iterations)
        names.add("partial")
        body, cost = self.measured(node.body)
        self.frames.pop()
        return loops.looping(domains, body, cost, partial=s.mentions(node.body, "partial"))

    def quantified(self, node: s.Quantified) -> Code:
        domains, _ = self.domains(node.iterations)
        condition, cost = self.measured(node.condition)
        self.frames.pop()
        return loops.quantifying(domains, condition, cost, some=node.quantifier == "some")

    # ---- functions ----

    def function(self, node: s.FunctionOf) -> Code:
        if node.body is None:
            return lambda scope: Function(node.parameters, lambda run, arguments: None)
        self.frames.append(set(node.parameters))
        body, cost = self.measured(node.body)
        self.frames.pop()
        checks = [check(each, self.types) if each else None for each in node.types]
        return user_function(node.parameters, node.types, checks, body, cost)

    def call(self, node: s.Call) -> Code:
        name = node.callee.name if isinstance(node.callee, s.Name) else None
        if name is None:
            callee = self.code(node.callee)
        else:
            inside = self.resolve(name) or bool(self.frames)
            if name not in BUILTINS:
                self.free.discard(name)
                self.possible.discard(name)
                self.called.add(name)
            callee = function_named(name, inside)
        arguments = [self.code(each) for each in node.arguments]
        if node.names is None:
            return call_by_position(callee, arguments)
        return call_by_name(callee, dict(zip(node.names, arguments, strict=True)))

    _RULES: ClassVar[dict[type, Callable[[Compiler, Any], Code]]] = {
        s.Literal: literal,
        s.Name: name,
        s.Path: path,
        s.Filter: filter,
        s.Call: call,
        s.Negation: negation,
        s.Chain: chain,
        s.Logic: logic,
        s.Comparison: comparison,
        s.Between: between,
        s.In: membership,
        s.Test: test,
        s.Not: negated,
        s.If: conditional,
        s.For: loop,
        s.Quantified: quantified,
        s.ListOf: list_of,
        s.ContextOf: context_of,
        s.RangeOf: range_of,
        s.FunctionOf: function,
        s.InstanceOf: instance,
    }
