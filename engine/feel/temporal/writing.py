"""Dates, times and durations as text."""

from datetime import datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from engine.feel.temporal.distant import AnyDate, Moment, near_of, year_of


def format_zone(at: tzinfo | None, offset: timedelta | None) -> str:
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
    return _format_clock(value) + format_zone(value.tzinfo, value.utcoffset())


def format_date(value: AnyDate) -> str:
    year, near = year_of(value), near_of(value)
    return f"{'-' if year < 0 else ''}{abs(year):04}-{near.month:02}-{near.day:02}"


def format_datetime(value: Moment) -> str:
    near = value if isinstance(value, datetime) else value.near
    return f"{format_date(value)}T{_format_clock(near)}{format_zone(near.tzinfo, near.utcoffset())}"


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
