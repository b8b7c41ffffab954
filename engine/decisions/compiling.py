"""Turns boxed expressions into closures that run in FEEL's scopes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from engine.decisions import model as m
from engine.decisions.tables import CompiledInput, CompiledOutput, CompiledRule, CompiledTable
from engine.decisions.types import MISFIT, Fit, Types
from engine.errors import LimitExceeded, WulianError
from engine.feel import UnaryTests, compile_expression, compile_unary_tests
from engine.feel.calls import invoke_named
from engine.feel.evaluation import Run, Scope
from engine.feel.syntax import Type
from engine.feel.types import Check
from engine.feel.values import Function
from engine.text import Text

Code = Callable[[Scope], Any]
#: What an element's logic is: code to run in its scope; for a function, the function made in that scope.
Logic = Code


_MOST_EXPRESSIONS = 30_000
"""Cells and other texts of one model: a table of 1,000 rules with 30 columns."""
_MOST_NAMES = 2_000
"""Names of one model that hold spaces or signs."""


def _null(scope: Scope) -> None:
    return None


class ModelCompiler:
    """Compiles one model; what can't be compiled is a :class:`~engine.decisions.model.Problem` and null."""

    def __init__(self, model: m.DecisionModel) -> None:
        self.model = model
        self.problems: list[m.Problem] = []
        self.expressions = 0
        self.names = _all_names(model)
        self.scopes: list[frozenset[str] | None] = []
        """What boxed expressions around give; None where a filter's element may give anything."""
        self.reads: set[str] = set()
        self.checks: dict[str, Check] = {}
        self.types = Types(model, self.value_test)
        self.checks = self.types.checks()

    def value_test(self, expression: m.LiteralExpression) -> Callable[[Run, object], bool]:
        tests = self.unary(expression)
        if tests is None:
            return lambda run, value: True
        return lambda run, value: tests.run(Scope({"?": value}, run, run))

    # ---- FEEL -----------------------------------------------------------------------------------------

    def _wrong(self, expression: m.LiteralExpression, error: WulianError) -> None:
        self.problems.append(m.Problem(expression.id, error.text))

    def _count(self) -> None:
        self.expressions += 1
        if self.expressions > _MOST_EXPRESSIONS:
            raise LimitExceeded(
                Text(
                    f"表达式过多,最多 {_MOST_EXPRESSIONS} 个。",
                    f"Too many expressions; at most {_MOST_EXPRESSIONS}.",
                ),
                code="dmn_size",
            )

    def literal(self, node: m.LiteralExpression) -> Code:
        if not node.text:
            return _null
        self._count()
        try:
            compiled = compile_expression(node.text, names=self.names, types=self.checks)
        except WulianError as error:
            self._wrong(node, error)
            return _null
        self._read(compiled.names)
        return self.typed(compiled.run, node.type)

    def _read(self, names: frozenset[str]) -> None:
        if None not in self.scopes:
            self.reads |= names.difference(*(each for each in self.scopes if each is not None))

    def inside(self, names: frozenset[str] | None, node: m.Boxed) -> Code:
        """Code of a part that also sees some names."""
        self.scopes.append(names)
        code = self.code(node)
        self.scopes.pop()
        return code

    def unary(self, node: m.LiteralExpression) -> UnaryTests | None:
        self._count()
        try:
            tests = compile_unary_tests(node.text or "-", names=self.names, types=self.checks)
            self._read(tests.names)
            return tests
        except WulianError as error:
            self._wrong(node, error)
            return None

    def typed(self, code: Code, name: str | None) -> Code:
        """Code whose value is of a type; null where it is not."""
        fit = self.types.fit(name)
        return code if fit is None else _fitted(code, fit)

    # ---- boxed expressions ----

    def code(self, node: m.Boxed) -> Code:
        return self._RULES[node.__class__](self, node)

    def table(self, node: m.DecisionTable) -> Code:
        inputs = [
            CompiledInput(
                each.id,
                each.label or each.expression.text,
                self.literal(each.expression),
                None,
                None if each.allowed is None else self.unary(each.allowed),
            )
            for each in node.inputs
        ]
        outputs = [
            CompiledOutput(
                each.name or each.label,
                self.types.fit(each.type),
                self.ranks(each.allowed or self.types.allowed(each.type)),
                None if each.default is None else self.literal(each.default),
            )
            for each in node.outputs
        ]
        rules = []
        for rule in node.rules:
            tests = [self.unary(each) for each in rule.tests]
            cells = tuple(each for each in tests if each is not None)
            if len(cells) == len(tests):
                rules.append(
                    CompiledRule(
                        rule.number, rule.id, cells, tuple(self.literal(each) for each in rule.outputs)
                    )
                )
        return CompiledTable(node, inputs, outputs, rules)

    def ranks(self, allowed: m.LiteralExpression | None) -> list[object]:
        if allowed is None:
            return []
        try:
            found = compile_expression(f"[{allowed.text}]", names=self.names).evaluate({})
        except WulianError:
            return []
        return found if isinstance(found, list) else []

    def context(self, node: m.BoxedContext) -> Code:
        entries = []
        before: set[str] = set()
        for each in node.entries:
            code = self.inside(frozenset(before), each.expression)
            entries.append((each.name, self.typed(code, each.type)))
            if each.name is not None:
                before.add(each.name)

        def build(scope: Scope) -> object:
            made: dict[str, object] = {}
            inner = Scope(made, scope, scope.run)
            for name, code in entries:
                value = code(inner)
                if name is None:
                    return value
                made[name] = value
            return made

        return build

    def list_of(self, node: m.BoxedList) -> Code:
        elements = [self.code(each) for each in node.elements]
        return lambda scope: [element(scope) for element in elements]

    def relation(self, node: m.Relation) -> Code:
        rows = [[self.code(cell) for cell in row] for row in node.rows]
        columns = node.columns

        def build(scope: Scope) -> object:
            return [dict(zip(columns, [cell(scope) for cell in row], strict=False)) for row in rows]

        return build

    def invocation(self, node: m.Invocation) -> Code:
        function = self.code(node.function)
        bindings = [(name, self.code(value)) for name, value in node.bindings]

        def call(scope: Scope) -> object:
            called = function(scope)
            return invoke_named(scope.run, called, {name: value(scope) for name, value in bindings})

        return call

    def function(self, node: m.FunctionDefinition, result: str | None = None) -> Code:
        """Code that makes the function in the scope where it stands."""
        names = tuple(name for name, _ in node.parameters)
        result = self.types.result_of(result)
        types = tuple(Type(kind or "Any") for _, kind in node.parameters)
        gives = Type(result) if result else None
        fits = [self.types.fit(each) for _, each in node.parameters]
        body: Code = _null
        if node.body is not None:
            body = self.typed(self.inside(frozenset(names), node.body), result)

        def make(scope: Scope) -> Function:
            def run_body(run: Run, arguments: Sequence[object]) -> object:
                if len(arguments) != len(names):
                    return None
                values: dict[str, object] = {}
                for name, fit, argument in zip(names, fits, arguments, strict=True):
                    value = argument if fit is None else fit(run, argument)
                    if value is MISFIT:
                        return None
                    values[name] = value
                run.spend(1)
                run.enter()
                answer = body(Scope(values, scope, run))
                run.leave()
                return answer

            return Function(names, run_body, parameter_types=types, result_type=gives)

        return make

    def conditional(self, node: m.Conditional) -> Code:
        condition, then, otherwise = (
            self.code(node.condition),
            self.code(node.then),
            self.code(node.otherwise),
        )
        return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)

    def filter(self, node: m.BoxedFilter) -> Code:
        source, condition = self.code(node.source), self.inside(None, node.condition)

        def select(scope: Scope) -> object:
            values = source(scope)
            if values is None:
                return None
            found = []
            for value in values if isinstance(values, list) else [values]:
                scope.run.spend(1)
                inner = Scope({"item": value}, scope, scope.run)
                if isinstance(value, dict):
                    inner = Scope(value, inner, scope.run)
                held = condition(inner)
                if held.__class__ is not bool:
                    return None
                if held:
                    found.append(value)
            return found

        return select

    def iteration(self, node: m.BoxedIteration) -> Code:
        variable = node.variable
        source, body = self.code(node.source), self.inside(frozenset((variable, "partial")), node.body)
        some, returns = node.kind == "some", node.kind == "for"

        def iterate(scope: Scope) -> object:
            values = source(scope)
            if not isinstance(values, list):
                return None
            results: list[object] = []
            for value in values:
                scope.run.spend(1)
                names = {variable: value, "partial": list(results)} if returns else {variable: value}
                scope.run.spend(len(results))
                results.append(body(Scope(names, scope, scope.run)))
            if returns:
                scope.run.room(len(results))
                return results
            if any(result is not None and result.__class__ is not bool for result in results):
                return None
            if any(result is some for result in results):
                return some
            return None if any(result is None for result in results) else not some

        return iterate

    _RULES: ClassVar[dict[type, Callable[[ModelCompiler, Any], Code]]] = {
        m.LiteralExpression: literal,
        m.DecisionTable: table,
        m.BoxedContext: context,
        m.BoxedList: list_of,
        m.Relation: relation,
        m.Invocation: invocation,
        m.FunctionDefinition: function,
        m.Conditional: conditional,
        m.BoxedFilter: filter,
        m.BoxedIteration: iteration,
    }


