"""Spans of time as ISO 8601 and FEEL write them, years and months beside days and seconds."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from engine.feel.evaluation import LOCAL_ZONE
from engine.feel.temporal import add_months, parse_datetime
from engine.feel.values import YearsMonths

_PERIOD = re.compile(
    r"(-)?P(?=\d|T\d)(?:(\d{1,6})Y)?(?:(\d{1,7})M)?(?:(\d{1,7})W)?(?:(\d{1,8})D)?"
    r"(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,11}(?:\.\d{1,9})?)S)?)?",
    re.ASCII,
)


class Period(NamedTuple):
    """Months first, then a span; months are counted on the local calendar."""

    months: int
    span: timedelta

    def after(self, start: datetime, times: int = 1) -> datetime | None:
        """The moment ``times`` periods after ``start``, in UTC; ``None`` beyond the calendar."""
        try:
            if self.months:
                moved = add_months(start.astimezone(LOCAL_ZONE), times * self.months)
                if not isinstance(moved, datetime):
                    return None
                start = moved.astimezone(UTC)
            return start + times * self.span
        except OverflowError:
            return None

    def __str__(self) -> str:
        seconds = f"{self.span / timedelta(seconds=1):f}".rstrip("0").rstrip(".")
        months = f"{self.months}M" if self.months else ""
        return f"P{months}" + ("" if months and not self.span else f"T{seconds}S")


def period_of(value: object) -> Period | None:
    """A FEEL duration of either kind, or an ISO 8601 text; ``None`` for anything else."""
    if isinstance(value, timedelta):
        return Period(0, value)
    if isinstance(value, YearsMonths):
        return Period(value.total, timedelta())
    return _read(value) if isinstance(value, str) else None


@lru_cache(maxsize=1024)
def _read(text: str) -> Period | None:
    found = _PERIOD.fullmatch(text)
    if found is None:
        return None
    years, months, weeks, days, hours, minutes = (int(found[place] or 0) for place in range(2, 8))
    try:
        span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=float(found[8] or 0))
    except OverflowError:
        return None
    if found[1]:
        return Period(-12 * years - months, -span)
    return Period(12 * years + months, span)


def moment_of(value: object) -> datetime | None:
    """A date, a date and time, or an ISO 8601 text of either, in UTC. Local where it names no zone; a date
    is its midnight."""
    if isinstance(value, str):
        value = parse_datetime(value) or _iso(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(), LOCAL_ZONE)
    if not isinstance(value, datetime):
        return None
    if value.tzinfo is None:
        value = value.replace(tzinfo=LOCAL_ZONE)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
