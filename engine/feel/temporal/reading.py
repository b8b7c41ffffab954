"""Dates, times and durations from text (DMN 1.5, 10.3.2.3.4–10.3.2.3.9; ISO 8601, XML Schema)."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from engine.feel.temporal import distant
from engine.feel.temporal.distant import Day, Moment
from engine.feel.temporal.months import YearsMonths

_DATE = re.compile(r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+\-/]{1,64})?", re.ASCII
)
_DURATION = re.compile(
    r"(-?)P(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,12})(?:\.(\d{1,9}))?S)?)?",
    re.ASCII,
)
_YEARS_MONTHS = re.compile(r"(-?)P(?:(\d{1,9})Y)?(?:(\d{1,10})M)?", re.ASCII)
_WIDEST_OFFSET = timedelta(hours=18)


def zone(text: str) -> tzinfo | None:
    """``Z``, ``+08:00`` or ``@Asia/Shanghai``; None when there is no such zone."""
    if text == "Z":
        return UTC
    if text[0] == "@":
        try:
            return ZoneInfo(text[1:])
        except (KeyError, ValueError, OSError):
            return None
    parts = [int(part) for part in text[1:].split(":")]
    if parts[1] > 59 or (len(parts) > 2 and parts[2] > 59):
        return None
    offset = timedelta(hours=parts[0], minutes=parts[1], seconds=parts[2] if len(parts) > 2 else 0)
    if offset > _WIDEST_OFFSET:
        return None
    return timezone(-offset if text[0] == "-" else offset) if offset else UTC


def parse_date(text: str) -> Day | None:
    """``2026-02-12``."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    return distant.read_day(int(found[1]), int(found[2]), int(found[3]))


def parse_time(text: str) -> time | None:
    """``10:30:00``, with a fraction, an offset or a zone."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    at = zone(found[5]) if found[5] else None
    if found[5] and at is None:
        return None
    hour = int(found[1])
    if hour == 24 and found[2] == found[3] == "00" and not int(found[4] or 0):
        hour = 0
    try:
        return time(hour, int(found[2]), int(found[3]), _microseconds(found[4]), at)
    except ValueError:
        return None


def _microseconds(fraction: str | None) -> int:
    return int(fraction[:6].ljust(6, "0")) if fraction else 0


def parse_datetime(text: str) -> Moment | None:
    """``2026-02-12T10:30:00``; a date alone is its midnight; 24:00:00 is the next midnight."""
    day_text, separator, time_text = text.partition("T")
    day = parse_date(day_text)
    if day is None:
        return None
    at = parse_time(time_text) if separator else time()
    if at is None:
        return None
    moment = combine(day, at)
    if time_text.startswith("24"):
        moved = distant.add_span(moment, timedelta(days=1))
        return moved if isinstance(moved, datetime | distant.DistantMoment) else None
    return moment


def combine(day: Day, at: time) -> Moment:
    """A date and a time of day."""
    if isinstance(day, date):
        return datetime.combine(day, at)
    return distant.DistantMoment(day.cycles, datetime.combine(day.near, at))


def parse_duration(text: str) -> timedelta | YearsMonths | None:
    """``P3DT4H`` or ``P1Y2M``; the two kinds don't mix."""
    found = _YEARS_MONTHS.fullmatch(text)
    if found is not None and (found[2] or found[3]):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return YearsMonths(-months if found[1] else months)
    found = _DURATION.fullmatch(text)
    if found is None or not any(found.group(2, 3, 4, 5)):
        return None
    try:
        span = timedelta(
            days=int(found[2] or 0),
            hours=int(found[3] or 0),
            minutes=int(found[4] or 0),
            seconds=int(found[5] or 0),
            microseconds=_microseconds(found[6]),
        )
        return -span if found[1] else span
    except OverflowError:
        return None


def parse_literal(text: str) -> object:
    """What ``@"…"`` means: a date, time, date and time or duration, or null."""
    if "P" in text[:2]:
        return parse_duration(text)
    if "T" in text:
        return parse_datetime(text)
    if ":" in text:
        return parse_time(text)
    return parse_date(text)


READERS: dict[str, Callable[[str], object]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_datetime,
    "duration": parse_duration,
}
