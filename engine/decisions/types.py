"""Item definitions: whether a value is of a model's type (DMN 1.5, 7.3.2, 10.3.2.9.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time

from engine.decisions.model import DecisionModel, FunctionItem, ItemDefinition, LiteralExpression
from engine.feel import DEFAULT_LIMITS
from engine.feel.evaluation import Run
from engine.feel.syntax import Type
from engine.feel.types import Check, check
from engine.feel.values import Function


class _Misfit:
    """A value that is not of the type."""


MISFIT = _Misfit()

#: Gives the value as the type has it, or :data:`MISFIT`.
Fit = Callable[[Run, object], object]
#: Compiles unary tests into a test on one value.
Tests = Callable[[LiteralExpression], Callable[[Run, object], bool]]

_ANY = frozenset({"Any", "any", "<Undefined>", ""})


class Types:
    """The types of one model, built when first asked for, and those of the models it imports."""

    def __init__(self, model: DecisionModel, tests: Tests) -> None:
        self.model = model
        self.tests = tests
        self._fits: dict[str, Fit | None] = {}
        self._imported = {
            name: Types(model.imported[namespace], tests)
            for namespace, name in model.imports.items()
            if namespace in model.imported
        }

    def fit(self, name: str | None) -> Fit | None:
        """How to fit values to a type; None where anything fits, also for a type nobody knows."""
        if name is None or name in _ANY:
            return None
        if name in self.model.types:
            if name not in self._fits:
                self._fits[name] = None  # a type that refers to itself takes anything there
                self._fits[name] = self._item(self.model.types[name])
            return self._fits[name]
        for prefix, types in self._imported.items():
            if name.startswith(prefix + ".") or (not prefix and name in types.model.types):
                return types.fit(name.removeprefix(prefix + "."))
        known = check(Type(name), {})
        return None if known is None else _single(known, name)

    def result_of(self, name: str | None) -> str | None:
        """What a function gives whose variable is of a type: the function type's result, or the type."""
        item = self.model.types.get(name or "")
        return name if item is None or item.function is None else item.function.result

    def allowed(self, name: str | None) -> LiteralExpression | None:
        """The allowed values of a type, which also rank outputs."""
        item = self.model.types.get(name or "")
        return None if item is None else item.allowed

    def checks(self) -> dict[str, Check]:
        """For ``instance of``: the model's types as checks without conversion."""
        found: dict[str, Check] = {}
        for name in self.model.types:
            fit = self.fit(name)
            if fit is not None:
                found[name] = _as_check(fit)
        for prefix, types in self._imported.items():
            for name, test in types.checks().items():
                found[f"{prefix}.{name}" if prefix else name] = test
        return found

    def _item(self, item: ItemDefinition) -> Fit | None:
        if item.function is not None:
            one: Fit | None = _single(_function_check(item.function), "function")
        elif item.components:
            one = _structure({part.name: self._item(part) for part in item.components})
        else:
            one = self.fit(item.type)
        if item.allowed is not None:
            one = _tested(one, self.tests(item.allowed))
        if item.collection:
            one = _collection(one)
        if item.constraint is not None:
            one = _tested(one, self.tests(item.constraint))
        return one


def _as_check(fit: Fit) -> Check:
    def is_of_type(value: object) -> bool:
        return value is not None and fit(Run({}, None, DEFAULT_LIMITS, {}), value) is value

    return is_of_type


def _function_check(item: FunctionItem) -> Check:
    wanted = Type(
        "function", tuple(Type(each or "Any") for each in item.parameters), (), Type(item.result or "Any")
    )
    found = check(wanted, {})
    return found if found is not None else lambda value: isinstance(value, Function)


def _single(known: Check, name: str) -> Fit:
    moment = name in ("date and time", "dateTime")

    def fit(run: Run, value: object) -> object:
        if value is None or known(value):
            return value
        if isinstance(value, list) and len(value) == 1:
            return fit(run, value[0])
        if moment and value.__class__ is date:
            return datetime.combine(value, time(tzinfo=UTC))
        return MISFIT

    return fit


def _structure(parts: dict[str, Fit | None]) -> Fit:
    def fit(run: Run, value: object) -> object:
        if value is None:
            return None
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, dict):
            return MISFIT
        changed: dict[str, object] = {}
        for name, part in parts.items():
            if part is None or name not in value:
                continue
            fitted = part(run, value[name])
            if fitted is MISFIT:
                return MISFIT
            if fitted is not value[name]:
                changed[name] = fitted
        return {**value, **changed} if changed else value

    return fit


def _collection(one: Fit | None) -> Fit:
    def fit(run: Run, value: object) -> object:
        if value is None:
            return None
        values = value if isinstance(value, list) else [value]
        if one is None:
            return values
        run.spend(len(values))
        fitted = [one(run, each) for each in values]
        if any(each is MISFIT for each in fitted):
            return MISFIT
        same = all(a is b for a, b in zip(values, fitted, strict=True))
        return values if same else fitted

    return fit


def _tested(one: Fit | None, test: Callable[[Run, object], bool]) -> Fit:
    def fit(run: Run, value: object) -> object:
        fitted = value if one is None else one(run, value)
        if fitted is MISFIT or fitted is None:
            return fitted
        return fitted if test(run, fitted) else MISFIT

    return fit
