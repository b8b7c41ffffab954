"""Years before 1 and after 9999, which Python's dates don't have but FEEL's do (±999,999,999).

The Gregorian calendar repeats every 400 years, to the weekday. So a distant date is a near one (2000 to 2399)
and a count of such cycles, and Python's own arithmetic serves for both.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

_CYCLE_DAYS = 146_097
_LAST_YEAR = 999_999_999


class DistantDate(NamedTuple):
    """A date: ``near`` plus 400 years for each cycle."""

    cycles: int
    near: date


class DistantMoment(NamedTuple):
    """A date and time: ``near`` plus 400 years for each cycle."""

    cycles: int
    near: datetime


Day = date | DistantDate
Moment = datetime | DistantMoment
AnyDate = date | DistantDate | DistantMoment


def year_of(value: AnyDate) -> int:
    """The year, of any size and sign."""
    return value.year if isinstance(value, date) else value.near.year + 400 * value.cycles


def near_of(value: AnyDate) -> date:
    """Something with the same month, day, weekday and time of day."""
    return value if isinstance(value, date) else value.near


def settle(cycles: int, near: date) -> Day | Moment | None:
    """The value Python has, or the distant one; null beyond FEEL's years."""
    year = near.year + 400 * cycles
    if 1 <= year <= 9999:
        return near.replace(year=year)
    if abs(year) > _LAST_YEAR:
        return None
    more = (near.year - 2000) // 400
    near, cycles = near.replace(year=near.year - 400 * more), cycles + more
    return DistantMoment(cycles, near) if isinstance(near, datetime) else DistantDate(cycles, near)


def spread(value: AnyDate) -> tuple[int, date]:
    """Cycles and the near value, for any date."""
    if not isinstance(value, date):
        return value.cycles, value.near
    cycles = (value.year - 2000) // 400
    return cycles, value.replace(year=value.year - 400 * cycles)


def read_day(year: int, month: int, day: int) -> Day | None:
    """A date from its parts; null where there is no such day."""
    try:
        near = date(2000 + year % 400, month, day)
    except ValueError:
        return None
    found = settle((year - 2000 - year % 400) // 400, near)
    return None if isinstance(found, DistantMoment) else found


def add_months(value: AnyDate, months: int) -> Day | Moment | None:
    """The same day some months on, or the month's last day."""
    cycles, near = spread(value)
    count = near.year * 12 + near.month - 1 + months
    more, count = divmod(count - 24_000, 4_800)
    year, month = 2000 + count // 12, count % 12 + 1
    day = min(near.day, days_in_month(year, month))
    return settle(cycles + more, near.replace(year=year, month=month, day=day))


def add_span(value: AnyDate, span: timedelta) -> Day | Moment | None:
    """A date or moment later or earlier."""
    cycles, near = spread(value)
    more, days = divmod(span.days, _CYCLE_DAYS)
    return settle(
        cycles + more, near + timedelta(days=days, seconds=span.seconds, microseconds=span.microseconds)
    )


def difference(left: AnyDate, right: AnyDate) -> timedelta:
    """The time between two dates or two moments. ``OverflowError`` if that is too long."""
    (left_cycles, left_near), (right_cycles, right_near) = spread(left), spread(right)
    return (
        _instant(left_near)
        - _instant(right_near)
        + timedelta(days=(left_cycles - right_cycles) * _CYCLE_DAYS)
    )


def order(left: AnyDate, right: AnyDate) -> int:
    """-1, 0 or 1."""
    (left_cycles, left_near), (right_cycles, right_near) = spread(left), spread(right)
    apart = left_cycles - right_cycles
    if abs(apart) > 1:
        return 1 if apart > 0 else -1
    span = _instant(left_near) - _instant(right_near) + timedelta(days=apart * _CYCLE_DAYS)
    return (span > timedelta()) - (span < timedelta())


def _instant(near: date) -> datetime:
    if isinstance(near, datetime):
        return near.replace(tzinfo=UTC) if near.tzinfo is None else near.astimezone(UTC)
    return datetime(near.year, near.month, near.day, tzinfo=UTC)


def days_in_month(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31
