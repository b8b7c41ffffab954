"""Which values are of which type (DMN 1.5, 10.3.2.9)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.feel.syntax import Type
from engine.feel.temporal import DistantDate, DistantMoment
from engine.feel.values import Function, Range, YearsMonths

#: Tells whether a value is of a type; None stands for a type nobody knows.
Check = Callable[[object], bool]

_CLASSES: dict[str, type | tuple[type, ...]] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": (date, DistantDate),
    "time": time,
    "date and time": (datetime, DistantMoment),
    "dateTime": (datetime, DistantMoment),
    "days and time duration": timedelta,
    "day and time duration": timedelta,
    "days-time duration": timedelta,
    "dayTimeDuration": timedelta,
    "years and months duration": YearsMonths,
    "year and month duration": YearsMonths,
    "years-months duration": YearsMonths,
    "yearMonthDuration": YearsMonths,
    "list": list,
    "context": dict,
    "range": Range,
}
_KINDS: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    date: "date",
    time: "time",
    datetime: "date and time",
    DistantDate: "date",
    DistantMoment: "date and time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    type(None): "null",
}


def kind_of(value: object) -> str:
    """The name of a value's type."""
    return _KINDS.get(value.__class__, "function")


def check(wanted: Type, known: Mapping[str, Check]) -> Check | None:
    """How to tell whether a value is of a type; ``known`` holds a model's own types. None: no such type."""
    if wanted.name in known:
        return known[wanted.name]
    if wanted.name == "Any":
        return lambda value: value is not None
    if wanted.name == "Null":
        return lambda value: value is None
    if wanted.name == "function":
        return _function_check(wanted)
    kind = _CLASSES.get(wanted.name)
    if kind is None:
        return None
    parts = [check(each, known) for each in wanted.arguments]
    if not parts:
        kinds = kind if isinstance(kind, tuple) else (kind,)
        return lambda value: value.__class__ in kinds
    if any(part is None for part in parts):
        return None
    return _compound_check(kind, wanted.keys, [part for part in parts if part is not None])


def _compound_check(kind: type | tuple[type, ...], keys: tuple[str, ...], parts: list[Check]) -> Check | None:
    if kind is list:
        element = parts[0]

        def is_list(value: object) -> bool:
            return isinstance(value, list) and all(each is None or element(each) for each in value)

        return is_list
    if kind is Range:
        end = parts[0]

        def is_range(value: object) -> bool:
            return isinstance(value, Range) and all(
                each is None or end(each) for each in (value.low, value.high)
            )

        return is_range
    if kind is dict:
        entries = dict(zip(keys, parts, strict=True))

        def is_context(value: object) -> bool:
            return isinstance(value, dict) and all(
                key in value and (value[key] is None or part(value[key])) for key, part in entries.items()
            )

        return is_context
    return None


def _function_check(wanted: Type) -> Check:
    def is_function(value: object) -> bool:
        if not isinstance(value, Function):
            return False
        if wanted.result is None and not wanted.arguments:
            return True
        if len(value.parameters) != len(wanted.arguments):
            return False
        declared = value.parameter_types or (None,) * len(value.parameters)
        takes = all(
            not isinstance(has, Type) or conforms(needs, has)
            for has, needs in zip(declared, wanted.arguments, strict=True)
        )
        # What a function gives is only known where it is declared.
        gives = value.result_type
        return takes and (
            wanted.result is None or not isinstance(gives, Type) or conforms(gives, wanted.result)
        )

    return is_function


def conforms(special: Type, general: Type) -> bool:
    """Whether every value of one type is one of another (DMN 1.5, 10.3.2.9.2)."""
    if general.name == "Any" or special == general:
        return True
    if _CLASSES.get(special.name, special.name) != _CLASSES.get(general.name, general.name):
        return False
    if special.name == "context":
        parts = dict(zip(special.keys, special.arguments, strict=True))
        return all(
            key in parts and conforms(parts[key], part)
            for key, part in zip(general.keys, general.arguments, strict=True)
        )
    if special.name == "function":
        return (
            len(special.arguments) == len(general.arguments)
            and all(
                conforms(needs, has) for has, needs in zip(special.arguments, general.arguments, strict=True)
            )
            and conforms(special.result or Type("Any"), general.result or Type("Any"))
        )
    if not general.arguments:
        return True
    return len(special.arguments) == len(general.arguments) and all(
        map(conforms, special.arguments, general.arguments)
    )
