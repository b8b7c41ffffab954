"""Calling functions: written in FEEL, built in, or given by the program around."""

from collections.abc import Callable, Sequence
from typing import Any

from engine.feel.evaluation import Run, Scope
from engine.feel.syntax import Type
from engine.feel.types import Check
from engine.feel.values import Function, load

Code = Callable[[Scope], Any]


def invoke(run: Run, function: object, arguments: Sequence[object]) -> object:
    """Call with values by position; null if it isn't a function or the count is wrong."""
    if isinstance(function, Function):
        return function.invoke(run, arguments)
    if callable(function):
        run.spend(1)
        return load(function(*arguments))
    return None


def call_by_position(callee: Code, arguments: list[Code]) -> Code:
    def call(scope: Scope) -> object:
        return invoke(scope.run, callee(scope), [argument(scope) for argument in arguments])

    return call


def call_by_name(callee: Code, arguments: dict[str, Code]) -> Code:
    def call(scope: Scope) -> object:
        function = callee(scope)
        values = {name: argument(scope) for name, argument in arguments.items()}
        return invoke_named(scope.run, function, values)

    return call


def invoke_named(run: Run, function: object, values: dict[str, object]) -> object:
    """Call with values by name; null if a name is missing or unknown."""
    from engine.feel.functions import Builtin

    if isinstance(function, Builtin):
        return function.invoke_named(run, values)
    if isinstance(function, Function):
        if len(values) != len(function.parameters) or not all(name in values for name in function.parameters):
            return None
        return function.invoke(run, [values[name] for name in function.parameters])
    if callable(function):
        run.spend(1)
        return load(function(**{name.replace(" ", "_"): value for name, value in values.items()}))
    return None


def user_function(
    parameters: tuple[str, ...],
    types: tuple[Type | None, ...],
    checks: list[Check | None],
    body: Code,
    cost: int,
) -> Code:
    """Code that makes a function which remembers the scope it was written in."""

    def make(scope: Scope) -> Function:
        def run_body(run: Run, arguments: Sequence[object]) -> object:
            if len(arguments) != len(parameters):
                return None
            for value, check in zip(arguments, checks, strict=True):
                if check is not None and value is not None and not check(value):
                    return None
            run.spend(cost)
            run.enter()
            result = body(Scope(dict(zip(parameters, arguments, strict=True)), scope, run))
            run.leave()
            return result

        return Function(parameters, run_body, parameter_types=types)

    return make
