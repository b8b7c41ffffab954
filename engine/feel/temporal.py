"""Dates, times and durations: reading, writing, properties, arithmetic (DMN 1.5, 10.3.2.3.4–10.3.2.3.9)."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel.values import YearsMonths

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


def parse_date(text: str) -> date | None:
    """``2026-02-12``."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


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


def parse_datetime(text: str) -> datetime | None:
    """``2026-02-12T10:30:00``; a date alone is its midnight; 24:00:00 is the next midnight."""
    day_text, separator, time_text = text.partition("T")
    day = parse_date(day_text)
    if day is None:
        return None
    if not separator:
        return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - FEEL has local times
    at = parse_time(time_text)
    if at is None:
        return None
    combined = datetime.combine(day, at)
    if time_text.startswith("24"):
        try:
            return combined + timedelta(days=1)
        except OverflowError:
            return None
    return combined


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


# ---- writing ----------------------------------------------------------------------------------------------


def _format_zone(at: tzinfo | None, offset: timedelta | None) -> str:
    if at is None:
        return ""
    if isinstance(at, ZoneInfo):
        return f"@{at.key}"
    seconds = int((offset or timedelta()).total_seconds())
    if not seconds:
        return "Z"
    sign = "-" if seconds < 0 else "+"
    hours, rest = divmod(abs(seconds), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{sign}{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def _format_clock(value: time | datetime) -> str:
    text = f"{value.hour:02}:{value.minute:02}:{value.second:02}"
    return text + (f".{value.microsecond:06}".rstrip("0") if value.microsecond else "")


def format_time(value: time) -> str:
    return _format_clock(value) + _format_zone(value.tzinfo, value.utcoffset())


def format_datetime(value: datetime) -> str:
    day = f"{value.year:04}-{value.month:02}-{value.day:02}"
    return f"{day}T{_format_clock(value)}{_format_zone(value.tzinfo, value.utcoffset())}"


def format_duration(value: timedelta) -> str:
    span = abs(value)
    hours, rest = divmod(span.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{span.microseconds:06}".rstrip("0") if span.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or fraction:
        clock += f"{seconds}{fraction}S"
    text = (f"{span.days}D" if span.days else "") + (f"T{clock}" if clock else "")
    return ("-" if value < timedelta() else "") + "P" + (text or "T0S")


# ---- zones and instants -------------------------------------------------------------------------------------

_ANY_DAY = date(2000, 1, 1)


def time_offset(value: time) -> timedelta | None:
    """The offset of a time from UTC. A named zone's offset depends on the day; without one, winter's is taken."""
    if value.tzinfo is None:
        return None
    if isinstance(value.tzinfo, ZoneInfo):
        return datetime.combine(_ANY_DAY, value).utcoffset()
    return value.utcoffset()


def time_instant(value: time) -> timedelta:
    """Time since midnight, in UTC where the zone is known (DMN 1.5, 10.3.2.3.4: ``valuet``)."""
    since = timedelta(
        hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
    )
    return since - (time_offset(value) or timedelta())


def instant(value: datetime) -> datetime:
    """The moment, so that two zones compare; a local one stays local."""
    return value if value.tzinfo is None else value.astimezone(UTC)


def add_months(value: date, months: int) -> date | None:
    """The same day some months on, or the month's last day."""
    count = value.year * 12 + value.month - 1 + months
    year, month = count // 12, count % 12 + 1
    if not 1 <= year <= 9999:
        return None
    return value.replace(year=year, month=month, day=min(value.day, days_in_month(year, month)))


def days_in_month(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def add_span(value: datetime, span: timedelta) -> datetime:
    """A moment later or earlier. In a named zone the clock may jump: what counts is the time that passes."""
    if isinstance(value.tzinfo, ZoneInfo):
        return (value.astimezone(UTC) + span).astimezone(value.tzinfo)
    return value + span


def add_span_to_time(value: time, span: timedelta) -> time:
    """A time of day later or earlier, round the clock."""
    moved = datetime.combine(_ANY_DAY, value) + timedelta(
        seconds=span.seconds, microseconds=span.microseconds
    )
    return moved.timetz()


# ---- properties ---------------------------------------------------------------------------------------------


def _offset_property(value: object) -> object:
    return time_offset(value) if isinstance(value, time) else value.utcoffset()  # type: ignore[attr-defined]


def _zone_property(value: object) -> object:
    at = value.tzinfo  # type: ignore[attr-defined]
    if at is None:
        return None
    return at.key if isinstance(at, ZoneInfo) else (_format_zone(at, _offset_property(value)) or None)  # type: ignore[arg-type]


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
#: By class: what ``.name`` gives. A table, so that an expression never reaches a Python attribute.
PROPERTIES: dict[type, dict[str, Callable[..., object]]] = {
    date: {**_DATE_PROPERTIES},
    datetime: {**_DATE_PROPERTIES, **_CLOCK_PROPERTIES},
    time: {**_CLOCK_PROPERTIES},
    timedelta: {**_SPAN_PROPERTIES},
    YearsMonths: {**_MONTHS_PROPERTIES},
}
