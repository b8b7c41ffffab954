"""Arithmetic, equality and order (DMN 1.5, tables 42–55). What the standard leaves undefined is null."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any

from engine.feel import temporal
from engine.feel.evaluation import Run
from engine.feel.temporal import DistantDate, DistantMoment
from engine.feel.values import Function, Range, YearsMonths

NUMBERS = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[DivisionByZero, Overflow, InvalidOperation],
)
"""IEEE 754-2008 decimal128, as the standard wants."""

_MAX_MONTHS = 12 * 10**9
_UTC_MIDNIGHT = time(tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# ---- equality and order ----


def _comparable(value: Any) -> Any:
    """The value, or what stands for it where Python compares otherwise than FEEL."""
    kind = value.__class__
    if kind is datetime:
        return temporal.instant(value)
    if kind is time:
        return temporal.time_instant(value)
    return value


_ORDERED: frozenset[type] = frozenset({Decimal, str, date, time, datetime, timedelta, YearsMonths})
_DATES: frozenset[type] = frozenset({date, DistantDate})
_MOMENTS: frozenset[type] = frozenset({datetime, DistantMoment})


def _same_locality(left: Any, right: Any) -> bool:
    """A local time and one with a zone cannot be told apart or ordered."""
    return (_zone(left) is None) == (_zone(right) is None)


def _zone(value: Any) -> object:
    return value.near.tzinfo if isinstance(value, DistantMoment) else value.tzinfo


def _distant_order(left: Any, right: Any) -> int | None:
    """The order of two dates or two moments of which one at least is far away."""
    kinds = {left.__class__, right.__class__}
    if kinds <= _DATES or (kinds <= _MOMENTS and _same_locality(left, right)):
        return temporal.order(left, right)
    return None


def equals(left: Any, right: Any, run: Run) -> bool | None:
    """``=``: null for values of different kinds, as the standard has it."""
    kind = left.__class__
    if kind is not right.__class__:
        if left is None or right is None:
            return False
        order = _distant_order(left, right)
        return None if order is None else order == 0
    if kind is Decimal or kind is str or kind is bool or left is None:
        return bool(left == right)
    if kind is list:
        run.spend(len(left))
        if len(left) != len(right):
            return False
        return all(equals(a, b, run) is True for a, b in zip(left, right, strict=True))
    if kind is dict:
        run.spend(len(left))
        if left.keys() != right.keys():
            return False
        return all(equals(each, right[key], run) is True for key, each in left.items())
    if kind is Range:
        return (
            left.low_closed == right.low_closed
            and left.high_closed == right.high_closed
            and equals(left.low, right.low, run) is True
            and equals(left.high, right.high, run) is True
        )
    if kind is DistantMoment and not _same_locality(left, right):
        return False
    if kind is DistantDate or kind is DistantMoment:
        return temporal.order(left, right) == 0
    if kind is time or kind is datetime:
        return _same_locality(left, right) and bool(_comparable(left) == _comparable(right))
    if isinstance(left, Function):
        return left is right
    return bool(left == right)


def compare(left: Any, right: Any) -> int | None:
    """-1, 0 or 1; None where there is no order."""
    kind = left.__class__
    if kind is not right.__class__ or kind not in _ORDERED:
        return _distant_order(left, right)
    if kind is time or kind is datetime:
        if not _same_locality(left, right):
            return None
        left, right = _comparable(left), _comparable(right)
    return -1 if left < right else 1 if left > right else 0


def less(left: Any, right: Any) -> bool | None:
    order = compare(left, right)
    return None if order is None else order < 0


def less_or_equal(left: Any, right: Any) -> bool | None:
    order = compare(left, right)
    return None if order is None else order <= 0


def greater(left: Any, right: Any) -> bool | None:
    order = compare(left, right)
    return None if order is None else order > 0


def greater_or_equal(left: Any, right: Any) -> bool | None:
    order = compare(left, right)
    return None if order is None else order >= 0


def both(left: bool | None, right: bool | None) -> bool | None:
    """Three-valued and."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def within(value: object, span: Range) -> bool | None:
    """Whether a range includes a value."""
    low: bool | None = True
    high: bool | None = True
    if span.low is not None:
        low = (greater_or_equal if span.low_closed else greater)(value, span.low)
    if span.high is not None:
        high = (less_or_equal if span.high_closed else less)(value, span.high)
    if span.low is None and span.high is None:
        return None
    return both(low, high)


def holds(value: Any, test: Any, run: Run) -> bool | None:
    """Whether a value passes a test that is a value itself: within a range, in a list, or equal."""
    kind = test.__class__
    if kind is Range:
        return equals(value, test, run) if value.__class__ is Range else within(value, test)
    if kind is list:
        run.spend(len(test))
        if value.__class__ is list and equals(value, test, run):
            return True
        return any(
            (equals(value, each, run) if each.__class__ is list else holds(value, each, run)) is True
            for each in test
        )
    return equals(value, test, run)


# ---- arithmetic ----

Operation = Callable[[Any, Any], object]


