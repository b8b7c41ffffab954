"""Functions that make one kind of value from another (DMN 1.5, 10.3.4.1)."""

import re
from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal

from engine.feel import temporal
from engine.feel.evaluation import Run
from engine.feel.functions.signature import Registry
from engine.feel.operators import NUMBERS, compare
from engine.feel.temporal import distant
from engine.feel.temporal.distant import AnyDate, near_of, year_of
from engine.feel.values import Range
from engine.feel.writing import write

FUNCTIONS = Registry()
_add = FUNCTIONS.add


@_add("string", "from: any")
def string(run: Run, value: object) -> object:
    return None if value is None else write(value, run)


_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)


@_add("number", "from: string, grouping separator?: string?, decimal separator?: string?")
def number(run: Run, text: str, grouping: str | None = None, point: str | None = None) -> object:
    if (grouping is not None and (grouping == point or grouping not in (" ", ",", "."))) or (
        point is not None and point not in (",", ".")
    ):
        return None
    if grouping:
        text = text.replace(grouping, "")
    if point:
        if point != "." and "." in text:
            return None
        text = text.replace(point, ".")
    return NUMBERS.create_decimal(text) if _NUMBER.fullmatch(text) else None


@_add("number", "from: number")
def number_as_it_is(run: Run, value: Decimal) -> object:
    return value


@_add("date", "from: string")
def date_from_text(run: Run, text: str) -> object:
    return temporal.parse_date(text)


@_add("date", "from: moment")
def date_from_moment(run: Run, value: AnyDate) -> object:
    near = near_of(value)
    return distant.read_day(year_of(value), near.month, near.day)


@_add("date", "year: number, month: number, day: number")
def date_from_parts(run: Run, year: Decimal, month: Decimal, day: Decimal) -> object:
    if abs(year) > 999_999_999:
        return None
    return distant.read_day(int(year), int(month), int(day))


@_add("date and time", "from: string")
def datetime_from_text(run: Run, text: str) -> object:
    return temporal.parse_datetime(text)


@_add("date and time", "from: moment")
def datetime_from_moment(run: Run, value: AnyDate) -> object:
    if isinstance(value, datetime | distant.DistantMoment):
        return value
    return temporal.combine(value, time(tzinfo=UTC))


@_add("date and time", "date: moment, time: time")
def datetime_from_parts(run: Run, day: AnyDate, at: time) -> object:
    if isinstance(day, distant.DistantMoment):
        day = distant.DistantDate(day.cycles, day.near.date())
    return temporal.combine(day, at)


@_add("time", "from: string")
def time_from_text(run: Run, text: str) -> object:
    return temporal.parse_time(text)


@_add("time", "from: time")
def time_as_it_is(run: Run, value: time) -> object:
    return value


@_add("time", "from: moment")
def time_from_moment(run: Run, value: AnyDate) -> object:
    near = near_of(value)
    return near.timetz() if isinstance(near, datetime) else time(tzinfo=UTC)


@_add("time", "hour: number, minute: number, second: number, offset?: days?")
def time_from_parts(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None
) -> object:
    whole = int(second)
    fraction = int((second - whole) * 1_000_000)
    at = None if offset is None else timezone(offset) if offset else UTC
    return time(int(hour), int(minute), whole, fraction, at)


@_add("duration", "from: string")
def duration(run: Run, text: str) -> object:
    return temporal.parse_duration(text)


@_add("duration", "from: duration")
def duration_as_it_is(run: Run, value: object) -> object:
    return value


_RANGE = re.compile(r"\s*([\[(\]])(.*?)\.\.(.*)([\])\[])\s*", re.DOTALL)


@_add("range", "from: string")
def range_from_text(run: Run, text: str) -> object:
    """A range of literals; expressions are not run."""
    found = _RANGE.fullmatch(text)
    if found is None or len(text) > 1000:
        return None
    from engine.feel.literals import read_literal

    low, high = read_literal(found[2]), read_literal(found[3])
    if low is None and high is None:
        return None
    if low is not None and high is not None:
        order = compare(low, high)
        if order is None or order > 0:
            return None
    if (low is None and found[2].strip()) or (high is None and found[3].strip()):
        return None
    if (low is None and found[1] == "[") or (high is None and found[4] == "]"):
        return None
    return Range(low, high, found[1] == "[", found[4] == "]")
