"""What stands behind a dot after a date, a time or a duration (DMN 1.5, table 65)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.temporal.arithmetic import time_offset
from engine.feel.temporal.distant import DistantDate, DistantMoment, year_of
from engine.feel.temporal.months import YearsMonths


def _offset_property(value: object) -> object:
    return time_offset(value) if isinstance(value, time) else value.utcoffset()  # type: ignore[attr-defined]


def _zone_property(value: object) -> object:
    at = value.tzinfo  # type: ignore[attr-defined]
    if at is None:
        return None
    return at.key if isinstance(at, ZoneInfo) else None


def _number(value: int) -> Decimal:
    return Decimal(value)


def _sign(value: timedelta) -> int:
    return -1 if value < timedelta() else 1


def _seconds(value: timedelta) -> Decimal:
    span = abs(value)
    return _sign(value) * (Decimal(span.seconds % 60) + Decimal(span.microseconds) / 1_000_000)


_DATE_PROPERTIES: dict[str, Callable[[date], object]] = {
    "year": lambda v: _number(v.year),
    "month": lambda v: _number(v.month),
    "day": lambda v: _number(v.day),
    "weekday": lambda v: _number(v.isoweekday()),
}
_CLOCK_PROPERTIES: dict[str, Callable[[datetime], object]] = {
    "hour": lambda v: _number(v.hour),
    "minute": lambda v: _number(v.minute),
    "second": lambda v: _number(v.second) + Decimal(v.microsecond) / 1_000_000,
    "time offset": _offset_property,
    "timezone": _zone_property,
}
_SPAN_PROPERTIES: dict[str, Callable[[timedelta], object]] = {
    "days": lambda v: _number(_sign(v) * abs(v).days),
    "hours": lambda v: _number(_sign(v) * (abs(v).seconds // 3600)),
    "minutes": lambda v: _number(_sign(v) * (abs(v).seconds // 60 % 60)),
    "seconds": _seconds,
}
_MONTHS_PROPERTIES: dict[str, Callable[[YearsMonths], object]] = {
    "years": lambda v: _number(v.years),
    "months": lambda v: _number(v.months),
}


def _of_near(properties: dict[str, Callable[[Any], object]]) -> dict[str, Callable[[Any], object]]:
    """The same for a distant date, whose year alone is another."""

    def through(read: Callable[[Any], object]) -> Callable[[Any], object]:
        return lambda value: read(value.near)

    return {
        **{name: through(read) for name, read in properties.items()},
        "year": lambda value: _number(year_of(value)),
    }


#: By class: what ``.name`` gives. A table, so that an expression never reaches a Python attribute.
PROPERTIES: dict[type, dict[str, Callable[..., object]]] = {
    date: {**_DATE_PROPERTIES},
    datetime: {**_DATE_PROPERTIES, **_CLOCK_PROPERTIES},
    time: {**_CLOCK_PROPERTIES},
    DistantDate: _of_near(_DATE_PROPERTIES),
    DistantMoment: _of_near({**_DATE_PROPERTIES, **_CLOCK_PROPERTIES}),
    timedelta: {**_SPAN_PROPERTIES},
    YearsMonths: {**_MONTHS_PROPERTIES},
}
