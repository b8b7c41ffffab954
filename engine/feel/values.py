"""The values FEEL computes with, and how they are kept as JSON.

FEEL's numbers are ``Decimal``, its strings ``str``, booleans ``bool``, null ``None``; dates and times are
Python's; a days-and-time duration is a ``timedelta``. What Python lacks is here (DMN 1.5, 10.3.2.3).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from engine.errors import Invalid
from engine.feel.temporal.distant import DistantDate, DistantMoment
from engine.feel.temporal.months import YearsMonths as YearsMonths
from engine.text import Text


class Range(NamedTuple):
    """From ``low`` to ``high``; an end that is null is open to infinity."""

    low: object
    high: object
    low_closed: bool = True
    high_closed: bool = True


class Function:
    """Something FEEL can call. ``invoke`` takes the running evaluation and one value per parameter."""

    __slots__ = ("invoke", "name", "parameter_types", "parameters", "result_type")

    def __init__(
        self,
        parameters: Sequence[str],
        invoke: Callable[[Any, Sequence[object]], object],
        *,
        name: str = "",
        parameter_types: Sequence[object] = (),
        result_type: object = None,
    ) -> None:
        self.parameters = tuple(parameters)
        self.invoke = invoke
        self.name = name
        self.parameter_types = tuple(parameter_types)
        self.result_type = result_type

    def __repr__(self) -> str:
        return f"Function({', '.join(self.parameters)})"


#: Values that are themselves, inside FEEL and out.
PLAIN: frozenset[type] = frozenset(
    {
        type(None),
        bool,
        str,
        Decimal,
        date,
        time,
        datetime,
        timedelta,
        DistantDate,
        DistantMoment,
        YearsMonths,
        Range,
        Function,
    }
)


def load(value: object) -> object:
    """A value from outside as FEEL sees it: ints and floats become ``Decimal``, tuples and mappings lists and
    contexts. What FEEL has no type for is a mistake of the caller: ``TypeError``."""
    kind = value.__class__
    if kind in PLAIN:
        return value
    if kind is int:
        return Decimal(value)  # type: ignore[arg-type]
    if kind is float:
        number = Decimal(repr(value))
        return number if number.is_finite() else None
    if kind is list or kind is tuple:
        return [load(each) for each in value]  # type: ignore[attr-defined]
    if isinstance(value, Mapping):
        return {str(key): load(each) for key, each in value.items()}
    if isinstance(value, Function):
        return value
    if isinstance(value, str):
        return str.__getitem__(value, slice(None))  # an enum's member becomes its text
    if isinstance(value, Decimal):
        return Decimal(value)
    if isinstance(value, datetime):
        return datetime.combine(value.date(), value.timetz())
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if isinstance(value, list | tuple | set | frozenset):
        return [load(each) for each in value]
    if isinstance(value, int):
        return Decimal(int(value))
    raise TypeError(f"FEEL has no type for {kind.__name__}")


# ---- JSON -------------------------------------------------------------------------------------------------

_SCALARS: frozenset[type] = frozenset({str, int, bool, type(None)})
_NESTED: frozenset[type] = frozenset({dict, list})
_SAFE_INTEGER = 10**15
"""Above this JavaScript and some JSON stores lose digits, so larger numbers are tagged."""


def to_json(value: object) -> object:
    """A JSON-safe form that :func:`from_json` turns back exactly.

    Whole numbers stay JSON numbers; everything JSON lacks becomes an object with one key: ``$decimal``,
    ``$date``, ``$time``, ``$datetime``, ``$duration`` (both kinds), ``$range``. A context's own key that
    starts with ``$`` gets one more. Functions cannot be kept: ``Invalid``.
    """
    kind = value.__class__
    if kind in _SCALARS:
        return value
    if kind is dict:
        return {
            ("$" + key if key[:1] == "$" else key): each if each.__class__ in _SCALARS else to_json(each)
            for key, each in value.items()  # type: ignore[attr-defined]
        }
    if kind is list or kind is tuple:
        return [each if each.__class__ in _SCALARS else to_json(each) for each in value]  # type: ignore[attr-defined]
    if kind is Decimal:
        return _number_to_json(value)  # type: ignore[arg-type]
    from engine.feel import temporal  # only where dates occur: most states hold none

    if isinstance(value, datetime | DistantMoment):
        return {"$datetime": temporal.format_datetime(value)}
    if isinstance(value, date | DistantDate):
        return {"$date": temporal.format_date(value)}
    if isinstance(value, time):
        return {"$time": temporal.format_time(value)}
    if isinstance(value, timedelta):
        return {"$duration": temporal.format_duration(value)}
    if isinstance(value, YearsMonths):
        return {"$duration": str(value)}
    if isinstance(value, Range):
        return {"$range": [to_json(value.low), to_json(value.high), value.low_closed, value.high_closed]}
    if kind is not None and isinstance(value, Function):
        raise Invalid(
            Text("函数不能作为数据保存。", "A function cannot be kept as data."), code="feel_function_kept"
        )
    return to_json(load(value))


def _number_to_json(number: Decimal) -> object:
    if number.as_tuple().exponent == 0 and -_SAFE_INTEGER <= number <= _SAFE_INTEGER:
        whole = int(number)
        if whole or not number.is_signed():
            return whole
    return {"$decimal": str(number)}


def from_json(value: object) -> object:
    """The value :func:`to_json` was given (whole numbers come back as ``int``, equal to the ``Decimal``)."""
    kind = value.__class__
    if kind is dict:
        for key in value:  # type: ignore[attr-defined]
            if key[:1] == "$":
                return _tagged(value)  # type: ignore[arg-type]
        return {
            key: from_json(each) if each.__class__ in _NESTED else each
            for key, each in value.items()  # type: ignore[attr-defined]
        }
    if kind is list:
        if _NESTED.isdisjoint(map(type, value)):  # type: ignore[call-overload]
            return value
        return [from_json(each) if each.__class__ in _NESTED else each for each in value]  # type: ignore[attr-defined]
    return value


def _tagged(value: Mapping[str, object]) -> object:
    if len(value) == 1:
        tag, content = next(iter(value.items()))
        if tag in _READERS:
            return _READERS[tag](content)
    return {(key[1:] if key[:2] == "$$" else key): from_json(each) for key, each in value.items()}


def _read_range(content: Any) -> Range:
    low, high, low_closed, high_closed = content
    return Range(from_json(low), from_json(high), low_closed, high_closed)


def _temporal(reader: str) -> Callable[[Any], object]:
    def read(content: Any) -> object:
        from engine.feel import temporal

        value: object = temporal.READERS[reader](content)
        if value is None:
            raise ValueError(f"not a {reader}: {content!r}")
        return value

    return read


_READERS: dict[str, Callable[[Any], object]] = {
    "$decimal": Decimal,
    "$date": _temporal("date"),
    "$time": _temporal("time"),
    "$datetime": _temporal("date and time"),
    "$duration": _temporal("duration"),
    "$range": _read_range,
}
