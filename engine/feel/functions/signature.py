"""How a built-in function says what it takes, and how values are fitted to it (DMN 1.5, 10.3.2.9.4)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, DecimalException
from typing import NamedTuple

from engine.feel.evaluation import Run
from engine.feel.temporal import DistantDate, DistantMoment
from engine.feel.values import Function, Range, YearsMonths

Body = Callable[..., object]

_KINDS: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (date, DistantDate),
    "time": (time,),
    "date and time": (datetime, DistantMoment),
    "duration": (timedelta, YearsMonths),
    "days": (timedelta,),
    "list": (list,),
    "context": (dict,),
    "range": (Range,),
    "function": (Function,),
    "moment": (date, datetime, DistantDate, DistantMoment),
    "any": (),
}


class _Rejected:
    """A value that doesn't fit a parameter."""


_REJECTED = _Rejected()


class Parameter(NamedTuple):
    name: str
    kinds: frozenset[type]
    """Empty: any value."""
    optional: bool
    nullable: bool

    def fit(self, value: object) -> object:
        """The value, a list's only element where one is wanted, or a list of the value where a list is."""
        kind = value.__class__
        if kind in self.kinds or not self.kinds:
            return value
        if value is None:
            return None if self.nullable else _REJECTED
        if isinstance(value, Function) and Function in self.kinds:
            return value
        if list in self.kinds:
            return [value]
        if isinstance(value, list) and len(value) == 1 and value[0].__class__ in self.kinds:
            return value[0]
        return _REJECTED


class Signature:
    """One way to call a function: ``string: string, start position: number, length?: number``.

    ``?`` behind a name makes it optional, behind a kind allows null; ``...`` before the last takes the rest.
    """

    __slots__ = ("body", "needed", "parameters", "rest")

    def __init__(self, text: str, body: Body) -> None:
        self.body = body
        self.rest: Parameter | None = None
        parameters = []
        for part in text.split(", ") if text else ():
            name, _, kinds = part.partition(": ")
            parameter = Parameter(
                name.lstrip(".").rstrip("?"),
                frozenset(kind for each in kinds.rstrip("?").split("|") for kind in _KINDS[each]),
                name.endswith("?"),
                kinds.endswith("?"),
            )
            if name.startswith("..."):
                self.rest = parameter
            else:
                parameters.append(parameter)
        self.parameters = tuple(parameters)
        self.needed = sum(not parameter.optional for parameter in parameters)

    def fit(self, values: Sequence[object]) -> list[object] | None:
        """The values as the function takes them; None if they don't fit."""
        count = len(values)
        if count < self.needed or (count > len(self.parameters) and self.rest is None):
            return None
        fitted = [parameter.fit(value) for parameter, value in zip(self.parameters, values, strict=False)]
        if self.rest is not None:
            fitted += [self.rest.fit(value) for value in values[len(self.parameters) :]]
        return None if any(value is _REJECTED for value in fitted) else fitted

    def order(self, values: Mapping[str, object]) -> list[object] | None:
        """Named values in order; None if a name is unknown or missing."""
        parameters = self.parameters if self.rest is None else (*self.parameters, self.rest)
        ordered: list[object] = []
        missing = False
        for parameter in parameters:
            if parameter.name in values:
                if missing:
                    return None
                ordered.append(values[parameter.name])
            elif parameter.optional or parameter is self.rest:
                missing = True
            else:
                return None
        if len(ordered) != len(values):
            return None
        if self.rest is not None and self.rest.name in values:
            rest = ordered.pop()
            ordered += rest if isinstance(rest, list) else [rest]
        return ordered


class Builtin(Function):
    """A function of the standard, with one or more signatures."""

    __slots__ = ("signatures",)

    def __init__(self, name: str) -> None:
        super().__init__((), self._invoke, name=name)
        self.signatures: list[Signature] = []

    def _invoke(self, run: Run, values: Sequence[object]) -> object:
        for signature in self.signatures:
            fitted = signature.fit(values)
            if fitted is not None:
                return _run(run, signature.body, fitted)
        return None

    def invoke_named(self, run: Run, values: Mapping[str, object]) -> object:
        """Call with values by name."""
        for signature in self.signatures:
            ordered = signature.order(values)
            if ordered is None:
                continue
            fitted = signature.fit(ordered)
            if fitted is not None:
                return _run(run, signature.body, fitted)
        return None


def _run(run: Run, body: Body, values: list[object]) -> object:
    steps = 1
    for value in values:
        if value.__class__ is list:
            steps += len(value)
        elif value.__class__ is str:
            steps += len(value) // 100
    run.spend(steps)
    try:
        return body(run, *values)
    except (DecimalException, OverflowError, ValueError):
        return None


class Registry(dict[str, Builtin]):
    """Functions by name; a room of functions fills one."""

    def add(self, name: str, signature: str) -> Callable[[Body], Body]:
        """Declares the function below; several signatures are tried in the order they are added."""

        def declare(body: Body) -> Body:
            if name not in self:
                self[name] = Builtin(name)
            self[name].signatures.append(Signature(signature, body))
            self[name].parameters = tuple(each.name for each in self[name].signatures[0].parameters)
            return body

        return declare