def _fitted(code: Code, fit: Fit) -> Code:
    def run(scope: Scope) -> object:
        value = fit(scope.run, code(scope))
        return None if value is MISFIT else value

    return run


def _all_names(model: m.DecisionModel) -> frozenset[str]:
    """Every name of the model that holds spaces or signs, so that FEEL knows it."""
    found: set[str] = set()
    for each in model.imported.values():
        found |= _all_names(each) if each is not model else set()
    found.update(model.imports.values())
    for group in (model.inputs, model.decisions, model.knowledge, model.services):
        found.update(element.variable for element in group.values())
    _names_of_types(list(model.types.values()), found)
    for decision in model.decisions.values():
        _names_inside(decision.expression, found)
    for knowledge in model.knowledge.values():
        _names_inside(knowledge.function, found)
    names = frozenset(name for name in found if name and not name.isidentifier())
    if len(names) > _MOST_NAMES:
        raise LimitExceeded(
            Text(f"名称过多,最多 {_MOST_NAMES} 个。", f"Too many names; at most {_MOST_NAMES}."),
            code="dmn_size",
        )
    return names


def _names_of_types(items: list[m.ItemDefinition], found: set[str]) -> None:
    for item in items:
        found.add(item.name)
        _names_of_types(list(item.components), found)


def _names_inside(node: object, found: set[str]) -> None:
    if isinstance(node, m.BoxedContext):
        found.update(entry.name for entry in node.entries if entry.name)
        for entry in node.entries:
            _names_inside(entry.expression, found)
    elif isinstance(node, m.FunctionDefinition):
        found.update(name for name, _ in node.parameters)
        _names_inside(node.body, found)
    elif isinstance(node, m.Relation):
        found.update(node.columns)
        for row in node.rows:
            for cell in row:
                _names_inside(cell, found)
    elif isinstance(node, m.DecisionTable):
        found.update(column.name for column in node.outputs)
    elif isinstance(node, m.BoxedIteration):
        found.add(node.variable)
        _names_inside(node.source, found)
        _names_inside(node.body, found)
    elif isinstance(node, m.BoxedFilter):
        _names_inside(node.source, found)
        _names_inside(node.condition, found)
    elif isinstance(node, m.Conditional):
        for part in (node.condition, node.then, node.otherwise):
            _names_inside(part, found)
    elif isinstance(node, m.BoxedList):
        for part in node.elements:
            _names_inside(part, found)
    elif isinstance(node, m.Invocation):
        found.update(name for name, _ in node.bindings)
        for _, value in node.bindings:
            _names_inside(value, found)
