"""Functions on dates and times (DMN 1.5, 10.3.4.6, 10.3.4.8)."""

from datetime import datetime, time
from decimal import Decimal

from engine.feel.evaluation import Run
from engine.feel.functions.signature import Registry
from engine.feel.temporal import format_time, near_of, year_of
from engine.feel.temporal.distant import AnyDate
from engine.feel.values import YearsMonths

FUNCTIONS = Registry()
_add = FUNCTIONS.add

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@_add("now", "")
def now(run: Run) -> object:
    return run.now


@_add("today", "")
def today(run: Run) -> object:
    return run.now.date()


@_add("day of year", "date: moment")
def day_of_year(run: Run, day: AnyDate) -> object:
    return Decimal(near_of(day).timetuple().tm_yday)


@_add("day of week", "date: moment")
def day_of_week(run: Run, day: AnyDate) -> object:
    return _DAYS[near_of(day).weekday()]


@_add("month of year", "date: moment")
def month_of_year(run: Run, day: AnyDate) -> object:
    return _MONTHS[near_of(day).month - 1]


@_add("week of year", "date: moment")
def week_of_year(run: Run, day: AnyDate) -> object:
    return Decimal(near_of(day).isocalendar().week)


@_add("years and months duration", "from: moment, to: moment")
def years_and_months(run: Run, start: AnyDate, end: AnyDate) -> object:
    first, last = near_of(start), near_of(end)
    months = (year_of(end) - year_of(start)) * 12 + last.month - first.month
    # A month counts when it is complete.
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonths(months)


@_add("is", "value1: any, value2: any")
@_add("is", "value1?: any")
@_add("is", "value2: any")
def is_(run: Run, left: object = None, right: object = None) -> object:
    """The same value and not just an equal one: 10:00Z is not 12:00+02:00."""
    if left.__class__ is not right.__class__:
        return False
    if isinstance(left, datetime) and isinstance(right, datetime):
        return left.replace(tzinfo=None) == right.replace(tzinfo=None) and _zone(left) == _zone(right)
    if isinstance(left, time):
        return format_time(left) == format_time(right)  # type: ignore[arg-type]
    from engine.feel.functions.lists import same

    return same(left, right, run)


def _zone(value: datetime) -> str:
    return format_time(value.timetz())