def _microseconds(span: timedelta) -> Decimal:
    return Decimal(span // _MICROSECOND)


def _span(microseconds: Decimal) -> timedelta:
    return timedelta(microseconds=int(microseconds.to_integral_value()))


def _months(total: int) -> YearsMonths | None:
    return YearsMonths(total) if abs(total) <= _MAX_MONTHS else None


def _midnight(day: Any) -> Any:
    """A date among dates and times is its midnight in UTC (10.3.2.3.5)."""
    return temporal.combine(day, _UTC_MIDNIGHT)


def _difference(left: Any, right: Any) -> timedelta | None:
    if not _same_locality(left, right):
        return None
    if isinstance(left, datetime) and isinstance(right, datetime):
        return temporal.instant(left) - temporal.instant(right)
    return temporal.difference(left, right)


def _time_difference(left: time, right: time) -> timedelta | None:
    if not _same_locality(left, right):
        return None
    return temporal.time_instant(left) - temporal.time_instant(right)


_ADD: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): NUMBERS.add,
    (timedelta, timedelta): lambda a, b: a + b,
    (YearsMonths, YearsMonths): lambda a, b: _months(a.total + b.total),
    (time, timedelta): temporal.add_span_to_time,
    (timedelta, time): lambda a, b: temporal.add_span_to_time(b, a),
}
_SUBTRACT: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): NUMBERS.subtract,
    (timedelta, timedelta): lambda a, b: a - b,
    (YearsMonths, YearsMonths): lambda a, b: _months(a.total - b.total),
    (date, date): lambda a, b: a - b,
    (time, time): _time_difference,
    (time, timedelta): lambda a, b: temporal.add_span_to_time(a, -b),
}
for _moment in _MOMENTS:
    _ADD[_moment, timedelta] = temporal.add_span
    _ADD[timedelta, _moment] = lambda a, b: temporal.add_span(b, a)
    _SUBTRACT[_moment, timedelta] = lambda a, b: temporal.add_span(a, -b)
    for _other in _MOMENTS:
        _SUBTRACT[_moment, _other] = _difference
    for _day in _DATES:
        _SUBTRACT[_moment, _day] = lambda a, b: _difference(a, _midnight(b))
        _SUBTRACT[_day, _moment] = lambda a, b: _difference(_midnight(a), b)
for _day in _DATES:
    _ADD[_day, timedelta] = temporal.add_days
    _ADD[timedelta, _day] = lambda a, b: temporal.add_days(b, a)
    _SUBTRACT[_day, timedelta] = lambda a, b: temporal.add_days(a, -b)
    for _other in _DATES:
        _SUBTRACT.setdefault((_day, _other), temporal.difference)
for _any in _DATES | _MOMENTS:
    _ADD[_any, YearsMonths] = lambda a, b: temporal.add_months(a, b.total)
    _ADD[YearsMonths, _any] = lambda a, b: temporal.add_months(b, a.total)
    _SUBTRACT[_any, YearsMonths] = lambda a, b: temporal.add_months(a, -b.total)
_MULTIPLY: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): NUMBERS.multiply,
    (timedelta, Decimal): lambda a, b: _span(NUMBERS.multiply(_microseconds(a), b)),
    (Decimal, timedelta): lambda a, b: _span(NUMBERS.multiply(_microseconds(b), a)),
    (YearsMonths, Decimal): lambda a, b: _months(int(NUMBERS.multiply(Decimal(a.total), b))),
    (Decimal, YearsMonths): lambda a, b: _months(int(NUMBERS.multiply(Decimal(b.total), a))),
}
_DIVIDE: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): NUMBERS.divide,
    (timedelta, Decimal): lambda a, b: _span(NUMBERS.divide(_microseconds(a), b)),
    (timedelta, timedelta): lambda a, b: NUMBERS.divide(_microseconds(a), _microseconds(b)),
    (YearsMonths, Decimal): lambda a, b: _months(int(NUMBERS.divide(Decimal(a.total), b))),
    (YearsMonths, YearsMonths): lambda a, b: NUMBERS.divide(Decimal(a.total), Decimal(b.total)),
}
_POWER: dict[tuple[type, type], Operation] = {(Decimal, Decimal): NUMBERS.power}


def _operation(table: dict[tuple[type, type], Operation]) -> Callable[[Any, Any, Run], object]:
    def apply(left: Any, right: Any, run: Run) -> object:
        found = table.get((left.__class__, right.__class__))
        if found is None:
            return None
        try:
            return found(left, right)
        except (DecimalException, OverflowError, ValueError):
            return None

    return apply


_plus = _operation(_ADD)
subtract = _operation(_SUBTRACT)
multiply = _operation(_MULTIPLY)
divide = _operation(_DIVIDE)
_raise = _operation(_POWER)


def power(left: Any, right: Any, run: Run) -> object:
    """``**``; a broken exponent is dear."""
    if right.__class__ is Decimal and right != right.to_integral_value():
        run.spend(50)
    return _raise(left, right, run)


def add(left: Any, right: Any, run: Run) -> object:
    """``+``, which also joins strings."""
    if left.__class__ is str:
        return run.text(left + right) if right.__class__ is str else None
    return _plus(left, right, run)


def negate(value: Any) -> object:
    """Unary minus."""
    kind = value.__class__
    if kind is Decimal:
        return NUMBERS.minus(value)
    if kind is timedelta:
        return -value
    if kind is YearsMonths:
        return YearsMonths(-value.total)
    return None
