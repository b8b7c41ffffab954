"""Finding what a name stands for while an expression runs."""

from engine.feel.calls import Code
from engine.feel.evaluation import Run, Scope
from engine.feel.functions import BUILTINS
from engine.feel.values import Function, load


def look_up(scope: Scope, name: str) -> object:
    """A name seen from inside: the innermost scope that has it."""
    within: Scope | None = scope
    while within is not None:
        if name in within.names:
            return within.names[name] if within.parent is not None else load_name(within.run, name)
        within = within.parent
    return load_name(scope.run, name)


def load_name(run: Run, name: str) -> object:
    """A name given from outside, brought into FEEL's types once; else a function of that name; else null."""
    if name in run.loaded:
        return run.loaded[name]
    value = run.names.get(name)
    if value is None:
        if name not in run.names:
            return BUILTINS.get(name)
        return None
    value = load(value)
    run.loaded[name] = value
    return value


def function_named(name: str, inside: bool) -> Code:
    """What a call by name calls: a function in scope, then a built-in one, then one from outside.
    A variable that is no function does not hide a built-in: ``count`` may be both."""
    builtin = BUILTINS.get(name)

    def find(scope: Scope) -> object:
        nested = inside or scope.parent is not None
        value = look_up(scope, name) if nested else scope.names.get(name)
        if isinstance(value, Function):
            return value
        return builtin or scope.run.functions.get(name)

    return find
